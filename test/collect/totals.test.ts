import { cpSync } from 'node:fs';
import { RequestQueueV1 } from 'crawlee';
import { describe, expect, it, vi } from 'vitest';
import { crawlFacts } from '../../src/collect/crawl-facts.js';
import { CrawlTotals, NAMED } from '../../src/collect/crawl-totals.js';
import { PageFailure } from '../../src/collect/page-errors.js';
import type { Item } from '../../src/collect/item.js';
import { crawlsForEachTest } from './each-test.js';
import { MapStore, runFolder, type RunFolder } from './run-collect.js';
import { page, type Route } from './site.js';

const { start, crawl } = crawlsForEachTest();

/** What is stored, as a resumed run finds it. */
async function* stored(items: Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** A folder as it is at this moment: what a run leaves behind that is killed now. */
function killedNow(folder: RunFolder): RunFolder {
  const left = runFolder();
  cpSync(folder.dir, left.dir, { recursive: true });
  for (const [key, value] of folder.state.values) left.state.values.set(key, value);
  left.items.push(...folder.items);
  return left;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `/p${index}`);

describe('the pages of a crawl that its limit cuts', () => {
  it('are the same in each run, however slow each page is', async () => {
    const slow = (title: string, links: string[]): Route => {
      return (_, response) => {
        setTimeout(() => {
          response.writeHead(200, { 'content-type': 'text/html' });
          response.end(page(title, links));
        }, Math.random() * 150);
      };
    };
    const site = await start({
      '/': page('Home', names(12)),
      ...Object.fromEntries(
        names(12).map((name) => [
          name,
          slow(
            name,
            names(6).map((below) => `${name}${below}`),
          ),
        ]),
      ),
      ...Object.fromEntries(
        names(12).flatMap((name) => names(6).map((below) => [`${name}${below}`, slow(`${name}${below}`, [])])),
      ),
    });
    const input = { startUrls: [site.url('/')], maxCrawlPages: 30 };
    const first = await crawl(input);
    const second = await crawl(input);
    expect(second.keys()).toEqual(first.keys());
    // Breadth first, in the order of the links: the home page, its twelve, and the first of what those link to.
    const below = names(12).flatMap((name) => names(6).map((path) => `${name}${path}`));
    expect(first.keys()).toEqual(['/', ...names(12), ...below.slice(0, 17)].map((path) => site.url(path)).sort());
    expect(first.report).toMatchObject({ pagesLoaded: 30, skipped: { limit: 55 }, complete: false });
  });

  it('are those of the sitemap before those that pages link', async () => {
    const site = await start({
      '/': page('Home', ['/linked']),
      '/linked': page('Linked'),
      ...Object.fromEntries(names(4).map((name) => [name, page(name, [`${name}/more`])])),
    });
    site.routes['/sitemap.xml'] = (_, response) => {
      const urls = names(4).map((name) => `<url><loc>${site.url(name)}</loc></url>`);
      setTimeout(() => response.end(`<urlset>${urls.join('')}</urlset>`), 300);
    };
    const run = await crawl({ startUrls: [site.url('/')], useSitemaps: true, maxCrawlPages: 5 });
    expect(run.keys()).toEqual(['/', ...names(4)].map((path) => site.url(path)).sort());
  });
});

describe('the totals of a killed run', () => {
  it('are true when it is gone on with: each page once, no more than the limit', async () => {
    const site = await start({
      '/': page('Home', [...names(30), '/missing', 'mailto:me@example.com']),
      ...Object.fromEntries(names(30).map((name) => [name, page(name, ['/', `/other${name}`])])),
    });
    const input = {
      startUrls: [site.url('/')],
      maxCrawlPages: 20,
      excludeUrlGlobs: ['**/other/**'],
      maxConcurrency: 4,
    };
    const folder = runFolder();
    const left: RunFolder[] = [];
    const stop = new AbortController();
    const onItem = async (item: Item): Promise<void> => {
      folder.items.push(item);
      if (folder.items.length === 6 || folder.items.length === 13) left.push(killedNow(folder));
      if (folder.items.length === 13) stop.abort();
    };
    await crawl(input, { signal: stop.signal, onItem }, folder);
    for (const part of left) {
      const before = part.items.length;
      const { report } = await crawl(input, { storedItems: stored(part.items.slice()) }, part);
      expect(before).toBeLessThan(20);
      expect(report).toMatchObject({ pagesLoaded: 20, itemsStored: 20, httpPages: 20, complete: false });
      expect(report.skipped).toEqual({ protocol: 1, filters: 19, limit: 12 });
      expect(part.items.map(({ key }) => key).sort()).toEqual(['/', ...names(19)].map((path) => site.url(path)).sort());
    }
  });

  it('count a request that was counted but not yet marked in the queue only once', async () => {
    const store = new MapStore();
    const failure = new PageFailure('httpStatus', 'The server answered 500.', { httpStatusCode: 500 });
    const first = await CrawlTotals.open(store, 10_000);
    expect(first.count('a')).toBe(true);
    first.fail('https://example.com/a', failure);
    expect(first.count('a')).toBe(false);
    expect(first.count('b')).toBe(true);
    first.skip('https://example.com/b', 'redirect');
    await first.save();
    first.closed('b');
    const second = await CrawlTotals.open(store, 10_000);
    expect(second.counts).toMatchObject({ pagesFailed: 1, skipped: { redirect: 1 } });
    expect(second.count('a')).toBe(false);
    expect(second.count('c')).toBe(true);
  });

  it('count a page once when its links could not be queued at the first try', async () => {
    const site = await start({ '/': page('Home', ['/a']), '/a': page('A', ['/b']), '/b': page('B') });
    const folder = runFolder();
    const failed: string[] = [];
    const onItem = async (item: Item): Promise<void> => {
      folder.items.push(item);
      if (item.url !== site.url('/a')) return;
      vi.spyOn(RequestQueueV1.prototype, 'addRequests').mockImplementationOnce((sources) => {
        failed.push(JSON.stringify(sources));
        throw new Error('The queue cannot be reached.');
      });
    };
    const { report } = await crawl({ startUrls: [site.url('/')] }, { onItem }, folder);
    vi.restoreAllMocks();
    expect(failed.join()).toContain(site.url('/b'));
    expect(report).toMatchObject({ pagesLoaded: 3, itemsStored: 3, httpPages: 3, pagesFailed: 0, complete: true });
  });

  it('say that pages are missing when a page’s links could not be queued at all', async () => {
    const site = await start({ '/': page('Home', ['/a']), '/a': page('A', ['/b']), '/b': page('B') });
    const folder = runFolder();
    const onItem = async (item: Item): Promise<void> => {
      folder.items.push(item);
      if (item.url !== site.url('/a')) return;
      vi.spyOn(RequestQueueV1.prototype, 'addRequests').mockRejectedValueOnce(new Error('The queue is away.'));
    };
    const { report, warnings } = await crawl({ startUrls: [site.url('/')], maxRequestRetries: 0 }, { onItem }, folder);
    vi.restoreAllMocks();
    expect(report).toMatchObject({ pagesLoaded: 2, pagesFailed: 0, complete: false });
    expect(warnings.join()).toContain(`The links of ${site.url('/a')} could not be queued`);
  });

  it('hold what was said before a request left the queue', async () => {
    const store = new MapStore();
    const totals = await CrawlTotals.open(store, 1);
    totals.count('a');
    totals.counts.pagesLoaded += 1;
    await totals.durable();
    expect((await CrawlTotals.open(store, 1)).counts.pagesLoaded).toBe(1);
  });
});

describe('what is kept by name', () => {
  it('is bounded, all is counted, and a part that goes on counts no link twice', async () => {
    const links = Array.from({ length: NAMED.skipped + 200 }, (_, index) => `/out/${index}`);
    const site = await start({
      '/': page('Home', [...links, '/a', '/b']),
      '/a': page('A', links),
      '/b': page('B', links),
    });
    const input = { startUrls: [site.url('/')], excludeUrlGlobs: ['**/out/**'], maxConcurrency: 1 };
    const folder = runFolder();
    const stop = new AbortController();
    const onItem = async (item: Item): Promise<void> => {
      folder.items.push(item);
      if (folder.items.length === 2) stop.abort();
    };
    await crawl(input, { signal: stop.signal, onItem }, folder);
    const { report } = await crawl(input, { storedItems: stored(folder.items.slice()) }, folder);
    expect(report).toMatchObject({ pagesLoaded: 3, skipped: { filters: links.length }, complete: true });
    expect(report.skippedUrls).toHaveLength(NAMED.skipped);
  });

  it('keeps failures bounded, and rows from being taken for gone when some have no name', async () => {
    const totals = await CrawlTotals.open(new MapStore(), 10_000);
    const failure = new PageFailure('network', 'It failed.');
    for (let index = 0; index < NAMED.failed + 5; index += 1) totals.fail(`https://example.com/${index}`, failure);
    expect(totals.counts.pagesFailed).toBe(NAMED.failed + 5);
    expect(totals.failures.entries).toHaveLength(NAMED.failed);
    const input = { startUrls: ['https://example.com/'], includeUrlGlobs: [], excludeUrlGlobs: [] };
    const facts = (pagesFailed: number, robotsTxt: number): boolean =>
      crawlFacts(
        {
          complete: true,
          startedAt: 0,
          gone: [],
          pagesFailed,
          failures: [{ url: 'https://example.com/x', reason: 'network', message: 'It failed.' }],
          skipped: { robotsTxt },
          skippedUrls: [{ url: 'https://example.com/y', reason: 'robotsTxt' }],
        },
        input,
      ).complete;
    expect(facts(1, 1)).toBe(true);
    expect(facts(2, 1)).toBe(false);
    expect(facts(1, 2)).toBe(false);
  });

  it('is written as what is new and not as the whole list again', async () => {
    const store = new MapStore();
    const written: string[] = [];
    const set = store.set.bind(store);
    store.set = async (key, value) => {
      written.push(key);
      await set(key, value);
    };
    const totals = await CrawlTotals.open(store, 10_000);
    for (let index = 0; index < 5_200; index += 1) totals.seen.push(`hash${index}`);
    await totals.save();
    written.splice(0);
    totals.seen.push('one-more');
    await totals.save();
    expect(written.sort()).toEqual(['COLLECT_COUNTS', 'COLLECT_SEEN_1']);
    const again = await CrawlTotals.open(store, 10_000);
    expect(again.seen.entries).toHaveLength(5_201);
  });
});

describe('items with one key', () => {
  it('keep the first of a page’s records, and the others are counted', async () => {
    const row = (sku: string, price: string): string => `<div class="row"><b>${sku}</b><i>${price}</i></div>`;
    const site = await start({
      '/': `<html><body>${row('A', '1')}${row('A', '2')}${row('B', '3')}<a href="/two">next</a></body></html>`,
      '/two': `<html><body>${row('B', '9')}${row('C', '4')}</body></html>`,
    });
    const run = await crawl({
      startUrls: [site.url('/')],
      recordSelector: '.row',
      recordFields: [
        { name: 'sku', selector: 'b', attribute: null, type: 'text', multiple: false },
        { name: 'price', selector: 'i', attribute: null, type: 'number', multiple: false },
      ],
      recordKeyFields: ['sku'],
      maxConcurrency: 1,
    });
    const prices = run.items.map((item) => ('record' in item ? [item.key, item.record['price']] : null));
    expect(prices).toEqual([
      ['A', 1],
      ['B', 3],
      ['C', 4],
    ]);
    expect(run.report).toMatchObject({ pagesLoaded: 2, itemsStored: 3, skipped: { duplicate: 2 } });
  });
});
