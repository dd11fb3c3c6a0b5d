/**
 * The key of a record by the values of the fields that the user named for it: the same whether the record was crawled or
 * comes from another dataset. Pure.
 * @returns a single text as it is, everything else as JSON; `null` when a value is missing, so that records which lack it
 *   are not taken for one another
 */
export function recordKey(values: readonly unknown[]): string | null {
  if (values.length === 0 || values.some((value) => value === undefined || value === null)) return null;
  const [only] = values;
  return values.length === 1 && typeof only === 'string' ? only : JSON.stringify(values);
}
