import { fitRow } from './row-size.js';
import type { BoundColumn, Binding } from './schema.js';
import { mapValue, readPath } from './values.js';
import type { FieldNote, Mapped, MappedValue } from './values.js';
import type { SinkItem } from './sink-item.js';

/** An item as the columns will hold it. */
export interface ItemValues {
  title: string;
  /** By column, the title's too. */
  values: ReadonlyMap<BoundColumn, MappedValue>;
  /** Column name → what became of a value that does not stand there as it came. */
  notes: ReadonlyMap<string, FieldNote>;
}

/** Fits an item to the bound columns. What has no title is called by its URL, else by its key. Pure. */
export function itemValues(item: SinkItem, binding: Binding): ItemValues {
  const cells = new Map<BoundColumn, Mapped>();
  for (const column of [binding.title, ...binding.content]) {
    const raw = column.spec.paths.map((path) => valueAt(item, path)).find((value) => value !== null) ?? null;
    cells.set(column, mapValue(column.type, raw, column.options));
  }
  const values = new Map<BoundColumn, MappedValue>();
  const notes = new Map<string, FieldNote>();
  for (const [column, { value, note }] of fitRow(cells)) {
    values.set(column, value);
    if (note !== null) notes.set(column.spec.name, note);
  }
  const title = values.get(binding.title);
  const named = typeof title === 'string' ? title : String(mapValue('title', addressOf(item) || item.key, []).value);
  values.set(binding.title, named);
  return { title: named, values, notes };
}

function valueAt(item: SinkItem, path: string): unknown {
  return path === 'url' ? addressOf(item) : readPath(item, path);
}

/**
 * The item's address for a reader. Which of a page's addresses was requested (with tracking parameters or without)
 * depends on the link that was followed first; a row that showed that one would change without the page changing.
 */
function addressOf(item: SinkItem): string {
  return /^https?:\/\//.test(item.key) ? item.key : item.url;
}

/** The body in GFM, or `null` when the item has none. */
export function itemMarkdown({ markdown }: SinkItem): string | null {
  return markdown === null || markdown.trim() === '' ? null : markdown;
}
