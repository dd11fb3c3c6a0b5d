import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, type PageObjectResponse } from '@notionhq/client';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { eventually } from '../e2e/actor.js';
import { expectNoSecrets } from '../e2e/secret-scan.js';
import { startPlatformStub, type PlatformStub, type Run, type RunOptions } from './stub.js';

export const WORKSPACE = 'Research';

/** The platform, both vendors and a site, all on loopback. */
export interface World {
  platform: PlatformStub;
  sandbox: Sandbox;
  site: PageSite;
  /** Starts a run; `input` is completed with the site and the cheapest crawler. */
  start(input?: Record<string, unknown>, options?: Partial<RunOptions>): Promise<Run>;
  /** The same to its end. */
  run(input?: Record<string, unknown>, options?: Partial<RunOptions>): Promise<Run>;
  /** Connects Notion for the platform's user, with a run that reads one page. */
  connect(): Promise<Run>;
  close(): Promise<void>;
}

export async function startWorld(options: { pages: number }): Promise<World> {
  const [sandbox, site] = await Promise.all([
    // Notion's rate is not what is tested here.
    startSandbox({ workspaces: [WORKSPACE], notion: { budget: 100_000 } }),
    startPages(options.pages),
  ]);
  const platform = await startPlatformStub({ env: sandbox.env });
  const start: World['start'] = (input = {}, given = {}) =>
    platform.run({
      origin: 'SCHEDULER',
      input: { startUrls: [{ url: site.url }], crawlerType: 'cheerio', ...input },
      ...given,
    });
  return {
    platform,
    sandbox,
    site,
    start,
    run: async (...given) => (await start(...given)).finished(),
    connect: async () => {
      const run = await start({ maxCrawlPages: 1, notionDatabaseTitle: 'First' }, { origin: 'WEB' });
      await eventually('the live view answers', async () => (await fetch(run.liveView)).ok);
      expect(await consentWithoutBrowser(run.liveView, sandbox.scalekit, WORKSPACE)).toBe(200);
      await run.finished();
      expect(run.output?.status, run.log).toBe('SYNCED');
      return run;
    },
    close: async () => {
      await platform.close();
      await Promise.all([sandbox.close(), site.close()]);
      await expectNoSecrets({ log: everythingLeft(platform) });
    },
  };
}

/**
 * A world for the tests of a `describe`, in which Notion is connected unless `isConnected` is false. What a test held back or
 * broke is whole again after it.
 */
export function worldForTests({ isConnected = true, ...options }: { pages: number; isConnected?: boolean }): World {
  const world = {} as World;
  beforeAll(async () => {
    Object.assign(world, await startWorld(options));
    if (isConnected) await world.connect();
  });
  afterEach(() => {
    const none = (): boolean => false;
    world.site.release();
    world.sandbox.notion.faults.clear();
    Object.assign(world.platform.faults, { refuse: none, rateLimited: none, lag: { counts: 0, items: 0 } });
  });
  afterAll(() => world.close());
  return world;
}

/** What all runs said and stored. */
function everythingLeft({ runs, storages }: PlatformStub): string {
  const said = runs.map(({ log, messages }) => [log, messages]);
  const stored = storages.all.map(({ items, records, requests }) => [items, [...records], requests]);
  return JSON.stringify([said, stored]);
}

/** Keys of the rows of the databases with that title, sorted; a key that is there twice is listed twice. */
export async function keysIn({ sandbox }: World, title: string): Promise<string[]> {
  const { accessToken } = sandbox.notion.authorize({ workspace: WORKSPACE });
  const client = new Client({ auth: accessToken, baseUrl: sandbox.notion.url, notionVersion: '2026-03-11' });
  const { results } = await client.search({ query: title, filter: { property: 'object', value: 'data_source' } });
  const sources = results.filter((source) => 'title' in source && source.title[0]?.plain_text === title);
  const keys: string[] = [];
  for (const { id } of sources) {
    const rows = await client.dataSources.query({ data_source_id: id, page_size: 100 });
    for (const { properties } of rows.results as PageObjectResponse[]) {
      const key = properties['Sync key'];
      keys.push(key?.type === 'rich_text' ? key.rich_text.map((part) => part.plain_text).join('') : '');
    }
  }
  return keys.sort();
}

export const keysOf = (run: Run): string[] => run.items.map(({ key }) => String(key)).sort();

/** A site whose answers can be held back, so that a test can act at a known point of the crawl. */
export interface PageSite {
  url: string;
  /** Paths asked for, in order. */
  requests: string[];
  /** From now on only `pages` more requests are answered; the rest waits for `release`. */
  hold(pages: number): void;
  release(): void;
  /** Breaks off what waits; what comes later waits again. */
  breakOff(): void;
  /** Requests that wait. */
  waiting(): number;
  /** Changes what every page says. */
  edition: string;
  close(): Promise<void>;
}

/** @param count pages in all: the front page links to the others */
async function startPages(count: number): Promise<PageSite> {
  let allowed = Infinity;
  let held: { send: () => void; response: ServerResponse }[] = [];
  const answer = (path: string, response: ServerResponse): void => {
    const number = path === '/' ? 0 : Number(/^\/p(\d+)$/.exec(path)?.[1] ?? NaN);
    if (!(number < count)) {
      response.writeHead(404).end('Nothing here.');
      return;
    }
    const links = Array.from({ length: count - 1 }, (_, at) => `<li><a href="/p${at + 1}">Page ${at + 1}</a></li>`);
    const text = `Page number ${number} tells of the mirror, the dome and the weather station. ${site.edition}`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><html lang="en"><title>Page ${number}</title><body><main><h1>Page ${number}</h1><p>${text}</p>` +
        `<p>${'It was written for readers who like to look at the sky at night. '.repeat(4)}</p></main>` +
        `<nav><ul>${number === 0 ? links.join('') : ''}</ul></nav></body></html>`,
    );
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    site.requests.push(path);
    if (path === '/robots.txt' || allowed-- > 0) answer(path, response);
    else held.push({ send: () => answer(path, response), response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const site: PageSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: [],
    edition: 'First edition.',
    hold: (pages) => (allowed = pages),
    release: () => {
      allowed = Infinity;
      const waiting = held;
      held = [];
      for (const { send } of waiting) send();
    },
    breakOff: () => {
      const waiting = held;
      held = [];
      for (const { response } of waiting) response.destroy();
    },
    waiting: () => held.length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}
