import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { createStorage, eventually, startActor } from './actor.js';
import { browsersOf, secretsBelow, secretsIn } from './secret-scan.js';

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
    for (const secret of [accessToken, link, 'wtn-consent=abc', 'x?auth_request_id=abc&state=d', 'client-secret-1']) {
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
    await rm(dir, { recursive: true });
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
