import type { AutoscaledPoolOptions, BasicCrawlerOptions, CrawlingContext, RequestQueueV1 } from 'crawlee';
import type { CrawlerOptions } from './crawler-types.js';
import { asPageFailure, PageSkipped } from './page-errors.js';
import { pageRequest } from './queued-request.js';

/** Crawlee's pool grows by a twentieth every ten seconds, which a short run never sees: it starts where it should be. */
export const CONCURRENCY = { http: { floor: 8, ceiling: 40 }, browser: { floor: 3, ceiling: 6 } } as const;

/** Time for extraction and storing on top of reading, s. */
export const HANDLER_EXTRA_SECS = 120;

/** What both kinds of crawler have in common: pace, retries, cookies, and what a failed request means. */
export function sharedOptions(options: CrawlerOptions, queue: RequestQueueV1, reader: 'http' | 'browser') {
  const { input, hooks } = options;
  const { floor, ceiling } = CONCURRENCY[reader];
  const maxConcurrency = input.maxConcurrency ?? ceiling;
  // Retry-After speaks for the host; nearly every crawl has one, and waiting for all is the polite reading.
  let pausedUntil = 0;
  const pool = { inFlight: (): number => 0 };
  const poolOptions: AutoscaledPoolOptions = {
    isTaskReadyFunction: async () =>
      Date.now() >= pausedUntil && hooks.mayStart(pool.inFlight()) && !(await queue.isEmpty()),
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
    // Sessions hold the site's cookies; they stay in memory. Which status is a block is decided by `page-errors.ts`.
    sessionPoolOptions: { persistenceOptions: { enable: false }, blockedStatusCodes: [] },
    failedRequestHandler: ({ request }, error) =>
      hooks.onFailed(pageRequest(request), asPageFailure(error, request.url)),
  };
  /** Runs `read`; what was thrown tells Crawlee whether to ask again and everybody whether to wait. */
  const handle = async (context: CrawlingContext, read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (error instanceof PageSkipped) return hooks.onSkipped(pageRequest(context.request), error.reason);
      const failure = asPageFailure(error, context.request.url);
      if (failure.retryAfterMs !== null) pausedUntil = Math.max(pausedUntil, Date.now() + failure.retryAfterMs);
      if (failure.httpStatusCode === 401 || failure.httpStatusCode === 403) context.session?.retire();
      context.request.noRetry = !failure.canRetry;
      throw failure;
    }
  };
  return { base, handle, pool };
}

/** What `sharedOptions` gives. */
export type SharedOptions = ReturnType<typeof sharedOptions>;
