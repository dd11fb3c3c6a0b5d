import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PlainSink } from './plain-sink.js';
import { benchItems, benchSink, memoryStore } from './sink-context.js';

/** Notion's budget for most plans, in a window scaled down from a minute. */
const BUDGET = 180;
const WINDOW_MS = 750;
const SIZES = [150, 1000, 10_000];

interface Measured {
  requests: number;
  seconds: number;
  failed: number;
}

/**
 * Requests per item and seconds for a first sync, for one that finds nothing changed and for one that finds a tenth
 * changed, beside a plain sink against the same stand-in. The floor is what the rate limit alone makes of our number of
 * requests; on a busy machine the stand-in itself is slower than that.
 */
export async function run(args: string[]): Promise<void> {
  const sizes = args.length === 0 ? SIZES : args.map(Number);
  console.log(`${BUDGET} requests per ${WINDOW_MS} ms (Notion: per 60 s)\n`);
  console.log(
    row('items', 'sync', 'req/item', 'seconds', 'floor', 'to floor', 'plain req/item', 'plain s', 'requests', 'time'),
  );
  for (const size of sizes) {
    const ours = await withNotion((at) => measureOurs(size, at));
    const plain = await withNotion((at) => measurePlain(size, at));
    for (const [index, name] of ['first', 'unchanged', '10 % changed'].entries())
      print(size, name, ours[index], plain[index]);
  }
}

async function measureOurs(size: number, { url, token }: Stand): Promise<Measured[]> {
  const memory = memoryStore();
  const sync = (version: (index: number) => number): Promise<Measured> =>
    timed(async () => {
      const { failed, requests } = await benchSink({ apiUrl: url, token, memory }).sync(benchItems(size, version));
      return { failed, requests };
    });
  return [await sync(() => 1), await sync(() => 1), await sync((index) => (index % 10 === 0 ? 2 : 1))];
}

async function measurePlain(size: number, { url, token }: Stand): Promise<Measured[]> {
  const sink = new PlainSink({ apiUrl: url, token });
  const dataSourceId = await sink.createDatabase();
  const sync = (): Promise<Measured> => timed(() => sink.sync(dataSourceId, benchItems(size)));
  return [await sync(), await sync()];
}

interface Stand {
  url: string;
  token: string;
}

/** A stand-in in a process of its own, so that its work is not counted as ours. */
async function withNotion<T>(work: (at: Stand) => Promise<T>): Promise<T> {
  const child = fileURLToPath(new URL('notion-child.ts', import.meta.url));
  const args = ['--import', 'tsx', child, String(BUDGET), String(WINDOW_MS)];
  const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(started, 'exit');
  try {
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    return await work(JSON.parse(line) as Stand);
  } finally {
    started.stdin.end();
    await exited;
  }
}

/** A fresh window for each sync. */
async function timed(sync: () => Promise<{ failed: number; requests: number }>): Promise<Measured> {
  await sleep(WINDOW_MS);
  const started = performance.now();
  const done = await sync();
  return { ...done, seconds: (performance.now() - started) / 1000 };
}

function print(size: number, name: string, own: Measured | undefined, other: Measured | undefined): void {
  if (own === undefined) return;
  const floor = ((Math.ceil(own.requests / BUDGET) - 1) * WINDOW_MS) / 1000;
  const beside =
    other === undefined
      ? ['–', '–', '–', '–']
      : [
          (other.requests / size).toFixed(3),
          other.seconds.toFixed(1) + failures(other),
          `× ${(own.requests / other.requests).toFixed(3)}`,
          `× ${(own.seconds / other.seconds).toFixed(3)}`,
        ];
  const toFloor = floor === 0 ? ['0', 'one burst'] : [floor.toFixed(1), `× ${(own.seconds / floor).toFixed(2)}`];
  const ours = [(own.requests / size).toFixed(3), own.seconds.toFixed(1) + failures(own), ...toFloor];
  console.log(row(String(size), name, ...ours, ...beside));
}

function failures({ failed }: Measured): string {
  return failed === 0 ? '' : ` (${failed} failed)`;
}

function row(...cells: string[]): string {
  const widths = [6, 13, 9, 16, 7, 10, 15, 16, 9, 9];
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join(' ')
    .trimEnd();
}
