import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { freePort } from '../../sandbox/free-port.js';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { findBrowser } from '../../src/collect/browser.js';
import { createStorage, eventually } from '../e2e/actor.js';
import { BrowserWatch, expectNoSecrets } from '../e2e/secret-scan.js';
import { sentencesOf } from './sentences.js';

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
  async function follow(
    line: string,
    meanwhile: (said: () => string) => Promise<unknown> = async () => undefined,
    user: Record<string, string> = {},
  ) {
    const [program = '', ...args] = line.split(' ');
    const child = spawn(program, args, { cwd: ROOT, env: { ...env, ...user }, stdio: ['ignore', 'pipe', 'pipe'] });
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

    // "Open the address that the status line prints": it is the only one that a person has.
    const connectAs = (workspace: string) => async (said: () => string) => {
      const address = /connect Notion at (http:\/\/\S+?)\.? /;
      const page = await eventually('the address is printed', async () => address.exec(said())?.[1]);
      await consentWithoutBrowser(page, sandbox.scalekit, workspace);
    };
    const run = await follow(start, connectAs('Research'));
    expect(run.exitCode, run.said).toBe(0);
    expect(run.said).toContain('2 pages created');

    const { world } = sandbox.notion;
    const token = sandbox.scalekit.accounts.get('notion/local')?.accessToken ?? '';
    const scratch = world.addPageAsPerson({ workspace: 'Research', title: 'Scratch' });
    world.share(scratch.id, world.tokens.get(token) ?? '');
    const probed = await follow(live.replace(/https:\S+/, scratch.url));
    expect(probed.exitCode, probed.said).toBe(0);
    expect(probed.said).toContain('0 not as assumed.');

    // Step 7, as far as one computer can: another user, another workspace, then once more.
    const second = { APIFY_USER_ID: 'second-user' };
    const first = await follow(start, connectAs('Side project'), second);
    expect(first.exitCode, first.said).toBe(0);
    expect(first.said).toMatch(/2 pages created in .*Side project/);
    const again = await follow(start, undefined, second);
    expect(again.said).not.toContain('connect Notion at');
    expect(again.said).toContain('Nothing to do');

    const listed = await follow(list);
    expect(listed.exitCode).toBe(0);
    expect(listed.said).toMatch(/^local +notion +connected/m);
    expect(listed.said).toMatch(/^second-user +notion +connected/m);
    expect(listed.said).toContain('2 accounts, 2 connected.');

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
    expect([...sandbox.scalekit.accounts.keys()]).toEqual(['notion/second-user', 'youtube/shared-research']);
  }, 300_000);

  it('names only variables that .env.example knows', async () => {
    const known = await readFile(path.join(ROOT, '.env.example'), 'utf8');
    const named = new Set(text.match(/\b[A-Z]+(_[A-Z]+)+\b/g));
    expect(named.size).toBeGreaterThan(8);
    for (const name of named)
      if (name !== 'NOT_CONNECTED' && name !== 'CONNECTOR') expect(known).toContain(name.replace(/^_/, ''));
  });
});

it('the file of the Actor holds no variables, as step 6 says', async () => {
  const definition = JSON.parse(await readFile(path.join(ROOT, '.actor/actor.json'), 'utf8')) as object;
  expect(Object.keys(definition)).toContain('version');
  expect(Object.keys(definition)).not.toContain('environmentVariables');
});

describe('the troubleshooting table', () => {
  /** Where the messages about connecting and its settings are. */
  const FILES = [
    ...readdirSync(path.join(ROOT, 'src/connect')).map((name) => `src/connect/${name}`),
    ...['waiting', 'check-sink', 'sync', 'open-run', 'live-view/server', 'live-view/address'].map(
      (name) => `src/${name}.ts`,
    ),
  ];
  /** Not for the operator: for the person on the page, who reads the next step with it, or for the log's debug lines. */
  const NOT_FOR_OPERATORS = new Set([
    'Connecting did not work. Try again in a minute.',
    'The … connection could not be read; it is asked again.',
    'Scalekit does not know this account.',
    'The account was changed at the same moment. Try again.',
    'The authorization belongs to another account.',
    'The store of earlier runs cannot be opened.',
    'Pages could not be charged. …',
    '… is too long to be stored whole; the end of its … is left out.',
  ]);
  const all = [...new Set(FILES.flatMap((file) => sentencesOf(path.join(ROOT, file))))];
  const messages = all.filter((message) => !NOT_FOR_OPERATORS.has(message));
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

  it('is held against what the code says', () => {
    expect(messages.length).toBeGreaterThan(25);
    // Nothing is excused that is not said any more.
    expect([...NOT_FOR_OPERATORS].filter((message) => !all.includes(message))).toEqual([]);
    expect(sentencesOf(fileURLToPath(import.meta.url))).toContain('Scalekit does not know this account.');
  });

  it.each(messages)('has a row for: %s', (message) => {
    expect(patterns.filter((pattern) => pattern.test(message)).length).toBeGreaterThan(0);
  });

  it('has no row for a message that does not exist', () => {
    expect(rows.length).toBeGreaterThan(25);
    const stale = rows.filter((_, index) => !messages.some((message) => patterns[index]?.test(message)));
    expect(stale).toEqual([]);
  });
});
