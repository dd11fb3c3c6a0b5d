import type { SyncAction, SyncCounts } from '../../progress.js';
import type { RowChange, SinkContext } from '../sink.js';
import type { ChangeLog } from './change-log.js';
import type { Checkpoint } from './checkpoint.js';
import type { Judge, Judged } from './judge.js';
import { ADOPTED, failureOutcome } from './outcome.js';
import type { Action, RowAction } from './plan.js';
import type { PlannedItem } from './stream-plan.js';

/** Lines of the table that a dry run logs; all of them are in `notion-results`. */
const TABLE_ROWS = 50;

export interface RecordContext {
  judge: Judge;
  changes: ChangeLog;
  /** Is added to. */
  counts: SyncCounts;
  /** Its `ofRows` likewise. */
  checkpoint: Pick<Checkpoint, 'ofRows'>;
  run: Pick<SinkContext, 'record' | 'onCounts' | 'signal' | 'log'>;
}

/** What would come of one action. */
interface Plan {
  action: Action;
  planned: SyncAction;
  reason: string | null;
  /** Why it would fail, as a sync would say it. */
  error: string | null;
}

/**
 * Records what a sync would do, without doing it, and logs it as a table.
 * @param rest what would be done with rows that no item stands for
 * @returns false when the signal ended it early
 * Throws what `Sender.send` throws.
 */
export async function recordPlan(
  groups: AsyncIterable<PlannedItem[]>,
  rest: () => RowAction[],
  { judge, changes, counts, checkpoint: { ofRows }, run }: RecordContext,
): Promise<boolean> {
  const table: string[][] = [];
  const record = async (
    { action, planned, reason, error }: Plan,
    title: string,
    change: RowChange | null,
  ): Promise<void> => {
    const about = 'want' in action ? action.want : { key: action.key, url: action.key };
    const row = 'row' in action ? action.row : null;
    await run.record(
      {
        key: about.key,
        url: about.url,
        action: planned,
        ...(reason === null ? {} : { reason }),
        notionPageId: row?.pageId ?? null,
        notionUrl: row?.url ?? null,
        ...(error === null ? {} : { error }),
        ...(change === null ? {} : { changes: change }),
      },
      title,
    );
    counts[planned] += 1;
    if ('want' in action) counts.done += 1;
    else if (planned === 'kept' || planned === 'failed') ofRows[planned] += 1;
    run.onCounts({ ...counts });
    if (planned !== 'unchanged' && table.length < TABLE_ROWS)
      table.push([planned, reason ?? '', title, about.url, change?.summary ?? '']);
  };
  for await (const group of groups) {
    judge.expect(group.map(({ action }) => action));
    for (const { action: planned, item } of group) {
      if (run.signal.aborted) return false;
      const plan = await planOf(planned, () => judge.item(planned, item));
      const change = plan.planned === 'updated' ? await changes.changesOf(planned.want.syncKey, item) : null;
      await record(plan, planned.want.title, change);
    }
  }
  const actions = rest();
  judge.expect(actions);
  for (const action of actions) {
    if (run.signal.aborted) return false;
    const title = await judge.title(action);
    await record(await planOf(action, () => judge.row(action)), title, null);
  }
  logTable(table, counts, run.log);
  return true;
}

/** Throws what concerns more than the one item. */
async function planOf(action: Action, look: () => Promise<Judged<Action>>): Promise<Plan> {
  try {
    const judged = await look();
    return { action: judged.action, ...outcomeOf(judged.action, judged.edited), error: null };
  } catch (error) {
    const failure = failureOutcome(error, 'row' in action ? action.row : null);
    if (failure === null) throw error;
    return { action, planned: failure.action, reason: failure.reason, error: failure.error };
  }
}

function logTable(table: readonly string[][], counts: SyncCounts, log: SinkContext['log']): void {
  const rows = [
    ['Action', 'Why', 'Title', 'Page', 'What changed'],
    ...table.map((cells) => cells.map((cell) => short(cell))),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const changes = counts.done - counts.unchanged + counts.removed;
  const more = changes > table.length ? [`… and ${changes - table.length} more, all in notion-results`] : [];
  log.info(['Planned, nothing is written:', ...lines, ...more, `${counts.unchanged} unchanged`].join('\n'));
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${[...line].slice(0, 59).join('')}…` : line;
}

/** Pure. @param edited what a person wrote stays */
function outcomeOf(action: Action, edited: boolean): { planned: SyncAction; reason: string | null } {
  switch (action.kind) {
    case 'create':
      return { planned: 'created', reason: null };
    case 'update':
      if (edited) return { planned: 'kept', reason: 'edited' };
      return {
        planned: 'updated',
        reason: action.body ? (action.properties ? 'columns and text' : 'text') : 'columns',
      };
    case 'restore':
      return { planned: 'restored', reason: edited ? 'edited' : null };
    case 'unchanged':
      return { planned: 'unchanged', reason: null };
    case 'adopt':
      return { planned: 'unchanged', reason: ADOPTED };
    case 'remove':
      return { planned: 'removed', reason: edited ? 'edited' : action.how === 'mark' ? 'marked' : 'trashed' };
    case 'duplicate':
      return { planned: action.trash ? 'removed' : 'kept', reason: 'duplicate' };
    case 'kept':
      return { planned: 'kept', reason: action.reason };
    case 'repeated':
      return { planned: 'kept', reason: 'repeated' };
  }
}
