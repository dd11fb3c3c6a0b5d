import type { Page, Request, Response } from 'playwright';

/** What a page has done since it was opened. */
export interface PageWatch {
  /** How many documents, scripts and calls it is still waiting for. */
  stillOpen: () => number;
  /** The request whose answer the page shows now; a script may have moved it on. `null` when nothing was shown yet. */
  shown: () => Request | null;
  /** The last request for a document in the page's place, shown or not. */
  asked: () => Request | null;
}

/** Watches a page; must be called before it is opened. */
export function watchPage(page: Page): PageWatch {
  const open = new Set<Request>();
  let asked: Request | null = null;
  let shown: Request | null = null;
  page.on('request', (request) => {
    if (/^(?:document|script|xhr|fetch)$/.test(request.resourceType())) open.add(request);
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked = request;
  });
  const done = (request: Request): void => void open.delete(request);
  page.on('requestfinished', done);
  page.on('requestfailed', done);
  page.on('framenavigated', (frame) => {
    // A download is asked for and not shown, and an address that a script writes is shown and not asked for.
    if (frame === page.mainFrame() && asked !== null && samePage(asked.url(), frame.url())) shown = asked;
  });
  return { stillOpen: () => open.size, shown: () => shown, asked: () => asked };
}

/** The answer that the page shows; `opened` is the one it was opened with. */
export async function shownResponse(watch: PageWatch, opened: Response | null): Promise<Response | null> {
  const request = watch.shown();
  return request === null || request === opened?.request() ? opened : request.response();
}

function samePage(url: string, other: string): boolean {
  return url.split('#')[0] === other.split('#')[0];
}
