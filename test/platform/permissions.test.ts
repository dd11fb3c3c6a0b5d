import { describe, expect, it } from 'vitest';
import type { ApiRequest } from './stub.js';
import { keysIn, keysOf, worldForTests } from './world.js';

const PAGES = 3;
const SECRET_HEADER = 'hunter2-hunter2-hunter2';

describe('a run whose token may not do everything', { timeout: 180_000 }, () => {
  const world = worldForTests({ pages: PAGES });

  const refuse = (what: (request: ApiRequest) => boolean): void => {
    world.platform.faults.refuse = what;
  };
  const run = (title: string, input: Record<string, unknown> = {}) =>
    world.run({ notionDatabaseTitle: title, ...input });
  const expectSynced = async (finished: Awaited<ReturnType<typeof run>>, title: string): Promise<void> => {
    expect(finished.status, finished.log).toBe('SUCCEEDED');
    expect(finished.messages.at(-1)?.text ?? finished.log).toContain(`${PAGES} pages created`);
    expect(await keysIn(world, title)).toEqual(keysOf(finished));
  };

  it('its store of earlier runs: goes on without, and names the permission', async () => {
    refuse(({ method, path }) => method === 'POST' && path === '/key-value-stores');
    const finished = await run('No memory');
    await expectSynced(finished, 'No memory');
    expect(finished.log).toContain('"Key-value stores: Write"');
  });

  it('limited permissions, and a store of that name which the user made: the same', async () => {
    const { storages } = world.platform;
    const own = storages.byName('key-value-stores', 'website-to-notion-stubActorId');
    if (own) own.name = 'aside';
    const foreign = storages.create('key-value-stores', 'user', 'website-to-notion-stubActorId');
    const finished = await run('Foreign memory');
    storages.drop(foreign);
    if (own) own.name = 'website-to-notion-stubActorId';
    await expectSynced(finished, 'Foreign memory');
    expect(finished.log).toContain('"Key-value stores: Write"');
    expect(foreign.records.size).toBe(0);
  });

  it('notion-results: goes on, and names the permission', async () => {
    const results = (path: string): boolean => world.platform.runs.some((one) => path.includes(one.results.id));
    refuse(({ path }) => results(path));
    const finished = await run('No results');
    await expectSynced(finished, 'No results');
    expect(finished.log).toContain('"Datasets: Read"');
    refuse(({ method, path }) => method === 'POST' && results(path));
    const second = await run('No results yet');
    await expectSynced(second, 'No results yet');
    expect(second.log.match(/"Datasets: Write"/g)).toHaveLength(1);
  });

  it('its own run: goes on without a status message', async () => {
    refuse(({ path }) => path.startsWith('/actor-runs/'));
    const finished = await run('No status');
    expect(finished.messages).toEqual([]);
    expect(finished.output?.status, finished.log).toBe('SYNCED');
    await expectSynced(finished, 'No status');
  });

  it('writing to its key-value store: goes on; the outcome is in the status message', async () => {
    refuse(({ method, path }) => method === 'PUT' && /key-value-stores.*records/.test(path));
    const finished = await run('No records');
    expect(finished.output).toBeNull();
    expect(finished.log).toContain('"Key-value stores: Write"');
    await expectSynced(finished, 'No records');
  });

  it.each<[string, string, (request: ApiRequest) => boolean]>([
    ['reading its input', '"Key-value stores: Read"', ({ path }) => path.endsWith('/records/INPUT')],
    ['its key-value store', '"Key-value stores: Read"', ({ path }) => path.startsWith('/key-value-stores')],
    ['its request queue', '"Request queues: Write"', ({ path }) => path.startsWith('/request-queues')],
    [
      'adding to its request queue',
      '"Request queues: Write"',
      ({ method, path }) => method !== 'GET' && path.startsWith('/request-queues'),
    ],
    ['its dataset', '"Datasets: Read"', ({ path }) => path.startsWith('/datasets')],
    [
      'adding to its dataset',
      '"Datasets: Write"',
      ({ method, path }) => method === 'POST' && path.startsWith('/datasets'),
    ],
  ])('%s: fails and names the permission', async (_, permission, what) => {
    refuse(what);
    const finished = await run('Never');
    expect(finished.status, finished.log).toBe('FAILED');
    expect(finished.exitCode).toBe(1);
    expect(finished.messages.at(-1)?.text, finished.log).toContain(permission);
    expect(finished.messages.at(-1)?.terminal).toBe(true);
    expect(finished.log).not.toMatch(/^\s+at /m);
    expect(await keysIn(world, 'Never')).toEqual([]);
  });

  it('the proxy: fails before anything is read, and names the permission', async () => {
    const read = world.site.requests.length;
    const finished = await run('Never', { proxyConfiguration: { useApifyProxy: true } });
    expect(finished.status, finished.log).toBe('FAILED');
    expect(finished.output?.message, finished.log).toContain('the permission "Proxy"');
    expect(finished.items).toEqual([]);
    expect(world.site.requests.slice(read)).toEqual([]);
  });

  it('the request queue, with an existing dataset: needs none', async () => {
    const crawled = await run('Source');
    refuse(({ path }) => path.startsWith('/request-queues'));
    const finished = await run('From a dataset', { startUrls: [], datasetId: crawled.dataset.id });
    expect(finished.output, finished.log).toMatchObject({ status: 'SYNCED', crawl: null, notion: { created: PAGES } });
  });

  it('waits out a platform that answers 429 at any point: nothing is lost, stored or charged twice', async () => {
    // Each kind of request is turned away once, and so is whatever comes first.
    const kinds: [string, (request: ApiRequest) => boolean][] = [
      ['start', () => true],
      [
        'item',
        ({ method, path, body }) => method === 'POST' && /^\/datasets\/\w+\/items/.test(path) && /markdown/.test(body),
      ],
      ['result', ({ method, path, body }) => method === 'POST' && /^\/datasets/.test(path) && /"created"/.test(body)],
      ['queue', ({ method, path }) => method === 'POST' && path.endsWith('/requests/batch')],
      ['queue entry', ({ method, path }) => method === 'PUT' && path.includes('/requests/')],
      ['record', ({ method, path }) => method === 'PUT' && path.includes('/records/')],
      ['charge', ({ path }) => path.endsWith('/charge')],
      ['status', ({ method, path }) => method === 'PUT' && path.startsWith('/actor-runs/')],
    ];
    const waiting = new Map(kinds);
    world.platform.faults.rateLimited = (request) => {
      const [kind] = [...waiting].find(([, fits]) => fits(request)) ?? [];
      return kind !== undefined && waiting.delete(kind);
    };
    const finished = await world.run(
      { notionDatabaseTitle: 'Rate limit' },
      { prices: { 'apify-default-dataset-item': 0.001, 'notion-page': 0.005 } },
    );
    expect([...waiting.keys()]).toEqual([]);
    await expectSynced(finished, 'Rate limit');
    expect(finished.items).toHaveLength(PAGES);
    expect(finished.resultRows.map(({ key }) => key).sort()).toEqual(keysOf(finished));
    expect(finished.charged).toEqual({ 'notion-page': PAGES });
  });

  it('loses no item to a dataset that shows them late', async () => {
    world.platform.faults.lag = { counts: 4000, items: 2500 };
    const finished = await run('Late');
    expect(finished.output, finished.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    await expectSynced(finished, 'Late');
  });

  it('sends no secret to the platform, and its token in the header only', async () => {
    const started = await world.start({
      notionDatabaseTitle: 'Secrets',
      customHttpHeaders: { 'X-Key': SECRET_HEADER },
      debugLog: true,
    });
    await started.finished();
    const { notion, scalekit } = world.sandbox;
    const secrets = [scalekit.clientSecret, SECRET_HEADER, '/magicLink/', ...notion.world.tokens.keys()];
    for (const { method, path, query, body } of world.platform.requests) {
      expect(query.has('token')).toBe(false);
      for (const secret of secrets) expect(body.includes(secret), `${method} ${path} holds a secret`).toBe(false);
    }
    for (const { log } of world.platform.runs) for (const secret of secrets) expect(log).not.toContain(secret);
    // One id per item joins its lines.
    const ids = [...started.log.matchAll(/Item (stored|synced)\..*"item":"(\w{12})"/g)].map(([, what, id]) => [
      what,
      id,
    ]);
    const stored = ids.filter(([what]) => what === 'stored').map(([, id]) => id);
    expect(stored).toHaveLength(PAGES);
    expect(
      ids
        .filter(([what]) => what === 'synced')
        .map(([, id]) => id)
        .sort(),
    ).toEqual(stored.sort());
  });
});
