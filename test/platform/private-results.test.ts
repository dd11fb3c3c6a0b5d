import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../e2e/actor.js';
import { keysIn, worldForTests } from './world.js';

const PAGES = 4;
/** Records that a private run leaves in its default key-value store, besides its input. */
const COUNTS = ['COVERAGE', 'NOTION_DATABASE', 'OUTPUT', 'RUN_STARTED'];

describe('private results', { timeout: 240_000 }, () => {
  const world = worldForTests({ pages: PAGES });
  afterEach(() => {
    for (const left of workings()) world.platform.storages.drop(left);
  });

  const named = (name: string) => world.platform.storages.byName('datasets', name);
  const workings = () => world.platform.storages.all.filter(({ name }) => name?.startsWith('website-to-notion-run-'));
  const pagesRead = (since: number) => world.site.requests.slice(since).filter((path) => path !== '/robots.txt');

  it('leave counts only in the default storages, also of pages that failed or were left out', async () => {
    const input = {
      startUrls: [{ url: world.site.url }, { url: `${world.site.url}p77` }],
      excludeUrlGlobs: [{ glob: '**/p3' }],
      maxRequestRetries: 0,
      datasetName: 'quiet',
      notionDatabaseTitle: 'Quiet',
    };
    const run = await world.run(input);
    expect(run.output, run.log).toMatchObject({
      status: 'SYNCED',
      crawl: { pagesFailed: 1, skipped: { filters: 1 }, failures: [] },
      notion: { created: PAGES - 1 },
    });
    expect(run.record('COVERAGE')).toMatchObject({ failed: 1, skipped: 1 });
    expect(named('quiet')?.items).toHaveLength(PAGES - 1);
    expect(named('quiet-notion-results')?.items).toHaveLength(PAGES - 1);
    expect(run.items).toEqual([]);
    expect(run.resultRows).toEqual([]);
    expect(run.requestQueue.requests).toEqual([]);
    expect([...run.keyValueStore.records.keys()].sort()).toEqual([...COUNTS, 'INPUT'].sort());
    const ids = ['quiet', 'quiet-notion-results'].map((name) => named(name)?.id ?? '');
    for (const key of COUNTS) {
      const body = run.keyValueStore.records.get(key)?.body ?? '';
      expect(body, key).not.toMatch(/:\d+\/p\d|mirror/);
      // Whoever knows the id of a storage may be able to open it.
      for (const id of ids) expect(body, key).not.toContain(id);
    }
    expect(run.log).not.toMatch(/\/p\d/);
    expect(run.messages.map(({ text }) => text).join(' ')).not.toMatch(/\/p\d/);
    // What only the work needed is gone again.
    expect(workings()).toEqual([]);

    const again = await world.run(input);
    expect(again.output, again.log).toMatchObject({ status: 'SYNCED', notion: { created: 0, unchanged: PAGES - 1 } });
    expect(named('quiet')?.items).toHaveLength(2 * (PAGES - 1));
  });

  it('without a connection: the message gives the name of the dataset, not its id', async () => {
    const env = { APIFY_USER_ID: 'user-new' };
    const run = await world.run({ datasetName: 'later' }, { env });
    expect(run.output?.status, run.log).toBe('NOT_CONNECTED');
    expect(run.output?.message).toContain('`datasetId` "later"');
    const read = world.site.requests.length;
    const synced = await world.run({ startUrls: [], datasetId: 'later', notionDatabaseTitle: 'Later' });
    expect(synced.output, synced.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    expect(pagesRead(read)).toEqual([]);
  });

  it('survive a crash; workings that may not be removed are a warning', async () => {
    world.site.hold(2);
    const run = await world.start({ datasetName: 'crashed', notionDatabaseTitle: 'Crashed' });
    await eventually(
      'two pages are stored',
      async () => named('crashed')?.items.length === 2 && world.site.waiting() > 0,
    );
    await run.crash();
    world.site.release();
    world.platform.faults.refuse = ({ method, path }) =>
      method === 'DELETE' && /^\/(key-value-stores|request-queues)\/\w+$/.test(path);
    await (await run.start()).finished();
    expect(run.status, run.log).toBe('SUCCEEDED');
    expect(run.output, run.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    expect(run.log).toMatch(/"website-to-notion-run-\w+" could not be removed; delete them in the Console\./);
    expect(named('crashed')?.items).toHaveLength(PAGES);
    expect(await keysIn(world, 'Crashed')).toHaveLength(PAGES);
  });

  it('of a run that failed can be gone on with; nothing is read, stored or written twice', async () => {
    world.sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: 'block-limit' });
    const run = await world.run({ datasetName: 'failed', notionDatabaseTitle: 'Failed' });
    expect(run.status, run.log).toBe('FAILED');
    expect(run.output?.message).toContain('4 pages are stored in the dataset');
    expect(workings()).toHaveLength(2);
    world.sandbox.notion.faults.clear();
    const read = world.site.requests.length;
    await (await run.start()).finished();
    expect(run.output, run.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    expect(pagesRead(read)).toEqual([]);
    expect(workings()).toEqual([]);

    // After its good end the site is read once more, and that is all.
    await (await run.start()).finished();
    expect(run.output?.status, run.log).toBe('SYNCED');
    expect(named('failed')?.items).toHaveLength(PAGES);
    expect(await keysIn(world, 'Failed')).toHaveLength(PAGES);
    const created = named('failed-notion-results')?.items.filter(({ value }) => value.action === 'created');
    expect(created).toHaveLength(PAGES);
    expect(workings()).toEqual([]);
  });

  it.each([
    ['the dataset', '/datasets', '"Datasets: Write"'],
    ['the checkpoint', '/key-value-stores', '"Key-value stores: Write"'],
    ['the queue', '/request-queues', '"Request queues: Write"'],
  ])('that may not have %s: fails before anything is read, and names the permission', async (_, kind, permission) => {
    world.platform.faults.refuse = ({ method, path, query }) =>
      method === 'POST' && path === kind && query.get('name') !== 'website-to-notion-stubActorId';
    const read = world.site.requests.length;
    const run = await world.run({ datasetName: 'refused', notionDatabaseTitle: 'Never' });
    expect(run.status, run.log).toBe('FAILED');
    expect(run.exitCode).toBe(1);
    expect(run.messages.at(-1)).toEqual({ text: run.output?.message, terminal: true });
    expect(run.output?.message).toContain(permission);
    expect(run.log).not.toMatch(/^\s+at /m);
    expect(pagesRead(read)).toEqual([]);
    expect(workings()).toEqual([]);
  });
});
