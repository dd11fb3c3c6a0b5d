import type { Store } from '../store.js';
import { ChunkedList } from './chunked-list.js';
import type { FailureReason, PageFailure } from './page-errors.js';
import { emptyRecordReport, type RecordReport } from './record-report.js';
import { SKIP_REASONS, type SkipReason } from './skip-reason.js';

export interface FailedPage {
  url: string;
  reason: FailureReason;
  httpStatusCode?: number;
  message: string;
}

export interface SkippedUrl {
  url: string;
  reason: SkipReason;
}

/** What is kept by name; all are counted. Memory and the record COVERAGE stay bounded by it. */
export const NAMED = { skipped: 1_000, failed: 10_000, nextPages: 1_000 } as const;

const RECORD = {
  counts: 'COLLECT_COUNTS',
  failures: 'COLLECT_FAILED',
  skipped: 'COLLECT_SKIPPED',
  seen: 'COLLECT_SEEN',
  held: 'COLLECT_HELD',
  learned: 'COLLECT_LEARNED',
} as const;
const CHUNK = { failures: 500, skipped: 500, seen: 5_000, held: 500 } as const;
const VERSION = 2;

/** A page that waits for the end of the crawl to get its key (see `item-index.ts`). */
export interface HeldPage {
  /** Where the item is kept in the store. */
  storeKey: string;
  ownKey: string;
  claimedKey: string;
  contentHash: string;
}

interface Counts {
  pagesLoaded: number;
  pagesFailed: number;
  itemsStored: number;
  browserPages: number;
  httpPages: number;
  seconds: number;
  /** When the first part of the run that counts began, epoch ms. */
  startedAt: number;
  records: RecordReport;
  skipped: Partial<Record<SkipReason, number>>;
  /** Pages that were read and whose links could not be queued. */
  linksLost: number;
  startUrlsRead: string[];
  /** Where start URLs were redirected to: part of the scope. */
  scopeRoots: string[];
  /** Next pages of lists that lie outside the path of their start URL: part of the scope, the first `NAMED.nextPages`. */
  nextPages: string[];
  /** Requests that are counted here and that the queue may not know to be done: read again, they are not counted again. */
  open: string[];
}

/**
 * What the crawl has done, over all parts of a resumed run. Written to the run's own store at most once a pause; a request
 * leaves the queue only after the totals that count it were written (`durable`), so that also a killed run counts right.
 */
export class CrawlTotals {
  readonly counts: Counts;
  readonly failures: ChunkedList<FailedPage>;
  readonly skippedUrls: ChunkedList<SkippedUrl>;
  /** Short hashes of all URLs that were queued or left out, so that a resumed run does neither again. */
  readonly seen: ChunkedList<string>;
  readonly held: ChunkedList<HeldPage>;
  readonly #store: Store;
  readonly #pauseMs: number;
  readonly #started = Date.now();
  readonly #secondsBefore: number;
  readonly #countedBefore: ReadonlySet<string>;
  readonly #open: Set<string>;
  #learned: unknown;
  #learnedChanged = false;
  #written: (() => void)[] = [];
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  private constructor(store: Store, pauseMs: number, counts: Counts, learned: unknown) {
    this.#store = store;
    this.#pauseMs = pauseMs;
    this.counts = counts;
    this.#secondsBefore = counts.seconds;
    this.#countedBefore = new Set(counts.open);
    this.#open = new Set(counts.open);
    this.#learned = learned;
    this.failures = new ChunkedList(store, RECORD.failures, CHUNK.failures);
    this.skippedUrls = new ChunkedList(store, RECORD.skipped, CHUNK.skipped);
    this.seen = new ChunkedList(store, RECORD.seen, CHUNK.seen);
    this.held = new ChunkedList(store, RECORD.held, CHUNK.held);
  }

  /** @param pauseMs the least time between two writes of changed totals */
  static async open(store: Store, pauseMs: number): Promise<CrawlTotals> {
    const stored = versioned(await store.get(RECORD.counts));
    const learned = versioned(await store.get(RECORD.learned))['value'] ?? null;
    const totals = new CrawlTotals(store, pauseMs, readCounts(stored), learned);
    const lengths = (stored['lengths'] ?? {}) as Record<string, unknown>;
    await totals.failures.open(number(lengths['failures']));
    await totals.skippedUrls.open(number(lengths['skippedUrls']));
    await totals.seen.open(number(lengths['seen']));
    await totals.held.open(number(lengths['held']));
    return totals;
  }

