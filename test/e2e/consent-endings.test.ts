import { stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { freePort } from '../../sandbox/free-port.js';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.js';
import { createStorage, eventually, runActor, startActor, type FinishedRun, type StartedRun } from './actor.js';
import { writes } from './workspace.js';

const SCHEDULED = { APIFY_META_ORIGIN: 'SCHEDULER' };

/** How runs end when consent, Scalekit or the token goes wrong; each user has storages of their own. */
describe('ways in which a connection ends', () => {
  let site: SampleSite;
  const closing: (() => Promise<void>)[] = [];
  let timedOut: ReturnType<typeof nearItsTimeout>;
  let outages: Promise<{ finished: FinishedRun; dir: string }[]>;
  beforeAll(async () => {
    site = await startSampleSite();
    // These only wait, so they do it beside the other tests.
    outages = Promise.all([
      outage((scalekit) => scalekit.close()),
      outage(async ({ faults }) => faults.delay(600_000)),
    ]);
    timedOut = nearItsTimeout();
    for (const waiting of [outages, timedOut]) waiting.catch(() => undefined);
  });
  afterAll(async () => {
    await Promise.all([site.close(), ...closing.map((close) => close())]);
  });

  async function open(options: SandboxOptions = {}) {
    const sandbox = await startSandbox({ workspaces: ['Research'], ...options });
    const storage = await createStorage();
    closing.push(
      () => sandbox.close(),
      () => storage.remove(),
    );
    const runOf = (input: Record<string, unknown>, env: Record<string, string>) => ({
      storageDir: storage.dir,
      input: { startUrls: [`${site.url}articles/`], crawlerType: 'cheerio', maxCrawlPages: 2, ...input },
      env: { ...sandbox.env, APIFY_USER_ID: 'user-e', ACTOR_RUN_ID: 'run-e', ...env },
    });
    return {
      sandbox,
      dir: storage.dir,
      start: (input: Record<string, unknown> = {}, env: Record<string, string> = {}) => startActor(runOf(input, env)),
      run: (input: Record<string, unknown> = {}, env: Record<string, string> = {}) => runActor(runOf(input, env)),
    };
  }

  /** A run that waits for nobody and would still wait when the platform kills it; the sink's share ends the wait. */
  async function nearItsTimeout() {
    const { run } = await open();
    const timeoutAt = Date.now() + 80_000;
    const finished = await run({}, { ACTOR_TIMEOUT_AT: new Date(timeoutAt).toISOString() });
    return { finished, spareMs: timeoutAt - Date.now() };
  }

  /** A scheduled run whose Scalekit is out of order. */
  async function outage(breakDown: (scalekit: Sandbox['scalekit']) => Promise<void>) {
    const { sandbox, run, dir } = await open();
    await breakDown(sandbox.scalekit);
    return { finished: await run({}, SCHEDULED), dir };
  }

  const isUp = (run: StartedRun) =>
    eventually('the live view answers', async () => (await fetch(run.liveView, { method: 'HEAD' })).ok);

  /** A first run that is taken through consent. */
  async function connected(options: SandboxOptions = {}) {
    const world = await open(options);
    const first = await world.start();
    await isUp(first);
    await consentWithoutBrowser(first.liveView, world.sandbox.scalekit);
    const { output, log } = await first.finished;
    expect(output.status, log).toBe('SYNCED');
    return world;
  }

  const statusOf = ({ scalekit }: Sandbox) => scalekit.accounts.get('notion/user-e')?.status;

  it('connects by polling alone where only Scalekit users verify; then loses the connection on a schedule', async () => {
    const { sandbox, start, run } = await open({ scalekit: { verification: 'scalekit-users' } });
    const first = await start();
    await isUp(first);
    const confirmed = await fetch(`${first.liveView}/connect/notion`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(await sandbox.scalekit.approve(confirmed.headers.get('location') ?? '')).not.toContain('/callback/');
    expect((await first.finished).output, first.log()).toMatchObject({ status: 'SYNCED', notion: { created: 2 } });

    sandbox.scalekit.setStatus('notion', 'user-e', 'EXPIRED');
    const before = sandbox.notion.requests.length;
    const lost = await run({}, SCHEDULED);
    expect(lost.exitCode, lost.log).toBe(1);
    expect(lost.output).toMatchObject({ status: 'FAILED', connections: [{ state: 'EXPIRED' }] });
    expect(lost.output.message).toMatch(/was lost.*Console.*Reconnect Notion/);
    expect(lost.items).toHaveLength(2);
    expect(sandbox.notion.requests.length).toBe(before);
  });

  it('a token that is replaced midway is read again; one that is refused midway ends the run with what was written', async () => {
    const { sandbox, run } = await connected();
    sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: 'slow', delayMs: 150 });
    const more = { maxCrawlPages: 12, startUrls: [site.url] };
    const afterOneWrite = async (act: () => void): Promise<void> => {
      const before = sandbox.notion.requests.length;
      await eventually('a page is written', async () => writes(sandbox.notion, before).length > 0);
      act();
    };
    const replaced = run({ ...more, notionDatabaseTitle: 'Replaced' }, SCHEDULED);
    await afterOneWrite(() => sandbox.scalekit.rotateToken('notion', 'user-e'));
    const whole = await replaced;
    expect(whole.output, whole.log).toMatchObject({ status: 'SYNCED', notion: { created: 12, failed: 0 } });

    // Slow enough that the first pages are still on their way when the token goes, and the others are not sent yet.
    sandbox.notion.faults.clear();
    sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: 'slow', delayMs: 1_500 });
    const made = () => sandbox.notion.requests.filter(({ path }) => path === '/v1/pages');
    const earlier = made().length;
    const refused = run({ ...more, notionDatabaseTitle: 'Refused' }, SCHEDULED);
    const token = sandbox.scalekit.accounts.get('notion/user-e')?.accessToken ?? '';
    await eventually('the first pages are on their way', async () => made().length > earlier);
    // Scalekit goes on calling it ACTIVE: only Notion knows.
    sandbox.notion.revoke(token);
    const cut = await refused;
    expect(cut.exitCode, cut.log).toBe(1);
    expect(cut.output.status).toBe('FAILED');
    expect(cut.output.message).toMatch(/lost|refuse/i);
    expect(cut.output.message).toMatch(/reconnect/i);
    const { created } = cut.output.notion as { created: number };
    expect(created).toBeGreaterThan(0);
    expect(created).toBeLessThan(12);
    expect(cut.items).toHaveLength(12);
  });

  it('Scalekit down, or too slow, on a schedule: FAILED within a minute of the crawl, items stored', async () => {
    for (const { finished, dir } of await outages) {
      const { exitCode, output, items, log } = finished;
      expect(exitCode, log).toBe(1);
      expect(output.status).toBe('FAILED');
      expect(output.message).toMatch(/Scalekit cannot be reached.*operator/s);
      expect(items).toHaveLength(2);
      const writtenAt = async (record: string): Promise<number> =>
        (await stat(path.join(dir, `key_value_stores/default/${record}.json`))).mtimeMs;
      expect((await writtenAt('OUTPUT')) - (await writtenAt('COVERAGE'))).toBeLessThan(60_000);
    }
  });

  it('a timeout that is near ends the wait in time, the items are kept', async () => {
    const { finished, spareMs } = await timedOut;
    const { exitCode, output, items, log } = finished;
    expect(spareMs).toBeGreaterThan(0);
    expect(exitCode, log).toBe(0);
    expect(output).toMatchObject({ status: 'NOT_CONNECTED', notion: null });
    expect(items).toHaveLength(2);
  });

  it('SIGINT while it waits: the count-down has named the page, the items are kept, nothing stays behind', async () => {
    const { start } = await open();
    const run = await start();
    await isUp(run);
    const unseen = /Waiting 1:\d\d more for you to connect Notion at http:\/\/127\.0\.0\.1:\d+\. 2 pages are ready\./;
    await eventually('the status message counts down', async () => unseen.test(run.log()));
    await (await fetch(run.liveView)).text();
    // Somebody looks: the wait is longer now.
    expect(await (await fetch(run.liveView)).text()).toMatch(/waits <span[^>]*>4:\d\d</);
    run.child.kill('SIGINT');
    const { exitCode, output, items, log } = await run.finished;
    expect(exitCode, log).toBe(0);
    expect(output.status).toBe('NOT_CONNECTED');
    expect(output.message).toContain('datasetId');
    expect(items).toHaveLength(2);
    await expect(fetch(run.liveView)).rejects.toThrow();
  });

  it('killed in the middle of consent and started again: the same browser finishes it', async () => {
    const { sandbox, start } = await open();
    const port = String(await freePort());
    const before = await start({}, { ACTOR_WEB_SERVER_PORT: port });
    await isUp(before);
    const confirmed = await fetch(`${before.liveView}/connect/notion`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    const cookie = confirmed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const callback = await sandbox.scalekit.approve(confirmed.headers.get('location') ?? '');
    await eventually('the crawl has ended', async () =>
      /Go on at Notion|2 pages · /.test(await (await fetch(before.liveView)).text()),
    );
    before.child.kill('SIGKILL');
    // Its storages and log are looked through for secrets, too.
    await before.finished;

    const after = await start({}, { ACTOR_WEB_SERVER_PORT: port, CRAWLEE_PURGE_ON_START: '0' });
    await isUp(after);
    expect(statusOf(sandbox)).toBe('PENDING_VERIFICATION');
    const stranger = await fetch(callback);
    expect(stranger.status).toBe(403);
    const returned = await fetch(callback, { headers: { cookie } });
    expect(await returned.text()).toContain('Authorized');
    const { output, items, log } = await after.finished;
    expect(output, log).toMatchObject({ status: 'SYNCED', notion: { created: 2 } });
    expect(items).toHaveLength(2);
  });

  it('authorizationWaitSecs lets a run wait that nobody started, no longer', async () => {
    const { run } = await open();
    const { exitCode, output, log } = await run({ authorizationWaitSecs: 1 }, SCHEDULED);
    expect(exitCode, log).toBe(0);
    expect(output).toMatchObject({ status: 'NOT_CONNECTED', notion: null });
  });
});
