import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/notion/faults.js';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { MemoryStore, page, sync } from './harness.js';

/** Every way of design §6 in which a single request fails. */
const WAYS: Fault[] = [
  { effect: '429', retryAfterSecs: 0 },
  { effect: '529', retryAfterSecs: 0 },
  { effect: '409' },
  { effect: '500' },
  { effect: '500', committed: true },
  { effect: '502' },
  { effect: '502', committed: true },
  { effect: '503' },
  { effect: '503-committed' },
  { effect: '503-uncommitted' },
  { effect: '504', committed: true },
  { effect: 'drop-before' },
  { effect: 'drop-after' },
  { effect: 'html-error' },
  { effect: 'html-error', committed: true },
  { effect: 'slow', delayMs: 10 },
];
/** The real ones, five hundred times as fast; queries lag behind by a third of the look-ups. */
const WAITS = { lookupMs: [4, 10, 20], retryMs: [2, 4, 8, 16, 32], overloadMs: 5 };
const ITEMS = 10;

let notion: NotionStandIn;
beforeAll(async () => {
  notion = await startNotion({ budget: 10_000_000 });
});
afterAll(() => notion.close());

/** Each fault is asked in its turn, so that the later ones strike a little less often. */
function storm(rate: number, seed: number): void {
  notion.faults.clear();
  notion.faults.seed(seed);
  const each = 1 - (1 - rate) ** (1 / WAYS.length);
  for (const way of WAYS) notion.faults.add({ ...way, probability: each });
  notion.world.staleness = { ms: 10, queries: 0 };
}

describe.each([0.1, 0.3])('with %d of all requests failing in every way', (rate) => {
  it.each(Array.from({ length: 50 }, (_, index) => index + 1))(
    'nothing comes twice or is lost (seed %i)',
    async (seed) => {
      const user = `${rate}-${seed}`;
      const { accessToken: token, botId } = notion.authorize({ workspace: user, user });
      const memory = new MemoryStore();
      const run = async (text: string) => {
        const items = Array.from({ length: ITEMS }, (_, index) =>
          page(String(index), { markdown: `${text} ${index}.` }),
        );
        try {
          return (await sync({ notion, token, memory, waits: WAITS }, items)).report;
        } catch (error) {
          // The one request that finds or makes the database may fail as often as it is tried.
          expect(String(error)).toMatch(/kept failing|did not say whether|does not answer/);
          return null;
        }
      };
      const rows = () => [...notion.world.pages.values()].filter((row) => row.created_by.id === botId && !row.in_trash);
      const keys = () => rows().map((row) => notion.world.plainValues(row)['Sync key']);

      storm(rate, seed);
      const first = await run('Words');
      if (first !== null)
        expect(first.created + first.unchanged + first.failed + first.kept + first.updated).toBe(ITEMS);
      const second = await run('Changed');
      if (second !== null) expect(second.done).toBe(ITEMS);
      notion.faults.clear();
      const calm = await run('Changed');
      expect(calm).toMatchObject({ failed: 0, kept: 0, done: ITEMS, finished: true });
      expect(keys()).toHaveLength(ITEMS);
      expect(new Set(keys()).size).toBe(ITEMS);
      for (const row of rows()) expect(notion.world.markdownOf(row.id)).toMatch(/^Changed \d+\.$/);
      expect(await run('Changed')).toMatchObject({ unchanged: ITEMS });
      expect([...notion.world.databases.values()].filter((one) => one.created_by.id === botId)).toHaveLength(1);
    },
  );
});
