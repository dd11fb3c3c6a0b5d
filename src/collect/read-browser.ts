import type { Page, Response } from 'playwright';
import type { RunInput } from '../input.js';
import { dismissCookieBanner } from './dismiss-banner.js';
import { controlRequests } from './control-requests.js';
import { isHtml, MAX_BODY_BYTES, type FetchedPage } from './fetched-page.js';
import { REFUSED_STATUS, unreachable } from './guarded-proxy.js';
import { PageFailure, PageSkipped, statusFailure } from './page-errors.js';
import { shownResponse, type PageWatch } from './page-watch.js';
import { browserCookies, type Secrets } from './secrets.js';

export type BrowserReadOptions = Pick<
  RunInput,
  'waitForSelector' | 'dynamicContentWaitSecs' | 'blockMedia' | 'removeCookieWarnings'
> & {
  secrets: Secrets;
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

/** Without changes and without open requests for this long, a page counts as ready, ms. */
const QUIET_MS = 300;
/** A page with little text is likely a shell that its scripts fill: it is watched longer, and an empty one to the end. */
const SHELL = { characters: 200, quietMs: 1_200 } as const;

/** Prepares a page before it is opened: media, pop-ups, secrets. Dialogs are dismissed by Playwright itself. */
export async function preparePage(page: Page, options: BrowserReadOptions): Promise<void> {
  page.on('popup', (popup) => void popup.close().catch(() => undefined));
  if (options.secrets.cookies.length > 0) await page.context().addCookies(browserCookies(options.secrets));
  await controlRequests(page, options);
}

/**
 * Reads the rendered page after it was opened: waits for late content, then takes its HTML with open shadow roots and
 * same-origin frames in it.
 * @throws PageSkipped, PageFailure
 */
export async function readFromBrowser(opened: OpenedPage, options: BrowserReadOptions): Promise<FetchedPage> {
  const { page, watch } = opened;
  let response = await shownResponse(watch, opened.response ?? null);
  await judge(response, opened);

  if (options.removeCookieWarnings) await dismissCookieBanner(page);
  const deadline = Date.now() + options.dynamicContentWaitSecs * 1000;
  if (options.waitForSelector !== null) {
    const timeout = Math.max(options.dynamicContentWaitSecs * 1000, 1);
    await page.waitForSelector(options.waitForSelector, { timeout, state: 'attached' }).catch(() => undefined);
  }
  await settle(page, watch.stillOpen, deadline);
  const { html, url } = await renderedHtml(page);
  const last = await shownResponse(watch, response);
  if (last !== response || !isWeb(url)) {
    // A script moved the page on: what counts is the answer that it shows now.
    response = last;
    await judge(response, opened);
  }
  if (html.length > MAX_BODY_BYTES) throw new PageSkipped('tooLarge');
  return { loadedUrl: url, httpStatusCode: response?.status() ?? null, html, pdf: null };
}

/**
 * Looks whether what the page shows may be read.
 * @throws PageSkipped, PageFailure
 */
async function judge(
  response: Response | null,
  { page, watch, proxyUrl, onArrival, failed }: OpenedPage,
): Promise<void> {
  const url = page.url();
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

function isWeb(url: string): boolean {
  return /^https?:/.test(url);
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

/** Waits until the page stops changing, at most until `deadline`. Each step survives a navigation by script. */
async function settle(page: Page, stillOpen: () => number, deadline: number): Promise<void> {
  let last = '';
  let quietSince = Date.now();
  // An error page of the browser gets no better.
  while (Date.now() < deadline && isWeb(page.url())) {
    const now = await page
      .evaluate(async () => {
        // Much is loaded only when it comes into sight, which a page on a busy machine sees a frame or two later.
        window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
        await new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(resolve));
          setTimeout(resolve, 500);
        });
        return {
          text: document.body?.innerText.length ?? 0,
          elements: document.getElementsByTagName('*').length,
          url: location.href,
        };
      })
      .catch(() => null);
    const state = JSON.stringify(now);
    if (state !== last || now === null || stillOpen() > 0) {
      last = state;
      quietSince = Date.now();
    } else if (now.text > 0) {
      const enough = now.text < SHELL.characters ? SHELL.quietMs : QUIET_MS;
      if (Date.now() - quietSince >= enough) return;
    }
    await page.waitForTimeout(Math.min(50, Math.max(deadline - Date.now(), 1)));
  }
}

async function renderedHtml(page: Page): Promise<{ html: string; url: string }> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const url = page.url();
      await page.evaluate(inlineHiddenTrees);
      const html = await page.content();
      // Another document came in between.
      if (page.url() !== url) throw new Error('moved');
      return { html, url };
    } catch (error) {
      // A script that navigates right now takes the document away; the next one is read instead.
      if (attempt === 2)
        throw new PageFailure('network', 'The page kept moving on while it was read.', { cause: error });
      await page.waitForLoadState('domcontentloaded').catch(() => undefined);
    }
  }
}

/**
 * Runs in the page. Writes open shadow roots (with their slots filled) and same-origin frames into the document, deepest
 * first, so that its HTML is what a person sees. The page is closed afterwards, so nothing is put back.
 */
function inlineHiddenTrees(): void {
  const hosts: Element[] = [];
  const roots: (Document | ShadowRoot)[] = [document];
  for (let root = roots.shift(); root !== undefined; root = roots.shift()) {
    for (const element of root.querySelectorAll('*')) {
      const inner = element.shadowRoot ?? (element as HTMLIFrameElement).contentDocument ?? null;
      if (inner === null || !(element.shadowRoot || element.localName === 'iframe')) continue;
      hosts.push(element);
      roots.push(inner);
    }
  }
  for (const host of hosts.reverse()) {
    const shadow = host.shadowRoot;
    const copy = host.ownerDocument.createElement('div');
    if (shadow === null) {
      copy.innerHTML = (host as HTMLIFrameElement).contentDocument?.body?.innerHTML ?? '';
      host.replaceWith(copy);
      continue;
    }
    for (const slot of [...shadow.querySelectorAll('slot')]) {
      const assigned = slot.assignedNodes();
      if (assigned.length > 0) slot.replaceWith(...assigned.map((node) => node.cloneNode(true)));
    }
    host.innerHTML = shadow.innerHTML;
  }
}
