import type { ResultRow, SinkContext } from '../sink.js';
import { Creates } from './creates.js';
import type { CreateContext } from './creates.js';
import { ItemError, StoppedError } from './errors.js';
import { Feed } from './feed.js';
import { CONCURRENCY, OUTAGE_ITEMS, SAVE_EVERY } from './limits.js';
import { databaseFull, failureOutcome, notAnswering } from './outcome.js';
import type { Outcome } from './outcome.js';
import { Performer } from './perform.js';
import type { PerformContext } from './perform.js';
import type { ItemAction, RowAction, Wanted } from './plan.js';
import { settleRefusal } from './refusal.js';
import type { Row } from './row.js';
import type { PlannedItem } from './stream-plan.js';

export interface ExecuteContext extends CreateContext, PerformContext {
  run: Pick<SinkContext, 'input' | 'record' | 'onCounts' | 'signal' | 'log' | 'budget'> & PerformContext['run'];
}

/** What a write may be charged for. */
const PAID: ReadonlySet<ItemAction['kind']> = new Set(['create', 'update', 'restore']);

/** Carries out a plan with bounded concurrency, one writer per page. */
export class Executor {
  readonly #context: ExecuteContext;
  readonly #creates: Creates;
  readonly #performer: Performer;
  /** Creates that were posted twice: which row stands is only known at the end. */
  readonly #late: { want: Wanted; outcome: Outcome; paid: boolean }[] = [];
  #stopped: { error: unknown } | null = null;
  #failedInARow = 0;
  #unsaved = 0;

  constructor(context: ExecuteContext) {
    this.#context = context;
    this.#creates = new Creates(context);
    this.#performer = new Performer(context, this.#creates);
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
    if (this.#stopped === null) {
      const actions = rest();
      this.#context.judge.expect(actions);
      await this.#workers(Feed.of(actions), (action) => this.#performRow(action));
    }
    await this.#finish();
    await this.#context.checkpoint.save();
    if (this.#stopped !== null && !(this.#stopped.error instanceof StoppedError)) throw this.#stopped.error;
    if (this.#stopped === null && this.#performer.isFull) throw databaseFull(this.#context.run.input);
    return this.#stopped === null;
  }

  #announce(group: readonly PlannedItem[]): void {
    const { checkpoint } = this.#context;
    const keys = group.flatMap(({ action }) =>
      action.kind === 'create' && !checkpoint.isDone(action.want.index) ? [action.want.syncKey] : [],
    );
    if (keys.length > 0) this.#creates.expect(keys);
    this.#context.judge.expect(group.flatMap(({ action }) => (checkpoint.isDone(action.want.index) ? [] : [action])));
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
    const { checkpoint, table } = this.#context;
    const { want } = action;
    if (checkpoint.isDone(want.index)) return;
    const paid = PAID.has(action.kind);
    if (paid && this.#context.run.budget?.reserve() === false) throw new StoppedError();
    let outcome: Outcome;
    try {
      outcome = await this.#outcome(
        () => this.#performer.item(action, item),
        // A create may have made its row before it failed.
        () => ('row' in action ? action.row : table.row(table.find(want.syncKey))),
      );
    } catch (error) {
      if (paid) this.#context.run.budget?.release();
      throw error;
    }
    if (checkpoint.postedTwice.has(want.syncKey)) this.#late.push({ want, outcome, paid });
    else await this.#record(want, outcome, want, paid);
  }

  async #performRow(action: RowAction): Promise<void> {
    const { key, row } = action;
    const title = await this.#context.judge.title(action);
    const outcome = await this.#outcome(
      () => this.#performer.row(action),
      () => row,
    );
    await this.#record({ key, url: key, title }, outcome, null);
  }

  /** @param rowNow the row as it is known when `write` has failed; `null`: it was to be made */
  async #outcome(write: () => Promise<Outcome>, rowNow: () => Row | null): Promise<Outcome> {
    try {
      const outcome = await write();
      this.#failedInARow = 0;
      return outcome;
    } catch (thrown) {
      const { api, dataSourceId } = this.#context;
      const row = rowNow();
      const error = await settleRefusal(api, dataSourceId, thrown, row?.pageId ?? null);
      const outcome = failureOutcome(error, row);
      if (outcome === null) throw error;
      if (error instanceof ItemError && error.reason === 'row-limit') this.#performer.isFull = true;
      this.#countOutage(error);
      return outcome;
    }
  }

  /** Settles what was posted twice; then their outcomes can be told. */
  async #finish(): Promise<void> {
    let standing = new Map<string, { pageId: string; url: string }>();
    this.#creates.settleUnsent();
    try {
      standing = await this.#creates.heal();
    } catch (error) {
      this.#stopped ??= { error };
    }
    for (const { want, outcome, paid } of this.#late) {
      const row = standing.get(want.syncKey);
      const found = row === undefined ? outcome : { ...outcome, pageId: row.pageId, url: row.url };
      try {
        await this.#record(want, found, want, paid);
      } catch (error) {
        this.#stopped ??= { error };
      }
    }
  }

  async #record(
    item: { key: string; url: string; title: string },
    outcome: Outcome,
    want: Wanted | null,
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
    try {
      await run.record(row, item.title);
    } catch (error) {
      if (reserved) run.budget?.release();
      throw error;
    }
    checkpoint.counts[outcome.action] += 1;
    if (want === null) {
      if (outcome.action === 'kept' || outcome.action === 'failed') checkpoint.ofRows[outcome.action] += 1;
    } else {
      checkpoint.counts.done += 1;
      if (outcome.action !== 'failed') checkpoint.setDone(want.index);
      // A create of which nobody knows stays in doubt.
      if (outcome.reason !== 'unknown') this.#creates.settle(want.syncKey);
    }
    if (reserved) run.budget?.release();
    run.onCounts({ ...checkpoint.counts });
    await this.#saveAtTimes(outcome);
  }

  /** Creates are saved when they are announced, and what did not change tells itself; all else would be forgotten. */
  async #saveAtTimes({ action }: Outcome): Promise<void> {
    if (action === 'created' || action === 'unchanged') return;
    this.#unsaved += 1;
    if (this.#unsaved < SAVE_EVERY) return;
    this.#unsaved = 0;
    await this.#context.checkpoint.save();
  }

  /** Items that fail one after another because Notion is away would each wait for all its retries. */
  #countOutage(error: unknown): void {
    const away = error instanceof ItemError && (error.reason === 'unavailable' || error.reason === 'unknown');
    this.#failedInARow = away ? this.#failedInARow + 1 : 0;
    if (this.#failedInARow < OUTAGE_ITEMS) return;
    throw notAnswering();
  }
}
