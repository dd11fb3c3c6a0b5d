import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/notion/faults.js';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { Page } from '../../../sandbox/notion/records.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { MemoryStore, page, sync } from './harness.js';
import type { RigOptions } from './harness.js';

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
/** The real ones, five hundred times as fast. */
const WAITS = { lookupMs: [4, 10, 20], retryMs: [2, 4, 8, 16, 32], overloadMs: 5, freshMs: 4, heldMs: 4 };
/** The items by what becomes of them; all are there in the end. */
const EDITED = ['a', 'b'];
const GONE_FOR_A_WHILE = ['c', 'd'];
const NEW = ['e'];
const ALL = ['1', '2', '3', ...EDITED, ...GONE_FOR_A_WHILE, ...NEW];
const without = (names: readonly string[]): string[] => ALL.filter((name) => !names.includes(name));

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
  // Queries lag behind by a third of the look-ups; with each third seed by more than all of them.
  notion.world.staleness = { ms: seed % 3 === 0 ? 80 : 10, queries: 0 };
}

/** Seeds with which a page was made twice in between. */
let doubled = 0;

describe.each([0.1, 0.3])('with %d of all requests failing in every way', (rate) => {
  it.each(Array.from({ length: 50 }, (_, index) => index + 1))(
    'nothing comes twice, is lost or overwrites a person’s words (seed %i)',
    async (seed) => {
      const user = `${rate}-${seed}`;
      const { accessToken: token, botId } = notion.authorize({ workspace: user, user });
      const memory = new MemoryStore();
      const run = async (names: readonly string[], text: string, over: Partial<RigOptions> = {}) => {
        const items = names.map((name) => page(name, { markdown: `${text} ${name}.` }));
        try {
          const input = { onRemoved: 'trash' } as const;
          return (await sync({ notion, token, memory, input, waits: WAITS, ...over }, items)).report;
        } catch (error) {
          // The one request that finds or makes the database may fail as often as it is tried.
          expect(String(error)).toMatch(/kept failing|did not say whether|does not answer/);
          return null;
        }
      };
      const rows = () => [...notion.world.pages.values()].filter((row) => row.created_by.id === botId && !row.in_trash);
      const keyOf = (row: Page) => notion.world.plainValues(row)['Sync key'];
      const rowsOf = (name: string) => rows().filter((row) => keyOf(row) === page(name).key);

      storm(rate, seed);
      const first = await run(without(NEW), 'Words');
      if (first !== null)
        expect(first.created + first.unchanged + first.failed + first.kept + first.updated).toBe(
          ALL.length - NEW.length,
        );
      // What was made twice is healed later, but not where a person has written into it.
      const edited = EDITED.filter((name) => rowsOf(name).length === 1);
      for (const name of edited) notion.world.editAsPerson(rowsOf(name)[0]!.id, { markdown: `Mine, of ${name}.` });
      const second = await run(without(GONE_FOR_A_WHILE), 'Changed');
      if (second !== null) expect(second.done).toBe(ALL.length - GONE_FOR_A_WHILE.length);
      const third = await run(ALL, 'Changed');
      if (third !== null) expect(third.done).toBe(ALL.length);
      const made = [...notion.world.pages.values()].filter((row) => row.created_by.id === botId).map(keyOf);
      if (new Set(made).size < made.length) doubled += 1;
      notion.faults.clear();
      notion.world.staleness = { ms: 0, queries: 0 };
      const calm = await run(ALL, 'Changed', { waits: { lookupMs: WAITS.lookupMs } });
      expect(calm).toMatchObject({ failed: 0, kept: edited.length, done: ALL.length, finished: true });
      expect(rows().map(keyOf).sort()).toEqual(ALL.map((name) => page(name).key).sort());
      for (const name of ALL) {
        const body = notion.world.markdownOf(rowsOf(name)[0]!.id);
        expect(body).toBe(edited.includes(name) ? `Mine, of ${name}.` : `Changed ${name}.`);
      }
      const last = await run(ALL, 'Changed', { waits: {} });
      expect(last).toMatchObject({ unchanged: ALL.length - edited.length, kept: edited.length });
      // One whose reply was lost, and which searches showed too late, may be left behind empty.
      const sources = new Set(rows().map(({ parent }) => JSON.stringify(parent)));
      expect(sources.size).toBe(1);
      const databases = [...notion.world.databases.values()].filter((one) => one.created_by.id === botId);
      expect(databases.length).toBeLessThanOrEqual(seed % 3 === 0 ? 2 : 1);
    },
  );
});

it('some pages were made twice in between, or the storms would show nothing', () => {
  expect(doubled).toBeGreaterThan(0);
});
