import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { freePort } from '../../sandbox/free-port.js';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { findBrowser } from '../../src/collect/browser.js';
import { connectorTable } from '../../src/connect/connectors.js';
import { sortFailure } from '../../src/connect/scalekit-failure.js';
import { readConnectSettings } from '../../src/connect/settings.js';
import * as words from '../../src/connect/words.js';
import { LiveViewPortTakenError } from '../../src/live-view/server.js';
import { createStorage, eventually } from '../e2e/actor.js';
import { BrowserWatch, expectNoSecrets } from '../e2e/secret-scan.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Apify's own command line is not ours to try. */
const NOT_HERE = ['apify login', 'apify push'];

const text = await readFile(path.join(ROOT, 'docs/operate.md'), 'utf8');
const commands = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
  block.trim().split(/\n\s*/),
);

describe('docs/operate.md, word for word against the sandbox', () => {
  let sandbox: Sandbox;
  let site: SampleSite;
  let storage: Awaited<ReturnType<typeof createStorage>>;
  let env: Record<string, string>;

  beforeAll(async () => {
    [sandbox, site, storage] = await Promise.all([
      startSandbox({ notion: { budget: 10_000 } }),
      startSampleSite(),
      createStorage(),
    ]);
    const inputDir = path.join(storage.dir, 'key_value_stores/default');
    await mkdir(inputDir, { recursive: true });
    const input = { startUrls: [`${site.url}articles/`], crawlerType: 'cheerio', maxCrawlPages: 2 };
    await writeFile(path.join(inputDir, 'INPUT.json'), JSON.stringify(input));
    env = {
      ...sandbox.env,
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      CRAWLEE_DEFAULT_BROWSER_PATH: findBrowser()?.executablePath ?? '',
      CRAWLEE_STORAGE_DIR: storage.dir,
      ACTOR_WEB_SERVER_PORT: String(await freePort()),
    };
  });
  afterAll(() => Promise.all([sandbox.close(), site.close(), storage.remove()]));

  /** Runs a command line of the document; `meanwhile` is what the person does. */
  async function follow(line: string, meanwhile: (said: () => string) => Promise<unknown> = async () => undefined) {
    const [program = '', ...args] = line.split(' ');
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    }
    const watch = new BrowserWatch(child.pid ?? 0, []);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await meanwhile(() => said);
    const exitCode = await ended;
    watch.end();
    await expectNoSecrets({ log: said, dir: storage.dir, watch });
    return { exitCode, said };
  }

  const liveView = () => `http://127.0.0.1:${env.ACTOR_WEB_SERVER_PORT}`;
  const isUp = () => eventually('the page is up', async () => (await fetch(liveView(), { method: 'HEAD' })).ok);

  it('names these commands, in this order', () => {
    expect(commands).toEqual([
      'npm run doctor',
      'npm start',
      'npm run doctor -- --live --page https://www.notion.so/Scratch-0123456789abcdef0123456789abcdef',
      ...NOT_HERE,
      'npm run accounts -- list',
      'npm run connect -- youtube',
      'npm run accounts -- show USER',
      'npm run accounts -- disconnect USER',
    ]);
  });

  it('each of them does what the document says', async () => {
    const [doctor = '', start = '', live = '', , , list = '', connect = '', show = '', disconnect = ''] = commands;
    const checked = await follow(doctor);
    expect(checked.exitCode, checked.said).toBe(0);
    expect(checked.said).toContain('Nothing to put right.');
    expect(checked.said).toMatch(/User verification +○ open/);

    const run = await follow(start, async () => {
      await isUp();
      await consentWithoutBrowser(liveView(), sandbox.scalekit, 'Research');
    });
    expect(run.exitCode, run.said).toBe(0);
    expect(run.said).toContain('2 pages created');

    const { world } = sandbox.notion;
    const token = sandbox.scalekit.accounts.get('notion/local')?.accessToken ?? '';
    const scratch = world.addPageAsPerson({ workspace: 'Research', title: 'Scratch' });
    world.share(scratch.id, world.tokens.get(token) ?? '');
    const probed = await follow(live.replace(/https:\S+/, scratch.url));
    expect(probed.exitCode, probed.said).toBe(0);
    expect(probed.said).toContain('0 not as assumed.');

    const listed = await follow(list);
    expect(listed.exitCode).toBe(0);
    expect(listed.said).toMatch(/^local +notion +connected/m);

    const shared = await follow(connect, async () => {
      await isUp();
      await consentWithoutBrowser(liveView(), sandbox.scalekit, 'Research', 'youtube');
    });
    expect(shared.exitCode, shared.said).toBe(0);
    expect(shared.said).toContain(`choose Connect YouTube: ${liveView()}`);
    expect(shared.said).toContain('every run uses connection "youtube" as "shared-research"');

    const shown = await follow(show.replace('USER', 'local'));
    expect(shown.said).toMatch(/^State +connected$/m);
    const asked = await follow(disconnect.replace('USER', 'local'));
    expect([asked.exitCode, asked.said]).toEqual([2, expect.stringContaining('--yes')]);
    const gone = await follow(`${disconnect.replace('USER', 'local')} --yes`);
    expect(gone.exitCode, gone.said).toBe(0);
    expect([...sandbox.scalekit.accounts.keys()]).toEqual(['youtube/shared-research']);
  }, 180_000);

  it('names only variables that .env.example knows', async () => {
    const known = await readFile(path.join(ROOT, '.env.example'), 'utf8');
    const named = new Set(text.match(/\b[A-Z]+(_[A-Z]+)+\b/g));
    expect(named.size).toBeGreaterThan(8);
    for (const name of named)
      if (name !== 'NOT_CONNECTED' && name !== 'CONNECTOR') expect(known).toContain(name.replace(/^_/, ''));
  });
});

