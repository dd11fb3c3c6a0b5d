import type { NotionApi } from './api.js';
import { isEdited } from './body-guard.js';
import { STATUS } from './columns.js';
import { ItemError, NotFoundError, RefusedError } from './errors.js';
import type { FreshRows } from './fresh-rows.js';
import { mustVerify, planItem } from './plan.js';
import type { Action, ItemAction, PlanPolicy, RowAction } from './plan.js';
import type { Row } from './row.js';
import type { SinkItem } from './sink-item.js';

export interface JudgeContext {
  api: NotionApi;
  fresh: FreshRows;
  policy: PlanPolicy;
  /** The body that would be written for an item. */
  body: (item: SinkItem) => string;
}

/** What is to be done with a row as it stands now. */
export interface Judged<A extends Action> {
  action: A;
  /** A person wrote into the page: its body stays, and so does the page. */
  edited: boolean;
}

type Written = Extract<ItemAction, { kind: 'update' | 'restore' | 'adopt' }>;
type Restore = Extract<ItemAction, { kind: 'restore' }>;

/**
 * The last decision before a write, by the row as it stands right then: since the plan, and since the last sync, a person
 * may have been there. Reads only, so that a dry run tells what a sync does.
 */
export class Judge {
  readonly #context: JudgeContext;

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  /** Says what will be judged soon; one request then reads many rows. */
  expect(actions: readonly Action[]): void {
    this.#context.fresh.expect(actions.flatMap(judgedKeys));
  }

  /** What the last judgement was based on is out of date. */
  doubt(action: Action): void {
    for (const key of judgedKeys(action)) this.#context.fresh.doubt(key);
  }

  /**
   * @param untrash takes a row out of the trash before its body is looked at; without it the row stays there
   * Throws `ItemError` and what ends the sync.
   */
  async item(
    planned: ItemAction,
    item: SinkItem,
    untrash?: (action: Restore) => Promise<void>,
  ): Promise<Judged<ItemAction>> {
    if (!isWritten(planned)) return { action: planned, edited: false };
    const action = await this.#asItIsNow(planned);
    if (!isWritten(action) || action.kind === 'adopt') return { action, edited: false };
    const isInTrash = action.kind === 'restore' && action.untrash;
    if (isInTrash) await untrash?.(action);
    const { api, body, policy } = this.#context;
    if (!action.body || policy.onUserEdit !== 'keep' || !mustVerify(action.row)) return { action, edited: false };
    try {
      return { action, edited: await isEdited(api, action.row, body(item)) };
    } catch (error) {
      // Whether Notion shows a body that lies in the trash is not specified.
      if (!isInTrash || untrash !== undefined || !isHidden(error)) throw error;
      return { action, edited: false };
    }
  }

  /** Throws as `item` does. */
  async row(planned: RowAction): Promise<Judged<RowAction>> {
    const { api, fresh } = this.#context;
    if (planned.kind === 'duplicate') {
      const now = planned.trash ? await fresh.read(planned.key, planned.row) : null;
      return { action: { ...planned, trash: now !== null && !mustVerify(now) }, edited: false };
    }
    const row = (await fresh.read(planned.key, planned.row)) ?? { ...planned.row, touched: true };
    // A page with a person's words stays where they find it.
    const edited = planned.how === 'trash' && mustVerify(row) && (await holdsWords(api, row));
    return { action: { ...planned, row }, edited };
  }

  /** The title of a row that no item stands for; its key when it cannot be read. */
  async title({ key, row }: RowAction): Promise<string> {
    return (await this.#context.fresh.show(key, row.pageId))?.title ?? key;
  }

  async #asItIsNow(action: Written): Promise<ItemAction> {
    const { fresh, policy } = this.#context;
    const { row, want } = action;
    const now = await fresh.read(want.syncKey, row);
    if (now === row) return action;
    const touched: Row = { ...row, touched: true };
    // Queries show no row that lies in the trash.
    if (now === null && action.kind === 'restore') {
      return { ...action, row: touched, hash: { ...action.hash, verify: true } };
    }
    const anew = planItem(want, { kind: 'row', row: now ?? touched }, false, policy);
    // No write was reserved for it: what it needs since then the next run does.
    return action.kind === 'adopt' && anew.kind !== 'adopt' ? { kind: 'unchanged', want, row } : anew;
  }
}

/** The keys of the rows that are looked at; none for an action that needs no look. */
function judgedKeys(action: Action): string[] {
  if (!('want' in action)) return [action.key];
  return isWritten(action) ? [action.want.syncKey] : [];
}

async function holdsWords(api: NotionApi, row: Row): Promise<boolean> {
  if (row.status === STATUS.edited) return true;
  try {
    return await isEdited(api, row, '');
  } catch (error) {
    // It lies in the trash by now, where nobody's words are lost.
    if ((error instanceof RefusedError || error instanceof NotFoundError) && (await api.isGone(row.pageId)))
      return false;
    throw error;
  }
}

function isHidden(error: unknown): boolean {
  return error instanceof ItemError || error instanceof NotFoundError || error instanceof RefusedError;
}

function isWritten(action: ItemAction): action is Written {
  return action.kind === 'update' || action.kind === 'restore' || action.kind === 'adopt';
}
