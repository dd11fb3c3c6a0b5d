import { startNotion } from '../sandbox/notion/server.js';
import type { NotionStandIn } from '../sandbox/notion/server.js';
import { PlainSink } from './plain-sink.js';
import { benchItems, benchSink, memoryStore } from './sink-context.js';

/** Notion's budget for most plans, in a window scaled from a minute to the shortest wait that it can ask for. */
const BUDGET = 180;
const WINDOW_MS = 1000;
const SIZES = [150, 1000, 10_000];

interface Measured {
  requests: number;
  seconds: number;
  failed: number;
}

/**
 * Requests per item and seconds for a first sync and for one that finds nothing changed, beside a plain sink on the same
 * stand-in. The floor is what the rate limit alone makes of our number of requests.
 */
export async function run(args: string[]): Promise<void> {
  const sizes = args.length === 0 ? SIZES : args.map(Number);
  console.log(`${BUDGET} requests per ${WINDOW_MS} ms (Notion: per 60 s)\n`);
  console.log(row('items', 'sync', 'req/item', 'seconds', 'to floor', 'plain req/item', 'plain s', 'requests', 'time'));
  for (const size of sizes) {
    const ours = await measureOurs(size);
    const plain = await measurePlain(size);
    for (const [index, name] of ['first', 'unchanged', '10 % changed'].entries()) {
      const own = ours[index];
      const other = plain[index];
      if (own === undefined) continue;
      const floor = ((Math.ceil(own.requests / BUDGET) - 1) * WINDOW_MS) / 1000;
      console.log(
        row(
          String(size),
          name,
          (own.requests / size).toFixed(3),
          own.seconds.toFixed(1) + failures(own),
          floor === 0 ? 'one burst' : `× ${(own.seconds / floor).toFixed(2)}`,
          other === undefined ? '–' : (other.requests / size).toFixed(3),
          other === undefined ? '–' : other.seconds.toFixed(1) + failures(other),
          other === undefined ? '–' : `× ${(own.requests / other.requests).toFixed(3)}`,
          other === undefined ? '–' : `× ${(own.seconds / other.seconds).toFixed(3)}`,
        ),
      );
    }
  }
}

async function measureOurs(size: number): Promise<Measured[]> {
  return withNotion(async (notion, token) => {
    const memory = memoryStore();
    const sync = (version: (index: number) => number): Promise<Measured> =>
      timed(notion, async () => {
        const { failed } = await benchSink({ apiUrl: notion.url, token, memory }).sync(benchItems(size, version));
        return failed;
      });
    return [await sync(() => 1), await sync(() => 1), await sync((index) => (index % 10 === 0 ? 2 : 1))];
  });
}

async function measurePlain(size: number): Promise<Measured[]> {
  return withNotion(async (notion, token) => {
    const sink = new PlainSink({ apiUrl: notion.url, token });
    const dataSourceId = await sink.createDatabase();
    const sync = (): Promise<Measured> =>
      timed(notion, async () => (await sink.sync(dataSourceId, benchItems(size))).failed);
    return [await sync(), await sync()];
  });
}

async function withNotion<T>(work: (notion: NotionStandIn, token: string) => Promise<T>): Promise<T> {
  const notion = await startNotion({ budget: BUDGET, windowMs: WINDOW_MS });
  try {
    return await work(notion, notion.authorize({ workspace: 'Bench' }).accessToken);
  } finally {
    await notion.close();
  }
}

/** A fresh window for each sync. */
async function timed(notion: NotionStandIn, sync: () => Promise<number>): Promise<Measured> {
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const before = notion.requests.length;
  const started = performance.now();
  const failed = await sync();
  return { requests: notion.requests.length - before, seconds: (performance.now() - started) / 1000, failed };
}

function failures({ failed }: Measured): string {
  return failed === 0 ? '' : ` (${failed} failed)`;
}

function row(...cells: string[]): string {
  const widths = [6, 13, 9, 16, 10, 15, 16, 9, 9];
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join(' ')
    .trimEnd();
}
