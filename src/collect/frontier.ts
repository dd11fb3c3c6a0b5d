import { createHash } from 'node:crypto';
import { normalizeUrl } from '../normalize-url.js';
import type { CrawlParts } from './crawl-parts.js';
import { NAMED } from './crawl-totals.js';
import type { Crawler, PageRequest } from './crawler-types.js';
import { isWebUrl } from './item-key.js';
import type { PageFailure } from './page-errors.js';
import type { RobotsVerdict } from './robots.js';
import type { SkipReason } from './skip-reason.js';
import { Turns } from './turns.js';
import { untilAborted } from './until-aborted.js';

/** Pages that may wait in the queue beyond those that the limit still allows, for those that fail. */
const QUEUE_RESERVE = { factor: 2, pages: 500 } as const;

/** For whoever asks why a crawl that a limit cuts read other pages than the last one. */
export const OUT_OF_TURN = 'Links are queued out of their turn: pages before this one take too long.';

/** Start URLs whose robots.txt is asked for at once. */
const STARTS_AT_ONCE = 20;

type FrontierParts = Pick<CrawlParts, 'input' | 'totals' | 'scope' | 'robots' | 'signal' | 'log'>;

/** Which addresses the crawl reads, and in which order: each is queued or counted as left out, once. */
export class Frontier {
  readonly #parts: FrontierParts;
  /** URLs that were queued or left out already, by earlier parts of the run too, as short hashes. */
  readonly #seen: Set<string>;
  readonly #turns = new Turns();
  /** The turn of each request that this part of the run queued and that was not tried yet. */
  readonly #turnOf = new Map<string, number>();
  /** Origins whose robots.txt could not be read, as far as it was said. */
  readonly #unreachable = new Set<string>();
  #crawler: Crawler | null = null;

  constructor(parts: FrontierParts) {
    this.#parts = parts;
    this.#seen = new Set(parts.totals.seen.entries);
  }

  attach(crawler: Crawler): void {
    this.#crawler = crawler;
  }

