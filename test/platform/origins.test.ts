import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { eventually } from '../e2e/actor.js';
import { keysIn, startWorld, WORKSPACE, type World } from './world.js';

const PAGES = 4;

describe('who started the run', { timeout: 180_000 }, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ pages: PAGES });
    await world.connect();
  });
  afterAll(() => world.close());

  it.each(['MCP', 'ACTOR'])('%s, never connected: waits for nobody and leaves a complete dataset', async (origin) => {
    const run = await world.run({}, { origin, env: { APIFY_USER_ID: 'user-new' } });
    expect(run.status, run.log).toBe('SUCCEEDED');
    expect(run.output).toMatchObject({ status: 'NOT_CONNECTED', notion: null, crawl: { complete: true } });
    expect(run.output?.message).toContain(`\`datasetId\` "${run.dataset.id}"`);
    expect(run.items).toHaveLength(PAGES);
    expect(run.log).not.toContain('Waiting');
  });

  it('API with authorizationWaitSecs: says where to connect, and waits', async () => {
    const run = await world.start(
      { notionDatabaseTitle: 'Asked', authorizationWaitSecs: 60 },
      { origin: 'API', env: { APIFY_USER_ID: 'user-api' } },
    );
    const waiting = await eventually('the status says that it waits', async () =>
      run.messages.find(({ text }) => text.startsWith('Waiting')),
    );
    expect(waiting.text).toContain(run.liveView);
    expect(waiting.terminal).toBe(false);
    expect(waiting.text).not.toMatch(/magicLink|state=/);
    expect(await consentWithoutBrowser(run.liveView, world.sandbox.scalekit, WORKSPACE)).toBe(200);
    await run.finished();
    expect(run.output?.status, run.log).toBe('SYNCED');
    // Crawlee has messages of its own; none of them got through, and ours is the last.
    const ours = /^(Starting|Collecting|Waiting|Writing|\d+ pages)/;
    expect(run.messages.filter(({ text }) => !ours.test(text))).toEqual([]);
    expect(run.messages.at(-1)).toEqual({ text: run.output?.message, terminal: true });
    // The Output tab leads to the database by a page of the run.
    const page = run.keyValueStore.records.get('NOTION_DATABASE');
    expect(page?.contentType).toContain('text/html');
    expect(page?.body).toContain(`href="${(run.output?.notion as { databaseUrl: string }).databaseUrl}"`);
  });

  it('another Actor’s run, which hands over its dataset', async () => {
    const { storages } = world.platform;
    const foreign = storages.create('datasets', 'user');
    for (const name of ['one', 'two']) {
      const value = { url: `https://shop.example/${name}`, markdown: `# ${name}\n\nBought and liked.` };
      foreign.items.push({ at: Date.now(), value });
    }
    const payload = { resource: { id: 'otherRun', defaultDatasetId: foreign.id } };
    const named = await world.run(
      { startUrls: [], notionDatabaseTitle: 'Handed over', datasetId: foreign.id, payload },
      { origin: 'ACTOR' },
    );
    expect(named.output, named.log).toMatchObject({ status: 'SYNCED', crawl: null, notion: { created: 2 } });
    expect(await keysIn(world, 'Handed over')).toHaveLength(2);

    // Limited permissions open what the field names, not what a payload mentions.
    const mentioned = await world.run({ startUrls: [], payload }, { origin: 'WEBHOOK' });
    expect(mentioned.status).toBe('FAILED');
    expect(mentioned.output?.message).toContain(foreign.id);
    expect(mentioned.output?.message).toMatch(/"Datasets: Read".*`datasetId`/);
  });

  it('private results: the default storages hold counts only', async () => {
    const input = { datasetName: 'quiet', notionDatabaseTitle: 'Quiet', authorizationWaitSecs: 0 };
    const { storages } = world.platform;
    const run = await world.start(input);
    await eventually('the crawl has begun', async () => storages.byName('datasets', 'quiet'));
    await run.finished();
    expect(run.output, run.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    expect(storages.byName('datasets', 'quiet')?.items).toHaveLength(PAGES);
    expect(storages.byName('datasets', 'quiet-notion-results')?.items).toHaveLength(PAGES);
    expect(run.items).toEqual([]);
    expect(run.resultRows).toEqual([]);
    expect(run.requestQueue.requests).toEqual([]);
    const counts = ['COVERAGE', 'NOTION_DATABASE', 'OUTPUT', 'RUN_STARTED'];
    expect([...run.keyValueStore.records.keys()].sort()).toEqual([...counts, 'INPUT'].sort());
    for (const key of counts) {
      expect(run.keyValueStore.records.get(key)?.body).not.toMatch(new RegExp(`${world.site.url}p|mirror`));
    }
    expect(run.record('COVERAGE')).toEqual({ failed: 0, skipped: 0, gone: 0 });
    expect(run.log).not.toContain('/p1');
    // What only the work needed is gone again.
    expect(storages.all.filter(({ name }) => name?.startsWith('website-to-notion-run-'))).toEqual([]);

    const again = await world.run(input);
    expect(again.output, again.log).toMatchObject({ status: 'SYNCED', notion: { created: 0, unchanged: PAGES } });
    expect(storages.byName('datasets', 'quiet')?.items).toHaveLength(2 * PAGES);
  });

  it('private results survive a crash', async () => {
    world.site.hold(2);
    const run = await world.start({ datasetName: 'crashed', notionDatabaseTitle: 'Crashed' });
    const dataset = () => world.platform.storages.byName('datasets', 'crashed');
    await eventually('two pages are stored', async () => dataset()?.items.length === 2 && world.site.waiting() > 0);
    await run.crash();
    world.site.release();
    await (await run.start()).finished();
    expect(run.output, run.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    expect(dataset()?.items).toHaveLength(PAGES);
    expect(await keysIn(world, 'Crashed')).toHaveLength(PAGES);
  });
});
