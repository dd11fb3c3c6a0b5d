import type { CrawlingContext, PlaywrightCrawlerOptions } from 'crawlee';
import { browserArguments, browserEnvironment } from './browser.js';
import { chromiumWhenNeeded } from './chromium-when-needed.js';
import type { CrawlerOptions, PageRequest } from './crawler-types.js';
import type { FetchedPage } from './fetched-page.js';
import { asPageFailure, PageSkipped } from './page-errors.js';
import { pageRequest } from './queued-request.js';
import { openRequests, preparePage, readFromBrowser, skipForNavigationError } from './read-browser.js';
import { RenderingChoice } from './rendering-choice.js';
import { HANDLER_EXTRA_SECS, type SharedOptions } from './shared-options.js';

const PDF_PATH = /\.pdf(?:[?#]|$)/i;

type ReadOverHttp = (context: CrawlingContext, wanted: PageRequest) => Promise<FetchedPage>;

/** The parts of a crawler that reads with the browser. */
export interface BrowserReading {
  /** What Crawlee is told, all but the way through the proxies. */
  crawlerOptions: PlaywrightCrawlerOptions;
  /** Reads the request without the browser where that does; whether it did. */
  first: (context: CrawlingContext) => Promise<boolean>;
  /** After the last try of one turn of the request, however it went. */
  ended: (context: CrawlingContext) => void;
}

/**
 * Decides which requests the browser opens and what it does with each.
 * @param http reads one request over HTTP
 * @param proxyServer the guarded proxy that the browser goes through when the run has none of its own
 */
export function browserReading(
  options: CrawlerOptions,
  { base, handle }: SharedOptions,
  http: ReadOverHttp,
  proxyServer: string,
): BrowserReading {
  const { input, hooks, guard, secrets, proxyConfiguration, isAtHome } = options;
  const read = { ...input, secrets, canRotate: proxyConfiguration !== undefined };
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

  const crawlerOptions: PlaywrightCrawlerOptions = {
    ...(base as object),
    navigationTimeoutSecs: input.requestTimeoutSecs,
    requestHandlerTimeoutSecs: input.dynamicContentWaitSecs + HANDLER_EXTRA_SECS,
    browserPoolOptions: { useFingerprints: false },
    launchContext: {
      launcher: chromiumWhenNeeded(),
      launchOptions: {
        args: browserArguments({ isAtHome, blockMedia: input.blockMedia }),
        env: browserEnvironment(),
        ...(proxyConfiguration === undefined && { proxy: { server: proxyServer } }),
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
  };
  return { crawlerOptions, first, ended: ({ request }) => choice?.end(pageRequest(request)) };
}