  /** Requests that wait in the queue or are being read. */
  waiting(): number {
    return Math.max((this.#crawler?.pending() ?? 0) - this.#parts.totals.stillOpen, 0);
  }

  async addStartUrls(): Promise<void> {
    const { input, signal } = this.#parts;
    const requests: PageRequest[] = [];
    let verdicts: Promise<RobotsVerdict>[] = [];
    for (const [index, url] of input.startUrls.entries()) {
      const at = index % STARTS_AT_ONCE;
      if (at === 0) verdicts = input.startUrls.slice(index, index + STARTS_AT_ONCE).map((each) => this.#verdict(each));
      const request = this.request(url, 0, null, url);
      const verdict = await untilAborted(verdicts[at] as Promise<RobotsVerdict>, signal);
      // A resumed run asks again.
      if (verdict === null) break;
      if (verdict === 'allowed') requests.push(request);
      else if (verdict === 'disallowed') this.skipOnce(url, 'robotsTxt');
      // Where nothing at all answers, that is the news, and not that the rules are unknown.
      else if (verdict.unreachable.httpStatusCode === null) this.failOnce(url, verdict.unreachable);
      else this.skipOnce(url, 'robotsTxt');
    }
    await this.#add(requests);
  }

  /** Queues the links that belong to the crawl and counts those left out, each once. */
  async follow(urls: string[], from: PageRequest, depth: number, start: string | null, hops = 0): Promise<void> {
    const { scope, input } = this.#parts;
    const requests: PageRequest[] = [];
    for (const url of urls) {
      // A start URL takes its scope along, but no other protocol.
      const decision = start === null || !isWebUrl(url) ? scope.decide(url) : 'inside';
      if (decision === 'outside') continue;
      if (decision !== 'inside') this.skipOnce(url, decision);
      else if (depth > input.maxCrawlDepth) this.skipOnce(url, 'depth');
      else requests.push({ ...this.request(url, depth, from.url, start), hops });
    }
    const fresh: PageRequest[] = [];
    for (const request of requests) {
      const key = hash(request.uniqueKey);
      if (this.#seen.has(key)) continue;
      if (!(await this.mayRead(request.url))) this.skipOnce(request.url, 'robotsTxt');
      // Another page may have brought the same link while robots.txt was asked.
      else if (!this.#seen.has(key)) fresh.push(request);
    }
    const room = this.#room();
    for (const { url } of fresh.slice(room)) this.skipOnce(url, 'limit');
    await this.#add(fresh.slice(0, room));
  }

  /** False while the queue holds all that the page limit may need. */
  hasRoom(): boolean {
    return this.#room() > 0;
  }

  #room(): number {
    const { input, totals } = this.#parts;
    const left = input.maxCrawlPages - totals.counts.pagesLoaded;
    return Math.max(left * QUEUE_RESERVE.factor + QUEUE_RESERVE.pages - this.waiting(), 0);
  }

  /** Queues where a meta refresh leads, in place of the page that has it. */
  async followRefresh(url: string, from: PageRequest): Promise<void> {
    await this.follow([url], from, from.depth, from.start, from.hops + 1);
  }

  /**
   * Queues the next page of a list of records, on the list's own level: a list of many pages is no deep site. With
   * `maxCrawlDepth` 0 only start URLs are read.
   */
  async followNext(url: string, from: PageRequest): Promise<void> {
    const { scope, input, totals } = this.#parts;
    if (scope.decide(url) === 'filters') {
      scope.admit(url);
      const { nextPages } = totals.counts;
      // One that stays out for another reason, or has no place in the list, is no part of the scope later on.
      if (nextPages.length < NAMED.nextPages && scope.decide(url) === 'inside') nextPages.push(url);
    }
    await this.follow([url], from, input.maxCrawlDepth === 0 ? 1 : from.depth, null);
  }

  /**
   * Resolves when all pages before this one in the queue have queued their links, gave up or take too long. A page that
   * is read again waits for nobody: the others did not wait for it either.
   */
  async turnOf(request: PageRequest): Promise<void> {
    const turn = this.#turnOf.get(hash(request.uniqueKey));
    if (turn === undefined || this.isTurnOf(request)) return;
    const cameInTurn = await this.#crawler?.lend(this.#turns.wait(turn));
    if (cameInTurn === false) this.#parts.log.debug(OUT_OF_TURN, { url: request.url });
  }

  /** True when the page would not have to wait for its turn. */
  isTurnOf({ uniqueKey }: PageRequest): boolean {
    const turn = this.#turnOf.get(hash(uniqueKey));
    return turn === undefined || this.#turns.isNext(turn);
  }

  /** The page keeps nobody waiting any longer. */
  endTurn({ uniqueKey }: PageRequest): void {
    const key = hash(uniqueKey);
    const turn = this.#turnOf.get(key);
    if (turn === undefined) return;
    this.#turnOf.delete(key);
    this.#turns.end(turn);
  }

  /** Whatever is queued from outside pages comes before the links of pages, until it is all there. */
  async beforePages(feed: () => Promise<void>): Promise<void> {
    const turn = this.#turns.give();
    await feed().finally(() => this.#turns.end(turn));
  }

  /** Nobody waits any longer: the crawl ends. */
  open(): void {
    this.#turns.open();
  }

  /** Whether robots.txt lets the crawl read the address. */
  async mayRead(url: string): Promise<boolean> {
    return (await this.#verdict(url)) === 'allowed';
  }

  async #verdict(url: string): Promise<RobotsVerdict> {
    const { input, robots, log } = this.#parts;
    if (!input.respectRobotsTxtFile || !/^https?:/.test(url)) return 'allowed';
    const verdict = await robots.verdict(url);
    if (typeof verdict === 'object') {
      const { origin } = new URL(url);
      if (!this.#unreachable.has(origin)) {
        log.warning(
          `${origin}/robots.txt could not be read, so no page of that site is: ${verdict.unreachable.message} ` +
            'Start the run again when it can be, or switch off `respectRobotsTxtFile` for a site of your own.',
        );
      }
      this.#unreachable.add(origin);
    }
    return verdict;
  }

  async #add(requests: PageRequest[]): Promise<void> {
    const own = new Map<string, PageRequest>();
    const unseen: string[] = [];
    // A page may be linked in two spellings, or have been queued by another one meanwhile.
    for (const request of requests) {
      const key = hash(request.uniqueKey);
      if (this.#turnOf.has(key)) continue;
      own.set(key, request);
      if (!this.#seen.has(key)) unseen.push(key);
      this.#seen.add(key);
      this.#turnOf.set(key, this.#turns.give());
    }
    let added: Set<string> | undefined;
    try {
      added = await this.#crawler?.add([...own.values()]);
      for (const key of unseen) this.#parts.totals.seen.push(key);
    } catch (error) {
      // Whoever brought them is read again and brings them again.
      for (const key of unseen) this.#seen.delete(key);
      throw error;
    } finally {
      // What an earlier part of the run has queued already is not waited for.
      for (const request of own.values()) if (!added?.has(request.uniqueKey)) this.endTurn(request);
    }
  }

  request(url: string, depth: number, referrerUrl: string | null, start: string | null): PageRequest {
    const uniqueKey = normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments });
    return { url, uniqueKey, depth, referrerUrl, start, hops: 0 };
  }

  /** True when the run has queued the address, or left it out. */
  knows(url: string): boolean {
    return this.#seen.has(hash(normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments })));
  }

  /** Counts the address as left out, unless it was queued or counted before; then it gives false. */
  skipOnce(url: string, reason: SkipReason): boolean {
    const isNew = this.#isFirstTime(url);
    if (isNew) this.#parts.totals.skip(url, reason);
    return isNew;
  }

  /** Counts what could not be read and was never queued, unless it was counted before. */
  failOnce(url: string, failure: PageFailure): void {
    if (this.#isFirstTime(url)) this.#parts.totals.fail(url, failure);
  }

  /** True when the URL was neither queued nor left out before; from now on it was. */
  #isFirstTime(url: string): boolean {
    const isWeb = /^https?:/.test(url);
    const key = hash(isWeb ? normalizeUrl(url, { keepFragment: this.#parts.input.keepUrlFragments }) : url);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#parts.totals.seen.push(key);
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
