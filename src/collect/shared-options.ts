import type { AutoscaledPoolOptions, BasicCrawlerOptions, CrawlingContext, RequestQueueV1 } from 'crawlee';
import type { CrawlerOptions, PageRequest } from './crawler-types.js';
import { HostIsSlow, HostPace } from './host-pace.js';
import { siteOf } from './item-key.js';
import { asPageFailure } from './network-failure.js';
import { PageSkipped, type PageFailure } from './page-errors.js';
import { pageRequest } from './queued-request.js';
import { SlotLender, type Pool } from './slot-lender.js';

/** Crawlee's pool grows by a twentieth every ten seconds, which a short run never sees: it starts where it should be. */
export const CONCURRENCY = {
  http: { floor: 8, ceiling: 40, perHost: 10 },
  browser: { floor: 3, ceiling: 6, perHost: 6 },
} as const;

/** Tries of one request that cost no retry: as many as Crawlee's rotations of a session. */
const MAX_FREE_TRIES = 10;

/** Time for extraction and storing on top of reading, s. */
export const HANDLER_EXTRA_SECS = 120;

/** The longest that a request may be on its way, waiting for its host included, ms; each step has a limit of its own. */
export const REQUEST_LIMIT_MS = 60 * 60_000;

/** How often the pool looks for work, s: its default of half a second is long for a short crawl. */
const LOOK_SECS = 0.05;

/** A session that lasts as long as the crawl; Crawlee's own one is for 50 requests and 50 minutes. */
const ONE_VISITOR = { maxUsageCount: Infinity, maxAgeSecs: 365 * 24 * 3600 } as const;

/** Statuses by which sites refuse a visitor, and may let another one in. */
const BLOCKS: ReadonlySet<number> = new Set([401, 403, 429]);

/** Crawlee's own errors, which only `crawler.ts` may import. */
export interface CrawleeErrors {
  /** Nothing more can be read, as when no browser starts. */
  isFatal: (error: unknown) => boolean;
  /** Thrown to have a request tried again, however often it was. */
  again: () => Error;
}

/** What is only known when the crawler is made. */
interface Running {
  pool: () => Pool | undefined;
  /** True while nothing new should be started. */
  isFull: () => boolean;
}

