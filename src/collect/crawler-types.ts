import type { ProxyConfiguration } from 'crawlee';
import type { RunInput } from '../input.js';
import type { AddressGuard } from './address-guard.js';
import type { FetchedPage } from './fetched-page.js';
import type { PageResult } from './handle-page.js';
import type { PageFailure } from './page-errors.js';
import type { Resource } from './read-http.js';
import type { Secrets } from './secrets.js';
import type { SkipReason } from './skip-reason.js';

/** A URL on its way through the queue. `start` names the start URL that this request reads. */
export interface PageRequest {
  url: string;
  uniqueKey: string;
  depth: number;
  referrerUrl: string | null;
  start: string | null;
  /** Meta refreshes that led here, one after the other. */
  hops: number;
}

/** A page and what was taken out of it; nothing of it is stored yet. */
export interface ReadPage {
  page: FetchedPage;
  result: PageResult;
  renderedWith: 'http' | 'browser';
}

/** What the crawler tells and asks; it knows nothing of scope, items or totals. */
export interface CrawlerHooks {
  /** May one more page be started while `inFlight` are being read? */
  mayStart(inFlight: number): boolean;
  /** True while addresses are still being found outside pages, so that an empty queue is not the end. */
  expectsMore(): boolean;
  /** The pause that the URL's host asks for between two requests, ms. */
  delayMs(url: string): Promise<number>;
  /** Rejects with `PageSkipped` when a redirect leads out of the crawl; `arrived` says that it leads no further. */
  onRedirect(request: PageRequest, url: string, arrived: boolean): Promise<void>;
  /** Takes links and items out of a page. It may be called for both readings of a page and changes nothing. */
  extract(request: PageRequest, page: FetchedPage, renderedWith: 'http' | 'browser'): Promise<ReadPage>;
  /** A browser will look at the page as well: its links may be queued meanwhile. */
  onServed(request: PageRequest, read: ReadPage): Promise<void>;
  /** Stores the items of a page and queues its links. */
  onPage(request: PageRequest, read: ReadPage): Promise<void>;
  /** One try at the request is over, however it went: it keeps nobody waiting any longer. */
  onTried(request: PageRequest): void;
  /** Would the crawl follow this link? */
  isInside(url: string): boolean;
  onSkipped(request: PageRequest, reason: SkipReason): void;
  onFailed(request: PageRequest, failure: PageFailure): void;
  /** Resolves when what was said of all requests until now is kept: only then one may leave the queue. */
  beforeHandled(): Promise<void>;
  /** The queue knows that the request is done. */
  onHandled(uniqueKey: string): void;
  /** Nothing is being read and nothing more to be read: whoever waits for `beforeHandled` should not wait long. */
  onIdle(): void;
  /** What an earlier part of the run learned about rendering, and where to keep what this one learns. */
  readonly learned: { get: () => unknown; set: (value: unknown) => void };
  /** Aborted when the crawl must end. */
  readonly signal: AbortSignal;
}

export interface CrawlerOptions {
  input: RunInput;
  proxyConfiguration: ProxyConfiguration | undefined;
  guard: AddressGuard;
  secrets: Secrets;
  isAtHome: boolean;
  hooks: CrawlerHooks;
}

/** The crawl as `collect.ts` drives it. */
export interface Crawler {
  /**
   * Queues what is not queued yet, in this order. Resolves when all is in the queue, with the unique keys of those that
   * were new.
   */
  add(requests: PageRequest[]): Promise<Set<string>>;
  /** Reads until nothing is left or `mayStart` allows nothing more. The browsers are closed when it resolves. */
  run(): Promise<void>;
  /** Lets what is being read finish, at most `graceMs`, and ends the run. */
  stop(graceMs: number): Promise<void>;
  /** Waits while another request has the slot of the one that calls. */
  lend<T>(until: Promise<T>): Promise<T>;
  /** Ends what served the browser. Must be called, also when `run` was not. */
  close(): Promise<void>;
  /**
   * Opens a file that is no page, over HTTP. Rejects with whatever stands in the way.
   * @param maxMs the longest that it may take, where the input allows more, ms
   */
  open(url: string, maxMs?: number): Promise<Resource>;
  /** Requests waiting or being read. */
  pending(): number;
  /** True when the queue holds nothing more to read, by all that it says: its state, its head and its counts. */
  isDone(): Promise<boolean>;
  waitingUrls(limit: number): Promise<string[]>;
}
