import type { RowChange } from '../sink.js';
import { changeOf, kept, snapshotOf } from './change.js';
import type { Snapshot } from './change.js';
import { itemMarkdown, itemValues } from './item-values.js';
import type { RowMemory } from './row-memory.js';
import type { RowTable } from './row-table.js';
import type { Binding } from './schema.js';
import type { SinkItem } from './sink-item.js';
import type { Snapshots } from './snapshots.js';

export interface ChangeLogContext {
  binding: Binding;
  memory: RowMemory;
  snapshots: Snapshots;
  table: RowTable;
  /** False: bodies are not synced, so that nothing is told of them. */
  syncContent: boolean;
}

/** Tells what changed in items by their last written state, which costs no request to Notion. */
export class ChangeLog {
  readonly #context: ChangeLogContext;

  constructor(context: ChangeLogContext) {
    this.#context = context;
  }

  /** What changed since the row of `syncKey` was last written; `null` when that is not remembered. */
  async changesOf(syncKey: string, item: SinkItem): Promise<RowChange | null> {
    const before = await this.#context.snapshots.before(syncKey, this.#chunkOf(syncKey));
    return before === null ? null : changeOf(before, this.#snapshot(item));
  }

  /** The row of `syncKey` holds `item` now. @param bodyStays its columns do, and the body is as it was */
  async remember(syncKey: string, item: SinkItem, bodyStays = false): Promise<void> {
    const { snapshots, table } = this.#context;
    const id = table.add(syncKey);
    const chunk = this.#chunkOf(syncKey);
    const now = kept(this.#snapshot(item));
    const lines = bodyStays ? ((await snapshots.before(syncKey, chunk))?.lines ?? null) : now.lines;
    table.setChunk(id, await snapshots.put(syncKey, chunk, { ...now, lines }));
  }

  #chunkOf(syncKey: string): number {
    return this.#context.memory.recall(syncKey).find((row) => row.chunk !== 0)?.chunk ?? 0;
  }

  #snapshot(item: SinkItem): Snapshot {
    const { binding, syncContent } = this.#context;
    return snapshotOf(itemValues(item, binding).values, syncContent ? itemMarkdown(item) : null);
  }
}
