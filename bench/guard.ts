import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright';
import { AddressGuard } from '../src/collect/address-guard.js';
import { browserArguments, browserEnvironment, requireBrowser } from '../src/collect/browser.js';
import { startGuardedProxy } from '../src/collect/guarded-proxy.js';
import { Trackers } from '../src/collect/trackers.js';

/** The ways to a forbidden address that every page tries. */
const WAYS = ['address', 'name', 'redirect', 'frame', 'websocket', 'worker', 'navigation'] as const;

/** How long a page may take to try them all, ms. */
const TRY_MS = 150;

/** Pages of one browser. */
const BATCH = 25;

/** A way to keep the browser off what the guard refuses. */
interface Keeper {
  name: string;
  proxy: string | null;
  prepare: (context: BrowserContext) => Promise<void>;
}

/**
 * What each way of guarding the browser lets through, and what it costs: nothing, `page.route`, the loopback proxy. Service
 * workers are not blocked here, as they are in a crawl, so that each has to show what it does about them. Arguments: pages
 * (100).
 */
export async function run([pages = '100']: string[]): Promise<void> {
  const forbidden = await listen((url) => ({ type: 'text/html', body: `secret of ${url}` }));
  const port = (forbidden.server.address() as AddressInfo).port;
  const site = await listen((url) => answer(url, port));
  const guard = new AddressGuard({ allowPrivate: true, ownOrigin: `http://127.0.0.1:${port}` });
  const proxy = await startGuardedProxy(guard, new Trackers([]));
  const keepers: Keeper[] = [
    { name: 'nothing', proxy: null, prepare: async () => undefined },
    {
      name: 'page.route',
      proxy: null,
      prepare: async (context) => {
        context.on('page', (page) => {
          void page.route('**', async (route) => {
            if (await guard.allowsUrl(route.request().url())) await route.continue();
            else await route.abort();
          });
        });
      },
    },
    { name: 'proxy', proxy: proxy.url, prepare: async () => undefined },
  ];
  console.log(`${pages} pages, each of which tries ${WAYS.length} ways to a forbidden address`);
  console.log(`kept by      ms a page    ratio  ${WAYS.map((way) => way.padStart(10)).join(' ')}`);
  const results = keepers.map(() => ({ times: [] as number[], reached: new Map<string, number>() }));
  // In turns, so that what else the machine does meets all of them.
  for (let done = 0; done < Number(pages); done += BATCH) {
    for (const [index, keeper] of keepers.entries()) {
      forbidden.asked.clear();
      const result = results[index];
      result?.times.push(...(await visit(keeper, site.origin, Math.min(BATCH, Number(pages) - done))));
      for (const [way, count] of forbidden.asked) result?.reached.set(way, (result.reached.get(way) ?? 0) + count);
    }
  }
  const unguarded = median(results[0]?.times ?? []);
  for (const [index, { times, reached }] of results.entries()) {
    const counts = WAYS.map((way) => String(reached.get(way) ?? 0).padStart(10));
    const ms = median(times);
    console.log(
      [keepers[index]?.name.padEnd(11), ms.toFixed(0).padStart(10), (ms / unguarded).toFixed(2).padStart(8), ' '].join(
        ' ',
      ) + counts.join(' '),
    );
  }
  await proxy.close();
  for (const { server } of [site, forbidden]) {
    server.closeAllConnections();
    server.close();
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Milliseconds that each page takes, without the time that it is given to try. */
async function visit(keeper: Keeper, origin: string, pages: number): Promise<number[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-guard-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: requireBrowser(),
    args: browserArguments({ isAtHome: false, blockMedia: true }),
    env: browserEnvironment(),
    ...(keeper.proxy !== null && { proxy: { server: keeper.proxy } }),
  });
  await keeper.prepare(context);
  const times: number[] = [];
  for (let index = 0; index < pages; index += 1) {
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(`${origin}/page/${index}`);
    times.push(performance.now() - began);
    await page.waitForTimeout(TRY_MS);
    await page.goto(`${origin}/leave`).catch(() => undefined);
    await page.close();
  }
  await context.close();
  rmSync(folder, { recursive: true, force: true });
  return times;
}

interface Listening {
  server: Server;
  origin: string;
  /** First segment of the path → requests. */
  asked: Map<string, number>;
}

async function listen(
  give: (url: string) => { type: string; body: string } | { location: string },
): Promise<Listening> {
  const asked = new Map<string, number>();
  const count = (url: string): void => {
    const name = url.split(/[/?]/)[1] ?? '';
    asked.set(name, (asked.get(name) ?? 0) + 1);
  };
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    count(url);
    const given = give(url);
    if ('location' in given) response.writeHead(302, { location: given.location }).end();
    else response.writeHead(200, { 'content-type': given.type, 'access-control-allow-origin': '*' }).end(given.body);
  });
  server.on('upgrade', (request, socket) => {
    count(request.url ?? '/');
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function answer(url: string, port: number): { type: string; body: string } | { location: string } {
  const secret = `http://127.0.0.1:${port}`;
  if (url === '/redirect') return { location: `${secret}/redirect` };
  if (url === '/frame') return { location: `${secret}/frame` };
  if (url === '/leave') return { location: `${secret}/navigation` };
  if (url.startsWith('/worker.js')) {
    return { type: 'text/javascript', body: `fetch('${secret}/worker', { mode: 'no-cors' }); onfetch = () => {};` };
  }
  if (!url.startsWith('/page/')) return { type: 'text/plain', body: 'nothing' };
  const tries = `
    fetch('${secret}/address', { mode: 'no-cors' }).catch(() => {});
    fetch('http://localhost:${port}/name', { mode: 'no-cors' }).catch(() => {});
    fetch('/redirect', { mode: 'no-cors' }).catch(() => {});
    new WebSocket('ws://127.0.0.1:${port}/websocket');
    navigator.serviceWorker.register('/worker.js?${url.split('/').at(-1)}').catch(() => {});`;
  return { type: 'text/html', body: `<title>Page</title><iframe src="/frame"></iframe><script>${tries}</script>` };
}
