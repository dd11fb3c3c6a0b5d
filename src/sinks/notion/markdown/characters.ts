/** The classes of characters by which CommonMark decides whether a mark opens or closes (§6.2, flanking). */

/** First character (code point) of `text`; empty for an empty text. */
export function firstPoint(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** Last character (code point) of `text`; empty for an empty text. */
export function lastPoint(text: string): string {
  const pair = /[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(-2));
  return text.slice(pair ? -2 : -1);
}

/** Punctuation or a symbol. */
export function isPunctuation(point: string | undefined): boolean {
  return point !== undefined && /^[\p{P}\p{S}]/u.test(point);
}

/** Neither space nor punctuation; the end of a line counts as space. */
export function isWord(point: string): boolean {
  return point !== '' && !/^\s/.test(point) && !isPunctuation(point);
}
