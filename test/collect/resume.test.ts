import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../src/collect/item.js';
import { crawlsForEachTest } from './each-test.js';
import { runFolder, type Collected, type RunFolder } from './run-collect.js';
import { page, type TestSite } from './site.js';

const { start, crawl } = crawlsForEachTest();
const paths = Array.from({ length: 20 }, (_, index) => `/p${index}`);

function startSite(): Promise<TestSite> {
  return start({
    '/': page('Home', [...paths, '/missing', '/early', 'mailto:me@example.com']),
    '/early': page('Early', [], '<link rel="canonical" href="/other">'),
    ...Object.fromEntries(paths.map((path) => [path, page(path, ['/', 'mailto:me@example.com'])])),
  });
}

/** One part of a run: it goes on from the folder, and is cut when it has stored an item that `isLast`, or by `stop`. */
function part(
  folder: RunFolder,
  input: Parameters<typeof crawl>[0],
  isLast: (item: Item) => boolean = () => false,
  stop = new AbortController(),
): Promise<Collected> {
  const onItem = async (item: Item): Promise<void> => {
    folder.items.push(item);
    if (isLast(item)) stop.abort();
  };
  const stored = folder.items.slice();
  const storedItems = (async function* () {
    yield* stored;
  })();
  return crawl(input, { signal: stop.signal, onItem, storedItems }, folder);
}

describe('a crawl that is cut and resumed', () => {
  it('goes on from the queue with true totals and stores no item twice', async () => {
    const site = await startSite();
    const folder = runFolder();
    const input = { startUrls: [site.url('/')], maxConcurrency: 2 };
    const first = await part(folder, input, () => folder.items.length === 6);
    expect(first.report.complete).toBe(false);
    expect(first.report.itemsStored).toBe(first.items.length);
    expect(first.items.length).toBeLessThan(12);

    const second = await part(folder, input);
    const urls = folder.items.map(({ url }) => url);
    expect(new Set(urls).size).toBe(urls.length);
    expect(urls.sort()).toEqual(['/', '/early', ...paths].map((path) => site.url(path)).sort());
    expect(second.report).toMatchObject({
      pagesLoaded: 22,
      itemsStored: 22,
      pagesFailed: 1,
      skipped: { protocol: 1 },
      complete: true,
      httpPages: 22,
    });
    expect(second.report.startedAt).toBe(first.report.startedAt);
    expect(site.paths().filter((path) => path === '/')).toHaveLength(1);
  });

  it('counts the limit over all parts', async () => {
    const site = await startSite();
    const folder = runFolder();
    const input = { startUrls: [site.url('/')], maxCrawlPages: 10, maxConcurrency: 1 };
    await part(folder, input, () => folder.items.length === 4);
    const second = await part(folder, input);
    expect(folder.items).toHaveLength(10);
    expect(second.report).toMatchObject({ pagesLoaded: 10, complete: false });
  });

  it('knows what earlier parts have queued: a page read then is not left out as too deep or not followed', async () => {
    const links = paths.slice(0, 12);
    const withNavigation = (title: string): string =>
      page(title, ['/', ...links]).replace('</main>', `<a rel="nofollow" href="/p3">again</a></main>`);
    const site = await start({
      '/': page('Home', links),
      ...Object.fromEntries(links.map((path) => [path, withNavigation(path)])),
    });
    const folder = runFolder();
    const input = { startUrls: [site.url('/')], maxCrawlDepth: 1, maxConcurrency: 2 };
    await part(folder, input, () => folder.items.length === 6);
    const second = await part(folder, input);
    expect(second.report).toMatchObject({ pagesLoaded: 13, complete: true });
    expect(second.report.skipped).toEqual({});
  });

  it('keeps a copy from its owner’s address over any number of parts, and from no other', async () => {
    const site = await start({
      '/': page('Home', ['/copy', '/alone', '/wait', '/wait2', '/owner']),
      '/copy': page('Copy', [], '<link rel="canonical" href="/owner">'),
      '/alone': page('Alone', [], '<link rel="canonical" href="/never-linked">'),
      '/wait': page('Wait'),
      '/wait2': page('Wait2'),
      '/owner': page('Owner'),
    });
    const folder = runFolder();
    const input = { startUrls: [site.url('/')], maxConcurrency: 1 };
    for (const last of ['/wait', '/wait2']) {
      // While it is being read, so that none after it is.
      const stop = new AbortController();
      site.routes[last] = () => {
        stop.abort();
        return { body: page(last) };
      };
      await part(folder, input, undefined, stop);
    }
    const keys = (): string[] => folder.items.map(({ key }) => new URL(key).pathname).sort();
    expect(keys()).toEqual(['/', '/never-linked', '/wait', '/wait2']);
    const { report } = await part(folder, input);
    expect(report).toMatchObject({ itemsStored: 6, complete: true });
    expect(report.skipped).toEqual({});
    expect(keys()).toEqual(['/', '/copy', '/never-linked', '/owner', '/wait', '/wait2']);
    expect(folder.items.find(({ key }) => key === site.url('/owner'))?.url).toBe(site.url('/owner'));
  });

  it('reads what it was reading when it was stopped before what comes after that', async () => {
    const site = await startSite();
    const folder = runFolder();
    const stop = new AbortController();
    const answers = { ...site.routes };
    const hanging: Socket[] = [];
    for (const path of ['/p1', '/p2']) {
      site.routes[path] = ({ socket }) => {
        if (hanging.push(socket) < 2) return;
        stop.abort();
        for (const each of hanging) each.destroy();
      };
    }
    const input = { startUrls: [site.url('/')], maxCrawlPages: 5, maxConcurrency: 2, requestTimeoutSecs: 60 };
    await crawl(input, { signal: stop.signal }, folder);
    Object.assign(site.routes, answers);
    await part(folder, input);
    expect(folder.items.map(({ url }) => new URL(url).pathname).sort()).toEqual(['/', '/p0', '/p1', '/p2', '/p3']);
  }, 60_000);

  it('stops before it starts when the signal is aborted already', async () => {
    const site = await startSite();
    const { report } = await crawl({ startUrls: [site.url('/')] }, { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ pagesLoaded: 0, complete: false });
    expect(site.requests).toEqual([]);
  });
});
