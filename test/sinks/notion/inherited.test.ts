import { expect, it } from 'vitest';
import { notionForEachTest, syncWith } from './each-test.js';
import { MemoryStore, page, pages, record } from './harness.js';

const at = notionForEachTest();
const run = syncWith(at);

/** What the memory held when the first result was told: all that a run leaves that is killed then. */
async function killed(items: Parameters<typeof run>[0], over: Parameters<typeof run>[1] = {}): Promise<MemoryStore> {
  const left = new MemoryStore();
  const onResult = (count: number): void => {
    if (count === 1) for (const [key, value] of at.memory.values) left.values.set(key, value);
  };
  await run(items, { ...over, onResult });
  expect([...left.values.values()].some((value) => value.includes('"batches"'))).toBe(true);
  return left;
}

it('a key that Notion cannot hold, left by a killed run, keeps no later run from writing', async () => {
  const input = { startUrls: [], datasetId: 'abc' };
  const items = [
    { id: 1, name: 'a' },
    { id: 'A\u0000B', name: 'b' },
    { id: 'C\ud800', name: 'c' },
  ] as never[];
  await run(items.slice(0, 1), { input });
  const memory = await killed(items, { input });
  const { report } = await run(items, { input, memory });
  expect(report).toMatchObject({ unchanged: 1, failed: 2, finished: true });
});

it('a hundred keys longer than one request together are looked for in several', async () => {
  const recordFields = [{ name: 'Name', type: 'text', selector: 'x', attribute: null, multiple: false }] as const;
  const input = { recordFields: [...recordFields] };
  const items = Array.from({ length: 100 }, (_, index) => ({
    ...record(String(index), { Name: 'n' }),
    key: `${index} ${'汉'.repeat(1900)}`,
  }));
  await run([page('0')], { input });
  const memory = await killed(items, { input });
  // The index does not show them yet; the look-ups of the second attempt do.
  at.notion.world.staleness = { ms: 0, queries: 3 };
  for (const source of at.notion.world.dataSources.values()) source.queries = 0;
  for (const row of at.notion.world.pages.values()) row.queriesBefore = 0;
  const { report } = await run(items, { input, memory });
  expect(report).toMatchObject({ total: 100, failed: 0, created: 0, unchanged: 100 });
  expect(at.notion.requests.filter(({ status }) => status === 400)).toEqual([]);
});

it('what was announced more than a day ago is no longer looked for', async () => {
  await run([page('0')]);
  const memory = await killed(pages(3));
  const journal = [...memory.values].find(([, value]) => value.includes('"batches"'))!;
  const aged = (hours: number): void =>
    void memory.values.set(
      journal[0],
      journal[1].replace(/"at":(\d+)/g, (_, time) => `"at":${Number(time) - hours * 3_600_000}`),
    );
  const lookUps = async (): Promise<number> => {
    for (const row of at.notion.world.pages.values()) row.in_trash = true;
    at.notion.requests.length = 0;
    await run([], { memory });
    return at.notion.requests.filter(({ path }) => path.endsWith('/query')).length - 1;
  };
  aged(25);
  expect(await lookUps()).toBe(0);
  aged(23);
  expect(await lookUps()).toBeGreaterThan(0);
});

it('a run that goes on does not count again what it had kept of further rows', async () => {
  const { report } = await run(pages(2));
  at.notion.world.addRowAsPerson(report.destination!.dataSourceId, {
    properties: {
      Name: { title: [{ text: { content: 'copy' } }] },
      'Sync key': { rich_text: [{ text: { content: page('1').key } }] },
    },
  });
  const checkpoint = new MemoryStore();
  expect((await run(pages(2), { checkpoint })).report).toMatchObject({ kept: 1, unchanged: 2 });
  expect((await run(pages(2), { checkpoint })).report).toMatchObject({ kept: 1, unchanged: 2, done: 2 });
});
