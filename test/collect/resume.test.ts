import { afterEach, describe, expect, it } from 'vitest';
import { removeFolder, runCollect, runFolder, type RunFolder } from './run-collect.js';
import { page, TestSite } from './site.js';

const paths = Array.from({ length: 20 }, (_, index) => `/p${index}`);
let site: TestSite;
let folder: RunFolder;

afterEach(async () => {
  await site.close();
  removeFolder(folder);
});

async function startSite(): Promise<void> {
  folder = runFolder();
  site = await TestSite.start({
    '/': page('Home', [...paths, '/missing', '/early', 'mailto:me@example.com']),
    '/early': page('Early', [], '<link rel="canonical" href="/other">'),
    ...Object.fromEntries(paths.map((path) => [path, page(path, ['/', 'mailto:me@example.com'])])),
  });
}

describe('a crawl that is cut and resumed', () => {
  it('goes on from the queue with true totals and stores no item twice', async () => {
    await startSite();
    const stop = new AbortController();
    const input = { startUrls: [site.url('/')], maxConcurrency: 2 };
    const first = await runCollect(
      input,
      {
        signal: stop.signal,
        onItem: async (item) => {
          folder.items.push(item);
          if (folder.items.length === 6) stop.abort();
        },
      },
      folder,
    );
    expect(first.report.complete).toBe(false);
    expect(first.report.itemsStored).toBe(first.items.length);
    expect(first.items.length).toBeLessThan(12);

    const stored = folder.items.slice();
    const second = await runCollect(
      input,
      {
        storedItems: (async function* () {
          yield* stored;
        })(),
      },
      folder,
    );
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
    expect(site.paths().filter((path) => path === '/')).toHaveLength(1);
  });

  it('counts the limit over all parts', async () => {
    await startSite();
    const stop = new AbortController();
    const onItem = async (item: (typeof folder.items)[number]): Promise<void> => {
      folder.items.push(item);
      if (folder.items.length === 4) stop.abort();
    };
    const input = { startUrls: [site.url('/')], maxCrawlPages: 10, maxConcurrency: 1 };
    await runCollect(input, { signal: stop.signal, onItem }, folder);
    const second = await runCollect(input, {}, folder);
    expect(folder.items).toHaveLength(10);
    expect(second.report).toMatchObject({ pagesLoaded: 10, complete: false });
  });

  it('stops before it starts when the signal is aborted already', async () => {
    await startSite();
    const { report } = await runCollect({ startUrls: [site.url('/')] }, { signal: AbortSignal.abort() }, folder);
    expect(report).toMatchObject({ pagesLoaded: 0, complete: false });
    expect(site.requests).toEqual([]);
  });
});
