import type { RowChange, SinkContext } from '../sink.js';
import type { NotionApi } from './api.js';
import type { ChangeLog } from './change-log.js';
import type { Checkpoint } from './checkpoint.js';
import { STATUS } from './columns.js';
import type { Creates } from './creates.js';
import { trashSurplus } from './duplicates.js';
import { ItemError, RefusedError } from './errors.js';
import type { RowHash } from './hash.js';
import type { Judge, Judged } from './judge.js';
import { Look, whileFresh } from './look.js';
import { ADOPTED } from './outcome.js';
import type { Outcome } from './outcome.js';
import { mustVerify } from './plan.js';
import type { ItemAction, PlanPolicy, RowAction } from './plan.js';
import { ROW_LIMIT } from './retry.js';
import type { Row } from './row.js';
import type { RowMemory } from './row-memory.js';
import type { RowTable } from './row-table.js';
import type { SinkItem } from './sink-item.js';
import type { RowWriter, Written } from './writer.js';

export interface PerformContext {
  api: NotionApi;
  checkpoint: Checkpoint;
  run: Pick<SinkContext, 'log'> & Pick<PlanPolicy, 'onUserEdit'>;
  judge: Judge;
  table: RowTable;
  memory: RowMemory;
  writer: RowWriter;
  changes: ChangeLog;
}

type Restore = Extract<ItemAction, { kind: 'restore' }>;

/** Carries out single actions. */
export class Performer {
  readonly #context: PerformContext;
  readonly #creates: Creates;
  /** Set when Notion takes no further rows. */
  isFull = false;

  constructor(context: PerformContext, creates: Creates) {
    this.#context = context;
    this.#creates = creates;
  }

  /** Throws `ItemError` and what ends the sync. */
  async item(planned: ItemAction, item: SinkItem): Promise<Outcome> {
    const { changes, judge } = this.#context;
    // Asked before the row is looked at: nothing is to come between the look and the write.
    const change = planned.kind === 'update' ? await changes.changesOf(planned.want.syncKey, item) : null;
    let untrashed = false;
    const untrash = async (restore: Restore): Promise<void> => {
      await this.#untrash(restore);
      untrashed = true;
    };
    const outcome = await whileFresh(async (again) => {
      if (again) judge.doubt(planned);
      const judged = await judge.item(planned, item, untrash);
      return this.#item(judged, item, change, new Look());
    });
    // A further look finds the row where the first one put it.
    const isBack = untrashed && outcome.reason !== 'trashed';
    return isBack ? { ...outcome, action: 'restored', changes: null } : outcome;
  }

