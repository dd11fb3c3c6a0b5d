import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createStorage, eventually, startActor } from '../e2e/actor.js';
import { keysIn, WORKSPACE, worldForTests } from './world.js';

const PAGES = 10;

/** The rows of a dataset's folder, but for those that the kill cut. */
async function rowsIn(folder: string): Promise<unknown[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d+\.json$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  return texts.flatMap((text) => {
    try {
      return [JSON.parse(text) as unknown];
    } catch {
      return [];
    }
  });
}

/** The same promises as on the platform, where the storages are folders and a run is started again by hand. */
describe('a run on one computer that was killed', { timeout: 180_000 }, () => {
  const world = worldForTests({ pages: PAGES, isConnected: false });

  async function killedInTheSync(title: string) {
    const storage = await createStorage();
    const { accessToken } = world.sandbox.notion.authorize({ workspace: WORKSPACE });
    const start = (env: Record<string, string> = {}) =>
      startActor({
        storageDir: storage.dir,
        input: { startUrls: [world.site.url], crawlerType: 'cheerio', notionDatabaseTitle: title },
        env: { NOTION_TOKEN: accessToken, NOTION_API_URL: world.sandbox.notion.url, ...env },
      });
    world.sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: 'slow', delayMs: 500 });
    const killed = await start();
    await eventually('some rows are written', async () => (await keysIn(world, title)).length >= 3);
    killed.child.kill('SIGKILL');
    await killed.scanned;
    // What it left may be cut in the middle of a file.
    await killed.finished.catch(() => undefined);
    const left = await rowsIn(`${storage.dir}/datasets/notion-results`);
    world.sandbox.notion.faults.clear();
    return { start, left, remove: () => storage.remove() };
  }

  it('goes on: nothing is written twice, what was done before stays in notion-results', async () => {
    const { start, left, remove } = await killedInTheSync('Resumed');
    const read = world.site.requests.length;
    const { exitCode, output, results, items, log } = await (await start({ CRAWLEE_PURGE_ON_START: '0' })).finished;
    await remove();
    expect(exitCode, log).toBe(0);
    expect(output).toMatchObject({ status: 'SYNCED', notion: { created: PAGES, updated: 0 } });
    expect(items).toHaveLength(PAGES);
    const keys = items.map(({ key }) => String(key)).sort();
    expect(await keysIn(world, 'Resumed')).toEqual(keys);
    expect(results.map(({ key }) => String(key)).sort()).toEqual(keys);
    expect(results.slice(0, left.length)).toEqual(left);
    expect(world.site.requests.slice(read).filter((path) => path !== '/robots.txt')).toEqual([]);
  });

  it('begins anew: the fresh run repairs everything', async () => {
    const { start, remove } = await killedInTheSync('Afresh');
    const { exitCode, output, results, items, log } = await (await start()).finished;
    await remove();
    expect(exitCode, log).toBe(0);
    expect(output.status).toBe('SYNCED');
    expect(items).toHaveLength(PAGES);
    expect(results).toHaveLength(PAGES);
    const { created, unchanged, updated } = output.notion as Record<string, number>;
    expect((created ?? 0) + (unchanged ?? 0) + (updated ?? 0)).toBe(PAGES);
    expect(created).toBeLessThan(PAGES);
    expect(await keysIn(world, 'Afresh')).toEqual(items.map(({ key }) => String(key)).sort());
  });
});
