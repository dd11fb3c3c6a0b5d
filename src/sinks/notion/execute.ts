import type { ResultRow, RowChange, SinkContext } from '../sink.js';
import { isEdited } from './body-guard.js';
import { changeOf } from './change.js';
import { STATUS } from './columns.js';
import { Creates } from './creates.js';
import type { CreateContext } from './creates.js';
import { ItemError, StoppedError } from './errors.js';
import { Feed } from './feed.js';
import { CONCURRENCY, OUTAGE_ITEMS } from './limits.js';
import { databaseFull, databaseGone, failureOutcome, isGone, notAnswering, ROW_LIMIT } from './outcome.js';
import type { Outcome } from './outcome.js';
import { mustVerify } from './plan.js';
import type { ItemAction, RowAction, Wanted } from './plan.js';
import type { RowMemory } from './row-memory.js';
import type { RowTable } from './row-table.js';
import type { SinkItem } from './sink-item.js';
import type { Snapshots } from './snapshots.js';
import type { PlannedItem } from './stream-plan.js';
import type { RowWriter, Written } from './writer.js';

export interface ExecuteContext extends CreateContext {
  run: Pick<SinkContext, 'record' | 'onCounts' | 'signal' | 'log' | 'budget'> & { onUserEdit: 'keep' | 'overwrite' };
  table: RowTable;
  memory: RowMemory;
  writer: RowWriter;
  snapshots: Snapshots;
  /** False: bodies are not synced. */
  syncContent: boolean;
}

/** What a write may be charged for. */
const PAID: ReadonlySet<ItemAction['kind']> = new Set(['create', 'update', 'restore']);

/** Carries out a plan with bounded concurrency, one writer per page. */
export class Executor {
  readonly #context: ExecuteContext;
  readonly #creates: Creates;
  /** Creates that were posted twice: which row stands is only known at the end. */
  readonly #late: { want: Wanted; outcome: Outcome }[] = [];
  #stopped: { error: unknown } | null = null;
  #full = false;
  #failedInARow = 0;

  constructor(context: ExecuteContext) {
    this.#context = context;
    this.#creates = new Creates(context);
  }

