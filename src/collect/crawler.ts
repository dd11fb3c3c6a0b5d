import {
  BasicCrawler,
  CriticalError,
  GotScrapingHttpClient,
  Log,
  LogLevel,
  PlaywrightCrawler,
  RequestQueueV1,
  RetryRequestError,
  type BasicCrawlerOptions,
  type CrawlingContext,
  type PlaywrightCrawlerOptions,
  type PlaywrightCrawlingContext,
} from 'crawlee';
import { RunError } from '../errors.js';
import { browserReading } from './browser-reading.js';
import { requireBrowser } from './browser.js';
import type { Crawler, CrawlerOptions, PageRequest } from './crawler-types.js';
import type { FetchedPage } from './fetched-page.js';
import { startGuardedProxy } from './guarded-proxy.js';
import { pageRequest } from './queued-request.js';
import { openResource, readOverHttp } from './read-http.js';
import { CONCURRENCY, REQUEST_LIMIT_MS, sharedOptions, type SharedOptions } from './shared-options.js';
import { Slots } from './slots.js';
import { Trackers } from './trackers.js';

const CRAWLEE_ERRORS = {
  isFatal: (error: unknown): boolean => error instanceof CriticalError,
  again: () => new RetryRequestError('The crawl ends.'),
};

/** Requests that the platform adds with one call. */
const BATCH = 25;

/**
 * Makes the crawler on the run's default queue, where a resumed run goes on.
 * @throws RunError when a browser is needed and there is none
 */
