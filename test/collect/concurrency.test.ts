import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { crawlsForEachTest } from './each-test.js';
import { page, type Route } from './site.js';

const { start, crawl } = crawlsForEachTest();

/** Pages that the server answers only when so many of them have been asked for; and how many it had at once at most. */
function together(count: number, atOnce: number): { routes: Record<string, Route>; most: () => number } {
  const names = Array.from({ length: count }, (_, index) => `/p${index}`);
  const open = new Map<string, ServerResponse>();
  let most = 0;
  const wait = (name: string): Route => {
    return (_, response) => {
      open.set(name, response);
      most = Math.max(most, open.size);
      if (open.size < atOnce) return;
      for (const [each, waiting] of open) {
        waiting.writeHead(200, { 'content-type': 'text/html' });
        waiting.end(page(each));
      }
      open.clear();
    };
  };
  const routes = { '/': page('Home', names), ...Object.fromEntries(names.map((name) => [name, wait(name)])) };
  return { routes, most: () => most };
}

describe('pages read at once', () => {
  it.each([
    ['cheerio', 8],
    ['playwright:chrome', 3],
  ] as const)('are so many from the start, however short the crawl: %s, %i', async (crawlerType, atOnce) => {
    const { routes } = together(atOnce, atOnce);
    const site = await start(routes);
    const { report } = await crawl({ startUrls: [site.url('/')], crawlerType, maxRequestRetries: 0 });
    expect(report).toMatchObject({ pagesLoaded: atOnce + 1, pagesFailed: 0 });
  });

  it('are as many as maxConcurrency says at most', async () => {
    const { routes, most } = together(8, 2);
    const site = await start(routes);
    const { report } = await crawl({ startUrls: [site.url('/')], maxConcurrency: 2 });
    expect(report).toMatchObject({ pagesLoaded: 9, pagesFailed: 0 });
    expect(most()).toBe(2);
  });
});
