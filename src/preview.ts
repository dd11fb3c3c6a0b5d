import { isRecordItem, type Item } from './collect/item.js';
import type { PreviewItem } from './progress.js';

/** Items shown on the live view before consent. */
export const PREVIEW_ITEMS = 3;
/** Of each item; the rest is only seen in Notion. */
const PREVIEW_CHARACTERS = 4_000;

/** An item as the live view previews it: a page's own beginning, a record as a list of its fields. */
export function previewOf(item: Item): PreviewItem {
  if (!isRecordItem(item)) {
    const { title } = item.metadata;
    return { title: title ?? item.url, url: item.url, markdown: item.markdown.slice(0, PREVIEW_CHARACTERS) };
  }
  const fields = Object.entries(item.record).map(([name, value]) => `- **${name}**: ${String(value ?? '')}`);
  const title = String(Object.values(item.record).find((value) => typeof value === 'string') ?? item.url);
  return { title, url: item.url, markdown: fields.join('\n').slice(0, PREVIEW_CHARACTERS) };
}
