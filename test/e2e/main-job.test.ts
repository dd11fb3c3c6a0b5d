import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { launchBrowser } from '../browser.js';
import { createStorage, eventually, startActor, type FinishedRun } from './actor.js';
import { readWorkspace, writes } from './workspace.js';

/** Consent as a person gives it; returns the text of the page that they end on. */
async function consentAsAPerson(page: Page, liveView: string, workspace: string): Promise<string> {
  await page.goto(liveView);
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /connect notion/i }).click(),
  ]);
  await tab.getByRole('button', { name: /continue to notion/i }).click();
  await tab.getByRole('radio', { name: workspace }).check();
  await tab.getByRole('button', { name: /allow/i }).click();
  await tab.waitForURL(/\/callback\/notion|127\.0\.0\.1:\d+\/$/);
  return (await tab.textContent('body')) ?? '';
}

/** Letters and digits only: formatting and escapes are not words. */
function words(text: string): string[] {
  return text.replaceAll('\\', '').match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

describe('the main job, end to end', () => {
  let sandbox: Sandbox;
  let site: SampleSite;
  let browser: Browser;
  let storage: Awaited<ReturnType<typeof createStorage>>;
  let first: FinishedRun;
  let requestsOfFirst: number;

  const start = () =>
    startActor({
      storageDir: storage.dir,
      input: { startUrls: [{ url: site.url }], maxCrawlPages: 30 },
      env: { ...sandbox.env, APIFY_USER_ID: 'user-a' },
    });

  beforeAll(async () => {
    [sandbox, site, browser, storage] = await Promise.all([
      startSandbox({ workspaces: ['Research', 'Side project'] }),
      startSampleSite(),
      launchBrowser(),
      createStorage(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([sandbox.close(), site.close(), storage.remove()]);
  });

  it('crawls, takes a person through consent in a browser, and writes the pages', async () => {
    mkdirSync('test-results/e2e', { recursive: true });
    const run = await start();
    await eventually('the live view answers', async () => (await fetch(run.liveView)).ok);
    const page = await browser.newPage();
    const lastPage = await consentAsAPerson(page, run.liveView, 'Research');
    expect(lastPage).toContain('Authorized');
    // The first tab follows by itself.
    const link = page.getByRole('link', { name: 'Open in Notion' });
    await link.waitFor({ timeout: 60_000 });
    await page.screenshot({ path: 'test-results/e2e/done.png', fullPage: true });
    const databaseUrl = await link.getAttribute('href');
    first = await run.finished;
    requestsOfFirst = sandbox.notion.requests.length;

    expect(first.exitCode, first.log).toBe(0);
    expect(first.log).toMatch(/Status message\]: Collecting: \d+ of about \d+ pages/);
    expect(first.output).toMatchObject({
      status: 'SYNCED',
      connections: [{ connector: 'notion', mode: 'per-user', state: 'ACTIVE', workspace: 'Research' }],
    });
    expect(databaseUrl).toBe((first.output.notion as { databaseUrl: string }).databaseUrl);
    await page.goto(databaseUrl ?? '');
    await page.screenshot({ path: 'test-results/e2e/workspace.png', fullPage: true });
    expect(await page.textContent('body')).toContain('Calibrating');
    await page.close();
  });

  it('left rows, bodies and columns as the items say', async () => {
    const [database, ...others] = await readWorkspace(sandbox.notion, 'Research');
    expect(others).toEqual([]);
    expect(database?.title).toBe(new URL(site.url).host);
    expect(database?.columnTypes).toMatchObject({
      Name: 'title',
      URL: 'url',
      Description: 'rich_text',
      Author: 'rich_text',
      Language: 'rich_text',
      Published: 'date',
      Changed: 'date',
      Status: 'select',
      Source: 'rich_text',
      'Sync key': 'rich_text',
      'Sync hash': 'rich_text',
    });
    const rows = new Map(database?.rows.map((row) => [row.columns['Sync key'], row]));
    expect([...rows.keys()].sort()).toEqual(first.items.map((item) => item.key).sort());
    for (const item of first.items as { key: string; metadata: { title: string | null }; text: string }[]) {
      const row = rows.get(item.key);
      // A document that says no title, as the PDF does, is called by its address.
      expect(row?.columns.Name).toBe(item.metadata.title ?? item.key);
      expect(row?.columns.URL).toBe(item.key);
      expect(row?.columns.Status).toBe('Active');
      expect(row?.columns['Sync hash']).toBeTruthy();
      // Every word of the item's text is in the body; the title is the row's name.
      const body = words(`${item.metadata.title ?? ''} ${row?.markdown ?? ''}`);
      expect(
        words(item.text).filter((word) => !body.includes(word)),
        item.key,
      ).toEqual([]);
      expect(words(item.text).length).toBeGreaterThan(5);
    }
    const logFormat = [...rows.values()].find((row) => row.columns.URL?.includes('log-format'));
    expect(logFormat?.markdown).toMatch(/^#+ /m);
    expect(logFormat?.markdown).toContain('<table');
    expect(logFormat?.markdown).toContain('```');
    expect(await readWorkspace(sandbox.notion, 'Side project')).toEqual([]);
  });

  it('reports every item and counts its requests', () => {
    expect(first.results).toHaveLength(first.items.length);
    expect(first.results.every(({ action, notionUrl }) => action === 'created' && notionUrl)).toBe(true);
    const { created, requests } = first.output.notion as { created: number; requests: number };
    expect(created).toBe(first.items.length);
    expect(requests).toBe(requestsOfFirst);
  });

  it('writes nothing when nothing has changed', async () => {
    const before = sandbox.notion.requests.length;
    const second = await (await start()).finished;
    expect(second.exitCode, second.log).toBe(0);
    expect(second.output.notion).toMatchObject({ created: 0, updated: 0, unchanged: first.items.length });
    expect(writes(sandbox.notion, before)).toEqual([]);
    expect(second.results.every(({ action }) => action === 'unchanged')).toBe(true);
  });

  it('updates exactly the page that has changed', async () => {
    const path = [...site.pages.keys()].find((name) => name.includes('first-light')) ?? '';
    site.pages.set(
      path,
      (site.pages.get(path) ?? '').replace('</main>', '<p>The mirror was cleaned on Tuesday.</p></main>'),
    );
    const before = sandbox.notion.requests.length;
    const third = await (await start()).finished;
    expect(third.output.notion).toMatchObject({ created: 0, updated: 1, unchanged: first.items.length - 1 });
    const [changed] = third.results.filter(({ action }) => action === 'updated');
    expect(changed?.url).toContain('first-light');
    const touched = new Set(writes(sandbox.notion, before).map((line) => line.split('/')[3]));
    expect(touched).toEqual(new Set([changed?.notionPageId]));
    const [database] = await readWorkspace(sandbox.notion, 'Research');
    const row = database?.rows.find(({ columns }) => columns.URL?.includes('first-light'));
    expect(row?.markdown).toContain('The mirror was cleaned on Tuesday.');
  });
});
