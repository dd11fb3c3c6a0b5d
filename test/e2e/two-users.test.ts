import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { createStorage, eventually, startActor, type FinishedRun } from './actor.js';
import { readWorkspace, writes } from './workspace.js';

interface User {
  id: string;
  workspace: string;
  path: string;
}

const ANNA: User = { id: 'user-anna', workspace: 'Anna’s notes', path: 'handbook/' };
const BEN: User = { id: 'user-ben', workspace: 'Ben’s notes', path: 'articles/' };

describe('two users of one operator', () => {
  let sandbox: Sandbox;
  let site: SampleSite;
  const storages: Awaited<ReturnType<typeof createStorage>>[] = [];

  beforeAll(async () => {
    [sandbox, site] = await Promise.all([
      startSandbox({ workspaces: [ANNA.workspace, BEN.workspace] }),
      startSampleSite(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([sandbox.close(), site.close(), ...storages.map((storage) => storage.remove())]);
  });

  /** A run of `user` with their own storages, with consent given on the live view when `consent` is set. */
  async function runAs(user: User, consent: boolean, env: Record<string, string> = {}): Promise<FinishedRun> {
    const storage = await createStorage();
    storages.push(storage);
    const run = await startActor({
      storageDir: storage.dir,
      input: { startUrls: [site.url + user.path], crawlerType: 'cheerio', notionDatabaseTitle: 'Pages' },
      env: { ...sandbox.env, APIFY_USER_ID: user.id, ...env },
    });
    if (consent) {
      await eventually('the live view answers', async () => (await fetch(run.liveView)).ok);
      expect(await consentWithoutBrowser(run.liveView, sandbox.scalekit, user.workspace)).toBe(200);
    }
    return run.finished;
  }

  const keysIn = async (user: User): Promise<string[]> =>
    (await readWorkspace(sandbox.notion, user.workspace)).flatMap(({ rows }) =>
      rows.map(({ columns }) => columns['Sync key'] ?? ''),
    );

  it('at once: each writes to their own workspace only', async () => {
    const [anna, ben] = await Promise.all([runAs(ANNA, true), runAs(BEN, true)]);
    expect(anna.output.status, anna.log).toBe('SYNCED');
    expect(ben.output.status, ben.log).toBe('SYNCED');
    expect((await keysIn(ANNA)).sort()).toEqual(anna.items.map(({ key }) => key).sort());
    expect((await keysIn(BEN)).sort()).toEqual(ben.items.map(({ key }) => key).sort());
    expect((await keysIn(ANNA)).every((key) => key.includes('/handbook'))).toBe(true);
    expect((await keysIn(BEN)).every((key) => key.includes('/articles'))).toBe(true);
  });

  it('one after the other on a schedule: the token of the run’s own user is used, nobody is asked', async () => {
    const before = sandbox.notion.requests.length;
    const anna = await runAs(ANNA, false, { APIFY_META_ORIGIN: 'SCHEDULER' });
    const ben = await runAs(BEN, false, { APIFY_META_ORIGIN: 'SCHEDULER' });
    expect(anna.output.connections).toMatchObject([{ workspace: ANNA.workspace }]);
    expect(ben.output.connections).toMatchObject([{ workspace: BEN.workspace }]);
    // Other storages: what was remembered is gone, and the database is still found instead of made twice.
    expect(anna.output.notion).toMatchObject({ created: 0, unchanged: anna.items.length });
    expect(writes(sandbox.notion, before)).toEqual([]);
  });

  it('a third user who never connected: nothing is waited for on a schedule, nothing is written', async () => {
    const before = sandbox.notion.requests.length;
    const carol = await runAs({ ...ANNA, id: 'user-carol' }, false, { APIFY_META_ORIGIN: 'SCHEDULER' });
    expect(carol.exitCode, carol.log).toBe(0);
    expect(carol.output).toMatchObject({ status: 'NOT_CONNECTED', notion: null });
    expect(carol.items.length).toBeGreaterThan(0);
    expect(sandbox.notion.requests.length).toBe(before);
  });

  it('leaves no token, secret or link in storages or logs', async () => {
    const secrets = [sandbox.scalekit.clientSecret, ...sandbox.notion.world.tokens.keys()];
    const { readdir, readFile } = await import('node:fs/promises');
    for (const { dir } of storages) {
      const files = await readdir(dir, { recursive: true, withFileTypes: true });
      for (const file of files.filter((entry) => entry.isFile())) {
        const text = await readFile(`${file.parentPath}/${file.name}`, 'utf8');
        for (const secret of secrets) expect(text.includes(secret), `${file.name} holds a secret`).toBe(false);
        expect(text).not.toContain('/magicLink/');
      }
    }
  });
});
