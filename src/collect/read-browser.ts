import type { Page, Response } from 'playwright';
import type { RunInput } from '../input.js';
import { controlRequests } from './control-requests.js';
import { dismissCookieBanner } from './dismiss-banner.js';
import { isHtml, MAX_BODY_BYTES, type FetchedPage } from './fetched-page.js';
import { REFUSED_STATUS, unreachable } from './guarded-proxy.js';
import { inFront } from './in-front.js';
import { endReading, takeHtml } from './in-page.js';
import { PageFailure, PageSkipped, statusFailure } from './page-errors.js';
import { shownResponse, type PageWatch } from './page-watch.js';
import { browserCookies, type Secrets } from './secrets.js';
import { isWeb, settle } from './settle.js';
import type { Trackers } from './trackers.js';

export type BrowserReadOptions = Pick<
  RunInput,
  'waitForSelector' | 'dynamicContentWaitSecs' | 'requestTimeoutSecs' | 'blockMedia' | 'removeCookieWarnings'
> & {
  secrets: Secrets;
  trackers: Trackers;
};

export interface OpenedPage {
  page: Page;
  response: Response | undefined;
  watch: PageWatch;
  /** The run's proxy that the page came through, if any. */
  proxyUrl: string | undefined;
  /** Called with the address that the page arrived at; rejects with `PageSkipped` to leave it. */
  onArrival: (url: string) => Promise<void>;
  /** What it means that this address could not be shown, by the browser's words. */
  failed: (url: string, said: string) => Promise<PageSkipped | PageFailure>;
}

/** What it means that a page answers nothing more, not even when it is asked for its HTML. */
const BUSY = 'The scripts of the page keep the browser busy without end. Leave it out with `excludeUrlGlobs`.';

/** Clicks on banners of one page: some bring up the next question, some load the page once more. */
const MAX_CLICKS = 3;

/** Prepares a page before it is opened: media, pop-ups, dialogs, secrets. */
export async function preparePage(page: Page, options: BrowserReadOptions): Promise<void> {
  page.on('popup', (popup) => void popup.close().catch(() => undefined));
  // Playwright would do so by itself, and end the process when the page is closed meanwhile.
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
  if (options.secrets.cookies.length > 0) await page.context().addCookies(browserCookies(options.secrets));
  await controlRequests(page, options);
}

/**
 * Reads the rendered page after it was opened: waits for late content, then takes its HTML with open shadow roots and
 * same-origin frames in it.
 * @throws PageSkipped, PageFailure
 */
export async function readFromBrowser(opened: OpenedPage, options: BrowserReadOptions): Promise<FetchedPage> {
  const longestMs = (options.dynamicContentWaitSecs + options.requestTimeoutSecs) * 1000;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PageFailure('timeout', BUSY)), longestMs);
  });
  try {
    return await Promise.race([readWhenReady(opened, options), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readWhenReady(opened: OpenedPage, options: BrowserReadOptions): Promise<FetchedPage> {
  const { page, watch } = opened;
  const response = await shownResponse(watch, opened.response ?? null);
  await judge(page.url(), response, opened);

  const deadline = Date.now() + options.dynamicContentWaitSecs * 1000;
  if (options.waitForSelector !== null) {
    const timeout = Math.max(options.dynamicContentWaitSecs * 1000, 1);
    await page.waitForSelector(options.waitForSelector, { timeout, state: 'attached' }).catch(() => undefined);
  }
  const { html, url } = await renderedHtml(opened, options, deadline);
  const last = await shownResponse(watch, response);
  // A script moved the page on: what counts is the answer that it shows now.
  if (last !== response || !isWeb(url)) await judge(url, last, opened);
  if (html.length > MAX_BODY_BYTES) throw new PageSkipped('tooLarge');
  return { loadedUrl: url, httpStatusCode: last?.status() ?? null, html, pdf: null };
}

/**
 * Looks whether what the page shows may be read.
 * @throws PageSkipped, PageFailure
 */
async function judge(
  url: string,
  response: Response | null,
  { watch, proxyUrl, onArrival, failed }: OpenedPage,
): Promise<void> {
  if (!isWeb(url)) {
    const asked = watch.asked();
    if (asked === null || !url.startsWith('chrome-error:')) throw new PageSkipped('protocol');
    throw await failed(asked.url(), asked.failure()?.errorText ?? '');
  }
  const status = response?.status() ?? null;
  const headers = response?.headers() ?? {};
  if (status === REFUSED_STATUS) throw new PageSkipped('privateAddress');
  await onArrival(url);
  if (status !== null && status >= 400) {
    const failure = proxyUrl === undefined ? unreachable(status, url) : null;
    throw failure ?? statusFailure(status, headers['retry-after'] ?? null, { url, proxyUrl });
  }
  const contentType = headers['content-type'] ?? null;
  if (contentType !== null && !isHtml(contentType, '')) throw new PageSkipped('contentType');
}

/** What a page that does not open means, when it is not a failure: it is a download, or its address is refused. */
export function skipForNavigationError(error: unknown): PageSkipped | null {
  const message = error instanceof Error ? error.message : '';
  if (/Download is starting|ERR_ABORTED/.test(message)) return new PageSkipped('contentType');
  if (/ERR_UNSAFE_PORT|ERR_DISALLOWED_URL_SCHEME|ERR_UNKNOWN_URL_SCHEME/.test(message)) {
    return new PageSkipped('protocol');
  }
  return null;
}

async function renderedHtml(
  { page, watch }: OpenedPage,
  { removeCookieWarnings }: BrowserReadOptions,
  deadline: number,
): Promise<{ html: string; url: string }> {
  let clicks = removeCookieWarnings ? MAX_CLICKS : 0;
  const onStill = async (): Promise<boolean> => clicks > 0 && (await dismissCookieBanner(page)) && clicks-- > 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const reading = await settle(page, { stillOpen: watch.stillOpen, deadline, onStill });
      const url = await inFront(page, () => reading.evaluate(endReading));
      return { html: await reading.evaluate(takeHtml), url };
    } catch (error) {
      // A script that navigates right now takes the document away; the next one is read instead.
      if (attempt === 2)
        throw new PageFailure('network', 'The page kept moving on while it was read.', { cause: error });
      await page.waitForLoadState('domcontentloaded').catch(() => undefined);
    }
  }
}
