import {
  BasicCrawler,
  CriticalError,
  GotScrapingHttpClient,
  Log,
  LogLevel,
  PlaywrightCrawler,
  ProxyConfiguration,
  RequestQueueV1,
  type AutoscaledPoolOptions,
  type BasicCrawlerOptions,
  type CrawlingContext,
  type PlaywrightCrawlerOptions,
  type PlaywrightCrawlingContext,
} from 'crawlee';
import { RunError } from '../errors.js';
import { browserArguments, browserEnvironment, requireBrowser } from './browser.js';
import type { FetchedPage } from './fetched-page.js';
import { startGuardedProxy } from './guarded-proxy.js';
import type { Crawler, CrawlerOptions, PageRequest } from './crawler-types.js';
import { asPageFailure, PageSkipped } from './page-errors.js';
import { openRequests, preparePage, readFromBrowser, skipForNavigationError } from './read-browser.js';
import { openResource, readOverHttp } from './read-http.js';
import { RenderingChoice } from './rendering-choice.js';
import { Slots } from './slots.js';

/** Crawlee's pool grows by a twentieth every ten seconds, which a short run never sees: it starts where it should be. */
const CONCURRENCY = { http: { floor: 8, ceiling: 40 }, browser: { floor: 3, ceiling: 6 } } as const;

const PDF_PATH = /\.pdf(?:[?#]|$)/i;

/** Time for extraction and storing on top of reading, s. */
const HANDLER_EXTRA_SECS = 120;

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

function sharedOptions(options: CrawlerOptions, queue: RequestQueueV1, reader: 'http' | 'browser') {
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
    log: new Log({ level: LogLevel.OFF }),
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

type Shared = ReturnType<typeof sharedOptions>;

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

function httpCrawler(options: CrawlerOptions, { base, handle }: Shared) {
  const { input, hooks } = options;
  const read = overHttp(options);
  const crawler = new BasicCrawler({
    ...base,
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

async function browserCrawler(options: CrawlerOptions, { base, handle }: Shared) {
  const { input, hooks, guard, secrets, proxyConfiguration, isAtHome } = options;
  const executablePath = requireBrowser();
  const guarded = await startGuardedProxy(guard);
  const read = { ...input, secrets, canRotate: proxyConfiguration !== undefined };
  const http = overHttp(options);
  const choice = input.crawlerType === 'playwright:adaptive' ? new RenderingChoice(hooks) : null;
  /** Requests that turned out to be no pages: the browser cannot say what they are. */
  const noPages = new Set<string>();
  const stillOpen = new WeakMap<object, () => number>();

  const first = async (context: CrawlingContext): Promise<boolean> => {
    const wanted = pageRequest(context.request);
    let done = false;
    await handle(context, async () => {
      if (choice === null && !noPages.has(wanted.uniqueKey) && !PDF_PATH.test(wanted.url)) return;
      done = true;
      const page = (): Promise<FetchedPage> => http(context, wanted);
      const served =
        choice === null ? await hooks.extract(wanted, await page(), 'http') : await choice.overHttp(wanted, page);
      done = served !== null;
      if (served === null) return;
      context.request.loadedUrl = served.page.loadedUrl;
      await hooks.onPage(wanted, served);
    });
    return done;
  };

  const crawler = new BrowserWhenNeeded(
    {
      ...(base as object),
      ...(proxyConfiguration !== undefined && {
        // The browser goes through our guarded proxy, which goes on through the run's.
        proxyConfiguration: new ProxyConfiguration({
          newUrlFunction: async (sessionId, about) => {
            const url = await proxyConfiguration.newUrl(sessionId, about);
            return url === undefined ? guarded.url : guarded.through(url);
          },
        }),
      }),
      navigationTimeoutSecs: input.requestTimeoutSecs,
      requestHandlerTimeoutSecs: input.dynamicContentWaitSecs + HANDLER_EXTRA_SECS,
      browserPoolOptions: { useFingerprints: false },
      launchContext: {
        launchOptions: {
          executablePath,
          args: browserArguments({ isAtHome, blockMedia: input.blockMedia }),
          env: browserEnvironment(),
          ...(proxyConfiguration === undefined && { proxy: { server: guarded.url } }),
          // One that a page leaves behind would answer for the pages after it.
          serviceWorkers: 'block',
        } as object,
      },
      preNavigationHooks: [
        async (context, gotoOptions) => {
          if (!(await guard.allowsUrl(context.request.url))) throw new PageSkipped('privateAddress');
          gotoOptions.waitUntil = 'load';
          stillOpen.set(context.page, openRequests(context.page));
          await preparePage(context.page, read);
        },
      ],
      requestHandler: (context) =>
        handle(context, async () => {
          const { page, response } = context;
          const wanted = pageRequest(context.request);
          const opened = {
            page,
            response,
            stillOpen: stillOpen.get(page) ?? (() => 0),
            onArrival: (url: string) => hooks.onRedirect(wanted, url, true),
          };
          const loaded = await readFromBrowser(opened, read).catch((error: unknown) => {
            if (error instanceof PageSkipped && error.reason === 'contentType') return null;
            throw error;
          });
          // What is no HTML may be a PDF, whose bytes a browser does not give away.
          if (loaded === null) {
            return hooks.onPage(wanted, await hooks.extract(wanted, await http(context, wanted), 'http'));
          }
          const rendered = await hooks.extract(wanted, loaded, 'browser');
          await hooks.onPage(wanted, choice?.choose(wanted, rendered) ?? rendered);
        }),
      // What fails before the handler runs: navigation and the hooks above.
      errorHandler: async ({ request }, error) => {
        const skip = error instanceof PageSkipped ? error : skipForNavigationError(error);
        if (skip?.reason === 'contentType') noPages.add(request.uniqueKey);
        else if (skip !== null || !asPageFailure(error, request.url).canRetry) request.noRetry = true;
      },
      failedRequestHandler: ({ request }, error) => {
        const skip = error instanceof PageSkipped ? error : skipForNavigationError(error);
        if (skip !== null) hooks.onSkipped(pageRequest(request), skip.reason);
        else hooks.onFailed(pageRequest(request), asPageFailure(error, request.url));
      },
    },
    { first, ended: ({ request }) => choice?.end(pageRequest(request)), slots: new Slots(CONCURRENCY.browser.ceiling) },
  );
  return { crawler, close: () => guarded.close() };
}

interface QueuedRequest {
  url: string;
  uniqueKey: string;
  crawlDepth: number;
  userData: Record<string, unknown>;
}

/** Our words for what Crawlee's queue holds; a queue written by somebody else gives start-less, depth-0 requests. */
function pageRequest({ url, uniqueKey, crawlDepth, userData }: QueuedRequest): PageRequest {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    url,
    uniqueKey,
    depth: crawlDepth,
    referrerUrl: text(userData['referrerUrl']),
    start: text(userData['start']),
  };
}
