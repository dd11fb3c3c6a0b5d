import type { CrawlParts } from './crawl-parts.js';
import type { Crawler } from './crawler-types.js';
import type { Frontier } from './frontier.js';
import type { Resource } from './read-http.js';
import { siteOf } from './item-key.js';
import { untilAborted } from './until-aborted.js';
import { sitemapUrls, USUAL_SITEMAPS } from './sitemap.js';

/** Addresses of a sitemap that are queued at once. */
const BATCH = 200;

/**
 * Queues what the sitemaps list that robots.txt names, else those in the usual places; it counts as linked from the start
 * URL. Throws when the queue cannot be reached.
 */
export async function queueSitemaps(
  { input, robots, scope, signal, log }: CrawlParts,
  frontier: Frontier,
  crawler: Crawler | null,
): Promise<void> {
  const open = async (url: string): Promise<AsyncIterable<Buffer> | null> => {
    try {
      if (crawler === null || signal.aborted) return null;
      const file = await untilAborted(crawler.open(url), signal, (late) => late.close());
      if (file === null) return null;
      if (file.status < 300) return chunks(file, signal);
      file.close();
    } catch (error) {
      log.debug('Sitemap not read.', { url, reason: error instanceof Error ? error.message : String(error) });
    }
    return null;
  };
  for (const start of input.startUrls) {
    const { origin } = new URL(start);
    const named = ((await untilAborted(robots.sitemaps(start), signal)) ?? []).filter(
      (url) => siteOf(url) === siteOf(start),
    );
    const usual = USUAL_SITEMAPS.map((path) => `${origin}${path}`);
    const from = frontier.request(start, 0, null, start);
    let batch: string[] = [];
    let count = 0;
    let isCut = false;
    for await (const url of sitemapUrls(named.length > 0 ? named : usual, open)) {
      if (signal.aborted) return;
      // The rest of a sitemap beyond the limit is not read: that something was left out is all that has to be known.
      if (!frontier.hasRoom()) {
        if (scope.decide(url) !== 'inside' || !frontier.skipOnce(url, 'limit')) continue;
        isCut = true;
        break;
      }
      count += 1;
      batch.push(url);
      if (batch.length < BATCH) continue;
      await frontier.follow(batch, from, 1, null);
      batch = [];
    }
    await frontier.follow(batch, from, 1, null);
    log.info(`The sitemaps of ${new URL(start).host} name ${isCut ? 'more than ' : ''}${count} pages.`);
  }
}

/** What the file holds, as long as the crawl goes on. */
async function* chunks(file: Resource, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = file.body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      if (next === null || next.done === true) return;
      yield next.value;
    }
  } finally {
    file.close();
  }
}
