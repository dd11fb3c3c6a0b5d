import { createHash } from 'node:crypto';
import type { RunInput } from '../input.js';
import type { CrawlTotals } from './crawl-totals.js';
import type { Crawler, CrawlerHooks, PageRequest, ReadPage } from './crawler-types.js';
import type { FetchedPage } from './fetched-page.js';
import type { ExtractPool } from './extract-pool.js';
import type { PageResult } from './handle-page.js';
import type { ItemIndex } from './item-index.js';
import { normalizeUrl, siteOf } from './item-key.js';
import { PageFailure, PageSkipped } from './page-errors.js';
import type { Robots } from './robots.js';
import type { Scope } from './scope.js';
import { sitemapUrls, USUAL_SITEMAPS } from './sitemap.js';
import type { SkipReason } from './skip-reason.js';

export interface CollectLog {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warning(message: string, data?: Record<string, unknown>): void;
}

export interface CollectProgress {
  pagesLoaded: number;
  itemsStored: number;
  pagesFailed: number;
  pagesSkipped: number;
  /** Pages loaded and pages waiting, at most `maxCrawlPages`; `null` while unknown. */
  pagesExpected: number | null;
}

export interface CrawlParts {
  input: RunInput;
  totals: CrawlTotals;
  index: ItemIndex;
  scope: Scope;
  pool: ExtractPool;
  robots: Robots;
  log: CollectLog;
  onProgress: (progress: CollectProgress) => void;
  signal: AbortSignal;
}

/** Pages that may wait in the queue beyond those that the limit still allows, for those that fail. */
const QUEUE_RESERVE = { factor: 2, pages: 500 } as const;

/** Addresses of a sitemap that are queued at once. */
const SITEMAP_BATCH = 200;

/** What happens to a page once it was read: scope, items, links, totals. */
export class Crawl implements CrawlerHooks {
  readonly #parts: CrawlParts;
  /** URLs that were queued or left out already, as short hashes. */
  readonly #seen = new Set<string>();
  #crawler: Crawler | null = null;
  #feeding = false;
  #sources: Promise<void> = Promise.resolve();

  constructor(parts: CrawlParts) {
    this.#parts = parts;
    const { totals, scope } = parts;
    for (const root of totals.counts.scopeRoots) scope.follow(root);
    for (const { url } of totals.details.skippedUrls) this.#firstTime(url);
  }

  attach(crawler: Crawler): void {
    this.#crawler = crawler;
  }

