import { describe, expect, it } from 'vitest';
import { createStorage, eventually, runActor } from '../e2e/actor.js';
import { keysIn, keysOf, worldForTests } from './world.js';
import { readFile, readdir } from 'node:fs/promises';

const PAGES = 10;
const PRICES = { 'apify-default-dataset-item': 0.001, 'notion-page': 0.005 };

describe('a run that is paid per event', { timeout: 180_000 }, () => {
  const world = worldForTests({ pages: PAGES });

  const run = (title: string, input: Record<string, unknown> = {}, maxTotalChargeUsd?: number) =>
    world.run(
      { notionDatabaseTitle: title, ...input },
      { prices: PRICES, ...(maxTotalChargeUsd && { maxTotalChargeUsd }) },
    );

  it('pays for pages created and updated, never for unchanged ones', async () => {
    const first = await run('Paid');
    expect(first.output?.status, first.log).toBe('SYNCED');
    expect(first.charged).toEqual({ 'notion-page': PAGES });
    const second = await run('Paid');
    expect(second.output?.notion, second.log).toMatchObject({ unchanged: PAGES });
    expect(second.charged).toEqual({});
    world.site.edition = 'Second edition.';
    const third = await run('Paid', { maxCrawlPages: 4 });
    expect(third.output?.notion, third.log).toMatchObject({ updated: 4 });
    expect(third.charged).toEqual({ 'notion-page': 4 });
  });

  it('pays for no dry run and for no page that failed', async () => {
    const dry = await run('Unpaid', { dryRun: true });
    expect(dry.output?.status, dry.log).toBe('DRY_RUN');
    const { planned } = dry.output?.notion as { planned: { action: string; url: string }[] };
    expect(planned.map(({ action }) => action)).toEqual(Array(PAGES).fill('created'));
    expect(dry.charged).toEqual({});
    world.sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: '413', times: 2 });
    const failing = await run('Unpaid');
    const { created, failed } = failing.output?.notion as { created: number; failed: number };
    expect(failed, failing.log).toBeGreaterThan(0);
    expect(created + failed).toBe(PAGES);
    expect(failing.charged).toEqual({ 'notion-page': created });
  });

  it('the spending limit ends the crawl while every stored item can still be written; resurrected, it goes on', async () => {
    const limited = await run('Limited', {}, 0.03);
    expect(limited.status, limited.log).toBe('SUCCEEDED');
    expect(limited.output?.status).toBe('PARTIAL');
    expect(limited.output?.message).toMatch(/^Stopped at the spending limit of this run.* 5 pages created/);
    expect(limited.items).toHaveLength(5);
    expect(await keysIn(world, 'Limited')).toEqual(keysOf(limited));
    expect(limited.charged).toEqual({ 'notion-page': 5 });
    expect(limited.messages.at(-1)).toEqual({ text: limited.output?.message, terminal: true });

    // Resurrected with a higher limit it goes on: nothing is stored, written or paid for twice.
    limited.options.maxTotalChargeUsd = 1;
    await (await limited.start()).finished();
    expect(limited.output, limited.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES } });
    expect(new Set(keysOf(limited)).size).toBe(PAGES);
    expect(limited.items).toHaveLength(PAGES);
    expect(await keysIn(world, 'Limited')).toEqual(keysOf(limited));
    expect(limited.charged).toEqual({ 'notion-page': PAGES });
  });

  it('the spending limit ends the sync: what was paid for is written, nothing is paid for in vain', async () => {
    const source = await world.run({ notionDatabaseTitle: 'Source' });
    const limited = await run('Three', { startUrls: [], datasetId: source.dataset.id }, 0.016);
    expect(limited.status, limited.log).toBe('SUCCEEDED');
    expect(limited.output?.status).toBe('PARTIAL');
    expect(limited.output?.message).toMatch(/^Stopped at the spending limit of this run.* 3 pages created/);
    expect(await keysIn(world, 'Three')).toHaveLength(3);
    expect(limited.charged).toEqual({ 'notion-page': 3 });
  });

  it('is killed between a write and its charge: pays for each page once', async () => {
    world.sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: 'slow', delayMs: 500 });
    const killed = await world.start({ notionDatabaseTitle: 'Killed' }, { prices: PRICES });
    await eventually('some rows are written', async () => killed.resultRows.length >= 3);
    await killed.crash();
    world.sandbox.notion.faults.clear();
    await (await killed.start()).finished();
    expect(killed.output?.notion, killed.log).toMatchObject({ created: PAGES });
    expect(killed.charged).toEqual({ 'notion-page': PAGES });
  });

  it('a token that may not charge: the pages are written, and the log says so', async () => {
    world.platform.faults.refuse = ({ path }) => path.endsWith('/charge');
    const refused = await run('Refused');
    expect(refused.output?.status, refused.log).toBe('SYNCED');
    expect(refused.log).toMatch(/could not be charged\..*"Actor runs: Write"/);
  });

  it('can be tried out locally, where every event costs a dollar', async () => {
    const storage = await createStorage();
    const { accessToken } = world.sandbox.notion.authorize({ workspace: 'Mine', kind: 'personal' });
    const local = await runActor({
      storageDir: storage.dir,
      input: { startUrls: [world.site.url], crawlerType: 'cheerio', notionDatabaseTitle: 'Local' },
      env: {
        NOTION_TOKEN: accessToken,
        NOTION_API_URL: world.sandbox.notion.url,
        ACTOR_TEST_PAY_PER_EVENT: '1',
        ACTOR_USE_CHARGING_LOG_DATASET: '1',
        ACTOR_MAX_TOTAL_CHARGE_USD: '7',
      },
    });
    const folder = `${storage.dir}/datasets/charging_log`;
    const names = (await readdir(folder)).filter((name) => /^\d/.test(name));
    const rows = await Promise.all(
      names.map(async (name) => JSON.parse(await readFile(`${folder}/${name}`, 'utf8')) as Record<string, unknown>),
    );
    await storage.remove();
    expect(local.exitCode, local.log).toBe(0);
    expect(local.output).toMatchObject({ status: 'PARTIAL', notion: { created: 7 } });
    const pages = rows.filter(({ eventName }) => eventName === 'notion-page');
    expect(pages.reduce((sum, { chargedCount }) => sum + Number(chargedCount), 0)).toBe(7);
  });
});
