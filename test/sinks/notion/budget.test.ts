import { beforeEach, expect, it } from 'vitest';
import { notionForEachTest } from './each-test.js';
import { itemSource, MemoryStore, pages, rig, sync } from './harness.js';

const at = notionForEachTest();
let reserved: number;
const budget = {
  reserve: () => {
    reserved += 1;
    return true;
  },
  release: () => void (reserved -= 1),
};

beforeEach(async () => {
  reserved = 0;
});

it('what was reserved for pages in the air is released when the sync ends with an error', async () => {
  const made = rig({ ...at, budget, onResult: (count) => count === 20 && at.notion.revoke(at.token) });
  await expect(made.sink.sync(itemSource(pages(60)))).rejects.toThrow(/Reconnect/);
  expect(made.results.length).toBeLessThan(60);
  expect(reserved).toBe(0);
});

it('what was reserved is released when a result cannot be recorded', async () => {
  const onResult = (count: number): void => {
    if (count > 20) throw new Error('The dataset is full');
  };
  const made = rig({ ...at, budget, onResult });
  await expect(made.sink.sync(itemSource(pages(60)))).rejects.toThrow('The dataset is full');
  expect(reserved).toBe(0);
});

it('nothing is released that was not reserved, also for pages that an earlier process had sent twice', async () => {
  const checkpoint = new MemoryStore();
  at.notion.world.staleness = { ms: 3_600_000, queries: 0 };
  at.notion.faults.add({ match: { method: 'POST', path: /^\/v1\/pages$/ }, times: 1, effect: 'drop-after' });
  await sync({ ...at, checkpoint, budget, waits: { lookupMs: [1, 1] } }, pages(1));
  expect(reserved).toBe(0);
  expect(at.notion.world.pages.size).toBe(2);
  at.notion.world.staleness = { ms: 0, queries: 0 };
  checkpoint.values.set(
    'NOTION-SYNC',
    (checkpoint.values.get('NOTION-SYNC') ?? '').replace(/"done":"[^"]*"/, '"done":""'),
  );
  await sync({ ...at, checkpoint, budget }, pages(1));
  expect(reserved).toBe(0);
});
