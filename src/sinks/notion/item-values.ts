import { isRecordItem } from '../../collect/item.js';
import type { Item } from '../../collect/item.js';
import type { BoundColumn, Binding } from './schema.js';
import { mapValue, readPath } from './values.js';
import type { MappedValue } from './values.js';

/** An item as the columns will hold it. */
export interface ItemValues {
  title: string;
  /** By column, the title's too. */
  values: ReadonlyMap<BoundColumn, MappedValue>;
  /** What was lost: column name → how. */
  notes: ReadonlyMap<string, 'cut' | 'dropped'>;
}

/** Fits an item to the bound columns. A page without a title is called by its URL. Pure. */
export function itemValues(item: Item, binding: Binding): ItemValues {
  const values = new Map<BoundColumn, MappedValue>();
  const notes = new Map<string, 'cut' | 'dropped'>();
  for (const column of [binding.title, ...binding.content]) {
    const raw = column.spec.paths.map((path) => readPath(item, path)).find((value) => value !== null) ?? null;
    const { value, note } = mapValue(column.type, raw, column.options);
    values.set(column, value);
    if (note !== null) notes.set(column.spec.name, note);
  }
  const title = values.get(binding.title);
  const named = typeof title === 'string' ? title : String(mapValue('title', item.url, []).value ?? item.key);
  values.set(binding.title, named);
  return { title: named, values, notes };
}

/** The body in GFM, or `null` when the item has none. */
export function itemMarkdown(item: Item): string | null {
  return isRecordItem(item) || typeof item.markdown !== 'string' || item.markdown.trim() === '' ? null : item.markdown;
}
