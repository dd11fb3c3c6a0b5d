import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { readDefinition } from '../../cli/definition/read.js';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { startSampleSite } from '../../sandbox/sample-site/server.js';
import { requireBrowser } from '../../src/collect/browser.js';
import { eventually } from '../e2e/actor.js';
import { keysIn, WORKSPACE, worldForTests } from './world.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = 4;

describe('who started the run', { timeout: 300_000 }, () => {
  const world = worldForTests({ pages: PAGES });

  it('nobody, and Notion was never connected: waits for no one and leaves a complete dataset', async () => {
    const start = (origin: string) => world.run({}, { origin, env: { APIFY_USER_ID: `user-${origin}` } });
    // Two at a time, for two cores.
    const runs = [
      ...(await Promise.all(['SCHEDULER', 'API'].map(start))),
      ...(await Promise.all(['WEBHOOK', 'ACTOR'].map(start))),
      await start('MCP'),
    ];
    for (const run of runs) {
      expect(run.status, run.log).toBe('SUCCEEDED');
      expect(run.exitCode).toBe(0);
      expect(run.output).toMatchObject({ status: 'NOT_CONNECTED', notion: null, crawl: { complete: true } });
      expect(run.output?.message).toContain(`\`datasetId\` "${run.dataset.id}"`);
      expect(run.items).toHaveLength(PAGES);
      expect(run.log).not.toContain('Waiting');
    }
  });

  it('on a schedule: reconnectNotion offers nobody a new connection', async () => {
    const run = await world.run({ maxCrawlPages: 1, notionDatabaseTitle: 'First', reconnectNotion: true });
    expect(run.output?.status, run.log).toBe('SYNCED');
    expect(run.log).toContain('The input asks to reconnect, but this run waits for nobody');
    expect(run.log).not.toContain('Nobody connected anew');
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

  it('the Store’s daily check: the prefilled form gives items, without anybody there, well before its five minutes', async () => {
    const site = await startSampleSite();
    const fields = Object.entries(readDefinition(ROOT).input.properties);
    // The platform fills in defaults, the form its prefills; only the website is another.
    const form = Object.fromEntries(
      fields.flatMap(([name, { prefill, default: value }]) => {
        const given = prefill ?? value;
        return given === undefined ? [] : [[name, given]];
      }),
    );
    const input = { ...form, startUrls: [{ url: site.url }] };
    const env = { APIFY_USER_ID: 'user-store', CRAWLEE_DEFAULT_BROWSER_PATH: requireBrowser() };
    const run = await world.run(input, { origin: 'TEST', timeoutSecs: 300, env });
    await site.close();
    expect(run.status, run.log).toBe('SUCCEEDED');
    expect(run.output?.status).toBe('NOT_CONNECTED');
    expect(run.items.length).toBeGreaterThan(0);
    // Ten pages at most: with a browser too they take seconds, not minutes.
    expect(run.items.length).toBeLessThanOrEqual(10);
    expect(run.output?.crawl).toMatchObject({ itemsStored: run.items.length });
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
});
