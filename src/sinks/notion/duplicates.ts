import type { NotionApi } from './api.js';
import type { Look } from './look.js';
import { mustVerify } from './plan.js';
import type { RowAction } from './plan.js';
import type { RowMemory } from './row-memory.js';
import type { RowIndex } from './rows.js';

/**
 * What to do with further live rows of keys that this run wants: those that a sync of ours is known to have made, and
 * no person's words are in, go to the trash; the rest is reported. Pure.
 */
export function planDuplicates({ table, duplicates }: RowIndex, memory: RowMemory): RowAction[] {
  return duplicates.flatMap(({ key, row }): RowAction[] => {
    const id = table.find(key);
    if (id < 0 || !table.isSeen(id)) return [];
    const ours = memory.recall(key).some(({ pageId, made }) => made && pageId === row.pageId);
    return [{ kind: 'duplicate', key, row, trash: ours && row.createdByUs && !mustVerify(row) }];
  });
}

/** Puts a further row of `key` into the trash and forgets it: no later run takes it for one that a person threw away. */
export async function trashSurplus(
  { api, memory }: { api: NotionApi; memory: RowMemory },
  key: string,
  row: { pageId: string },
  look: Look,
): Promise<void> {
  await api.trash(row.pageId, look);
  memory.forget(key, row.pageId);
}
