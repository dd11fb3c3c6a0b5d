import {
  BasicCrawler,
  CriticalError,
  GotScrapingHttpClient,
  Log,
  LogLevel,
  PlaywrightCrawler,
  ProxyConfiguration,
  RequestQueueV1,
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
import { CONCURRENCY, HANDLER_EXTRA_SECS, sharedOptions, type SharedOptions } from './shared-options.js';
import { Slots } from './slots.js';

/**
 * Makes the crawler on the run's default queue, where a resumed run goes on.
 * @throws RunError when a browser is needed and there is none
 */
export async function createCrawler(options: CrawlerOptions): Promise<Crawler> {
  const queue = await RequestQueueV1.open();
  const { crawlerType } = options.input;
  const shared = sharedOptions(options, queue, crawlerType === 'playwright:chrome' ? 'browser' : 'http');
  const parts = crawlerType === 'cheerio' ? httpCrawler(options, shared) : await browserCrawler(options, shared);
  const { crawler } = parts;
  // The run writes its own status messages; Crawlee sends one when it starts and one when it ends, whatever is set.
  crawler.setStatusMessage = async () => undefined;
  shared.pool.inFlight = () => crawler.autoscaledPool?.currentConcurrency ?? 0;

  return {
    add: async (requests) => {
      if (requests.length === 0) return;
      const sources = requests.map(({ url, uniqueKey, depth, referrerUrl, start }) => ({
        url,
        uniqueKey,
        crawlDepth: depth,
        userData: { referrerUrl, start },
      }));
      await crawler.addRequests(sources, { waitForAllRequestsToBeAdded: true, batchSize: 1000 });
    },
    run: async () => {
      try {
        await crawler.run(undefined, { purgeRequestQueue: false });
      } catch (error) {
        if (!(error instanceof CriticalError)) throw error;
        if (error.cause instanceof RunError) throw error.cause;
        throw new RunError(
          'The browser could not be started. Set CRAWLEE_DEFAULT_BROWSER_PATH to a working Chrome or Chromium, or choose the crawler type "cheerio".',
          { cause: error },
        );
      }
    },
    stop: async (graceMs) => {
      crawler.stop();
      const deadline = Date.now() + graceMs;
      const { autoscaledPool } = crawler;
      while ((autoscaledPool?.currentConcurrency ?? 0) > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      // A pool that an event of the platform paused would never end by itself.
      await autoscaledPool?.abort();
    },
    open: async (url) => {
      const { input, guard, secrets, proxyConfiguration } = options;
      const timeoutMs = input.requestTimeoutSecs * 1000;
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
    pending: () => queue.getPendingCount(),
    isDone: () => queue.isFinished(),
    handled: () => queue.handledCount(),
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

function httpCrawler(options: CrawlerOptions, { base, handle }: SharedOptions) {
  const { input, hooks } = options;
  const read = overHttp(options);
  const crawler = new BasicCrawler({
    ...base,
    log: silentLog(),
    requestHandlerTimeoutSecs: input.requestTimeoutSecs + HANDLER_EXTRA_SECS,
    requestHandler: (context) =>
      handle(context, async () => {
        const wanted = pageRequest(context.request);
        const page = await read(context, wanted);
        context.request.loadedUrl = page.loadedUrl;
        await hooks.onPage(wanted, await hooks.extract(wanted, page, 'http'));
      }),
  });
  return { crawler, close: async () => undefined };
}

/** A crawler that opens a page in the browser only when `first` could not do without; no browser is started before. */
class BrowserWhenNeeded extends PlaywrightCrawler {
  readonly #first: (context: CrawlingContext) => Promise<boolean>;
  readonly #ended: (context: CrawlingContext) => void;
  readonly #slots: Slots;

  constructor(
    options: PlaywrightCrawlerOptions,
    parts: {
      first: (context: CrawlingContext) => Promise<boolean>;
      ended: (context: CrawlingContext) => void;
      slots: Slots;
    },
  ) {
    super(options);
    this.#first = parts.first;
    this.#ended = parts.ended;
    this.#slots = parts.slots;
  }

  protected override async _runRequestHandler(context: PlaywrightCrawlingContext): Promise<void> {
    try {
      if (await this.#first(context)) return;
      await this.#slots.use(() => super._runRequestHandler(context));
    } finally {
      this.#ended(context);
    }
  }
}

async function browserCrawler(options: CrawlerOptions, shared: SharedOptions) {
  const { guard, proxyConfiguration } = options;
  // A crawl that may do without a browser looks for one when it needs it.
  if (options.input.crawlerType === 'playwright:chrome') requireBrowser();
  const guarded = await startGuardedProxy(guard);
  const reading = browserReading(options, shared, overHttp(options), guarded.url);
  const crawler = new BrowserWhenNeeded(
    {
      ...reading.crawlerOptions,
      log: silentLog(),
      ...(proxyConfiguration !== undefined && {
        // The browser goes through our guarded proxy, which goes on through the run's.
        proxyConfiguration: new ProxyConfiguration({
          newUrlFunction: async (sessionId, about) => {
            const url = await proxyConfiguration.newUrl(sessionId, about);
            return url === undefined ? guarded.url : guarded.through(url);
          },
        }),
      }),
    },
    { first: reading.first, ended: reading.ended, slots: new Slots(CONCURRENCY.browser.ceiling) },
  );
  return { crawler, close: () => guarded.close() };
}

/** Crawlee's own words are for its developers; the run writes its own. */
function silentLog(): Log {
  return new Log({ level: LogLevel.OFF });
}