  /**
   * @param groups the items with their actions
   * @param rest what to do with rows that no item stands for; asked when all items are through
   * @returns false when the signal ended it before all was done
   * Throws `DestinationError` or `ConnectionLostError` when nothing more can be written; what had been is in the counts.
   */
  async run(groups: AsyncIterable<PlannedItem[]>, rest: () => RowAction[]): Promise<boolean> {
    const items = new Feed(groups, (group) => this.#announce(group));
    await this.#workers(items, (planned) => this.#performItem(planned));
    if (this.#stopped === null) await this.#workers(Feed.of(rest()), (action) => this.#performRow(action));
    await this.#finish();
    await this.#context.checkpoint.save();
    if (this.#stopped !== null && !(this.#stopped.error instanceof StoppedError)) throw this.#stopped.error;
    if (this.#stopped === null && this.#full) throw databaseFull();
    return this.#stopped === null;
  }

  #announce(group: readonly PlannedItem[]): void {
    const { checkpoint } = this.#context;
    const keys = group.flatMap(({ action }) =>
      action.kind === 'create' && !checkpoint.isDone(action.want.index) ? [action.want.syncKey] : [],
    );
    if (keys.length > 0) this.#creates.expect(keys);
  }

  async #workers<T>(feed: Feed<T>, perform: (entry: T) => Promise<void>): Promise<void> {
    const work = async (): Promise<void> => {
      while (this.#stopped === null) {
        try {
          const entry = await feed.next();
          if (entry === undefined) return;
          if (this.#context.run.signal.aborted) throw new StoppedError();
          await perform(entry);
        } catch (error) {
          this.#stopped ??= { error };
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  }

  async #performItem({ action, item }: PlannedItem): Promise<void> {
    const { checkpoint } = this.#context;
    const { want } = action;
    if (checkpoint.isDone(want.index)) return;
    const paid = PAID.has(action.kind);
    if (paid && this.#context.run.budget?.reserve() === false) throw new StoppedError();
    const outcome = await this.#outcome(
      () => this.#write(action, item),
      'row' in action ? action.row.pageId : null,
      action.kind === 'create',
    );
    if (checkpoint.postedTwice.has(want.syncKey)) this.#late.push({ want, outcome });
    else await this.#record(want, outcome, want.index, paid);
  }

  async #performRow(action: RowAction): Promise<void> {
    const { key, row } = action;
    const outcome = await this.#outcome(
      () => (action.kind === 'remove' ? this.#remove(action) : this.#duplicate(action)),
      row.pageId,
      false,
    );
    await this.#record({ key, url: key, title: key }, outcome, null);
  }

  async #outcome(write: () => Promise<Outcome>, pageId: string | null, creates: boolean): Promise<Outcome> {
    try {
      const outcome = await write();
      this.#failedInARow = 0;
      return outcome;
    } catch (error) {
      if (creates && isGone(error)) throw databaseGone(error);
      const outcome = failureOutcome(error, pageId);
      if (outcome === null) throw error;
      if (error instanceof ItemError && error.reason === 'row-limit') this.#full = true;
      this.#countOutage(error);
      return outcome;
    }
  }

  async #write(action: ItemAction, item: SinkItem): Promise<Outcome> {
    const { checkpoint, run } = this.#context;
    switch (action.kind) {
      case 'create':
        return this.#create(action, item);
      case 'update':
        return this.#update(action, item);
      case 'restore':
        return this.#restore(action, item);
      case 'kept':
        return this.#keep(action, item);
      case 'unchanged': {
        // Made by an earlier process of this run, which ended before it could say so.
        const ours = checkpoint.inherited.keys.has(action.want.syncKey);
        return { ...at(action.row), action: ours ? 'created' : 'unchanged' };
      }
      case 'repeated':
        run.log.debug('Two items have the same key; the first one counts', { key: action.want.key });
        return { ...at(null), action: 'kept', reason: 'repeated' };
    }
  }

  async #create({ want, hash }: Extract<ItemAction, { kind: 'create' }>, item: SinkItem): Promise<Outcome> {
    if (this.#full) throw new ItemError('row-limit', ROW_LIMIT);
    const { table, writer } = this.#context;
    const written = await writer.create(item, want.syncKey, hash, (send) => this.#creates.post(want.syncKey, send));
    table.setMade(table.add(want.syncKey), written);
    await this.#remember(want, item);
    return { ...at(written), action: 'created', reason: noteOf(written) };
  }

  async #update(action: Extract<ItemAction, { kind: 'update' }>, item: SinkItem): Promise<Outcome> {
    const { row, properties, hash } = action;
    const edited = action.body && (await this.#isEdited(row, item));
    const body = action.body && !edited;
    const changes = await this.#changes(action.want, item);
    const { written, nested } = await this.#bring(item, row, hash, { properties, body }, edited, null, changes);
    if (edited || nested) return { ...at(written), action: 'kept', reason: edited ? 'edited' : 'nested' };
    await this.#remember(action.want, item);
    return { ...at(written), action: 'updated', reason: noteOf(written), changes };
  }

  /** What changed since the row was last written; `null` when that is not remembered. */
  async #changes(want: Wanted, item: SinkItem): Promise<RowChange | null> {
    const { memory, snapshots, writer } = this.#context;
    const chunk = memory.recall(want.syncKey).find((row) => row.chunk !== 0)?.chunk ?? 0;
    const before = await snapshots.before(want.syncKey, chunk);
    return before === null ? null : changeOf(before, writer.snapshot(item, this.#context.syncContent));
  }

  async #remember(want: Wanted, item: SinkItem): Promise<void> {
    const { memory, snapshots, syncContent, table, writer } = this.#context;
    const id = table.add(want.syncKey);
    const known = memory.recall(want.syncKey).find((row) => row.chunk !== 0)?.chunk ?? 0;
    table.setChunk(id, await snapshots.put(want.syncKey, known, writer.snapshot(item, syncContent)));
  }

  async #restore(action: Extract<ItemAction, { kind: 'restore' }>, item: SinkItem): Promise<Outcome> {
    const { api, memory } = this.#context;
    const { want, row, hash } = action;
    if (action.untrash) {
      await api.restore(row.pageId);
      memory.remember(want.syncKey, { pageId: row.pageId, made: true, trashed: null, verify: false, chunk: 0 });
    }
    const edited = action.body && (await this.#isEdited(row, item));
    const body = action.body && !edited;
    const { written, nested } = await this.#bring(
      item,
      row,
      hash,
      { properties: true, body },
      edited,
      STATUS.active,
      null,
    );
    return { ...at(written), action: 'restored', reason: edited ? 'edited' : nested ? 'nested' : noteOf(written) };
  }

  async #keep(action: Extract<ItemAction, { kind: 'kept' }>, item: SinkItem): Promise<Outcome> {
    const { row, hash, properties, reason } = action;
    if (properties) {
      await this.#context.writer.update(item, row.pageId, hash, { properties, body: false }, null);
    }
    return { ...at(row), action: 'kept', reason };
  }

  /**
   * Writes what is to be written. Whatever keeps the body from being ours is written into the row: our own write makes us
   * the last editor of the page, so that nothing else would tell the next run.
   */
  async #bring(
    item: SinkItem,
    row: Extract<ItemAction, { kind: 'update' }>['row'],
    hash: Extract<ItemAction, { kind: 'update' }>['hash'],
    parts: { properties: boolean; body: boolean },
    edited: boolean,
    status: string | null,
    changes: RowChange | null,
  ): Promise<{ written: Written; nested: boolean }> {
    const { run, writer } = this.#context;
    const before = row.hash === 'writing' ? null : row.hash;
    const kept = { ...hash, body: before?.body ?? null, mark: before?.mark ?? null, verify: true };
    const keep = (): Promise<Written> =>
      writer.update(item, row.pageId, kept, { properties: parts.properties, body: false }, STATUS.edited);
    if (edited) return { written: await keep(), nested: false };
    const around = run.onUserEdit === 'overwrite';
    const change = changes?.summary ?? null;
    const next = parts.body && row.status === STATUS.edited ? STATUS.active : status;
    try {
      return { written: await writer.update(item, row.pageId, hash, parts, next, { around, change }), nested: false };
    } catch (error) {
      if (!(error instanceof ItemError) || error.reason !== 'nested') throw error;
      return { written: await keep(), nested: true };
    }
  }

