/** @returns bytes of `text` inside a JSON string in UTF-8, without the quotes around it */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), 'utf8') - 2;
}
