import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../sandbox/free-port.js';
import { BrowserWatch, expectNoSecrets } from './secret-scan.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const SECRETS = ['SCALEKIT_CLIENT_SECRET', 'NOTION_TOKEN', 'APIFY_TOKEN', 'APIFY_PROXY_PASSWORD'];

/** Everything a finished run left behind. */
export interface FinishedRun {
  exitCode: number | null;
  /** What the process printed, both streams. */
  log: string;
  output: Record<string, unknown> & { status: string; message: string };
  items: Record<string, unknown>[];
  results: Record<string, unknown>[];
  /** Browser processes whose environment was looked at for secrets. */
  browsers: number;
}

export interface StartedRun {
  child: ChildProcess;
  liveView: string;
  log(): string;
  /** Resolves when the process has ended; rejects when a secret was left in its storages, log or browsers. */
  scanned: Promise<void>;
  /** What it left, after that; rejects for a run that was killed while it wrote a file. */
  finished: Promise<FinishedRun>;
}

/** A folder that plays the part of one account's storages, kept from run to run. */
export async function createStorage(): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'wtn-storage-'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/**
 * Starts the built Actor as its own process.
 * @param input written to INPUT.json as it is; a string is written raw
 * @param env added to a minimal environment: nothing of the test's own reaches the run
 */
export async function startActor(options: {
  storageDir: string;
  input: unknown;
  env?: Record<string, string>;
}): Promise<StartedRun> {
  const { storageDir, input, env = {} } = options;
  const inputDir = path.join(storageDir, 'key_value_stores', 'default');
  await mkdir(inputDir, { recursive: true });
  await writeFile(path.join(inputDir, 'INPUT.json'), typeof input === 'string' ? input : JSON.stringify(input));
  const port = env.ACTOR_WEB_SERVER_PORT ?? String(await freePort());
  const child = spawn(process.execPath, [path.join(ROOT, 'dist/main.js')], {
    // Not the project's folder: a developer's .env must not leak into a test.
    cwd: storageDir,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...pick(['CRAWLEE_DEFAULT_BROWSER_PATH', 'APIFY_DEFAULT_BROWSER_PATH', 'PLAYWRIGHT_BROWSERS_PATH']),
      CRAWLEE_STORAGE_DIR: storageDir,
      ACTOR_WEB_SERVER_PORT: port,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const secrets = SECRETS.map((name) => env[name] ?? '');
  const browserWatch = new BrowserWatch(child.pid ?? 0, secrets);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  }
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const scanned = closed.then(() => {
    browserWatch.end();
    return expectNoSecrets({ log, dir: storageDir, watch: browserWatch }, secrets);
  });
  const finished = scanned.then(async () => {
    const left = await readRun(storageDir);
    return { exitCode: await closed, log, ...left, browsers: browserWatch.browsers };
  });
  return { child, liveView: `http://127.0.0.1:${port}`, log: () => log, scanned, finished };
}

/** Runs the built Actor to its end. */
export async function runActor(options: Parameters<typeof startActor>[0]): Promise<FinishedRun> {
  return (await startActor(options)).finished;
}

async function readRun(storageDir: string): Promise<Pick<FinishedRun, 'output' | 'items' | 'results'>> {
  const outputFile = path.join(storageDir, 'key_value_stores/default/OUTPUT.json');
  const output = existsSync(outputFile)
    ? (JSON.parse(await readFile(outputFile, 'utf8')) as FinishedRun['output'])
    : { status: 'NONE', message: '' };
  return {
    output,
    items: await readDataset(path.join(storageDir, 'datasets/default')),
    results: await readDataset(path.join(storageDir, 'datasets/notion-results')),
  };
}

async function readDataset(dir: string): Promise<Record<string, unknown>[]> {
  if (!existsSync(dir)) return [];
  const files = (await readdir(dir)).filter((name) => /^\d+\.json$/.test(name)).sort();
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(path.join(dir, name), 'utf8')) as Record<string, unknown>),
  );
}

/** Polls until `probe` gives a value; fails with `what` when the time is up. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false>,
  timeoutMs = 150_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const value = await probe().catch(() => null);
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`did not happen within ${timeoutMs / 1000} s: ${what}`);
}

function pick(names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
