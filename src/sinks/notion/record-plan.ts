import type { SyncAction, SyncCounts } from '../../progress.js';
import type { RowChange, SinkContext } from '../sink.js';
import type { Action, ItemAction, RowAction } from './plan.js';
import type { SinkItem } from './sink-item.js';
import type { PlannedItem } from './stream-plan.js';

/** Lines of the table that a dry run logs; all of them are in `notion-results`. */
const TABLE_ROWS = 50;

export interface PlanReader {
  /** What would change in an item whose row would be written; `edited`: a person edited the body, so that it stays. */
  update(action: Extract<ItemAction, { kind: 'update' }>, item: SinkItem): Promise<PlannedUpdate>;
  /** Title of a row that no item stands for; its key when it cannot be read. */
  title(action: RowAction): Promise<string>;
}

export interface PlannedUpdate {
  changes: RowChange | null;
  edited: boolean;
}

/**
 * Records what a sync would do, without doing it, and logs it as a table.
 * @param rest what would be done with rows that no item stands for
 * @param counts is added to
 * @returns false when the signal ended it early
 */
export async function recordPlan(
  groups: AsyncIterable<PlannedItem[]>,
  rest: () => RowAction[],
  counts: SyncCounts,
  reader: PlanReader,
  context: Pick<SinkContext, 'record' | 'onCounts' | 'signal' | 'log'>,
): Promise<boolean> {
  const table: string[][] = [];
  const record = async (action: Action, title: string, update: PlannedUpdate | null): Promise<void> => {
    const edited = update?.edited === true;
    const planned = edited ? 'kept' : outcomeOf(action);
    const reason = edited ? 'edited' : reasonOf(action);
    const about = 'want' in action ? action.want : { key: action.key, url: action.key };
    const row = 'row' in action ? action.row : null;
    const changes = edited ? null : (update?.changes ?? null);
    await context.record(
      {
        key: about.key,
        url: about.url,
        action: planned,
        ...(reason === null ? {} : { reason }),
        notionPageId: row?.pageId ?? null,
        notionUrl: row?.url ?? null,
        ...(changes === null ? {} : { changes }),
      },
      title,
    );
    counts[planned] += 1;
    if ('want' in action) counts.done += 1;
    context.onCounts({ ...counts });
    if (planned !== 'unchanged' && table.length < TABLE_ROWS)
      table.push([planned, reason ?? '', title, about.url, changes?.summary ?? '']);
  };
  for await (const group of groups) {
    for (const { action, item } of group) {
      if (context.signal.aborted) return false;
      await record(action, action.want.title, action.kind === 'update' ? await reader.update(action, item) : null);
    }
  }
  for (const action of rest()) await record(action, await reader.title(action), null);
  logTable(table, counts, context.log);
  return true;
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

function outcomeOf(action: Action): SyncAction {
  switch (action.kind) {
    case 'create':
      return 'created';
    case 'update':
      return 'updated';
    case 'restore':
      return 'restored';
    case 'unchanged':
      return 'unchanged';
    case 'remove':
      return 'removed';
    case 'duplicate':
      return action.trash ? 'removed' : 'kept';
    case 'kept':
    case 'repeated':
      return 'kept';
  }
}

function reasonOf(action: Action): string | null {
  switch (action.kind) {
    case 'kept':
      return action.reason;
    case 'repeated':
    case 'duplicate':
      return action.kind;
    case 'remove':
      return action.how === 'mark' ? 'marked' : 'trashed';
    case 'update':
      return action.body ? (action.properties ? 'columns and text' : 'text') : 'columns';
    case 'create':
    case 'restore':
    case 'unchanged':
      return null;
  }
}
