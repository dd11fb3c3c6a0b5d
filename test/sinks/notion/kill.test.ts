import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { FileStore } from './file-store.js';
import { killPages, MemoryStore, sync } from './harness.js';

const CHILD = fileURLToPath(new URL('sync-child.ts', import.meta.url));

let notion: NotionStandIn;
let folder: string;
/** A process can end before the parent sees its n-th request; most must not. */
const killed = { tried: 0, reached: 0 };
beforeAll(async () => {
  notion = await startNotion({ budget: 1_000_000 });
  folder = mkdtempSync(join(tmpdir(), 'sync-kill-'));
});
afterAll(async () => {
  await notion.close();
  rmSync(folder, { recursive: true });
  expect(killed.reached).toBeGreaterThanOrEqual(killed.tried * 0.75);
});

/** Runs one round in a process that is killed with -9 after its n-th request; true when it lived to be killed. */
async function killAt(token: string, at: string, round: number, requests: number): Promise<boolean> {
  const start = notion.requests.length;
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, notion.url, token, at, String(round)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  while (child.exitCode === null && notion.requests.length - start < requests) await sleep(1);
  child.kill('SIGKILL');
  const [, signal] = (await exited) as [number | null, string | null];
  return signal === 'SIGKILL';
}

function expectExactly(botId: string, round: number): void {
  const wanted = killPages(round);
  const rows = [...notion.world.pages.values()].filter((row) => row.created_by.id === botId && !row.in_trash);
  const keys = rows.map((row) => String(notion.world.plainValues(row)['Sync key']));
  expect(keys.sort()).toEqual(wanted.map(({ key }) => key).sort());
  for (const row of rows) {
    const item = wanted.find(({ key }) => key === notion.world.plainValues(row)['Sync key']);
    expect(notion.world.markdownOf(row.id).includes('Changed.')).toBe(item?.markdown.includes('Changed.'));
    expect(notion.world.markdownOf(row.id)).toContain('- two');
  }
  expect(new Set([...notion.world.databases.values()].filter((one) => one.created_by.id === botId)).size).toBe(1);
}

it.each([1, 2])('a storm in processes that only their files connect leaves each row once (seed %i)', async (seed) => {
  const user = `storm-${seed}`;
  const { accessToken, botId } = notion.authorize({ workspace: user, user });
  const at = join(folder, user);
  const memory = new FileStore(join(at, 'memory'));
  await sync({ notion, token: accessToken, memory }, []);
  notion.faults.seed(seed);
  for (const effect of ['500', '502', '503-committed', 'drop-before', 'drop-after', 'html-error'] as const) {
    notion.faults.add({ effect, committed: effect === '502', probability: 0.02 });
  }
  notion.world.staleness = { ms: 30, queries: 0 };
  for (const round of [1, 2]) {
    // Each round is a run of its own.
    rmSync(join(at, 'checkpoint'), { recursive: true, force: true });
    expect(await killAt(accessToken, at, round, Infinity)).toBe(false);
  }
  notion.faults.clear();
  notion.world.staleness = { ms: 0, queries: 0 };
  const input = { onRemoved: 'trash' as const };
  const { report } = await sync({ notion, token: accessToken, memory, input }, killPages(2));
  expect(report).toMatchObject({ failed: 0, kept: 0, done: killPages(2).length });
  expectExactly(botId, 2);
});

/** Points of the first round are its requests: users/me, search, POST database, …; of the second the same later. */
const POINTS = [1, 2, 3, 4, 5, 6, 9, 13, 20, 27].flatMap((requests) => [
  { round: 1, requests },
  { round: 2, requests },
]);

describe.each([
  ['goes on', false],
  ['starts afresh', true],
])('a process killed with -9, after which the run %s', (_how, fresh) => {
  const points = POINTS.filter((_, index) => Math.floor(index / 2) % 2 === (fresh ? 0 : 1));
  it.each(points)('after request $requests of round $round', async ({ round, requests }) => {
    const user = `${fresh ? 'fresh' : 'resumed'}-${round}-${requests}`;
    const { accessToken, botId } = notion.authorize({ workspace: user, user });
    const at = join(folder, user);
    const memory = new FileStore(join(at, 'memory'));
    const input = { onRemoved: 'trash' as const };
    const waits = { lookupMs: [100, 200, 400] };
    const run = (over: Parameters<typeof sync>[0], items: Parameters<typeof sync>[1]) =>
      sync({ ...over, waits }, items);
    notion.world.staleness = { ms: 0, queries: 0 };
    if (round === 2) await run({ notion, token: accessToken, memory, input }, killPages(1));
    // What the process wrote last is not shown to queries at once.
    notion.world.staleness = { ms: 300, queries: 0 };
    killed.tried += 1;
    if (await killAt(accessToken, at, round, requests)) killed.reached += 1;
    const checkpoint = fresh ? new MemoryStore() : new FileStore(join(at, 'checkpoint'));
    const { report } = await run({ notion, token: accessToken, memory, checkpoint, input }, killPages(round));
    expect(report).toMatchObject({ finished: true, failed: 0 });
    notion.world.staleness = { ms: 0, queries: 0 };
    expectExactly(botId, round);
    const again = await run({ notion, token: accessToken, memory, input }, killPages(round));
    expect(again.report).toMatchObject({ unchanged: killPages(round).length, created: 0, updated: 0, removed: 0 });
  });
});
