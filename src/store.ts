/**
 * A key-value store as the stages see it; `platform.ts` implements it on Apify's. Values are JSON. What is read back
 * was written by some earlier release or run, so readers validate it and treat anything else as absent.
 */
export interface Store {
  /** The value under `key`, or `null`. Throws only when the store cannot be reached. */
  get(key: string): Promise<unknown>;
  /** Writes `value`; `null` removes the key. Keys: letters, digits and `!-_.'()`, at most 256 characters. */
  set(key: string, value: unknown): Promise<void>;
}
