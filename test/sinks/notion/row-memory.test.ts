import { describe, expect, it } from 'vitest';
import { RowMemory } from '../../../src/sinks/notion/row-memory.js';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { Store } from '../../../src/store.js';
import { MemoryStore, pages, sync } from './harness.js';

const OF = { userId: 'user-a', dataSourceId: 'source' };
const TRASHED = '00000000-0000-4000-8000-000000000001';
const LIVE = '00000000-0000-4000-8000-000000000002';
const trashed = { pageId: TRASHED, made: true, trashed: 'by-person', verify: false, chunk: 0 } as const;
const live = { key: 'live', pageId: LIVE, made: true, chunk: 0 };

async function open(store: Store): Promise<{ memory: RowMemory; warnings: string[] }> {
  const warnings: string[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warning: (message: string) => void warnings.push(message),
  };
  return { memory: await RowMemory.open(store, OF, log), warnings };
}

/** A store that holds a row which a person trashed. */
async function remembering(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const { memory } = await open(store);
  memory.remember('gone', trashed);
  expect(await memory.save([])).toBe(true);
  return store;
}

/** `store`, whose n-th read fails as a gateway does. */
function failingAt(store: MemoryStore, read: number): Store {
  let reads = 0;
  return {
    get: async (key) => {
      reads += 1;
      if (reads === read) throw new Error('502');
      return store.get(key);
    },
    set: (key, value) => store.set(key, value),
  };
}

describe('the rows that earlier runs remembered', () => {
  // Two reads open it: the head and the one part; two more come before it is saved.
  it.each([1, 2, 3, 4])('survive a store whose read %i fails', async (read) => {
    const store = await remembering();
    const { memory, warnings } = await open(failingAt(store, read));
    const saved = await memory.save([live]);
    expect(warnings.join()).toMatch(/may be made again/);
    const later = (await open(store)).memory;
    expect(later.recall('gone')).toEqual([trashed]);
    expect(later.recall('live')).toHaveLength(saved ? 1 : 0);
  });

  it.each([
    ['a part of another version', '{"version":2,"rows":""}'],
    ['a part that was cut', '{"version":1,"rows":"AAAA"}'],
  ])('are not overwritten where they cannot be understood: %s', async (_what, text) => {
    const store = await remembering();
    const part = [...store.values].find(([, value]) => value.includes('"rows"'))![0];
    store.values.set(part, text);
    const { memory, warnings } = await open(store);
    expect(memory.recall('gone')).toEqual([]);
    expect(await memory.save([live])).toBe(false);
    expect(warnings).toHaveLength(2);
    expect(store.values.get(part)).toBe(text);
  });
});

it('a row that a person trashed stays there when a run between could not read its memory at the end', async () => {
  const notion = await startNotion({ budget: 100_000 });
  const token = notion.authorize({ workspace: 'Anna’s' }).accessToken;
  const memory = new MemoryStore();
  const run = (store: Store) => sync({ notion, token, memory: store }, pages(2));
  await run(memory);
  notion.world.editAsPerson([...notion.world.pages.keys()][0]!, { trashed: true });
  expect((await run(memory)).report).toMatchObject({ kept: 1, unchanged: 1 });
  let reads = 0;
  // The rows are read when the run begins, and again before they are saved.
  const flaky: Store = {
    get: async (key) => {
      const isRows = memory.values.get(key)?.includes('"rows"') === true;
      if (isRows && ++reads > 1) throw new Error('502');
      return memory.get(key);
    },
    set: (key, value) => memory.set(key, value),
  };
  expect((await run(flaky)).warnings.join()).toContain('may be made again');
  expect((await run(memory)).report).toMatchObject({ kept: 1, created: 0, unchanged: 1 });
  await notion.close();
});
