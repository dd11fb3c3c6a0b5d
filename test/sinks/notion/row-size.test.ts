import { expect, it } from 'vitest';
import type { Item } from '../../../src/collect/item.js';
import { columnsFor } from '../../../src/sinks/notion/columns.js';
import { ItemError } from '../../../src/sinks/notion/errors.js';
import { plannedBinding } from '../../../src/sinks/notion/schema.js';
import { toSinkItem } from '../../../src/sinks/notion/sink-item.js';
import { RowWriter } from '../../../src/sinks/notion/writer.js';
import { notionForEachTest, syncWith } from './each-test.js';
import { page, pages } from './harness.js';

const at = notionForEachTest();
const run = syncWith(at);
const datasetId = { startUrls: [], datasetId: 'abc' };
const row = (key: string) => {
  const values = [...at.notion.world.pages.values()].map((one) => at.notion.world.plainValues(one));
  return values.find((one) => one['Sync key'] === key)!;
};

it('a description of 600 KB is shortened in its row, its text stands whole, and every other page is written', async () => {
  const evil = page('evil');
  const items = [...pages(3), { ...evil, metadata: { ...evil.metadata, description: '汉'.repeat(200_000) } }];
  const { report, warnings } = await run([...items, ...pages(20).slice(3)]);
  expect(report).toMatchObject({ created: 21, failed: 0 });
  expect(warnings).toEqual([
    'Column "Description": 1 value shortened: so that the columns of a row hold at most 200 KB together.',
  ]);
  const { Description, Name } = row(evil.key);
  expect(Name).toBe('Page evil');
  expect(Buffer.byteLength(String(Description))).toBeGreaterThan(150_000);
  expect(Buffer.byteLength(String(Description))).toBeLessThan(200_000);
  const { id } = [...at.notion.world.pages.values()].find((one) => at.notion.world.plainValues(one).Name === Name)!;
  expect(at.notion.world.markdownOf(id)).toContain('Words of evil.');
  expect((await run(items)).report).toMatchObject({ unchanged: 4 });
});

it('of several long columns the longest are shortened, short ones stay', async () => {
  const long = { a: 'x'.repeat(190_000), b: 'y "'.repeat(50_000), c: '😀'.repeat(10_000), d: 'short' };
  const { report, warnings } = await run(
    [
      { url: 'https://a.example/1', title: 'Book', markdown: 'Text.', ...long },
      { url: 'https://a.example/2', title: 'Fine', d: 'other' },
    ] as unknown as Item[],
    { input: datasetId },
  );
  expect(report).toMatchObject({ created: 2, failed: 0 });
  expect(warnings.map((line) => line.slice(0, 30))).toEqual([
    'Column "a": 1 value shortened:',
    'Column "b": 1 value shortened:',
  ]);
  const { a, b, c, d } = row('https://a.example/1');
  expect([c, d]).toEqual([long.c, 'short']);
  expect(long.a.startsWith(String(a)) && long.b.startsWith(String(b))).toBe(true);
  expect(String(a).length).toBeGreaterThan(70_000);
  expect(String(b).length).toBeGreaterThan(50_000);
});

it('pictures and addresses count too: a list loses its end, and half an address is none', async () => {
  const texts = Array.from({ length: 110 }, (_, index) => `text ${index}`);
  const recordFields = [
    ...texts.map((name) => ({ name, type: 'text' })),
    { name: 'Long', type: 'url' },
    { name: 'Short', type: 'url' },
    { name: 'Photos', type: 'image' },
  ].map((field) => ({ ...field, selector: 'x', attribute: null, multiple: true })) as never;
  const photos = Array.from({ length: 100 }, (_, index) => `https://a.example/${index}.png`);
  const record = {
    ...Object.fromEntries(texts.map((name) => [name, 't'.repeat(50_000)])),
    Long: `https://a.example/${'p'.repeat(1900)}`,
    Short: 'https://a.example/s',
    Photos: photos,
  };
  const items = [{ key: 'a', url: 'https://a.example/', record }] as unknown as Item[];
  const { report, warnings } = await run(items, { input: { recordFields } });
  expect(report).toMatchObject({ created: 1, failed: 0 });
  const limit = 'so that the columns of a row hold at most 200 KB together.';
  expect(warnings).toContain(`Column "Photos": 1 value shortened: ${limit}`);
  expect(warnings).toContain(`Column "Long": 1 value left out: ${limit}`);
  const { Photos, Long, Short } = row('a');
  expect(photos.join(', ').startsWith(String(Photos))).toBe(true);
  expect([Long, Short]).toEqual([null, record.Short]);
});

it('columns that leave no room for a text fail the item, not the sync', async () => {
  const planned = plannedBinding(columnsFor([{ name: 'f', type: 'number' }], {}));
  const number = planned.content.find(({ type }) => type === 'number')!;
  const content = Array.from({ length: 20_000 }, (_, index) => ({ ...number, id: `column ${index}` }));
  const binding = { ...planned, content };
  const writer = new RowWriter({ api: {} as never, dataSourceId: 'x', binding, source: 'x' });
  const item = toSinkItem({ url: 'https://a.example/', markdown: 'Text.' }, []);
  const hash = { properties: '', body: '', mark: null, verify: false };
  const made = writer.create(item, 'key', hash, () => Promise.reject(new Error('Nothing is sent')));
  await expect(made).rejects.toThrow(ItemError);
});