  /** Before a body that somebody else may have touched is replaced, it is compared with what we left there. */
  async #isEdited(row: Extract<ItemAction, { kind: 'update' }>['row'], item: SinkItem): Promise<boolean> {
    const { api, run, writer } = this.#context;
    return run.onUserEdit === 'keep' && mustVerify(row) && (await isEdited(api, row, writer.body(item)));
  }

  async #remove({ key, row, how }: Extract<RowAction, { kind: 'remove' }>): Promise<Outcome> {
    const { api, memory, writer } = this.#context;
    // A page with a person's words stays where they find it.
    const edited =
      how === 'trash' && mustVerify(row) && (row.status === STATUS.edited || (await isEdited(api, row, '')));
    const trash = how === 'trash' && !edited;
    try {
      await writer.markRemoved(row, trash);
    } catch (error) {
      // Done by an attempt whose answer was lost, or by a person.
      if (!trash || !(error instanceof ItemError) || error.reason !== 'trashed') throw error;
    }
    if (trash)
      memory.remember(key, { pageId: row.pageId, made: true, trashed: 'by-us', verify: mustVerify(row), chunk: 0 });
    return { ...at(row), action: 'removed', reason: edited ? 'edited' : trash ? 'trashed' : 'marked' };
  }

  async #duplicate({ key, row, trash }: Extract<RowAction, { kind: 'duplicate' }>): Promise<Outcome> {
    if (!trash) return { ...at(row), action: 'kept', reason: 'duplicate' };
    await this.#context.api.trash(row.pageId);
    this.#context.memory.forget(key, row.pageId);
    return { ...at(row), action: 'removed', reason: 'duplicate' };
  }

  /** Settles what was posted twice; then their outcomes can be told. */
  async #finish(): Promise<void> {
    let standing = new Map<string, { pageId: string; url: string }>();
    try {
      standing = await this.#creates.heal();
    } catch (error) {
      this.#stopped ??= { error };
    }
    for (const { want, outcome } of this.#late) {
      const row = standing.get(want.syncKey);
      const found = row === undefined ? outcome : { ...outcome, pageId: row.pageId, url: row.url };
      await this.#record(want, found, want.index, true);
    }
  }

  async #record(
    item: { key: string; url: string; title: string },
    outcome: Outcome,
    index: number | null,
    reserved = false,
  ): Promise<void> {
    const { checkpoint, run } = this.#context;
    const row: ResultRow = {
      key: item.key,
      url: item.url,
      action: outcome.action,
      ...(outcome.reason === null ? {} : { reason: outcome.reason }),
      notionPageId: outcome.pageId,
      notionUrl: outcome.url,
      ...(outcome.error === null ? {} : { error: outcome.error }),
      ...(outcome.changes === null ? {} : { changes: outcome.changes }),
    };
    await run.record(row, item.title);
    checkpoint.counts[outcome.action] += 1;
    if (index !== null) {
      checkpoint.setDone(index);
      checkpoint.counts.done += 1;
    }
    if (reserved) run.budget?.release();
    run.onCounts({ ...checkpoint.counts });
  }

  /** Items that fail one after another because Notion is away would each wait for all its retries. */
  #countOutage(error: unknown): void {
    const away = error instanceof ItemError && (error.reason === 'unavailable' || error.reason === 'unknown');
    this.#failedInARow = away ? this.#failedInARow + 1 : 0;
    if (this.#failedInARow < OUTAGE_ITEMS) return;
    throw notAnswering();
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
