import type { CrawlParts } from './crawl-parts.js';
import type { Crawler } from './crawler-types.js';
import type { Frontier } from './frontier.js';
import { siteOf } from './item-key.js';
import { sitemapUrls, USUAL_SITEMAPS } from './sitemap.js';

/** Addresses of a sitemap that are queued at once. */
const BATCH = 200;

/**
 * Queues what the sitemaps list that robots.txt names, else those in the usual places; it counts as linked from the start
 * URL. Throws when the queue cannot be reached.
 */
export async function queueSitemaps(
  { input, robots, signal, log }: CrawlParts,
  frontier: Frontier,
  crawler: Crawler | null,
): Promise<void> {
  const open = async (url: string): Promise<AsyncIterable<Buffer> | null> => {
    try {
      const file = await crawler?.open(url);
      if (file !== undefined && file.status < 300) return file.body;
      file?.close();
    } catch (error) {
      log.debug('Sitemap not read.', { url, reason: error instanceof Error ? error.message : String(error) });
    }
    return null;
  };
  for (const start of input.startUrls) {
    const { origin } = new URL(start);
    const named = (await robots.sitemaps(start)).filter((url) => siteOf(url) === siteOf(start));
    const usual = USUAL_SITEMAPS.map((path) => `${origin}${path}`);
    const from = frontier.request(start, 0, null, start);
    let batch: string[] = [];
    let count = 0;
    for await (const url of sitemapUrls(named.length > 0 ? named : usual, open)) {
      if (signal.aborted) return;
      count += 1;
      batch.push(url);
      if (batch.length < BATCH) continue;
      await frontier.follow(batch, from, 1, null);
      batch = [];
    }
    await frontier.follow(batch, from, 1, null);
    log.info(`The sitemaps of ${new URL(start).host} name ${count} pages.`);
  }
}