export async function createCrawler(options: CrawlerOptions): Promise<Crawler> {
  const queue = await RequestQueueV1.open();
  const { crawlerType } = options.input;
  const reader = crawlerType === 'playwright:chrome' ? 'browser' : 'http';
  const shared = sharedOptions(options, queue, reader, CRAWLEE_ERRORS);
  const parts = crawlerType === 'cheerio' ? httpCrawler(options, shared) : await browserCrawler(options, shared);
  const { crawler } = parts;
  // The run writes its own status messages; Crawlee sends one when it starts and one when it ends, whatever is set.
  crawler.setStatusMessage = async () => undefined;
  shared.running.pool = () => crawler.autoscaledPool;
  let isRunning = false;

  return {
    add: async (requests) => {
      const sources = requests.map(({ url, uniqueKey, depth, referrerUrl, start, hops }) => ({
        url,
        uniqueKey,
        crawlDepth: depth,
        userData: { referrerUrl, start, hops },
      }));
      const added = new Set<string>();
      // One after the other: the platform takes larger ones apart and adds the pieces in no order.
      for (let from = 0; from < sources.length; from += BATCH) {
        const { processedRequests } = await queue.addRequests(sources.slice(from, from + BATCH));
        for (const { uniqueKey, wasAlreadyPresent } of processedRequests) if (!wasAlreadyPresent) added.add(uniqueKey);
      }
      return added;
    },
    run: async () => {
      isRunning = true;
      try {
        await crawler.run(undefined, { purgeRequestQueue: false });
      } catch (error) {
        if (!(error instanceof CriticalError)) throw error;
        if (error.cause instanceof RunError) throw error.cause;
        throw new RunError(
          'The browser could not be started. Set CRAWLEE_DEFAULT_BROWSER_PATH to a working Chrome or Chromium, or choose the crawler type "cheerio".',
          { cause: error },
        );
      } finally {
        isRunning = false;
      }
    },
    stop: async (graceMs) => {
      crawler.stop();
      shared.pace.open();
      const deadline = Date.now() + graceMs;
      const { autoscaledPool } = crawler;
      while ((autoscaledPool?.currentConcurrency ?? 0) > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      // A pool that an event of the platform paused would never end by itself, and one that is still being made forgets it.
      while (isRunning) {
        await crawler.autoscaledPool?.abort();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    open: async (url, maxMs = Infinity) => {
      const { input, guard, secrets, proxyConfiguration } = options;
      const timeoutMs = Math.min(input.requestTimeoutSecs * 1000, maxMs);
      const proxyUrl = await proxyConfiguration?.newUrl();
      return openResource(url, {
        client: new GotScrapingHttpClient(),
        guard,
        secrets,
        session: undefined,
        proxyUrl,
        timeoutMs,
      });
    },
    close: () => parts.close(),
    lend: (until) => shared.lender.wait(until),
    pending: () => queue.getPendingCount(),
    isDone: async () => {
      if (!(await queue.isFinished()) || queue.getPendingCount() > 0) return false;
      return (await queue.client.listHead({ limit: 1 })).items.length === 0;
    },
    waitingUrls: async (limit) => {
      const { items } = await queue.client.listHead({ limit });
      return items.map(({ url }) => url);
    },
  };
}

/** Reads a page over HTTP, with the session's cookies and through its proxy. */
function overHttp(options: CrawlerOptions): (context: CrawlingContext, wanted: PageRequest) => Promise<FetchedPage> {
  const { input, hooks, guard, secrets, proxyConfiguration } = options;
  const client = new GotScrapingHttpClient();
  return async ({ request, session }, wanted) => {
    const proxyUrl = await proxyConfiguration?.newUrl(session?.id, { request });
    return readOverHttp(request.url, {
      client,
      guard,
      secrets,
      session,
      proxyUrl,
      timeoutMs: input.requestTimeoutSecs * 1000,
      onRedirect: (url, arrived) => hooks.onRedirect(wanted, url, arrived),
    });
  };
}

/** A crawler without a browser. */
class HttpCrawler extends BasicCrawler<CrawlingContext> {
  readonly #read: (context: CrawlingContext) => Promise<void>;

  constructor(options: BasicCrawlerOptions<CrawlingContext>, read: (context: CrawlingContext) => Promise<void>) {
    super(options);
    this.#read = read;
    this.requestHandlerTimeoutMillis = REQUEST_LIMIT_MS;
  }

  protected override _runRequestHandler(context: CrawlingContext): Promise<void> {
    return this.#read(context);
  }
}

function httpCrawler(options: CrawlerOptions, { base, work, ask }: SharedOptions) {
  const { hooks } = options;
  const read = overHttp(options);
  const crawler = new HttpCrawler({ ...base, log: silentLog(), requestHandler: async () => undefined }, (context) =>
    work(
      context,
      async () => {
        const wanted = pageRequest(context.request);
        const page = await ask(wanted, () => read(context, wanted));
        await hooks.onPage(wanted, await hooks.extract(wanted, page, 'http'));
      },
      () => undefined,
    ),
  );
  return { crawler, close: async () => undefined };
}

/** A crawler that opens a page in the browser only when `read` asks for it; no browser is started before. */
class BrowserWhenNeeded extends PlaywrightCrawler {
  readonly #read: (context: PlaywrightCrawlingContext, open: () => Promise<void>) => Promise<void>;

  constructor(
    options: PlaywrightCrawlerOptions,
    read: (context: PlaywrightCrawlingContext, open: () => Promise<void>) => Promise<void>,
  ) {
    super(options);
    this.#read = read;
    this.requestHandlerTimeoutMillis = REQUEST_LIMIT_MS;
  }

  protected override _runRequestHandler(context: PlaywrightCrawlingContext): Promise<void> {
    return this.#read(context, () => super._runRequestHandler(context));
  }
}

async function browserCrawler(options: CrawlerOptions, shared: SharedOptions) {
  const { guard, proxyConfiguration } = options;
  // A crawl that may do without a browser looks for one when it needs it.
  if (options.input.crawlerType === 'playwright:chrome') requireBrowser();
  const trackers = new Trackers([...options.input.startUrls, ...options.input.includeUrlGlobs]);
  const guarded = await startGuardedProxy(guard, trackers);
  const reading = browserReading(options, shared, overHttp(options), guarded, trackers);
  const slots = new Slots(options.input.maxConcurrency ?? CONCURRENCY.browser.ceiling);
  const crawler = new BrowserWhenNeeded(
    {
      ...reading.crawlerOptions,
      log: silentLog(),
      ...(proxyConfiguration !== undefined && { proxyConfiguration }),
    },
    (context, open) =>
      shared.work(
        context,
        () => reading.read(context, () => shared.ask(pageRequest(context.request), () => slots.use(open))),
        () => reading.proxyOf(context),
      ),
  );
  return { crawler, close: () => guarded.close() };
}

/** Crawlee's own words are for its developers; the run writes its own. */
function silentLog(): Log {
  return new Log({ level: LogLevel.OFF });
}
