import type { ItemSource, SinkLog } from '../sink.js';
import { hashItem, syncKey } from './hash.js';
import { itemMarkdown, itemValues } from './item-values.js';
import type { Wanted } from './plan.js';
import type { Binding } from './schema.js';

/** Reads all items once and keeps what the plan needs; values that a column cannot hold whole are told per column. */
export async function readWanted(
  items: ItemSource,
  binding: Binding,
  syncContent: boolean,
  log: SinkLog,
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  const lost = new Map<string, number>();
  for await (const { index, item } of items.entries()) {
    const { title, values, notes } = itemValues(item, binding);
    for (const name of notes.keys()) lost.set(name, (lost.get(name) ?? 0) + 1);
    const named = new Map([...values].map(([column, value]) => [column.spec.name, value]));
    const hash = hashItem(named, syncContent ? itemMarkdown(item) : null);
    wanted.push({ index, key: item.key, syncKey: syncKey(item.key), url: item.url, title, hash });
  }
  for (const [name, count] of lost) {
    log.warning(`Column "${name}": ${count} values were shortened or left out because Notion cannot hold them.`);
  }
  return wanted;
}
