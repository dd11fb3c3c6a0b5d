import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AdaptivePlaywrightCrawler,
  CheerioCrawler,
  Configuration,
  Dataset,
  Log,
  LogLevel,
  MemoryStorage,
  PlaywrightCrawler,
} from 'crawlee';
import type * as CollectModule from '../src/collect/collect.js';
import { browserArguments, requireBrowser } from '../src/collect/browser.js';
import { isRecordItem } from '../src/collect/item.js';
import { parseInput } from '../src/input.js';
import { SILENT } from '../src/log.js';

/** One crawl in a process of its own: `crawl-child.ts <crawler> <start URL> <pages>`. Its result is its last line. */
export interface ChildResult {
  seconds: number;
  pages: number;
  cpuSeconds: number;
  /** Of this process; browsers are processes of their own. */
  memoryMb: number;
  /** Path → text that was read. */
  texts: Record<string, string>;
}

/** The Actor as it is shipped: from the sources each worker would translate them once more. */
const built = new URL('../dist/collect/collect.js', import.meta.url);
if (!existsSync(built)) throw new Error('The Actor is not built; run `npm run build` first.');
const { collect } = (await import(built.href)) as typeof CollectModule;

const [crawler = '', start = '', limit = '100'] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-crawl-'));
Configuration.getGlobalConfig().set('purgeOnStart', false);
Configuration.getGlobalConfig().useStorageClient(
  new MemoryStorage({ localDataDirectory: folder, persistStorage: true }),
);
const log = new Log({ level: LogLevel.OFF });
const texts: Record<string, string> = {};
const began = performance.now();

const keep = async (url: string, text: string): Promise<void> => {
  texts[new URL(url).pathname] = text.match(/number\d+mark/)?.[0] ?? text.slice(0, 40);
  await Dataset.pushData({ url, text });
};

/**
 * Without `maxRequestsPerCrawl`, the sites end by themselves: with it Crawlee 3.18 adds links in pieces of what is left of the
 * limit, a second apart, and loses some of them.
 */
const stock = { log };
const launchContext = {
  launchOptions: { executablePath: requireBrowser(), args: browserArguments({ isAtHome: true, blockMedia: false }) },
};
const RUNS: Record<string, () => Promise<unknown>> = {
  actor: () => runActor('playwright:adaptive'),
  'actor-http': () => runActor('cheerio'),
  playwright: () => runPlaywright({}),
  // As many pages at once as the Actor opens: compared by the work alone, without waiting for Crawlee's pool to grow.
  'playwright-6': () => runPlaywright({ minConcurrency: 6 }),
  cheerio: () =>
    new CheerioCrawler({
      ...stock,
      requestHandler: async ({ $, request, enqueueLinks }) => {
        await keep(request.loadedUrl ?? request.url, $('body').text());
        await enqueueLinks();
      },
    }).run([start]),
  adaptive: () =>
    new AdaptivePlaywrightCrawler({
      ...stock,
      launchContext,
      requestHandler: async ({ querySelector, request, enqueueLinks, pushData }) => {
        await querySelector('h1', 10_000);
        const text = (await querySelector('body')).text();
        texts[new URL(request.url).pathname] = text.match(/number\d+mark/)?.[0] ?? '';
        await pushData({ url: request.url, text });
        await enqueueLinks();
      },
    }).run([start]),
};

async function runPlaywright(options: { minConcurrency?: number }): Promise<unknown> {
  return new PlaywrightCrawler({
    ...stock,
    ...options,
    launchContext,
    requestHandler: async ({ page, request, enqueueLinks }) => {
      // The least that gets a client-rendered page: without it the shell is stored.
      await page.waitForSelector('h1', { timeout: 10_000 });
      await keep(request.loadedUrl ?? request.url, await page.innerText('body'));
      await enqueueLinks();
    },
  }).run([start]);
}

async function runActor(crawlerType: string): Promise<void> {
  const { input } = parseInput({ startUrls: [{ url: start }], maxCrawlPages: Number(limit), crawlerType });
  const state = new Map<string, unknown>();
  await collect({
    input,
    proxyConfiguration: undefined,
    onItem: async (item) => {
      if (!isRecordItem(item)) texts[new URL(item.url).pathname] = item.markdown.match(/number\d+mark/)?.[0] ?? '';
      await Dataset.pushData(item);
    },
    onProgress: () => undefined,
    state: { get: async (key) => state.get(key) ?? null, set: async (key, value) => void state.set(key, value) },
    signal: new AbortController().signal,
    allowPrivateAddresses: true,
    isAtHome: false,
    ownOrigin: null,
    log: SILENT,
  });
}

await RUNS[crawler]?.();
const result: ChildResult = {
  seconds: (performance.now() - began) / 1000,
  pages: Object.keys(texts).length,
  cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  memoryMb: process.resourceUsage().maxRSS / 1024,
  texts,
};
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit(0));
