import { createHash } from 'node:crypto';
import type { CrawlParts } from './crawl-parts.js';
import type { Crawler, PageRequest } from './crawler-types.js';
import { normalizeUrl } from './item-key.js';
import type { SkipReason } from './skip-reason.js';

/** Pages that may wait in the queue beyond those that the limit still allows, for those that fail. */
const QUEUE_RESERVE = { factor: 2, pages: 500 } as const;

/** Which addresses the crawl reads: each is queued or counted as left out, once. */
export class Frontier {
  readonly #parts: Pick<CrawlParts, 'input' | 'totals' | 'scope' | 'robots'>;
  /** URLs that were queued or left out already, as short hashes. */
  readonly #seen = new Set<string>();
  #crawler: Crawler | null = null;

  constructor(parts: Pick<CrawlParts, 'input' | 'totals' | 'scope' | 'robots'>) {
    this.#parts = parts;
    for (const { url } of parts.totals.details.skippedUrls) this.#firstTime(url);
  }

  attach(crawler: Crawler): void {
    this.#crawler = crawler;
  }

  /** Requests that wait in the queue or are being read. */
  waiting(): number {
    return this.#crawler?.pending() ?? 0;
  }

  async addStartUrls(): Promise<void> {
    const { input } = this.#parts;
    const requests: PageRequest[] = [];
    for (const url of input.startUrls) {
      const request = this.request(url, 0, null, url);
      if (await this.mayRead(url)) requests.push(request);
      else this.skipOnce(url, 'robotsTxt');
      this.#seen.add(hash(request.uniqueKey));
    }
    await this.#crawler?.add(requests);
  }

  /** Queues the links that belong to the crawl and counts those left out, each once. */
  async follow(urls: string[], from: PageRequest, depth: number, start: string | null): Promise<void> {
    const { scope, input, totals } = this.#parts;
    const requests: PageRequest[] = [];
    for (const url of urls) {
      const decision = start === null ? scope.decide(url) : 'inside';
      if (decision === 'outside') continue;
      if (decision !== 'inside') this.skipOnce(url, decision);
      else if (depth > input.maxCrawlDepth) this.skipOnce(url, 'depth');
      else requests.push(this.request(url, depth, from.url, start));
    }
    const fresh: PageRequest[] = [];
    for (const request of requests) {
      const key = hash(request.uniqueKey);
      if (this.#seen.has(key)) continue;
      if (!(await this.mayRead(request.url))) this.skipOnce(request.url, 'robotsTxt');
      // Another page may have brought the same link while robots.txt was asked.
      else if (!this.#seen.has(key)) fresh.push(request);
    }
    const left = input.maxCrawlPages - totals.counts.pagesLoaded;
    const room = left * QUEUE_RESERVE.factor + QUEUE_RESERVE.pages - this.waiting();
    for (const { url } of fresh.slice(Math.max(room, 0))) this.skipOnce(url, 'limit');
    const queued = fresh.slice(0, Math.max(room, 0));
    for (const { uniqueKey } of queued) this.#seen.add(hash(uniqueKey));
    await this.#crawler?.add(queued);
  }

  /** Whether robots.txt lets the crawl read the address. */
  async mayRead(url: string): Promise<boolean> {
    const { input, robots } = this.#parts;
    return !input.respectRobotsTxtFile || !/^https?:/.test(url) || robots.allows(url);
  }

  request(url: string, depth: number, referrerUrl: string | null, start: string | null): PageRequest {
    const uniqueKey = normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments });
    return { url, uniqueKey, depth, referrerUrl, start };
  }

  /** Counts the address as left out, unless it was queued or counted before. */
  skipOnce(url: string, reason: SkipReason): void {
    if (this.#firstTime(url)) this.#parts.totals.skip(url, reason);
  }

  #firstTime(url: string): boolean {
    const isWeb = /^https?:/.test(url);
    const key = hash(isWeb ? normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments }) : url);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  sameUrl(a: string, b: string): boolean {
    const options = { keepFragment: this.#parts.input.keepUrlFragments };
    return normalizeUrl(a, options) === normalizeUrl(b, options);
  }
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('base64').slice(0, 12);
}
