import type { ItemSource } from '../sink.js';
import type { NotionApi } from './api.js';
import { STATUS } from './columns.js';
import { NotFoundError } from './errors.js';
import { hashItem, syncKey } from './hash.js';
import { itemMarkdown, itemValues } from './item-values.js';
import { leavesOutHeading } from './markdown/serialize.js';
import type { Losses } from './losses.js';
import { compactId } from './page-id.js';
import { planItem } from './plan.js';
import type { ItemAction, Known, PlanPolicy, Wanted } from './plan.js';
import { readRow } from './row.js';
import type { Row, RowContext } from './row.js';
import type { RememberedRow, RowMemory } from './row-memory.js';
import type { RowIndex } from './rows.js';
import { toSinkItem } from './sink-item.js';
import type { SinkItem } from './sink-item.js';

/** One item with what is to be done with it. */
export interface PlannedItem {
  action: ItemAction;
  item: SinkItem;
}

export interface PlanContext {
  api: NotionApi;
  dataSourceId: string;
  rows: RowContext;
  index: RowIndex;
  memory: RowMemory;
  losses: Losses;
  policy: PlanPolicy & { syncContent: boolean; keyFields: readonly string[] };
}

/** Items that are planned, and announced, together. */
const WINDOW = { items: 100, characters: 4_000_000 } as const;

/**
 * Plans item after item and gives the actions in groups, so that no more than a group of bodies is held. Reads single
 * rows that the index does not show although an earlier run knew them.
 * Throws what `Sender.send` throws.
 */
export async function* streamPlan(items: ItemSource, context: PlanContext): AsyncGenerator<PlannedItem[]> {
  let group: PlannedItem[] = [];
  let characters = 0;
  for await (const { index, item: raw } of items.entries()) {
    const item = toSinkItem(raw, context.policy.keyFields);
    group.push({ item, action: await planOne(index, item, context) });
    characters += item.markdown?.length ?? 0;
    if (group.length < WINDOW.items && characters < WINDOW.characters) continue;
    yield group;
    group = [];
    characters = 0;
  }
  if (group.length > 0) yield group;
}

async function planOne(index: number, item: SinkItem, context: PlanContext): Promise<ItemAction> {
  const { policy, losses } = context;
  const { table } = context.index;
  const { title, values, notes } = itemValues(item, context.rows.binding);
  losses.count(notes);
  const named = new Map([...values].map(([column, value]) => [column.spec.name, value]));
  const markdown = policy.syncContent ? itemMarkdown(item) : null;
  const alone = hashItem(named, markdown);
  const hash = markdown !== null && leavesOutHeading(markdown, title) ? hashItem(named, markdown, true) : alone;
  const key = syncKey(item.key);
  const want: Wanted = {
    index,
    key: item.key,
    syncKey: key,
    url: item.url || item.key,
    title,
    hash,
    bodyAlone: alone.body,
  };
  const id = table.add(key);
  const repeated = table.isSeen(id);
  const known = repeated ? { kind: 'nothing' as const } : await knownOf(key, id, context);
  table.see(id);
  return planItem(want, known, repeated, policy);
}

async function knownOf(key: string, id: number, context: PlanContext): Promise<Known> {
  const { index, memory, policy } = context;
  const row = index.table.row(id);
  if (row !== null) return { kind: 'row', row };
  let trashed: Extract<Known, { kind: 'trashed' }> | null = null;
  for (const remembered of memory.recall(key)) {
    // What a person threw away is not asked for again.
    if (remembered.trashed === 'by-person' && !policy.restoreTrashed) {
      trashed ??= { kind: 'trashed', row: unread(remembered.pageId), byUs: false };
      continue;
    }
    const known = await readRemembered(key, remembered, context);
    if (known.kind === 'row') {
      index.table.setRow(id, known.row);
      return known;
    }
    // A page that we trashed comes back, whatever became of further rows of its key.
    if (known.kind === 'trashed' && (trashed === null || known.byUs)) trashed = known;
  }
  return trashed ?? { kind: 'nothing' };
}

/** A row that queries do not show: in the trash, too new for them, or gone. */
async function readRemembered(key: string, remembered: RememberedRow, context: PlanContext): Promise<Known> {
  const { api, dataSourceId, memory, rows } = context;
  const { pageId } = remembered;
  try {
    const page = await api.page(pageId);
    const { key: found, row } = readRow(page, rows);
    const isHere = page.parent.type === 'data_source_id' && page.parent.data_source_id === dataSourceId;
    if (found !== key || !isHere) {
      memory.forget(key, pageId);
      return { kind: 'nothing' };
    }
    const touched = row.touched || remembered.verify;
    if (!page.in_trash) return { kind: 'row', row: { ...row, touched } };
    // A sync that was killed could not remember it: its one request says "Removed" and trashes, and nobody came after it.
    const byUs = remembered.trashed === 'by-us' || (row.status === STATUS.removed && !row.touched);
    if (!byUs) memory.remember(key, { ...remembered, trashed: 'by-person' });
    return { kind: 'trashed', row: { ...row, touched }, byUs };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    memory.forget(key, pageId);
    return { kind: 'nothing' };
  }
}

/** A row of which only the id is known. */
function unread(pageId: string): Row {
  return {
    pageId,
    url: `https://www.notion.so/${compactId(pageId)}`,
    hash: null,
    source: 'own',
    status: null,
    createdAt: 0,
    editedAt: 0,
    createdByUs: true,
    touched: true,
  };
}