/** What both kinds of crawler have in common: pace, retries, cookies, and what a failed request means. */
export function sharedOptions(
  options: CrawlerOptions,
  queue: RequestQueueV1,
  reader: 'http' | 'browser',
  { isFatal, again }: CrawleeErrors,
) {
  const { input, hooks } = options;
  const { floor, ceiling, perHost } = CONCURRENCY[reader];
  const maxConcurrency = input.maxConcurrency ?? ceiling;
  const running: Running = { pool: () => undefined, isFull: () => false };
  const lender = new SlotLender(() => running.pool());
  const pace = new HostPace({
    perHost: input.maxConcurrency ?? perHost,
    delayMs: (url) => hooks.delayMs(url),
    park: (until) => lender.park(until),
  });
  leaveQueueLast(queue, options, lender);
  stayFirst(queue, options);

  const isTaskReadyFunction = async (): Promise<boolean> => {
    if (pace.areTooMany || running.isFull() || lender.isReturning || !hooks.mayStart(lender.unread)) return false;
    const current = running.pool()?.currentConcurrency ?? 0;
    // Saves asking the platform while all that waits is being read.
    if (current > 0 && queue.getPendingCount() <= current) return false;
    return !(await queue.isEmpty());
  };
  const poolOptions: AutoscaledPoolOptions = {
    maybeRunIntervalSecs: LOOK_SECS,
    isTaskReadyFunction,
    // Asked when nothing is being read; a request that waits for its next try still counts as one to come.
    isFinishedFunction: async () => !hooks.mayStart(0) || (!hooks.expectsMore() && (await queue.isFinished())),
  };
  const base: BasicCrawlerOptions<CrawlingContext> = {
    requestQueue: queue,
    minConcurrency: Math.min(floor, maxConcurrency),
    maxConcurrency,
    maxRequestRetries: input.maxRequestRetries,
    autoscaledPoolOptions: poolOptions,
    statusMessageCallback: async () => undefined,
    statisticsOptions: { persistenceOptions: { enable: false } },
    // Sessions hold the site's cookies; they stay in memory. Which status is a block is decided below.
    sessionPoolOptions: {
      persistenceOptions: { enable: false },
      blockedStatusCodes: [],
      // A login is one visitor, whose cookies the site may renew; else each page is asked for by a new one.
      ...(input.initialCookies.length > 0 && { maxPoolSize: 1, sessionOptions: ONE_VISITOR }),
    },
    // A backstop: `work` below lets nothing through that will not be tried again.
    failedRequestHandler: ({ request }, error) =>
      hooks.onFailed(pageRequest(request), asPageFailure(error, request.url)),
  };

  /** Asks the request's host for it when that may be asked. Until then it gives way to those of other hosts. */
  const ask = <T>(wanted: PageRequest, read: () => Promise<T>): Promise<T> => {
    const unlessEnded = async (): Promise<T> => {
      if (hooks.signal.aborted) throw again();
      return read();
    };
    // A host that refused may keep the request waiting for long: its turn in the order is over.
    return pace.use(wanted.url, unlessEnded, () => hooks.onTried(wanted));
  };

  /** Without a proxy the next session comes from the same address. */
  const isRefused = ({ httpStatusCode }: PageFailure): boolean =>
    options.proxyConfiguration !== undefined && BLOCKS.has(httpStatusCode ?? 0);

  /** What only waits for its host, or comes back as another visitor, keeps its retries. */
  const isFree = (failure: PageFailure, { url, sessionRotationCount = 0 }: CrawlingContext['request']): boolean => {
    if (!failure.canRetry || sessionRotationCount >= MAX_FREE_TRIES) return false;
    const { pause } = failure;
    // Of a host behind a redirect nobody looks whether it may be asked.
    if (pause !== null) return siteOf(pause.url) === siteOf(url) && pace.isPatient(url);
    return isRefused(failure);
  };

  const mayRetry = (failure: PageFailure, request: CrawlingContext['request']): boolean =>
    failure.canRetry && (isFree(failure, request) || request.retryCount < input.maxRequestRetries);

  /**
   * One try at a request. Resolves when it is done for good: read, left out or failed.
   * @param read throws PageSkipped, PageFailure or whatever a connection or a browser fails with
   * @param proxyUrl the run's proxy that it goes through, as far as it is known
   * @throws to have it tried again
   */
  const work = async (
    context: Pick<CrawlingContext, 'request' | 'session'> & { page?: unknown },
    read: () => Promise<void>,
    proxyUrl: () => string | undefined,
  ): Promise<void> => {
    const { request } = context;
    const wanted = pageRequest(request);
    const began = Date.now();
    const tryAgain = (): never => {
      request.retryCount -= 1;
      throw again();
    };
    /** True when it is to be read once more at once: the queue would keep it for seconds, and write it down. */
    const failed = (error: unknown): boolean => {
      if (isFatal(error)) throw error;
      if (error instanceof PageSkipped) {
        hooks.onSkipped(wanted, error.reason);
        return false;
      }
      // What a stopped crawl takes away under a page says nothing about the page: a resumed one reads it.
      if (hooks.signal.aborted || error instanceof HostIsSlow) return tryAgain();
      const failure = asPageFailure(error, request.url, proxyUrl());
      const isOther = isRefused(failure) || failure.reason === 'proxy';
      if (isOther) {
        // Only now: a browser that is opened meanwhile comes with its own session.
        context.session?.retire();
        // Crawlee calls it a good one when the request is done, which would take it back.
        context.session?.markBad();
      }
      if (isFree(failure, request)) {
        request.sessionRotationCount = (request.sessionRotationCount ?? 0) + 1;
        const isSame = !isOther && context.page === undefined;
        return isSame && Date.now() - began < REQUEST_LIMIT_MS / 4 ? true : tryAgain();
      }
      if (mayRetry(failure, request)) throw failure;
      hooks.onFailed(wanted, failure);
      return false;
    };
    try {
      while (
        await read().then(
          () => false,
          (error: unknown) => failed(error),
        )
      );
    } finally {
      hooks.onTried(wanted);
    }
  };
  return { base, work, ask, mayRetry, lender, pace, running, isFatal };
}

/** What `sharedOptions` gives. */
export type SharedOptions = ReturnType<typeof sharedOptions>;

/** What a stopped crawl was reading stays the first in the queue, so that a resumed one with a page limit reads the same pages. */
function stayFirst(queue: RequestQueueV1, { hooks }: CrawlerOptions): void {
  const reclaimRequest = queue.reclaimRequest.bind(queue);
  queue.reclaimRequest = (request, options) =>
    reclaimRequest(request, hooks.signal.aborted ? { ...options, forefront: true } : options);
}

/** A request leaves the queue only when what it brought is kept: a killed run reads again what it had not counted. */
function leaveQueueLast(queue: RequestQueueV1, { hooks }: CrawlerOptions, lender: SlotLender): void {
  const markRequestHandled = queue.markRequestHandled.bind(queue);
  queue.markRequestHandled = async (request) => {
    const kept = hooks.beforeHandled();
    const waited = lender.wait(kept);
    const isLast = async (): Promise<boolean> => !hooks.expectsMore() && (await queue.isEmpty());
    if (hooks.signal.aborted || (lender.active <= 0 && (!hooks.mayStart(0) || (await isLast())))) hooks.onIdle();
    await waited;
    const outcome = await markRequestHandled(request);
    hooks.onHandled(request.uniqueKey);
    return outcome;
  };
}