  async #item(
    { action, edited }: Judged<ItemAction>,
    item: SinkItem,
    change: RowChange | null,
    look: Look,
  ): Promise<Outcome> {
    const { checkpoint, run } = this.#context;
    switch (action.kind) {
      case 'create':
        return this.#create(action, item);
      case 'update':
        return this.#update(action, item, edited, change, look);
      case 'restore':
        return this.#restore(action, item, edited, look);
      case 'kept':
        return this.#keep(action, item, look);
      case 'unchanged': {
        // Made by an earlier process of this run, which ended before it could say so.
        const ours = checkpoint.inherited.keys.has(action.want.syncKey);
        return { ...at(action.row), action: ours ? 'created' : 'unchanged' };
      }
      case 'adopt':
        await this.#context.writer.adopt(action.row, look);
        return { ...at(action.row), reason: ADOPTED };
      case 'repeated':
        run.log.debug('Two items have the same key; the first one counts', { key: action.want.key });
        return { ...at(null), action: 'kept', reason: 'repeated' };
    }
  }

  async #create({ want, hash }: Extract<ItemAction, { kind: 'create' }>, item: SinkItem): Promise<Outcome> {
    if (this.isFull) throw new ItemError('row-limit', ROW_LIMIT);
    const { table, writer } = this.#context;
    const written = await writer.create(item, want.syncKey, hash, async (send) => {
      const posted = await this.#creates.post(want.syncKey, send);
      // Known from now on, whatever becomes of the rest of its body.
      table.setMade(table.add(want.syncKey), posted);
      return posted;
    });
    await this.#context.changes.remember(want.syncKey, item);
    return { ...at(written), action: 'created', reason: noteOf(written) };
  }

  async #update(
    action: Extract<ItemAction, { kind: 'update' }>,
    item: SinkItem,
    edited: boolean,
    changes: RowChange | null,
    look: Look,
  ): Promise<Outcome> {
    const { row, properties, hash } = action;
    const body = action.body && !edited;
    const { written, nested } = await this.#bring(item, row, hash, { properties, body }, edited, null, changes, look);
    await this.#context.changes.remember(action.want.syncKey, item, edited || nested);
    if (edited || nested) return { ...at(written), action: 'kept', reason: edited ? 'edited' : 'nested' };
    return { ...at(written), action: 'updated', reason: noteOf(written), changes };
  }

  async #untrash({ want, row }: Restore): Promise<void> {
    const { memory, writer } = this.#context;
    await writer.untrash(row);
    memory.remember(want.syncKey, { pageId: row.pageId, made: true, trashed: null, verify: false, chunk: 0 });
  }

  async #restore(
    { want, row, hash, body: isStale }: Restore,
    item: SinkItem,
    edited: boolean,
    look: Look,
  ): Promise<Outcome> {
    const parts = { properties: true, body: isStale && !edited };
    const { written, nested } = await this.#bring(item, row, hash, parts, edited, STATUS.active, null, look);
    await this.#context.changes.remember(want.syncKey, item, edited || nested);
    return { ...at(written), action: 'restored', reason: edited ? 'edited' : nested ? 'nested' : noteOf(written) };
  }

  async #keep(action: Extract<ItemAction, { kind: 'kept' }>, item: SinkItem, look: Look): Promise<Outcome> {
    const { row, hash, properties, reason, want } = action;
    const { changes, writer } = this.#context;
    if (properties) {
      await writer.update(item, row.pageId, hash, { properties, body: false }, null, look);
      await changes.remember(want.syncKey, item, true);
    } else if (reason === 'edited' && row.source === 'part') await writer.adopt(row, look);
    return { ...at(row), action: 'kept', reason };
  }

  /**
   * Writes what is to be written. Whatever keeps the body from being ours is written into the row: our own write makes us
   * the last editor of the page, so that nothing else would tell the next run.
   */
  async #bring(
    item: SinkItem,
    row: Row,
    hash: RowHash,
    parts: { properties: boolean; body: boolean },
    edited: boolean,
    status: string | null,
    changes: RowChange | null,
    look: Look,
  ): Promise<{ written: Written; nested: boolean }> {
    const { run, writer } = this.#context;
    const before = row.hash === 'writing' ? null : row.hash;
    const kept = { ...hash, body: before?.body ?? null, mark: before?.mark ?? null, verify: true };
    const keep = (): Promise<Written> =>
      writer.update(item, row.pageId, kept, { properties: parts.properties, body: false }, STATUS.edited, look);
    if (edited) return { written: await keep(), nested: false };
    const around = run.onUserEdit === 'overwrite';
    const change = changes?.summary ?? null;
    // What a person chose stays. A body that was cut off left no status.
    const isOurs = row.status === STATUS.active || row.status === STATUS.edited || row.hash === 'writing';
    const next = parts.body && isOurs ? STATUS.active : status;
    try {
      const written = await writer.update(item, row.pageId, hash, parts, next, look, { around, change });
      return { written, nested: false };
    } catch (error) {
      if (!(error instanceof ItemError) || error.reason !== 'nested') throw error;
      return { written: await keep(), nested: true };
    }
  }

  /** Throws as `item` does. */
  async row(planned: RowAction): Promise<Outcome> {
    const { judge } = this.#context;
    return whileFresh(async (again) => {
      if (again) judge.doubt(planned);
      const { action, edited } = await judge.row(planned);
      const look = new Look();
      return action.kind === 'remove' ? this.#remove({ action, edited }, look) : this.#duplicate(action, look);
    });
  }

  async #remove({ action, edited }: Judged<Extract<RowAction, { kind: 'remove' }>>, look: Look): Promise<Outcome> {
    const { api, memory, writer } = this.#context;
    const { key, row, how } = action;
    const trash = how === 'trash' && !edited;
    try {
      await writer.markRemoved(row, trash, look);
    } catch (error) {
      // Done by an attempt whose answer was lost, or by a person.
      if (!trash || !(error instanceof RefusedError) || !(await api.isGone(row.pageId))) throw error;
    }
    if (trash)
      memory.remember(key, { pageId: row.pageId, made: true, trashed: 'by-us', verify: mustVerify(row), chunk: 0 });
    return { ...at(row), action: 'removed', reason: edited ? 'edited' : trash ? 'trashed' : 'marked' };
  }

  async #duplicate({ key, row, trash }: Extract<RowAction, { kind: 'duplicate' }>, look: Look): Promise<Outcome> {
    if (!trash) return { ...at(row), action: 'kept', reason: 'duplicate' };
    await trashSurplus(this.#context, key, row, look);
    return { ...at(row), action: 'removed', reason: 'duplicate' };
  }
}

function at(row: { pageId: string; url: string } | null): Outcome {
  return {
    action: 'unchanged',
    reason: null,
    pageId: row?.pageId ?? null,
    url: row?.url ?? null,
    error: null,
    changes: null,
  };
}

function noteOf({ note, truncated }: Written): string | null {
  const notes = [...(note === null ? [] : [note]), ...(truncated ? ['truncated'] : [])];
  return notes.length === 0 ? null : notes.join(', ');
}
