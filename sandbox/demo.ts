import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from '../cli/ensure-browser.js';
import { consentWithoutBrowser } from './consent.js';
import { readDemoOptions, USAGE, type DemoOptions } from './demo-options.js';
import { freePort } from './free-port.js';
import { Narrator } from './narrator.js';
import { startSampleSite } from './sample-site/server.js';
import { startSandbox, type Sandbox } from './sandbox.js';

/**
 * `npm run demo`: the whole journey on this computer. Starts the sandbox and the sample site, runs the Actor against
 * them, and keeps the resulting workspace open to look at.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIVE_VIEW_PORT = 4321;
const SANDBOX_PORT = 4400;

async function demo(options: DemoOptions): Promise<number> {
  const narrator = new Narrator(process.stdout);
  process.env.CRAWLEE_DEFAULT_BROWSER_PATH = await ensureBrowser();
  const sandbox = await startSandbox({ notion: { port: await freePort(SANDBOX_PORT) } });
  const site = options.url === null ? await startSampleSite() : null;
  const storageDir = await mkdtemp(path.join(tmpdir(), 'website-to-notion-demo-'));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());

  try {
    const startUrl = options.url ?? site?.url ?? '';
    narrator.say(`Collecting ${startUrl} into a sandbox workspace at ${sandbox.notion.url}`);
    const exitCode = await runActor(options, startUrl, storageDir, sandbox, narrator, stop.signal);
    const output = await readOutput(storageDir);
    if (stop.signal.aborted) {
      narrator.say(`Stopped. ${output.message}`);
      return 0;
    }
    narrator.outcome(exitCode, output.message);
    if (options.once) {
      narrator.say('The sandbox ended with the run. `npm run demo` in a terminal keeps it up to look at the pages.');
      return exitCode;
    }
    if (output.notion?.databaseUrl) narrator.say(`The pages: ${output.notion.databaseUrl}`);
    narrator.say('The sandbox stays up for you to look around. Ctrl-C ends it.');
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    return exitCode;
  } finally {
    await Promise.all([sandbox.close(), site?.close(), rm(storageDir, { recursive: true, force: true })]);
  }
}

async function runActor(
  options: DemoOptions,
  startUrl: string,
  storageDir: string,
  sandbox: Sandbox,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<number> {
  const store = path.join(storageDir, 'key_value_stores', 'default');
  await mkdir(store, { recursive: true });
  await writeFile(
    path.join(store, 'INPUT.json'),
    JSON.stringify({
      startUrls: [{ url: startUrl }],
      maxCrawlPages: 50,
      ...(options.url === null && { notionDatabaseTitle: 'Fernhill Observatory' }),
    }),
  );
  const port = await freePort(LIVE_VIEW_PORT);
  const liveView = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'src/main.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...sandbox.env,
      CRAWLEE_STORAGE_DIR: storageDir,
      ACTOR_WEB_SERVER_PORT: String(port),
      APIFY_USER_ID: 'demo-user',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A terminal sends Ctrl-C to the child too; a second one would end it without its report.
  if (!process.stdin.isTTY) signal.addEventListener('abort', () => child.kill('SIGINT'));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', narrator.listen);
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));

  const up = await Promise.race([reachable(liveView), ended.then(() => false)]);
  // A run that is over already says why in its outcome.
  if (!up) return ended;
  if (options.yes) {
    try {
      await consentWithoutBrowser(liveView, sandbox.scalekit);
      narrator.say('Consent was given for you, as --yes asks.');
    } catch (error) {
      // The run ended meanwhile, which its outcome explains.
      if (child.exitCode === null && !signal.aborted) throw error;
    }
  } else {
    narrator.say(`Open the live view and choose Connect Notion: ${liveView}`);
  }
  return ended;
}

async function reachable(url: string): Promise<boolean> {
  for (let tries = 0; tries < 300; tries++) {
    const up = await fetch(url, { method: 'HEAD' }).then(
      () => true,
      () => false,
    );
    if (up) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

interface DemoOutput {
  message: string;
  notion: { databaseUrl: string | null } | null;
}

async function readOutput(storageDir: string): Promise<DemoOutput> {
  const file = path.join(storageDir, 'key_value_stores/default/OUTPUT.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DemoOutput;
  } catch {
    return { message: 'The run ended without a result.', notion: null };
  }
}

const options = readDemoOptions(process.argv.slice(2), process.stdout.isTTY === true);
if ('problem' in options) {
  if (options.problem === null) console.log(USAGE);
  else console.error(`${options.problem}\n\n${USAGE}`);
  process.exitCode = options.problem === null ? 0 : 2;
} else {
  try {
    process.exitCode = await demo(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