describe('the troubleshooting table', () => {
  const { notion, youtube } = connectorTable({});
  const failure = (grpcStatus: number, operation = 'status') =>
    sortFailure({ grpcStatus }, operation, 'acme.scalekit.com').message;
  const problem = (env: Record<string, string>) => readConnectSettings(env).problem?.message ?? '';
  const half = { SCALEKIT_ENV_URL: 'https://acme.scalekit.com', SCALEKIT_CLIENT_ID: 'a' };
  const MESSAGES = [
    words.unknownConnectionSentence(notion, ['Notion']),
    words.disabledConnectionSentence(notion),
    words.lostSentence(notion),
    words.sharedSentence(youtube),
    words.unreachableSentence('acme.scalekit.com'),
    words.unverifiedSentence(notion),
    words.NO_USER_SENTENCE,
    words.NOT_CONFIGURED_SENTENCE,
    failure(16),
    failure(7),
    failure(9),
    failure(12),
    sortFailure({ isAxiosError: true, response: { status: 401 } }, 'login', 'acme.scalekit.com').message,
    problem(half),
    problem({ ...half, SCALEKIT_CLIENT_SECRET: 'b', SCALEKIT_ENV_URL: 'http://acme.scalekit.com' }),
    readConnectSettings({ NOTION_TOKEN: 'ntn_x', APIFY_IS_AT_HOME: '1' }).warning ?? '',
    new LiveViewPortTakenError(4321, null).message,
    'Notion is now connected to "B", but earlier runs wrote to "A". Nothing was written.',
  ];
  const section = /^## Troubleshooting$[\s\S]*?(?=^## )/m.exec(text)?.[0] ?? '';
  const rows = [...section.matchAll(/^\| `(.+?)` +\|/gm)].map(([, cell = '']) => cell);
  const patterns = rows.map(
    (cell) =>
      new RegExp(
        cell
          .split('…')
          .map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*'),
      ),
  );

  it.each(MESSAGES)('has a row for: %s', (message) => {
    expect(patterns.filter((pattern) => pattern.test(message)).length).toBeGreaterThan(0);
  });

  it('has no row for a message that does not exist', () => {
    expect(rows.length).toBeGreaterThan(14);
    const stale = rows.filter((_, index) => !MESSAGES.some((message) => patterns[index]?.test(message)));
    expect(stale).toEqual([]);
  });
});
