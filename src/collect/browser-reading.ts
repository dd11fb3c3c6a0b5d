import type { BROWSER_CONTROLLER_EVENTS, CrawlingContext, PlaywrightCrawlerOptions } from 'crawlee';
import { browserArguments, browserEnvironment } from './browser.js';
import { chromiumWhenNeeded } from './chromium-when-needed.js';
import type { CrawlerOptions, PageRequest, ReadPage } from './crawler-types.js';
import type { FetchedPage } from './fetched-page.js';
import type { GuardedProxy } from './guarded-proxy.js';
import { HostIsSlow } from './host-pace.js';
import { asPageFailure } from './network-failure.js';
import { PageFailure, PageSkipped } from './page-errors.js';
import { pageRequest } from './queued-request.js';
import { preparePage, readFromBrowser, skipForNavigationError } from './read-browser.js';
import { watchPage, type PageWatch } from './page-watch.js';
import type { Trackers } from './trackers.js';
import { TUNNEL_FAILED, whyNotShown } from './why-not-shown.js';
import { RenderingChoice } from './rendering-choice.js';
import { HANDLER_EXTRA_SECS, type SharedOptions } from './shared-options.js';

/** Crawlee exports its events as values, which only `crawler.ts` may import. */
const BROWSER_CLOSED = 'browserClosed' as BROWSER_CONTROLLER_EVENTS.BROWSER_CLOSED;

