import { memoryKey } from '../../memory.js';
import type { Store } from '../../store.js';
import { isTexts } from './saved.js';

/** Keys whose creates began together. */
interface Batch {
  /** Epoch ms. */
  at: number;
  keys: string[];
}

/** By then queries show what was made, whatever happened to the run that made it. */
const MOST_AGE_MS = 86_400_000;

/**
 * The keys that a run may have created lately, kept where a *fresh* run finds them: queries do not show new rows at
 * once, so that after a kill the index alone cannot be trusted. One write per announced batch. Best effort: a store that
 * fails is a store that remembers nothing.
 */
export class Journal {
  readonly #store: Store;
  readonly #name: string;
  readonly #settleMs: number;
  readonly #open: { batch: Batch; left: Set<string>; settledAt: number | null }[] = [];
  /** Of an earlier run that ended without a word. */
  readonly inherited: readonly Batch[];

  private constructor(store: Store, name: string, settleMs: number, inherited: readonly Batch[]) {
    this.#store = store;
    this.#name = name;
    this.#settleMs = settleMs;
    this.inherited = inherited;
  }

  /** @param settleMs writes older than this are visible to queries */
  static async open(store: Store, of: { userId: string; dataSourceId: string }, settleMs: number): Promise<Journal> {
    const name = memoryKey('notion-journal', of.userId, of.dataSourceId);
    const saved = await store.get(name).catch(() => null);
    const batches = isSaved(saved) ? saved.batches : [];
    const since = Date.now() - MOST_AGE_MS;
    const inherited = batches.filter(({ at }) => at > since);
    return new Journal(store, name, settleMs, inherited);
  }

  /** Resolves when it is written down that `keys` may be created from now on. */
  async announce(keys: readonly string[]): Promise<void> {
    const now = Date.now();
    this.#open.push({ batch: { at: now, keys: [...keys] }, left: new Set(keys), settledAt: null });
    const isRecent = (settledAt: number | null): boolean => settledAt === null || now - settledAt < this.#settleMs;
    const kept = this.#open.filter(({ settledAt }) => isRecent(settledAt));
    this.#open.splice(0, this.#open.length, ...kept);
    await this.#write([...this.inherited, ...kept.map(({ batch }) => batch)]);
  }

  /** The item of `key` has its outcome. */
  settle(key: string): void {
    for (const entry of this.#open) if (entry.left.delete(key) && entry.left.size === 0) entry.settledAt = Date.now();
  }

  /**
   * The run ended in order: what it made is remembered elsewhere, so that only keys without an outcome stay, and those of
   * an earlier run that are so new that queries may not show all of their rows.
   * @param doubtful keys that were posted twice and of which only one row shows yet, with their time
   */
  async close(doubtful: ReadonlyMap<string, number>): Promise<void> {
    const unsettled = this.#open.map(({ batch, left }) => ({ at: batch.at, keys: [...left] }));
    const repeated = [...doubtful].map(([key, at]) => ({ at, keys: [key] }));
    const young = this.inherited.filter(({ at }) => Date.now() - at < this.#settleMs);
    const batches = [...young, ...unsettled, ...repeated].filter(({ keys }) => keys.length > 0);
    if (batches.length > 0) await this.#write(batches);
    else if (this.#open.length > 0 || this.inherited.length > 0) await this.#write(null);
  }

  async #write(batches: readonly Batch[] | null): Promise<void> {
    await this.#store.set(this.#name, batches === null ? null : { version: 1, batches }).catch(() => undefined);
  }
}

function isSaved(value: unknown): value is { version: 1; batches: Batch[] } {
  const saved = value as { version?: unknown; batches?: unknown } | null;
  return (
    typeof saved === 'object' &&
    saved?.version === 1 &&
    Array.isArray(saved.batches) &&
    saved.batches.every((batch: Partial<Batch> | null) => typeof batch?.at === 'number' && isTexts(batch.keys))
  );
}
