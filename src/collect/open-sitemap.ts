import type { Crawler } from './crawler-types.js';
import { asPageFailure } from './network-failure.js';
import { PageFailure, PageSkipped, statusFailure } from './page-errors.js';
import type { Resource } from './read-http.js';
import type { OpenSitemap } from './sitemap.js';
import { untilAborted } from './until-aborted.js';

/** A server that sends no byte for so long sends none any more, ms. */
const SILENCE_MS = 15_000;

/** Failures one after the other after which the site's other sitemaps are not asked for. */
export const MAX_FAILURES = 5;

interface Listener {
  /** The sitemap, or the rest of it, could not be read. */
  onFailed: (url: string, failure: PageFailure) => void;
  /** The signal came before the sitemap was read to its end. */
  onCut: (url: string) => void;
}

/**
 * Opens the sitemaps of one site, until `signal` ends the reading of all. Where the server says that there is none, there
 * is none; what fails is told.
 */
export function sitemapOpener(
  crawler: Pick<Crawler, 'open'>,
  signal: AbortSignal,
  { onFailed, onCut }: Listener,
): OpenSitemap {
  let failures = 0;
  const fail = (url: string, error: unknown): void => {
    if (error instanceof PageSkipped) return;
    failures += 1;
    onFailed(url, asPageFailure(error, url));
  };
  async function* chunks(file: Resource, url: string): AsyncGenerator<Buffer> {
    const iterator = file.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await inTime(iterator.next(), signal);
        if (next === null) onCut(url);
        if (next === null || next.done === true) break;
        failures = 0;
        yield next.value;
      }
    } catch (error) {
      fail(url, error);
    } finally {
      file.close();
    }
  }
  return async (url) => {
    if (failures >= MAX_FAILURES) return null;
    if (signal.aborted) {
      onCut(url);
      return null;
    }
    try {
      const file = await inTime(crawler.open(url), signal, (late) => late.close());
      if (file === null) onCut(url);
      else if (file.status < 300) return chunks(file, url);
      else {
        file.close();
        if (file.status >= 500 || file.status === 429) {
          fail(url, statusFailure(file.status, null, { url, proxyUrl: undefined }));
        } else failures = 0;
      }
    } catch (error) {
      fail(url, error);
    }
    return null;
  };
}

/** What `work` brings; `null` once the signal is aborted. @throws PageFailure when it takes too long */
async function inTime<T>(
  work: Promise<T>,
  signal: AbortSignal,
  late: (value: T) => void = () => undefined,
): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      work.then(late, () => undefined);
      reject(new PageFailure('timeout', `The sitemap did not come within ${SILENCE_MS / 1000} seconds.`));
    }, SILENCE_MS);
  });
  try {
    return await untilAborted(Promise.race([work, silence]), signal, late);
  } finally {
    clearTimeout(timer);
  }
}
