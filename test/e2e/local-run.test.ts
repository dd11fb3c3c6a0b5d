import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { createStorage, runActor, type FinishedRun } from './actor.js';
import { readWorkspace } from './workspace.js';

describe('a run on a developer’s machine', () => {
  let sandbox: Sandbox;
  let site: SampleSite;
  beforeAll(async () => {
    [sandbox, site] = await Promise.all([startSandbox(), startSampleSite()]);
  });
  afterAll(() => Promise.all([sandbox.close(), site.close()]));

  async function run(env: Record<string, string>, input: Record<string, unknown> = {}): Promise<FinishedRun> {
    const storage = await createStorage();
    const finished = await runActor({
      storageDir: storage.dir,
      input: { startUrls: [`${site.url}articles/`], crawlerType: 'cheerio', ...input },
      env,
    });
    await storage.remove();
    return finished;
  }

  it('with nothing configured: stores the items, ends NOT_CONNECTED and says how to connect', async () => {
    const { exitCode, output, items, log } = await run({});
    expect(exitCode, log).toBe(0);
    expect(output.status).toBe('NOT_CONNECTED');
    expect(output.message).toMatch(/SCALEKIT_.*NOTION_TOKEN/);
    expect(output.message).toContain('`datasetId`');
    expect(items.length).toBeGreaterThan(2);
    expect(output.notion).toBeNull();
  });

  it('with NOTION_TOKEN: writes with it', async () => {
    const { accessToken } = sandbox.notion.authorize({ workspace: 'Mine', kind: 'personal' });
    const { output, items, log } = await run({ NOTION_TOKEN: accessToken, NOTION_API_URL: sandbox.notion.url });
    expect(output.status, log).toBe('SYNCED');
    expect(log).not.toContain(accessToken);
    expect(output.notion).toMatchObject({ created: items.length });
  });

  it('with a token that Notion refuses: keeps the items and says what to check', async () => {
    const { output, items, exitCode } = await run({ NOTION_TOKEN: 'ntn_wrong', NOTION_API_URL: sandbox.notion.url });
    expect(exitCode).toBe(1);
    expect(output.status).toBe('FAILED');
    expect(output.message).toMatch(/^Notion refuses the token in NOTION_TOKEN\./);
    expect(items.length).toBeGreaterThan(2);
  });

  it('with a Notion that does not answer: collects all the same, then fails', async () => {
    const { output, items, exitCode } = await run({ NOTION_TOKEN: 'ntn_any', NOTION_API_URL: 'http://127.0.0.1:9' });
    expect(exitCode).toBe(1);
    expect(output.message).toMatch(/^Notion does not answer/);
    expect(items.length).toBeGreaterThan(2);
  });

  it('dryRun: plans and writes nothing, not even a database', async () => {
    const { accessToken } = sandbox.notion.authorize({ workspace: 'Untouched' });
    const env = { NOTION_TOKEN: accessToken, NOTION_API_URL: sandbox.notion.url };
    const { output, items, exitCode } = await run(env, { dryRun: true });
    expect(exitCode).toBe(0);
    expect(output).toMatchObject({ status: 'DRY_RUN', notion: { created: items.length, databaseId: null } });
    expect(await readWorkspace(sandbox.notion, 'Untouched')).toEqual([]);
  });

  it('datasetId: syncs a dataset without a crawl', async () => {
    const storage = await createStorage();
    const input = { startUrls: [`${site.url}articles/`], crawlerType: 'cheerio' };
    const crawl = await runActor({ storageDir: storage.dir, input });
    const { accessToken } = sandbox.notion.authorize({ workspace: 'Later', kind: 'personal' });
    const requests = site.requests.length;
    const sync = await runActor({
      storageDir: storage.dir,
      input: { datasetId: 'default', notionDatabaseTitle: 'Later' },
      // The items are in the default dataset, which a fresh start would empty.
      env: { NOTION_TOKEN: accessToken, NOTION_API_URL: sandbox.notion.url, CRAWLEE_PURGE_ON_START: '0' },
    });
    await storage.remove();
    expect(sync.output, sync.log).toMatchObject({
      status: 'SYNCED',
      crawl: null,
      notion: { created: crawl.items.length },
    });
    expect(site.requests.length).toBe(requests);
  });

  it('a taken live-view port is a warning, not an end', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    const { exitCode, output, log } = await run({ ACTOR_WEB_SERVER_PORT: String(port) });
    await new Promise((resolve) => blocker.close(resolve));
    expect(exitCode).toBe(0);
    expect(output.status).toBe('NOT_CONNECTED');
    expect(log).toContain(`Port ${port} is in use`);
  });
});