  /**
   * Takes a request into account, by its unique key. False when it was counted already: by an earlier part of the run, or by
   * a try after which it had to be read again.
   */
  count(uniqueKey: string): boolean {
    if (this.#open.has(uniqueKey) || this.#countedBefore.has(uniqueKey)) return false;
    this.#open.add(uniqueKey);
    return true;
  }

  /** The queue knows that the request is done. */
  closed(uniqueKey: string): void {
    this.#open.delete(uniqueKey);
  }

  /** Requests that are counted and still in the queue. */
  get stillOpen(): number {
    return this.#open.size;
  }

  skip(url: string, reason: SkipReason): void {
    this.counts.skipped[reason] = (this.counts.skipped[reason] ?? 0) + 1;
    if (this.skippedUrls.entries.length < NAMED.skipped) this.skippedUrls.push({ url, reason });
    this.changed();
  }

  fail(url: string, failure: PageFailure): void {
    const { reason, message, httpStatusCode } = failure;
    this.counts.pagesFailed += 1;
    if (this.failures.entries.length < NAMED.failed) {
      this.failures.push({ url, reason, ...(httpStatusCode !== null && { httpStatusCode }), message });
    }
    this.changed();
  }

  get pagesSkipped(): number {
    return Object.values(this.counts.skipped).reduce((sum, count) => sum + count, 0);
  }

  /** What an earlier part of the run learned about rendering, as `learn` was given it; `null` when nothing. */
  get learned(): unknown {
    return this.#learned;
  }

  learn(value: unknown): void {
    this.#learned = value;
    this.#learnedChanged = true;
    this.changed();
  }

  /** Says that something changed; it is written soon. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save().catch(() => undefined), this.#pauseMs).unref();
  }

  /** Resolves when all that was counted until now was written, or could not be: the next write tries again. */
  durable(): Promise<void> {
    this.changed();
    return new Promise((resolve) => this.#written.push(resolve));
  }

  /** Writes now and resolves when it is done. Throws when the store cannot be reached. */
  save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { counts, failures, skippedUrls, seen, held } = this;
    counts.seconds = this.#secondsBefore + (Date.now() - this.#started) / 1000;
    counts.open = [...this.#open];
    const lengths = {
      failures: failures.entries.length,
      skippedUrls: skippedUrls.entries.length,
      seen: seen.entries.length,
      held: held.entries.length,
    };
    // What the totals say at this moment, whatever is counted while the lists are written.
    const record = structuredClone({ version: VERSION, ...counts, lengths });
    const written = this.#written.splice(0);
    try {
      for (const list of [failures, skippedUrls, seen, held]) await list.save();
      if (this.#learnedChanged) {
        this.#learnedChanged = false;
        await this.#store.set(RECORD.learned, { version: VERSION, value: this.#learned });
      }
      await this.#store.set(RECORD.counts, record);
    } finally {
      for (const resolve of written) resolve();
    }
  }
}

function readCounts(stored: Record<string, unknown>): Counts {
  const skipped = (stored['skipped'] ?? {}) as Record<string, unknown>;
  return {
    pagesLoaded: number(stored['pagesLoaded']),
    pagesFailed: number(stored['pagesFailed']),
    itemsStored: number(stored['itemsStored']),
    browserPages: number(stored['browserPages']),
    httpPages: number(stored['httpPages']),
    seconds: number(stored['seconds']),
    startedAt: number(stored['startedAt']) || Date.now(),
    records: { ...emptyRecordReport(), ...(stored['records'] as object | undefined) },
    skipped: Object.fromEntries(
      SKIP_REASONS.map((reason) => [reason, number(skipped[reason])] as const).filter(([, count]) => count > 0),
    ),
    linksLost: number(stored['linksLost']),
    startUrlsRead: list(stored['startUrlsRead']),
    scopeRoots: list(stored['scopeRoots']),
    nextPages: list(stored['nextPages']),
    open: list(stored['open']),
  };
}

/** What another version wrote counts as absent. */
function versioned(value: unknown): Record<string, unknown> {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  const record = isObject ? (value as Record<string, unknown>) : {};
  return record['version'] === VERSION ? record : {};
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Lists are only ever written by this file, together with their version, so their entries are taken as they are. */
function list(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}
