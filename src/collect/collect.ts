import type { ProxyConfiguration } from 'crawlee';
import type { RunInput } from '../input.js';
import type { StageLog } from '../log.js';
import type { Store } from '../store.js';
import { AddressGuard } from './address-guard.js';
import { Crawl } from './crawl.js';
import type { CollectProgress } from './crawl-parts.js';
import { CrawlTotals, NAMED, type FailedPage, type SkippedUrl } from './crawl-totals.js';
import { createCrawler } from './crawler.js';
import type { Crawler } from './crawler-types.js';
import { ExtractPool } from './extract-pool.js';
import { ItemIndex, type StoredItem } from './item-index.js';
import type { Item } from './item.js';
import { asPageFailure } from './network-failure.js';
import { PageSkipped } from './page-errors.js';
import { unreadableValues, type RecordReport } from './record-report.js';
import { nothingFound } from './record-warnings.js';
import { Robots, type RobotsAnswer } from './robots.js';
import { Scope } from './scope.js';
import type { SkipReason } from './skip-reason.js';

export type { CollectProgress } from './crawl-parts.js';
export type { SkipReason } from './skip-reason.js';

export interface CollectOptions {
  input: RunInput;
  proxyConfiguration: ProxyConfiguration | undefined;
  /** Stores one item. Called for one item of a page after the other; when it throws, the page is read again. */
  onItem: (item: Item) => Promise<void>;
  /** Called on each change; the receiver throttles. */
  onProgress: (progress: CollectProgress) => void;
  /** Keeps the totals, so that a resumed run goes on with true ones. */
  state: Store;
  /** Aborted when the crawl must end: pages being read may finish, and the report says `complete: false`. */
  signal: AbortSignal;
  allowPrivateAddresses: boolean;
  isAtHome: boolean;
  /** Origin of the run's own live view, which is never crawled. */
  ownOrigin: string | null;
  log: StageLog;
  /**
   * For a resumed run: the items that the dataset already holds. Without it a page that an earlier part stored under
   * the same key could be stored once more.
   */
  storedItems?: AsyncIterable<StoredItem>;
}

/** What the crawl brought, over all parts of a resumed run (design §3.4). */
export interface CrawlReport {
  /** Pages read without error. */
  pagesLoaded: number;
  itemsStored: number;
  pagesFailed: number;
  skipped: Partial<Record<SkipReason, number>>;
  /** Every page in scope was read: no limit left something out, all start URLs were read, nothing was cut. */
  complete: boolean;
  browserPages: number;
  httpPages: number;
  seconds: number;
  /** When the first part of the run began, epoch ms. */
  startedAt: number;
  /** Values of records that could not be read as their field's type. */
  unreadableValues: number;
  /** `null` when the input asks for pages. */
  records: RecordReport | null;
  /** Why there are no items although pages were read, and what to do. */
  nothingFound: string | null;
  /** At most 10,000 of those that `pagesFailed` counts. */
  failures: FailedPage[];
  /** At most 1,000 of those that `skipped` counts. */
  skippedUrls: SkippedUrl[];
  /** Next pages of lists that were read although they lie outside the path of their start URL. */
  nextPages: string[];
  /** Those of `failures` that answered 404 or 410. */
  gone: string[];
}

/** How long pages that are being read may take to finish when the crawl must end, ms. */
const STOP_GRACE_MS = 8_000;
/** The least time between two writes of the totals, ms: on the platform each one is billed. */
const SAVE_PAUSE_MS = { home: 5_000, local: 500 } as const;

/** How often a crawl that ended with requests waiting is run again. */
const MAX_RUNS = 5;

/** Waiting URLs that are asked for by name; the platform lists no more at once. */
const MAX_WAITING_LISTED = 1_000;

/**
 * Reads the pages of the crawl and hands their items to `onItem`. Browsers are closed when it returns or throws.
 * @throws RunError when a browser is needed and there is none, or when the queue or `state` cannot be reached
 */
export async function collect(options: CollectOptions): Promise<CrawlReport> {
  const { input, signal, state, log } = options;
  const totals = await CrawlTotals.open(state, options.isAtHome ? SAVE_PAUSE_MS.home : SAVE_PAUSE_MS.local);
  const index = new ItemIndex(totals, state, options.onItem);
  await knowStoredItems(index, totals, options.storedItems);
  const pool = new ExtractPool(input);
  const crawl = new Crawl({
    input,
    totals,
    index,
    scope: new Scope(input),
    pool,
    robots: new Robots((url) => readRobots(() => crawler, url)),
    log,
    onProgress: options.onProgress,
    signal,
  });
  const crawler = await createCrawler({
    input,
    proxyConfiguration: options.proxyConfiguration,
    guard: new AddressGuard({ allowPrivate: options.allowPrivateAddresses, ownOrigin: options.ownOrigin }),
    secrets: {
      origins: new Set(input.startUrls.map((url) => new URL(url).origin)),
      headers: input.customHttpHeaders,
      cookies: input.initialCookies,
    },
    isAtHome: options.isAtHome,
    hooks: crawl,
  });
  let isQueueRead: boolean;
  try {
    pool.warm();
    isQueueRead = await runUntilDone(crawl, crawler, signal);
  } finally {
    await crawler.close();
    await pool.close();
  }
  await crawl.finish();
  await totals.save();
  return report(totals, crawler, input, signal, isQueueRead);
}

