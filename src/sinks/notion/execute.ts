import type { ItemSource, ResultRow, SinkContext } from '../sink.js';
import { editedByPerson } from './authors.js';
import { STATUS } from './columns.js';
import { Creates } from './creates.js';
import type { CreateContext } from './creates.js';
import { ItemError, StoppedError } from './errors.js';
import { CONCURRENCY, OUTAGE_ITEMS } from './limits.js';
import { databaseFull, databaseGone, failureOutcome, isGone, notAnswering, ROW_LIMIT } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { Action, Plan, Wanted } from './plan.js';
import type { RowWriter } from './writer.js';

export interface ExecuteContext extends CreateContext {
  run: Pick<SinkContext, 'record' | 'onCounts' | 'signal' | 'log' | 'budget'> & { onUserEdit: 'keep' | 'overwrite' };
  items: ItemSource;
  writer: RowWriter;
}

/** What a write may be charged for. */
const PAID: ReadonlySet<Action['kind']> = new Set(['create', 'update', 'restore']);

/** Carries out a plan with bounded concurrency, one writer per page. */
export class Executor {
  readonly #context: ExecuteContext;
  readonly #creates: Creates;
  readonly #plan: Plan;
  /** Creates that were posted twice: which row stands is only known at the end. */
  readonly #late: { want: Wanted; outcome: Outcome }[] = [];
  #next = 0;
  #stopped: { error: unknown } | null = null;
  #full = false;
  #failedInARow = 0;

  constructor(context: ExecuteContext, plan: Plan) {
    this.#context = context;
    this.#plan = plan;
    const keys = plan.flatMap((action) =>
      action.kind === 'create' && !context.checkpoint.isDone(action.want.index) ? [action.want.syncKey] : [],
    );
    this.#creates = new Creates(context, keys);
  }

  /**
   * @returns false when the signal ended it before all was done
   * Throws `DestinationError` or `ConnectionLostError` when nothing more can be written; what had been is in the counts.
   */
  async run(): Promise<boolean> {
    await Promise.all(Array.from({ length: CONCURRENCY }, () => this.#work()));
    await this.#finish();
    await this.#context.checkpoint.save();
    if (this.#stopped !== null && !(this.#stopped.error instanceof StoppedError)) throw this.#stopped.error;
    if (this.#stopped === null && this.#full) throw databaseFull();
    return this.#stopped === null;
  }

  async #work(): Promise<void> {
    while (this.#stopped === null) {
      const action = this.#plan[this.#next++];
      if (action === undefined) return;
      try {
        await this.#perform(action);
      } catch (error) {
        this.#stopped ??= { error };
      }
    }
  }

  async #perform(action: Action): Promise<void> {
    const { checkpoint } = this.#context;
    if (action.kind === 'duplicate') {
      const { key, row } = action;
      const outcome = { action: 'kept', reason: 'duplicate', pageId: row.pageId, url: row.url, error: null } as const;
      await this.#record({ key, url: key, title: key }, outcome, null);
      return;
    }
    const { want } = action;
    if (checkpoint.isDone(want.index)) return;
    const { signal, budget } = this.#context.run;
    if (signal.aborted) throw new StoppedError();
    const paid = PAID.has(action.kind);
    if (paid && budget?.reserve() === false) throw new StoppedError();
    const outcome = await this.#outcome(action);
    if (checkpoint.postedTwice.includes(want.syncKey)) this.#late.push({ want, outcome });
    else await this.#record(want, outcome, want.index, paid);
  }

  async #outcome(action: Exclude<Action, { kind: 'duplicate' }>): Promise<Outcome> {
    try {
      const outcome = await this.#write(action);
      this.#failedInARow = 0;
      return outcome;
    } catch (error) {
      if (action.kind === 'create' && isGone(error)) throw databaseGone(error);
      const outcome = failureOutcome(error, 'row' in action ? action.row.pageId : null);
      if (outcome === null) throw error;
      if (error instanceof ItemError && error.reason === 'row-limit') this.#full = true;
      this.#countOutage(error);
      return outcome;
    }
  }

  async #write(action: Exclude<Action, { kind: 'duplicate' }>): Promise<Outcome> {
    const { items, writer, checkpoint, run } = this.#context;
    switch (action.kind) {
      case 'create': {
        if (this.#full) throw new ItemError('row-limit', ROW_LIMIT);
        const { want, hash } = action;
        const item = await items.read(want.index);
        const { syncKey } = want;
        const written = await writer.create(item, syncKey, hash, hash.body !== null, (send) =>
          this.#creates.post(syncKey, send),
        );
        return { action: 'created', reason: written.note, pageId: written.pageId, url: written.url, error: null };
      }
      case 'update':
        return this.#update(action);
      case 'restore': {
        const { want, row, hash, body } = action;
        const item = await items.read(want.index);
        const written = await writer.update(item, row.pageId, hash, { properties: true, body }, STATUS.active);
        return { action: 'restored', reason: written.note, pageId: row.pageId, url: row.url, error: null };
      }
      case 'kept': {
        const { want, row, hash, properties, reason } = action;
        const parts = { properties, body: false };
        if (properties) await writer.update(await items.read(want.index), row.pageId, hash, parts, null);
        return { action: 'kept', reason, pageId: row.pageId, url: row.url, error: null };
      }
      case 'unchanged': {
        // Made by an earlier process of this run, which ended before it could say so.
        const ours = checkpoint.inherited.keys.includes(action.want.syncKey);
        const { pageId, url } = action.row;
        return { action: ours ? 'created' : 'unchanged', reason: null, pageId, url, error: null };
      }
      case 'repeated':
        run.log.debug('Two items have the same key; the first one counts', { key: action.want.key });
        return { action: 'kept', reason: 'repeated', pageId: null, url: null, error: null };
    }
  }

  /** Before a row that somebody else touched is written, its blocks tell whether its text is a person's now. */
  async #update(action: Extract<Action, { kind: 'update' }>): Promise<Outcome> {
    const { api, botId, items, writer, run } = this.#context;
    const { want, row, properties, body, hash } = action;
    const edited =
      run.onUserEdit === 'keep' && row.editedBy !== botId && (await editedByPerson(api, row.pageId, botId));
    const item = await items.read(want.index);
    if (!edited) {
      const written = await writer.update(item, row.pageId, hash, { properties, body }, null);
      return { action: 'updated', reason: written.note, pageId: row.pageId, url: written.url, error: null };
    }
    // Our own write makes us the last editor of the page, so that the Status has to remember the person's.
    const kept = { ...hash, body: row.hash?.body ?? null };
    await writer.update(item, row.pageId, kept, { properties, body: false }, STATUS.edited);
    const outcome = { pageId: row.pageId, url: row.url, error: null };
    return body ? { action: 'kept', reason: 'edited', ...outcome } : { action: 'updated', reason: null, ...outcome };
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
