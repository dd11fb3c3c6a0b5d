import type { CrawlFacts } from '../../crawl-facts.js';
import type { RunInput } from '../../input.js';
import { STATUS } from './columns.js';
import { planDuplicates } from './duplicates.js';
import type { RowAction } from './plan.js';
import { planRemoval } from './removal.js';
import type { Removal } from './removal.js';
import type { RowMemory } from './row-memory.js';
import type { RowIndex } from './rows.js';

/** What becomes of rows that no item stands for, and of further rows of one key; with what a person should know of it. */
export interface RowPlan {
  actions: RowAction[];
  /** Sentences for the report about rows that were not taken for removed. */
  notes: string[];
  /** Further rows of a key that are left as they are. */
  repeating: number;
}

/** Asked when all items are through. Pure. @param facts `null`: nothing was crawled */
export function planRows(
  index: RowIndex,
  memory: RowMemory,
  facts: CrawlFacts | null,
  { onRemoved, recordSelector }: Pick<RunInput, 'onRemoved' | 'recordSelector'>,
): RowPlan {
  const { table } = index;
  const duplicates = planDuplicates(index, memory);
  const repeating = duplicates.filter((action) => action.kind === 'duplicate' && !action.trash).length;
  if (onRemoved === 'keep') return { actions: duplicates, notes: [], repeating };
  const removal = planRemoval(table, facts, recordSelector !== null);
  if ('refused' in removal) {
    return { actions: duplicates, notes: [`No row was taken for removed, because ${removal.refused}.`], repeating };
  }
  const gone = removal.rows.flatMap((id) => {
    const row = table.row(id);
    return row === null ? [] : [{ key: table.keyOf(id), row }];
  });
  const rows = [...gone, ...furtherRowsOfGone(index, new Set(removal.rows))];
  const removals = rows.map(({ key, row }): RowAction => ({ kind: 'remove', key, row, how: onRemoved }));
  return { actions: [...duplicates, ...removals], notes: notesOf(removal), repeating };
}

/** A page that is gone is gone for all of its rows, also where an earlier run has marked the first. */
function furtherRowsOfGone({ table, duplicates }: RowIndex, goneNow: ReadonlySet<number>): RowIndex['duplicates'] {
  return duplicates.filter(({ key, row }) => {
    const id = table.find(key);
    const isGone = goneNow.has(id) || (!table.isSeen(id) && table.row(id)?.status === STATUS.removed);
    return isGone && row.source === 'own' && row.status !== STATUS.removed;
  });
}

function notesOf({ young, foreign }: Extract<Removal, { rows: number[] }>): string[] {
  const why = 'stay although this crawl did not come by their pages';
  return [
    ...(young === 0 ? [] : [`Rows that ${why}, because they were made or changed after it had begun: ${young}.`]),
    ...(foreign === 0 ? [] : [`Rows that ${why}, because a dataset or fewer start URLs brought them: ${foreign}.`]),
  ];
}
