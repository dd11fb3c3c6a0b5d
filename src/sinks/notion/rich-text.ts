/** Rich text without its formatting. */
export function plainText(text: readonly { plain_text: string }[]): string {
  return text.map((item) => item.plain_text).join('');
}
