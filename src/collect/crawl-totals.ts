import type { Store } from '../store.js';
import type { FailureReason, PageFailure } from './page-errors.js';
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

/** Skipped URLs kept by name (design §3.4); all are counted. */
export const MAX_SKIPPED_URLS = 1_000;

const RECORD = { counts: 'COLLECT_COUNTS', details: 'COLLECT_DETAILS' } as const;
const VERSION = 1;

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
  itemsStored: number;
  browserPages: number;
  httpPages: number;
  /** Requests that the queue had finished when this was written. */
  handled: number;
  seconds: number;
  unreadableValues: number;
  skipped: Partial<Record<SkipReason, number>>;
  startUrlsRead: string[];
  /** Where start URLs were redirected to: part of the scope. */
  scopeRoots: string[];
  held: HeldPage[];
}

interface Details {
  failures: FailedPage[];
  skippedUrls: SkippedUrl[];
  gone: string[];
}

/** What the crawl has done, over all parts of a resumed run. Kept in the run's own store, written at most once a pause. */
export class CrawlTotals {
  readonly counts: Counts;
  readonly details: Details;
  readonly #store: Store;
  readonly #pauseMs: number;
  #detailsChanged = false;
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  private constructor(store: Store, pauseMs: number, counts: Counts, details: Details) {
    this.#store = store;
    this.#pauseMs = pauseMs;
    this.counts = counts;
    this.details = details;
  }

  /** @param pauseMs the least time between two writes of changed totals */
  static async open(store: Store, pauseMs: number): Promise<CrawlTotals> {
    const counts = readCounts(await store.get(RECORD.counts));
    const details = readDetails(await store.get(RECORD.details));
    return new CrawlTotals(store, pauseMs, counts, details);
  }

  skip(url: string, reason: SkipReason): void {
    this.counts.skipped[reason] = (this.counts.skipped[reason] ?? 0) + 1;
    if (this.details.skippedUrls.length < MAX_SKIPPED_URLS) {
      this.details.skippedUrls.push({ url, reason });
      this.#detailsChanged = true;
    }
    this.changed();
  }

  fail(url: string, failure: PageFailure): void {
    const { reason, message, httpStatusCode } = failure;
    this.details.failures.push({ url, reason, ...(httpStatusCode !== null && { httpStatusCode }), message });
    if (httpStatusCode === 404 || httpStatusCode === 410) this.details.gone.push(url);
    this.#detailsChanged = true;
    this.changed();
  }

  get pagesFailed(): number {
    return this.details.failures.length;
  }

  get pagesSkipped(): number {
    return Object.values(this.counts.skipped).reduce((sum, count) => sum + count, 0);
  }

  /** Says that `counts` changed; they are written soon. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save().catch(() => undefined), this.#pauseMs).unref();
  }

  /** Writes now and resolves when it is done. Throws when the store cannot be reached. */
  save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const write = async (): Promise<void> => {
      const { counts, details } = this;
      if (this.#detailsChanged) await this.#store.set(RECORD.details, { version: VERSION, ...details });
      this.#detailsChanged = false;
      await this.#store.set(RECORD.counts, { version: VERSION, ...counts });
    };
    this.#saving = this.#saving.catch(() => undefined).then(write);
    return this.#saving;
  }
}

function readCounts(value: unknown): Counts {
  const stored = versioned(value);
  const skipped = versioned({ version: VERSION, ...(stored['skipped'] as object | undefined) });
  return {
    pagesLoaded: number(stored['pagesLoaded']),
    itemsStored: number(stored['itemsStored']),
    browserPages: number(stored['browserPages']),
    httpPages: number(stored['httpPages']),
    handled: number(stored['handled']),
    seconds: number(stored['seconds']),
    unreadableValues: number(stored['unreadableValues']),
    skipped: Object.fromEntries(
      SKIP_REASONS.map((reason) => [reason, number(skipped[reason])] as const).filter(([, count]) => count > 0),
    ),
    startUrlsRead: list<string>(stored['startUrlsRead']),
    scopeRoots: list<string>(stored['scopeRoots']),
    held: list<HeldPage>(stored['held']),
  };
}

function readDetails(value: unknown): Details {
  const stored = versioned(value);
  return {
    failures: list<FailedPage>(stored['failures']),
    skippedUrls: list<SkippedUrl>(stored['skippedUrls']),
    gone: list<string>(stored['gone']),
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
function list<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
