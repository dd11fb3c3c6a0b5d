import { isRecordItem, type Item } from './collect/item.js';

/**
 * What one stored item may take, as JSON in bytes. The platform refuses more than 9 MiB in one request; the rest is
 * room for the envelope. Source: Apify API, "payload size".
 */
export const MAX_ITEM_BYTES = 9 * 1024 * 1024 - 64 * 1024;

/**
 * Makes an item small enough to be stored. A page's text is what its Markdown says once more, so the text goes first;
 * only what is still too long of the Markdown is cut, at the end of a line.
 * @returns the item itself when it fits; `cut` names the fields that lost something
 */
export function fitItem(item: Item, maxBytes = MAX_ITEM_BYTES): { item: Item; cut: ('text' | 'markdown')[] } {
  const size = jsonBytes(item);
  if (size <= maxBytes || isRecordItem(item)) return { item, cut: [] };
  const withoutText = size - jsonBytes(item.text);
  if (withoutText <= maxBytes) {
    return { item: { ...item, text: cutTo(item.text, maxBytes - withoutText) }, cut: ['text'] };
  }
  const rest = withoutText - jsonBytes(item.markdown);
  return { item: { ...item, text: '', markdown: cutTo(item.markdown, maxBytes - rest) }, cut: ['text', 'markdown'] };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The longest beginning of whole lines whose JSON fits. */
function cutTo(text: string, maxBytes: number): string {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonBytes(text.slice(0, middle)) <= maxBytes) low = middle;
    else high = middle - 1;
  }
  const lineEnd = text.lastIndexOf('\n', low);
  // Half of a surrogate pair is no character.
  return text.slice(0, lineEnd > 0 ? lineEnd : low).replace(/[\uD800-\uDBFF]$/, '');
}
