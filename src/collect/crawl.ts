import type { Crawler, CrawlerHooks, PageRequest, ReadPage } from './crawler-types.js';
import { CrawlDelay } from './crawl-delay.js';
import type { CrawlParts } from './crawl-parts.js';
import type { FetchedPage } from './fetched-page.js';
import { Frontier } from './frontier.js';
import type { PageResult } from './handle-page.js';
import { PageFailure, PageSkipped } from './page-errors.js';
import { addPage } from './record-report.js';
import { nothingFound, recordWarnings } from './record-warnings.js';
import { queueSitemaps } from './sitemap-source.js';
import type { SkipReason } from './skip-reason.js';

/** As many as redirects of HTTP; a chain of pages that each name another one may have no end. */
const MAX_REFRESHES = 10;

interface Stored {
  duplicates: string[];
  conflicts: string[];
  /** Records of the page that no other page had. */
  stored: number;
}

/** What happens to a page once it was read: scope, items, links, totals. */
export class Crawl implements CrawlerHooks {
  readonly #parts: CrawlParts;
  readonly #frontier: Frontier;
  readonly #delay: CrawlDelay;
  #crawler: Crawler | null = null;
  #feeding = false;
  #sources: Promise<void> = Promise.resolve();
  /** Aborted when the page limit is reached. */
  readonly #enough = new AbortController();

  constructor(parts: CrawlParts) {
    this.#parts = parts;
    const { totals, scope } = parts;
    for (const root of totals.counts.scopeRoots) scope.follow(root);
    for (const url of totals.counts.nextPages) scope.admit(url);
    this.#frontier = new Frontier(parts);
    this.#delay = new CrawlDelay(parts);
  }

  attach(crawler: Crawler): void {
    this.#crawler = crawler;
    this.#frontier.attach(crawler);
  }