async function knowStoredItems(
  index: ItemIndex,
  totals: CrawlTotals,
  stored: AsyncIterable<StoredItem> | undefined,
): Promise<void> {
  if (stored === undefined) return;
  let count = 0;
  for await (const item of stored) {
    index.know(item);
    count += 1;
  }
  totals.counts.itemsStored = count;
}

/** RFC 9309 §2.5: at least the first 500 KiB count. */
const MAX_ROBOTS_BYTES = 512 * 1024;
/** A server that has not sent its rules by then closes its site for a while, ms. */
const MAX_ROBOTS_MS = 15_000;

async function readRobots(crawler: () => Crawler, url: string): Promise<RobotsAnswer> {
  try {
    const file = await crawler().open(url, MAX_ROBOTS_MS);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of file.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_ROBOTS_BYTES) break;
    }
    file.close();
    return { status: file.status, body: Buffer.concat(chunks).subarray(0, MAX_ROBOTS_BYTES).toString('utf8') };
  } catch (error) {
    // An address that is not crawled has no rules; asking for the page says why.
    return error instanceof PageSkipped ? { status: 404, body: '' } : { failure: asPageFailure(error, url) };
  }
}

/** False when the crawl ended although the queue still held requests that it should have read. */
async function runUntilDone(crawl: Crawl, crawler: Crawler, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const stop = (): void => void crawler.stop(STOP_GRACE_MS);
  signal.addEventListener('abort', stop, { once: true });
  try {
    crawl.attach(crawler);
    await crawl.addStartUrls();
    for (let run = 0; run < MAX_RUNS; run += 1) {
      await crawler.run();
      await crawl.sourcesRead();
      // Crawlee can end with requests still waiting (https://github.com/apify/apify-sdk-js/issues/668).
      if (signal.aborted || !crawl.mayStart(0) || (await crawler.isDone())) return true;
    }
    // The counts of a queue that was gone on with can be off for good; what it lists is what waits.
    return (await crawler.waitingUrls(1)).length === 0;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function report(
  totals: CrawlTotals,
  crawler: Crawler,
  input: RunInput,
  signal: AbortSignal,
  isQueueRead: boolean,
): Promise<CrawlReport> {
  const { counts } = totals;
  const failures = [...totals.failures.entries];
  const skipped = { ...counts.skipped };
  const skippedUrls = [...totals.skippedUrls.entries];
  // What still waits was left out by the page limit. It is not written to the totals: a resumed run may read it.
  if (!signal.aborted && counts.pagesLoaded >= input.maxCrawlPages) {
    const urls = await crawler.waitingUrls(MAX_WAITING_LISTED);
    const waiting = urls.length < MAX_WAITING_LISTED ? urls.length : crawler.pending();
    if (waiting > 0) skipped.limit = (skipped.limit ?? 0) + waiting;
    skippedUrls.push(...urls.map((url): SkippedUrl => ({ url, reason: 'limit' })));
  }
  const isAllQueued = counts.linksLost === 0;
  const allStartsRead = input.startUrls.every((url) => counts.startUrlsRead.includes(url));
  return {
    pagesLoaded: counts.pagesLoaded,
    itemsStored: counts.itemsStored,
    pagesFailed: counts.pagesFailed,
    skipped,
    complete: !signal.aborted && isQueueRead && isAllQueued && allStartsRead && !skipped.limit && !skipped.depth,
    browserPages: counts.browserPages,
    httpPages: counts.httpPages,
    seconds: Math.round(counts.seconds * 10) / 10,
    startedAt: counts.startedAt,
    unreadableValues: unreadableValues(counts.records),
    records: input.recordSelector === null ? null : counts.records,
    nothingFound: nothingFound(counts, input),
    failures,
    skippedUrls: skippedUrls.slice(0, NAMED.skipped),
    nextPages: counts.nextPages,
    gone: failures
      .filter(({ httpStatusCode }) => httpStatusCode === 404 || httpStatusCode === 410)
      .map(({ url }) => url),
  };
}
