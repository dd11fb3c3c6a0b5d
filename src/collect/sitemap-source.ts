import type { CrawlParts } from './crawl-parts.js';
import type { Crawler } from './crawler-types.js';
import type { Frontier } from './frontier.js';
import { siteOf } from './item-key.js';
import { MAX_FAILURES, sitemapOpener } from './open-sitemap.js';
import { sitemapUrls, USUAL_SITEMAPS } from './sitemap.js';
import { untilAborted } from './until-aborted.js';

/** Addresses of a sitemap that are queued at once. */
const BATCH = 200;

/**
 * Queues what the sitemaps list that robots.txt names, else those in the usual places; it counts as linked from the start
 * URL. Throws when the queue cannot be reached.
 * @param enough aborted when the page limit is reached: of what is still unread it is only said that there is something
 */
export async function queueSitemaps(
  { input, robots, scope, signal, log }: CrawlParts,
  frontier: Frontier,
  crawler: Crawler,
  enough: AbortSignal,
): Promise<void> {
  const end = AbortSignal.any([signal, enough]);
  const ofOrigin = new Map<string, string>();
  for (const start of input.startUrls) {
    const { origin } = new URL(start);
    if (!ofOrigin.has(origin)) ofOrigin.set(origin, start);
  }
  for (const [origin, start] of ofOrigin) {
    if (signal.aborted) return;
    if (enough.aborted) {
      frontier.skipOnce(`${origin}/sitemap.xml`, 'limit');
      return;
    }
    let failures = 0;
    let isCut = false;
    const leaveOut = (url: string): void => {
      if (isCut || signal.aborted) return;
      isCut = frontier.skipOnce(url, 'limit');
    };
    const open = sitemapOpener(crawler, end, {
      onCut: leaveOut,
      onFailed: (url, failure) => {
        failures += 1;
        log.debug('Sitemap not read.', { url, reason: failure.message });
        // Pages that only it lists look as if they were gone.
        frontier.failOnce(url, failure);
      },
    });
    const named = ((await untilAborted(robots.sitemaps(start), end)) ?? []).filter(
      (url) => siteOf(url) === siteOf(start),
    );
    const usual = USUAL_SITEMAPS.map((path) => `${origin}${path}`);
    const from = frontier.request(start, 0, null, start);
    let batch: string[] = [];
    let count = 0;
    for await (const url of sitemapUrls(named.length > 0 ? named : usual, open)) {
      // The rest of a sitemap beyond the limit is not read: that something was left out is all that has to be known.
      if (end.aborted || !frontier.hasRoom()) {
        if (scope.decide(url) === 'inside') leaveOut(url);
        if (isCut || signal.aborted) break;
        continue;
      }
      count += 1;
      batch.push(url);
      if (batch.length < BATCH) continue;
      await frontier.follow(batch, from, 1, null);
      batch = [];
    }
    if (signal.aborted) return;
    await frontier.follow(batch, from, 1, null);
    const { host } = new URL(start);
    log.info(`The sitemaps of ${host} name ${isCut ? 'more than ' : ''}${count} pages.`);
    if (failures > 0) {
      log.warning(
        `${failures === 1 ? 'A sitemap' : `${failures} sitemaps`} of ${host} could not be read` +
          `${failures >= MAX_FAILURES ? ', and the others were left out' : ''}: pages that only they name are missing. ` +
          'Start the run again when the site answers.',
      );
    }
  }
}