  async addStartUrls(): Promise<void> {
    const { input, signal } = this.#parts;
    signal.addEventListener('abort', () => this.#frontier.open(), { once: true });
    await this.#frontier.addStartUrls();
    this.#progress();
    const crawler = this.#crawler;
    if (!input.useSitemaps || crawler === null) return;
    this.#feeding = true;
    if (!this.mayStart(0)) this.#enough.abort();
    const read = this.#frontier.beforePages(() =>
      queueSitemaps(this.#parts, this.#frontier, crawler, this.#enough.signal),
    );
    this.#sources = read.finally(() => (this.#feeding = false));
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

  delayMs(url: string): Promise<number> {
    return this.#delay.ms(url);
  }

  async onRedirect(request: PageRequest, url: string, arrived: boolean): Promise<void> {
    if (this.#frontier.sameUrl(request.url, url)) return;
    if (!(await this.#frontier.mayRead(url))) throw new PageSkipped('robotsTxt');
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

  async onServed(request: PageRequest, { page, result }: ReadPage): Promise<void> {
    const { follow, refresh } = result.links;
    // Only in turn, so that what the browser finds besides comes before the links of later pages.
    if (refresh !== null || !this.#frontier.isTurnOf(request)) return;
    this.#followStart(request, page.loadedUrl);
    await this.#frontier.follow(follow, request, request.depth + 1, null);
  }

  async onPage(request: PageRequest, { page, result, renderedWith }: ReadPage): Promise<void> {
    const { totals, input, log } = this.#parts;
    // A script may have moved the page on after it was opened.
    await this.onRedirect(request, page.loadedUrl, true);
    this.#followStart(request, page.loadedUrl);
    const { refresh } = result.links;
    if (refresh !== null) {
      if (request.hops >= MAX_REFRESHES) {
        const message = `The page sends its reader on more than ${MAX_REFRESHES} times.`;
        throw new PageFailure('network', message, { canRetry: false });
      }
      await this.#frontier.turnOf(request);
      await this.#frontier.followRefresh(refresh, request);
      throw new PageSkipped('redirect');
    }
    const { duplicates, conflicts, stored } = await this.#store(result, request);
    if (totals.count(request.uniqueKey)) {
      totals.counts.pagesLoaded += 1;
      totals.counts[renderedWith === 'http' ? 'httpPages' : 'browserPages'] += 1;
      addPage(totals.counts.records, request.url, result, conflicts);
      for (const url of duplicates) totals.skip(url, 'duplicate');
      if (totals.counts.pagesLoaded === input.maxCrawlPages) {
        log.info(`The limit of ${input.maxCrawlPages} pages (maxCrawlPages) is reached.`);
        this.#enough.abort();
      }
    }
    if (request.start !== null) this.#startRead(request.start);
    if (result.report !== null) log.debug('Page read.', { url: request.url, renderedWith, ...result.report });
    this.#changed();
    // After the item is safe: pages are stored as they come, and queue their links in the order of the queue.
    await this.#frontier.turnOf(request);
    for (const url of result.links.nofollow) this.#frontier.skipOnce(url, 'nofollow');
    // A list that goes on without end brings no new records at some point.
    const next = stored > 0 ? result.next : null;
    if (next !== null) await this.#frontier.followNext(next, request);
    await this.#frontier.follow(result.links.follow, request, request.depth + 1, null);
    this.#changed();
  }

  onTried(request: PageRequest): void {
    this.#frontier.endTurn(request);
  }

  onSkipped(request: PageRequest, reason: SkipReason): void {
    if (this.#parts.totals.count(request.uniqueKey)) this.#parts.totals.skip(request.url, reason);
    this.#changed();
  }

  onFailed(request: PageRequest, failure: PageFailure): void {
    const { totals, log } = this.#parts;
    if (totals.count(request.uniqueKey)) totals.fail(request.url, failure);
    else {
      totals.counts.linksLost += 1;
      log.warning(`The links of ${request.url} could not be queued: pages may be missing. Start the run again.`);
    }
    const { reason, message, cause } = failure;
    const said = cause instanceof Error ? { said: cause.message.split('\n')[0] } : {};
    log.debug('Page failed.', { url: request.url, reason, message, ...said });
    this.#changed();
  }

  beforeHandled(): Promise<void> {
    return this.#parts.totals.durable();
  }

  onHandled(uniqueKey: string): void {
    this.#parts.totals.closed(uniqueKey);
  }

  onIdle(): void {
    // What cannot be written now is tried again; the last write of the crawl says so when it fails.
    this.#parts.totals.save().catch(() => undefined);
  }

  get learned(): CrawlerHooks['learned'] {
    const { totals } = this.#parts;
    return { get: () => totals.learned, set: (value) => totals.learn(value) };
  }

  get signal(): AbortSignal {
    return this.#parts.signal;
  }

  /** After the last page: stores the pages whose key had to wait, and says what a person should know. */
  async finish(): Promise<void> {
    const { index, totals, input, log, signal } = this.#parts;
    const isWaiting = signal.aborted ? (url: string): boolean => this.#frontier.knows(url) : null;
    for (const url of await index.release(isWaiting)) totals.skip(url, 'duplicate');
    const nothing = nothingFound(totals.counts, input);
    if (nothing !== null) log.warning(nothing);
    for (const warning of recordWarnings(totals.counts.records, input)) log.warning(warning);
    this.#progress();
  }

  #followStart(request: PageRequest, loadedUrl: string): void {
    const { scope, totals } = this.#parts;
    if (request.start === null || this.#frontier.sameUrl(request.url, loadedUrl)) return;
    scope.follow(loadedUrl);
    if (!totals.counts.scopeRoots.includes(loadedUrl)) totals.counts.scopeRoots.push(loadedUrl);
  }

  /** Stores what the page gave; tells what was left out, and which of that differs from what has its key. */
  async #store(result: PageResult, request: PageRequest): Promise<Stored> {
    const { index } = this.#parts;
    const duplicates: string[] = [];
    const conflicts: string[] = [];
    try {
      if (result.page !== null) {
        const placement =
          result.claimedKey === null
            ? await index.place(result.page)
            : await index.hold(result.page, result.claimedKey);
        if (placement === 'duplicate') duplicates.push(request.url);
      }
      for (const record of result.records) {
        if ((await index.place(record)) !== 'duplicate') continue;
        duplicates.push(record.key);
        if (!index.hasSame(record)) conflicts.push(record.key);
      }
      // Of records that have one key on a page the first was stored.
      for (const { key, differs } of result.repeated) {
        duplicates.push(key);
        if (differs) conflicts.push(key);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new PageFailure('storing', `The page was read but could not be stored (${reason}).`, { cause: error });
    }
    const repeated = duplicates.length - result.repeated.length;
    return { duplicates, conflicts, stored: result.records.length - repeated };
  }

  #startRead(start: string): void {
    const { startUrlsRead } = this.#parts.totals.counts;
    if (!startUrlsRead.includes(start)) startUrlsRead.push(start);
  }

  #changed(): void {
    this.#parts.totals.changed();
    this.#progress();
  }

  #progress(): void {
    const { totals, input, onProgress } = this.#parts;
    const { pagesLoaded, itemsStored } = totals.counts;
    const waiting = this.#frontier.waiting();
    onProgress({
      pagesLoaded,
      itemsStored,
      pagesFailed: totals.counts.pagesFailed,
      pagesSkipped: totals.pagesSkipped,
      pagesExpected: pagesLoaded + waiting === 0 ? null : Math.min(input.maxCrawlPages, pagesLoaded + waiting),
    });
  }
}
