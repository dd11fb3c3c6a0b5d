import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { secretsHandedOut } from '../../sandbox/handed-out.js';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { ConsentStates } from '../../src/connect/consent-state.js';
import { openScalekit } from '../../src/connect/scalekit.js';
import { readConnectSettings } from '../../src/connect/settings.js';
import { createStorage, eventually, startActor } from './actor.js';
import { browsersOf, expectNoSecrets, secretsBelow, secretsIn } from './secret-scan.js';

/** Every whole run of these tests is scanned (actor.ts); here the scan itself is held, and a run that has it all. */
describe('secrets', () => {
  let sandbox: Sandbox;
  let site: SampleSite;
  beforeAll(async () => {
    [sandbox, site] = await Promise.all([startSandbox({ workspaces: ['Research'] }), startSampleSite()]);
  });
  afterAll(() => Promise.all([sandbox.close(), site.close()]));

  it('the scan finds what it looks for, and names it without showing it', async () => {
    const { accessToken } = sandbox.notion.authorize({ workspace: 'Elsewhere' });
    const link = `${sandbox.scalekit.url}/magicLink/6a0c7a52-0a41-4a4c-9a0e-2f1f6c1a0b11`;
    const shapes = [accessToken, link, 'wtn-consent=abc', 'x?auth_request_id=abc&state=d', 'client-secret-1'];
    for (const secret of shapes) {
      const found = secretsIn(`before ${secret} after`, ['client-secret-1']);
      expect(found).toHaveLength(1);
      expect(found.join()).not.toContain(secret);
    }
    expect(secretsIn('Nothing here. Connect at http://127.0.0.1:4321/connect/notion', ['', 'client-secret-1'])).toEqual(
      [],
    );
    const dir = await mkdtemp(path.join(tmpdir(), 'wtn-scan-'));
    await writeFile(path.join(dir, 'OUTPUT.json'), JSON.stringify({ token: accessToken }));
    expect(await secretsBelow(dir, [])).toEqual(['a Notion token in OUTPUT.json']);
    await expect(expectNoSecrets({ log: 'all is well', dir })).rejects.toThrow('a Notion token in OUTPUT.json');
    await rm(dir, { recursive: true });
  });

  it('the scan knows whatever one consent has handed out, by itself and in part', async () => {
    const states = new ConsentStates({
      clientSecret: sandbox.scalekit.clientSecret,
      connector: 'notion',
      userId: 'user-x',
      runId: null,
      ttlMs: 60_000,
      now: Date.now,
    });
    const { state, cookie } = states.issue();
    const settings = readConnectSettings(sandbox.env).scalekit;
    if (settings === null) throw new Error('not configured');
    const gateway = openScalekit(settings);
    const account = { connectionName: 'notion', identifier: 'user-x' };
    await gateway.ensureAccount(account);
    const { link } = await gateway.mintLink(account, { state, userVerifyUrl: 'http://127.0.0.1:9/callback/notion' });
    const returned = new URL(await sandbox.scalekit.approve(link)).searchParams;
    await gateway.verify(returned.get('auth_request_id') ?? '', 'user-x');
    const { accessToken, refreshToken } = sandbox.scalekit.accounts.get('notion/user-x') ?? {};
    const bearer = [...secretsHandedOut()].find(([, what]) => what === 'a bearer of Scalekit')?.[0];

    const parts: [what: string, secret: string | undefined][] = [
      ['a link to consent', new URL(link).pathname.split('/').at(-1)],
      ['a state', state],
      ["a state's signature", state.split('.').at(-1)],
      ['the state cookie', cookie],
      ['an authorization id', returned.get('auth_request_id') ?? undefined],
      ['an access token', accessToken],
      ['a refresh token', refreshToken],
      ['a bearer of Scalekit', bearer],
      ['the client secret', sandbox.scalekit.clientSecret],
    ];
    for (const [what, secret = ''] of parts) {
      expect(secret.length, what).toBeGreaterThan(15);
      expect(secretsIn(`{"reason":"${secret}"}`, []), what).toContain(what);
    }
    const basic = Buffer.from(sandbox.scalekit.clientSecret).toString('base64');
    expect(secretsIn(`authorization: Basic ${basic}`, [])).toEqual(['the client secret']);
    // As long as a cookie, and none of ours.
    expect(secretsIn(createHash('sha256').update('x').digest('base64url'), [])).toEqual([]);
  });

  it('a run with consent, a browser and a debug log leaves none', async () => {
    const storage = await createStorage();
    const run = await startActor({
      storageDir: storage.dir,
      input: {
        startUrls: [`${site.url}articles/`],
        crawlerType: 'playwright:chrome',
        maxCrawlPages: 2,
        debugLog: true,
      },
      env: { ...sandbox.env, APIFY_USER_ID: 'user-s', APIFY_TOKEN: 'apify_api_not_for_browsers' },
    });
    const waits = async () => (await (await fetch(run.liveView)).text()).includes('2 pages are ready.');
    await eventually('the run waits for a person', waits);
    // Before it waits, the crawl's browsers are closed: somebody may take minutes.
    expect(await browsersOf(run.child.pid ?? 0)).toEqual([]);
    await consentWithoutBrowser(run.liveView, sandbox.scalekit);
    const finished = await run.finished;
    expect(finished.output.status, finished.log).toBe('SYNCED');
    expect(finished.browsers).toBeGreaterThan(0);
    expect(finished.log).toContain('DEBUG');
    await storage.remove();
  });
});
