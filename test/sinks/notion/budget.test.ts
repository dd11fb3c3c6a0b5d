import { afterEach, beforeEach, expect, it } from 'vitest';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { itemSource, MemoryStore, pages, rig, sync } from './harness.js';

let notion: NotionStandIn;
let token: string;
let memory: MemoryStore;
let reserved: number;
const budget = {
  reserve: () => {
    reserved += 1;
    return true;
  },
  release: () => void (reserved -= 1),
};

beforeEach(async () => {
  notion = await startNotion({ budget: 100_000 });
  token = notion.authorize({ workspace: 'Anna’s' }).accessToken;
  memory = new MemoryStore();
  reserved = 0;
});
afterEach(() => notion.close());

it('what was reserved for pages in the air is released when the sync ends with an error', async () => {
  const made = rig({ notion, token, memory, budget, onResult: (count) => count === 20 && notion.revoke(token) });
  await expect(made.sink.sync(itemSource(pages(60)))).rejects.toThrow(/Reconnect/);
  expect(made.results.length).toBeLessThan(60);
  expect(reserved).toBe(0);
});

it('nothing is released that was not reserved, also for pages that an earlier process had sent twice', async () => {
  const checkpoint = new MemoryStore();
  notion.world.staleness = { ms: 3_600_000, queries: 0 };
  notion.faults.add({ match: { method: 'POST', path: /^\/v1\/pages$/ }, times: 1, effect: 'drop-after' });
  await sync({ notion, token, memory, checkpoint, budget, waits: { lookupMs: [1, 1] } }, pages(1));
  expect(reserved).toBe(0);
  expect(notion.world.pages.size).toBe(2);
  notion.world.staleness = { ms: 0, queries: 0 };
  checkpoint.values.set(
    'NOTION-SYNC',
    (checkpoint.values.get('NOTION-SYNC') ?? '').replace(/"done":"[^"]*"/, '"done":""'),
  );
  await sync({ notion, token, memory, checkpoint, budget }, pages(1));
  expect(reserved).toBe(0);
});