  async addStartUrls(): Promise<void> {
    const { input, robots } = this.#parts;
    const requests: PageRequest[] = [];
    for (const url of input.startUrls) {
      const request = this.#request(url, 0, null, url);
      if (await this.#mayRead(url)) requests.push(request);
      else this.#skipOnce(url, 'robotsTxt');
      this.#seen.add(hash(request.uniqueKey));
    }
    await this.#crawler?.add(requests);
    this.#progress();
    if (!input.useSitemaps) return;
    this.#feeding = true;
    this.#sources = this.#readSitemaps(robots).finally(() => (this.#feeding = false));
    // A failure is reported by whoever waits for the end.
    this.#sources.catch(() => undefined);
  }

  /** Resolves when all addresses that stand outside pages are queued. Throws when the queue cannot be reached. */
  sourcesRead(): Promise<void> {
    return this.#sources;
  }

  expectsMore(): boolean {
    return this.#feeding;
  }

  mayStart(inFlight: number): boolean {
    const { input, totals, signal } = this.#parts;
    return !signal.aborted && totals.counts.pagesLoaded + inFlight < input.maxCrawlPages;
  }

  async onRedirect(request: PageRequest, url: string, arrived: boolean): Promise<void> {
    if (this.#sameUrl(request.url, url)) return;
    if (!(await this.#mayRead(url))) throw new PageSkipped('robotsTxt');
    // A start URL takes the scope along, wherever it leads. On the way a page may pass other parts of its own site.
    if (request.start !== null) return;
    const decision = this.#parts.scope.decide(url);
    if (arrived ? decision !== 'inside' : decision === 'outside') throw new PageSkipped('redirect');
  }

  async extract(request: PageRequest, page: FetchedPage, renderedWith: 'http' | 'browser'): Promise<ReadPage> {
    const { loadedUrl, httpStatusCode, html, pdf } = page;
    const { url, depth, referrerUrl } = request;
    const loadedTime = new Date().toISOString();
    const crawl = { loadedUrl, loadedTime, referrerUrl, depth, httpStatusCode, renderedWith };
    return { page, renderedWith, result: await this.#parts.pool.extract({ url, html, pdf, crawl }) };
  }

  isInside(url: string): boolean {
    return this.#parts.scope.decide(url) === 'inside';
  }

  async onPage(request: PageRequest, { page, result, renderedWith }: ReadPage): Promise<void> {
    const { totals, input } = this.#parts;
    // A script may have moved the page on after it was opened.
    await this.onRedirect(request, page.loadedUrl, true);
    this.#followStart(request, page.loadedUrl);
    const { refresh } = result.links;
    if (refresh !== null && refresh !== page.loadedUrl) {
      await this.#follow([refresh], request, request.depth, request.start);
      throw new PageSkipped('redirect');
    }
    for (const url of result.links.nofollow) this.#skipOnce(url, 'nofollow');
    await this.#follow(result.links.follow, request, request.depth + 1, null);
    await this.#store(result, request);
    totals.counts.pagesLoaded += 1;
    totals.counts[renderedWith === 'http' ? 'httpPages' : 'browserPages'] += 1;
    totals.counts.unreadableValues += result.unreadableValues;
    if (request.start !== null) this.#startRead(request.start);
    if (result.report !== null)
      this.#parts.log.debug('Page read.', { url: request.url, renderedWith, ...result.report });
    if (totals.counts.pagesLoaded === input.maxCrawlPages) {
      this.#parts.log.info(`The limit of ${input.maxCrawlPages} pages (maxCrawlPages) is reached.`);
    }
    this.#changed();
  }

  onSkipped(request: PageRequest | { url: string }, reason: SkipReason): void {
    this.#parts.totals.skip(request.url, reason);
    this.#changed();
  }

  onFailed(request: PageRequest, failure: PageFailure): void {
    // Reading what a stopped crawl takes away under it says nothing about the page.
    if (this.#parts.signal.aborted) return;
    this.#parts.totals.fail(request.url, failure);
    this.#parts.log.debug('Page failed.', { url: request.url, reason: failure.reason, message: failure.message });
    this.#changed();
  }

  /** After the last page: stores the pages whose key had to wait, and says what a person should know. */
  async finish(): Promise<void> {
    const { index, totals, input, log } = this.#parts;
    for (const url of await index.release()) totals.skip(url, 'duplicate');
    const { pagesLoaded, itemsStored, unreadableValues } = totals.counts;
    if (input.recordSelector !== null && pagesLoaded > 0 && itemsStored === 0) {
      log.warning(`recordSelector "${input.recordSelector}" matches nothing on any of the ${pagesLoaded} pages read.`);
    }
    if (unreadableValues > 0) {
      log.warning(`${unreadableValues} record values could not be read as their field's type; they are empty.`);
    }
    this.#progress();
  }

  #followStart(request: PageRequest, loadedUrl: string): void {
    const { scope, totals } = this.#parts;
    if (request.start === null || this.#sameUrl(request.url, loadedUrl)) return;
    scope.follow(loadedUrl);
    if (!totals.counts.scopeRoots.includes(loadedUrl)) totals.counts.scopeRoots.push(loadedUrl);
  }

  #sameUrl(a: string, b: string): boolean {
    const options = { keepFragment: this.#parts.input.keepUrlFragments };
    return normalizeUrl(a, options) === normalizeUrl(b, options);
  }

  async #store(result: PageResult, request: PageRequest): Promise<void> {
    const { index } = this.#parts;
    try {
      if (result.page !== null) {
        const placement =
          result.claimedKey === null
            ? await index.place(result.page)
            : await index.hold(result.page, result.claimedKey);
        if (placement === 'duplicate') this.onSkipped(request, 'duplicate');
      }
      for (const record of result.records) {
        if ((await index.place(record)) === 'duplicate') this.onSkipped({ url: record.key }, 'duplicate');
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new PageFailure('storing', `The page was read but could not be stored (${reason}).`, { cause: error });
    }
  }

  /** Queues the links that belong to the crawl and counts those left out, each once. */
  async #follow(urls: string[], from: PageRequest, depth: number, start: string | null): Promise<void> {
    const { scope, input, totals } = this.#parts;
    const requests: PageRequest[] = [];
    for (const url of urls) {
      const decision = start === null ? scope.decide(url) : 'inside';
      if (decision === 'outside') continue;
      if (decision !== 'inside') this.#skipOnce(url, decision);
      else if (depth > input.maxCrawlDepth) this.#skipOnce(url, 'depth');
      else requests.push(this.#request(url, depth, from.url, start));
    }
    const fresh: PageRequest[] = [];
    for (const request of requests) {
      const key = hash(request.uniqueKey);
      if (this.#seen.has(key)) continue;
      if (!(await this.#mayRead(request.url))) this.#skipOnce(request.url, 'robotsTxt');
      // Another page may have brought the same link while robots.txt was asked.
      else if (!this.#seen.has(key)) fresh.push(request);
    }
    const left = input.maxCrawlPages - totals.counts.pagesLoaded;
    const room = left * QUEUE_RESERVE.factor + QUEUE_RESERVE.pages - (this.#crawler?.pending() ?? 0);
    for (const { url } of fresh.slice(Math.max(room, 0))) this.#skipOnce(url, 'limit');
    const queued = fresh.slice(0, Math.max(room, 0));
    for (const { uniqueKey } of queued) this.#seen.add(hash(uniqueKey));
    await this.#crawler?.add(queued);
  }

  /** Sitemaps that robots.txt names and those in the usual places; what they list counts as linked from the start URL. */
  async #readSitemaps(robots: Robots): Promise<void> {
    const { input, signal, log } = this.#parts;
    const open = async (url: string): Promise<AsyncIterable<Buffer> | null> => {
      try {
        const file = await this.#crawler?.open(url);
        if (file !== undefined && file.status < 300) return file.body;
        file?.close();
      } catch (error) {
        log.debug('Sitemap not read.', { url, reason: error instanceof Error ? error.message : String(error) });
      }
      return null;
    };
    for (const start of input.startUrls) {
      const { origin } = new URL(start);
      const named = (await robots.sitemaps(start)).filter((url) => siteOf(url) === siteOf(start));
      const usual = USUAL_SITEMAPS.map((path) => `${origin}${path}`);
      const from = this.#request(start, 0, null, start);
      let batch: string[] = [];
      let count = 0;
      for await (const url of sitemapUrls(named.length > 0 ? named : usual, open)) {
        if (signal.aborted) return;
        count += 1;
        batch.push(url);
        if (batch.length < SITEMAP_BATCH) continue;
        await this.#follow(batch, from, 1, null);
        batch = [];
      }
      await this.#follow(batch, from, 1, null);
      log.info(`The sitemaps of ${new URL(start).host} name ${count} pages.`);
    }
  }

  async #mayRead(url: string): Promise<boolean> {
    const { input, robots } = this.#parts;
    return !input.respectRobotsTxtFile || !/^https?:/.test(url) || robots.allows(url);
  }

  #request(url: string, depth: number, referrerUrl: string | null, start: string | null): PageRequest {
    const uniqueKey = normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments });
    return { url, uniqueKey, depth, referrerUrl, start };
  }

  #startRead(start: string): void {
    const { startUrlsRead } = this.#parts.totals.counts;
    if (!startUrlsRead.includes(start)) startUrlsRead.push(start);
  }

  #skipOnce(url: string, reason: SkipReason): void {
    if (this.#firstTime(url)) this.#parts.totals.skip(url, reason);
  }

  #firstTime(url: string): boolean {
    const isWeb = /^https?:/.test(url);
    const key = hash(isWeb ? normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments }) : url);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  #changed(): void {
    this.#parts.totals.changed();
    this.#progress();
  }

  #progress(): void {
    const { totals, input, onProgress } = this.#parts;
    const { pagesLoaded, itemsStored } = totals.counts;
    const waiting = this.#crawler?.pending() ?? 0;
    onProgress({
      pagesLoaded,
      itemsStored,
      pagesFailed: totals.pagesFailed,
      pagesSkipped: totals.pagesSkipped,
      pagesExpected: pagesLoaded + waiting === 0 ? null : Math.min(input.maxCrawlPages, pagesLoaded + waiting),
    });
  }
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('base64').slice(0, 12);
}
