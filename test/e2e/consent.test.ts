import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { launch } from '../live-view/chromium.js';
import { createStorage, eventually, startActor, type StartedRun } from './actor.js';
import { allow, continueToNotion, openConfirmation, picture } from './consent-person.js';
import { readWorkspace, writes } from './workspace.js';

const CONSOLE = 'https://console.apify.com';

/** One user's story over several runs of the built Actor, as a person in a real browser lives it. */
describe('consent in a browser, whole runs', () => {
  let sandbox: Sandbox;
  let site: SampleSite;
  let browser: Browser;
  let context: BrowserContext;
  let storage: Awaited<ReturnType<typeof createStorage>>;

  beforeAll(async () => {
    [sandbox, site, browser, storage] = await Promise.all([
      startSandbox({ workspaces: ['Research', 'Side project'] }),
      startSampleSite(),
      launch(),
      createStorage(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([sandbox.close(), site.close(), storage.remove()]);
  });
  afterEach(() => context.close());

  async function start(input: Record<string, unknown> = {}): Promise<StartedRun> {
    const run = await startActor({
      storageDir: storage.dir,
      input: { startUrls: [`${site.url}articles/`], crawlerType: 'cheerio', maxCrawlPages: 2, ...input },
      env: { ...sandbox.env, APIFY_USER_ID: 'user-c', ACTOR_RUN_ID: 'run-c' },
    });
    await eventually('the live view answers', async () => (await fetch(run.liveView, { method: 'HEAD' })).ok);
    return run;
  }

  async function visit(run: StartedRun, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(run.liveView);
    return page;
  }

  it('first connect on a phone: cancelled, then by a link that expired, then done', async () => {
    const run = await start();
    const status = await visit(run, { viewport: { width: 360, height: 740 }, isMobile: true });
    await status.getByText('Waiting for you to connect Notion. 2 pages are ready.').waitFor();
    await picture(status, 'phone-waiting');
    const tab = await openConfirmation(context, status);
    expect(await tab.locator('dl').innerText()).toContain(new URL(site.url).host);
    await picture(tab, 'phone-confirm');
    await continueToNotion(tab);
    await tab.getByRole('button', { name: 'Cancel' }).click();
    await tab.getByRole('heading', { name: 'You stopped at Notion' }).waitFor();
    await status.getByText('You stopped at Notion, and nothing was changed.').waitFor();

    await tab.getByRole('link', { name: 'Connect again' }).click();
    await continueToNotion(tab);
    await status.getByText(/The link in the other tab is good for 4:\d\d more\./).waitFor();
    // Five minutes are over while the person looks for their password.
    sandbox.scalekit.passTime(301);
    await tab.getByRole('button', { name: 'Allow access' }).click();
    await tab.getByRole('heading', { name: 'This link has expired' }).waitFor();
    await tab.close();
    const fresh = await openConfirmation(context, status);
    await continueToNotion(fresh);
    await allow(fresh, 'Research');
    await fresh.getByRole('heading', { name: 'Authorized — returning to task' }).waitFor();
    await status.getByRole('link', { name: 'Open in Notion' }).waitFor();
    expect(await status.locator('main').innerText()).toContain('Connected to Research');
    expect(await status.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await picture(status, 'phone-done');
    const { output, exitCode, log } = await run.finished;
    expect(exitCode, log).toBe(0);
    expect(output).toMatchObject({ status: 'SYNCED', notion: { created: 2 } });
  });

  it('reconnect after EXPIRED, from the status page framed by the Console', async () => {
    sandbox.scalekit.setStatus('notion', 'user-c', 'EXPIRED');
    const run = await start();
    context = await browser.newContext();
    const outer = await context.newPage();
    await outer.route(`${CONSOLE}/`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe src="${run.liveView}" width="860" height="640"></iframe>`,
      }),
    );
    await outer.goto(`${CONSOLE}/`);
    const frame = outer.frameLocator('iframe');
    await frame.getByText('Notion has to be connected again. 2 pages are ready.').waitFor();
    await frame.getByText('The connection to Notion has expired').waitFor();
    await picture(outer, 'framed-reconnect');
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      frame.getByRole('link', { name: 'Reconnect Notion' }).click(),
    ]);
    await continueToNotion(tab);
    await allow(tab, 'Research');
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
    await frame.getByText('is up to date with 2 pages').waitFor();
    const { output, log } = await run.finished;
    expect(output, log).toMatchObject({ status: 'SYNCED', notion: { unchanged: 2, created: 0 } });
  });

  it('reconnect after DISCONNECTED, in the workspace of before', async () => {
    sandbox.scalekit.setStatus('notion', 'user-c', 'DISCONNECTED');
    const run = await start();
    const status = await visit(run);
    await status.getByText('The connection to Notion was ended').waitFor();
    await status.getByText('Notion has to be connected again. 2 pages are ready.').waitFor();
    const tab = await openConfirmation(context, status);
    await tab.getByRole('heading', { name: 'Connect Notion again for this run?' }).waitFor();
    await continueToNotion(tab);
    await allow(tab, 'Research');
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
    await status.getByText('is up to date with 2 pages').waitFor();
    const { output, exitCode, log } = await run.finished;
    expect(exitCode, log).toBe(0);
    expect(output, log).toMatchObject({
      status: 'SYNCED',
      connections: [{ state: 'ACTIVE', workspace: 'Research' }],
      notion: { unchanged: 2, created: 0 },
    });
  });

  it('another workspace after DISCONNECTED, scripts off: nothing is written, both are named', async () => {
    sandbox.scalekit.setStatus('notion', 'user-c', 'DISCONNECTED');
    const before = sandbox.notion.requests.length;
    const run = await start();
    const status = await visit(run, { javaScriptEnabled: false });
    await status.getByText('The connection to Notion was ended').waitFor();
    const tab = await openConfirmation(context, status);
    await continueToNotion(tab);
    await allow(tab, 'Side project');
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
    const { output, exitCode, items, log } = await run.finished;
    expect(exitCode, log).toBe(1);
    expect(output.status).toBe('FAILED');
    expect(output.message).toMatch(/"Side project".*"Research".*`reconnectNotion`/s);
    expect(items).toHaveLength(2);
    expect(writes(sandbox.notion, before)).toEqual([]);
    // Without scripts the page loads itself again until it shows the end.
    await status.getByText('This run failed.').waitFor();
    await picture(status, 'other-workspace-no-scripts');
  });

  it('reconnectNotion: offers a new consent for a connection that works, and writes there', async () => {
    const run = await start({ reconnectNotion: true });
    const status = await visit(run);
    await status.getByText('Waiting for you to choose a workspace. 2 pages are ready.').waitFor();
    const tab = await openConfirmation(context, status);
    await continueToNotion(tab);
    await allow(tab, 'Side project');
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
    const { output, log } = await run.finished;
    expect(output, log).toMatchObject({ status: 'SYNCED', notion: { created: 2 } });
    const [database] = await readWorkspace(sandbox.notion, 'Side project');
    expect(database?.rows).toHaveLength(2);
  });
});

describe('"Scalekit users only", in a browser, a whole run', () => {
  it('connects without a callback: the tab ends at Scalekit, the first one follows by itself', async () => {
    const [sandbox, site, browser, storage] = await Promise.all([
      startSandbox({ workspaces: ['Research'], scalekit: { verification: 'scalekit-users' } }),
      startSampleSite(),
      launch(),
      createStorage(),
    ]);
    try {
      const run = await startActor({
        storageDir: storage.dir,
        input: { startUrls: [`${site.url}articles/`], crawlerType: 'cheerio', maxCrawlPages: 2 },
        env: { ...sandbox.env, APIFY_USER_ID: 'user-c' },
      });
      await eventually('the live view answers', async () => (await fetch(run.liveView, { method: 'HEAD' })).ok);
      const context = await browser.newContext();
      const status = await context.newPage();
      await status.goto(run.liveView);
      const tab = await openConfirmation(context, status);
      await continueToNotion(tab);
      await allow(tab, 'Research');
      await tab.getByRole('heading', { name: 'Connected' }).waitFor();
      expect(new URL(tab.url()).origin).toBe(sandbox.scalekit.url);
      await status.getByText('Connected to Research').waitFor();
      await status.getByRole('link', { name: 'Open in Notion' }).waitFor();
      await picture(status, 'scalekit-users-only');
      const { output, exitCode, log } = await run.finished;
      expect(exitCode, log).toBe(0);
      expect(output).toMatchObject({ status: 'SYNCED', notion: { created: 2 } });
      expect(sandbox.scalekit.calls).not.toContain('VerifyConnectedAccountUser');
    } finally {
      await browser.close();
      await Promise.all([sandbox.close(), site.close(), storage.remove()]);
    }
  });
});
