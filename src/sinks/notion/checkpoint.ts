import { NO_COUNTS, type SyncCounts } from '../../progress.js';
import type { Store } from '../../store.js';
import { isTexts } from './saved.js';

/** What a run that goes on after a kill or a migration needs to know. */
interface Saved {
  version: 1;
  /** Where the rest belongs to; another destination makes it void. */
  dataSourceId: string;
  /** Sync keys whose create may have been sent, without a known outcome. */
  inDoubt: string[];
  /** Sync keys that were posted more than once, with the time of their first announcement (epoch ms). */
  twice: [string, number][];
  /** One bit per item that has its outcome and did not fail, base64. */
  done: string;
  counts: SyncCounts;
  /** Of `counts.kept`: rows that no item stands for. Absent in what older versions saved. */
  keptRows?: number;
}

const KEY = 'NOTION-SYNC';

/**
 * The write-ahead record of a sync. Keys are announced before their create is sent, many with one write; each
 * announcement also saves the progress up to then. Failed items are not done: a run that goes on tries them again.
 */
export class Checkpoint {
  readonly #store: Store;
  readonly #dataSourceId: string;
  readonly #inDoubt: Set<string>;
  readonly #twice: Map<string, number>;
  #done: Uint8Array;
  #writing: Promise<void> = Promise.resolve();

  readonly counts: SyncCounts;
  /** Of `counts`: rows that no item stands for. Whoever goes on looks at them all again. */
  readonly ofRows = { kept: 0, failed: 0 };
  /** Keys that an earlier process of this run may have created. */
  readonly inherited: { keys: ReadonlySet<string> };

  private constructor(store: Store, dataSourceId: string, total: number, saved: Saved | null) {
    this.#store = store;
    this.#dataSourceId = dataSourceId;
    this.#inDoubt = new Set(saved?.inDoubt);
    this.#twice = new Map(saved?.twice);
    const done = new Uint8Array(Math.ceil(total / 8));
    if (saved !== null) done.set(Buffer.from(saved.done, 'base64').subarray(0, done.length));
    this.#done = done;
    this.inherited = { keys: new Set(this.#inDoubt) };
    const counts = saved?.counts ?? NO_COUNTS;
    this.counts = { ...counts, total, done: bitsOf(done), kept: counts.kept - (saved?.keptRows ?? 0), failed: 0 };
  }

  /** Reads what an earlier process of this run left; what is not understood counts as absent. */
  static async open(store: Store, dataSourceId: string, total: number): Promise<Checkpoint> {
    const saved = await store.get(KEY);
    return new Checkpoint(
      store,
      dataSourceId,
      total,
      isSaved(saved) && saved.dataSourceId === dataSourceId ? saved : null,
    );
  }

  /** Sync keys whose rows have to be counted at the end, because they were posted more than once, and since when. */
  get postedTwice(): ReadonlyMap<string, number> {
    return this.#twice;
  }

  isDone(index: number): boolean {
    return ((this.#done[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  setDone(index: number): void {
    this.#done[index >> 3] = (this.#done[index >> 3] ?? 0) | (1 << (index & 7));
  }

  /** Resolves when it is written down that creates for `keys` may be sent from now on. */
  async announce(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#inDoubt.add(key);
    await this.save();
  }

  /** The item of `key` has its outcome. Saved with the next announcement. */
  settle(key: string): void {
    this.#inDoubt.delete(key);
  }

  /** Resolves when it is written down that `key`, posted first at `since` (epoch ms), is posted once more. */
  async repeat(key: string, since: number): Promise<void> {
    this.#twice.set(key, since);
    await this.save();
  }

  /** The rows of `key` were counted. */
  unrepeat(key: string): void {
    this.#twice.delete(key);
  }

  /** Writes the state as it is now; writes follow one another. */
  save(): Promise<void> {
    const write = this.#writing.then(() => this.#store.set(KEY, this.#saved()));
    this.#writing = write.catch(() => undefined);
    return write;
  }

  #saved(): Saved {
    return {
      version: 1,
      dataSourceId: this.#dataSourceId,
      inDoubt: [...this.#inDoubt],
      twice: [...this.#twice],
      done: Buffer.from(this.#done).toString('base64'),
      counts: this.counts,
      keptRows: this.ofRows.kept,
    };
  }
}

function bitsOf(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function isSaved(value: unknown): value is Saved {
  if (typeof value !== 'object' || value === null) return false;
  const saved = value as Partial<Record<keyof Saved, unknown>>;
  return (
    saved.version === 1 &&
    typeof saved.dataSourceId === 'string' &&
    isTexts(saved.inDoubt) &&
    Array.isArray(saved.twice) &&
    saved.twice.every((entry: unknown) => {
      return Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]);
    }) &&
    typeof saved.done === 'string' &&
    isCounts(saved.counts) &&
    (saved.keptRows === undefined || typeof saved.keptRows === 'number')
  );
}

function isCounts(value: unknown): value is SyncCounts {
  if (typeof value !== 'object' || value === null) return false;
  const counts = value as Record<string, unknown>;
  return Object.keys(NO_COUNTS).every((name) => typeof counts[name] === 'number');
}
