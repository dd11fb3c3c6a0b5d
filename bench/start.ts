import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMPORTS_ONLY = "await import('crawlee'); await import('apify');";

/**
 * From the start of the process to the first request that a site sees, of the built Actor (`npm run build`), beside a
 * process that only imports Crawlee and the Apify SDK; alternating, the shortest of some rounds each, since a busy
 * neighbour only ever adds time.
 */
export async function run([rounds = '7']: string[]): Promise<void> {
  const site = await startSite();
  const times: Record<string, number[]> = { 'imports alone': [], 'playwright:adaptive': [], cheerio: [] };
  for (let round = 0; round < Number(rounds); round += 1) {
    times['imports alone']?.push(await timed(() => importsAlone()));
    for (const crawlerType of ['playwright:adaptive', 'cheerio'])
      times[crawlerType]?.push(await timed(() => untilFirstRequest(site, crawlerType)));
  }
  site.server.close();
  const least = (name: string): number => Math.min(...(times[name] ?? []));
  for (const name of Object.keys(times)) {
    const ratio = least(name) / least('imports alone');
    console.log(`${name.padEnd(22)} ${least(name).toFixed(0).padStart(5)} ms   ${ratio.toFixed(2)} x`);
  }
}

interface Site {
  server: ReturnType<typeof createServer>;
  url: string;
  /** Called at the next request. */
  onRequest: () => void;
}

async function startSite(): Promise<Site> {
  const server = createServer((_request, response) => {
    site.onRequest();
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const site: Site = { server, url, onRequest: () => undefined };
  return site;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function importsAlone(): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', IMPORTS_ONLY], { cwd: ROOT, stdio: 'ignore' });
  await once(child, 'exit');
}

async function untilFirstRequest(site: Site, crawlerType: string): Promise<void> {
  const storage = mkdtempSync(path.join(tmpdir(), 'bench-start-'));
  const store = path.join(storage, 'key_value_stores', 'default');
  mkdirSync(store, { recursive: true });
  writeFileSync(path.join(store, 'INPUT.json'), JSON.stringify({ startUrls: [{ url: site.url }], crawlerType }));
  const asked = new Promise<void>((resolve) => (site.onRequest = resolve));
  const env = { PATH: process.env.PATH, HOME: storage, CRAWLEE_STORAGE_DIR: storage, ACTOR_WEB_SERVER_PORT: '0' };
  const child = spawn(process.execPath, [path.join(ROOT, 'dist/main.js')], { cwd: storage, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const died = ended.then(() => {
    throw new Error('The Actor ended before its first request. Was it built (`npm run build`)?');
  });
  died.catch(() => undefined);
  try {
    await Promise.race([asked, died]);
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(storage, { recursive: true, force: true });
  }
}