const PDF_PATH = /\.pdf(?:[?#]|$)/i;

type ReadOverHttp = (context: CrawlingContext, wanted: PageRequest) => Promise<FetchedPage>;

/** The parts of a crawler that reads with the browser. */
export interface BrowserReading {
  /** What Crawlee is told, all but the way through the proxies. */
  crawlerOptions: PlaywrightCrawlerOptions;
  /** Reads the request without the browser where that does, else with `open`, which is Crawlee's own way. */
  read: (context: CrawlingContext, open: () => Promise<void>) => Promise<void>;
  /** The run's proxy that the browser goes through which has the request's page, if any. */
  proxyOf: (context: object) => string | undefined;
}

/** Of a request that no browser has a page of yet, the controller is missing, whatever Crawlee's types say. */
interface OfBrowser {
  browserController?: { launchContext: { proxyUrl?: string | undefined } };
}

/**
 * Decides which requests the browser opens and what it does with each.
 * @param http reads one request over HTTP
 * @param guarded the proxy that the browser goes through
 */
export function browserReading(
  options: CrawlerOptions,
  { base, ask, mayRetry, lender, running, isFatal }: SharedOptions,
  http: ReadOverHttp,
  guarded: GuardedProxy,
  trackers: Trackers,
): BrowserReading {
  const { input, hooks, guard, secrets, proxyConfiguration, isAtHome } = options;
  const reading = { ...input, secrets, trackers };
  const choice =
    input.crawlerType === 'playwright:adaptive' ? new RenderingChoice(hooks, (until) => lender.park(until)) : null;
  running.isFull = () => choice?.isFull === true;
  const watches = new WeakMap<object, PageWatch>();

  /** What is no HTML may be a PDF, whose bytes a browser does not give away. */
  const readOverHttp = async (context: CrawlingContext, wanted: PageRequest): Promise<void> =>
    hooks.onPage(wanted, await hooks.extract(wanted, await ask(wanted, () => http(context, wanted)), 'http'));

  // Its pages may belong to sessions of other proxies.
  const proxyOf = (context: object): string | undefined =>
    guarded.upstreamOf((context as OfBrowser).browserController?.launchContext.proxyUrl);

  const failureOf = async (
    error: unknown,
    context: object,
    { url }: PageRequest,
  ): Promise<PageFailure | PageSkipped> => {
    const proxyUrl = proxyOf(context);
    const said = error instanceof Error ? error.message : '';
    return said.includes(TUNNEL_FAILED) ? whyNotShown(guard, url, said, proxyUrl) : asPageFailure(error, url, proxyUrl);
  };

  /** A page that one of its scripts keeps from being ready would do so again. */
  const isLastTry = (failure: PageFailure, { request }: CrawlingContext): boolean =>
    !hooks.signal.aborted && (failure.reason === 'timeout' || !mayRetry(failure, request));

  /** What the browser showed of a request that is being worked on. */
  const shown = new WeakMap<object, ReadPage>();

  const read = async (context: CrawlingContext, open: () => Promise<void>): Promise<void> => {
    const wanted = pageRequest(context.request);
    try {
      if (choice !== null) {
        const served = await choice.overHttp(wanted, () => ask(wanted, () => http(context, wanted)));
        if (served !== null) return await hooks.onPage(wanted, served);
      } else if (PDF_PATH.test(wanted.url)) return await readOverHttp(context, wanted);
      await open().catch(async (error: unknown) => {
        shown.delete(context.request);
        const skip = error instanceof PageSkipped ? error : skipForNavigationError(error);
        if (skip?.reason === 'contentType') {
          choice?.end(wanted);
          return readOverHttp(context, wanted);
        }
        if (skip !== null) throw skip;
        const isOther = isFatal(error) || error instanceof HostIsSlow;
        const failure = isOther ? error : await failureOf(error, context, wanted);
        const served = failure instanceof PageFailure && isLastTry(failure, context) ? choice?.instead(wanted) : null;
        if (!served) throw failure;
        await hooks.onPage(wanted, served);
      });
      // Without the browser's slot: the page may wait for its turn, and the page whose turn it is for a slot.
      const rendered = shown.get(context.request);
      if (rendered !== undefined) await hooks.onPage(wanted, choice?.choose(wanted, rendered) ?? rendered);
    } finally {
      shown.delete(context.request);
      choice?.end(wanted);
    }
  };

  const crawlerOptions: PlaywrightCrawlerOptions = {
    ...(base as object),
    navigationTimeoutSecs: input.requestTimeoutSecs,
    requestHandlerTimeoutSecs: input.dynamicContentWaitSecs + HANDLER_EXTRA_SECS,
    browserPoolOptions: {
      useFingerprints: false,
      // Pages that wait for a browser would start one that nobody ends.
      preLaunchHooks: [
        async (_, launchContext) => {
          hooks.signal.throwIfAborted();
          // Each browser has a guarded proxy of its own, which goes on through the one of the run that it was given.
          const { proxyUrl } = launchContext;
          if (proxyUrl !== undefined) launchContext.proxyUrl = await guarded.through(proxyUrl);
          else if (proxyConfiguration !== undefined) launchContext.proxyUrl = guarded.url;
        },
      ],
      postLaunchHooks: [
        (_, controller) => void controller.once(BROWSER_CLOSED, () => guarded.end(controller.launchContext.proxyUrl)),
      ],
    },
    launchContext: {
      launcher: chromiumWhenNeeded(),
      launchOptions: {
        args: browserArguments({ isAtHome, blockMedia: input.blockMedia }),
        env: browserEnvironment(),
        // Playwright's own argument; with it a page may open a hundred others, which takes the browser from all.
        ignoreDefaultArgs: ['--disable-popup-blocking'],
        ...(proxyConfiguration === undefined && { proxy: { server: guarded.url } }),
        // One that a page leaves behind would answer for the pages after it.
        serviceWorkers: 'block',
      } as object,
    },
    preNavigationHooks: [
      async (context, gotoOptions) => {
        if (!(await guard.allowsUrl(context.request.url))) throw new PageSkipped('privateAddress');
        // Not 'load': one picture or counter that never comes would take the page with it.
        gotoOptions.waitUntil = 'domcontentloaded';
        watches.set(context.page, watchPage(context.page));
        await preparePage(context.page, reading);
      },
    ],
    requestHandler: async ({ page, response, request, browserController }) => {
      const wanted = pageRequest(request);
      const proxyUrl = proxyOf({ browserController });
      const opened = {
        page,
        response,
        watch: watches.get(page) ?? watchPage(page),
        proxyUrl,
        failed: (url: string, said: string) => whyNotShown(guard, url, said, proxyUrl),
        onArrival: (url: string) => hooks.onRedirect(wanted, url, true),
      };
      shown.set(request, await hooks.extract(wanted, await readFromBrowser(opened, reading), 'browser'));
    },
  };
  return { crawlerOptions, read, proxyOf };
}
