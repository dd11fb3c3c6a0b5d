/** A Notion id without its dashes: 32 hexadecimal digits. */
export function compactId(id: string): string {
  return id.replaceAll('-', '');
}

/** The same with its dashes, as Notion writes it. */
export function dashedId(compact: string): string {
  return compact.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
