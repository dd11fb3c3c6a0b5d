import { describe, expect, it } from 'vitest';
import { recordItems } from '../src/collect/record-items.js';
import { toSinkItem } from '../src/sinks/notion/sink-item.js';

const URL_OF_LIST = 'https://site.example/list';
const LINK = 'https://site.example/lamp';

/** The key of a record that was crawled. */
function crawled(record: Record<string, string | number | null>, recordKeyFields: string[]): string | undefined {
  const crawl = { loadedUrl: URL_OF_LIST } as Parameters<typeof recordItems>[1]['crawl'];
  const input = { recordKeyFields, keepUrlFragments: false };
  return recordItems([{ record, link: LINK }] as never, { url: URL_OF_LIST, crawl }, input).items[0]?.key;
}

describe('the key of a record by its key fields', () => {
  it.each([
    [['name'], { name: 'Lamp' }, 'Lamp'],
    [['sku'], { sku: 12.5 }, '[12.5]'],
    [['name', 'sku'], { name: 'Lamp', sku: 7 }, '["Lamp",7]'],
    // Joined by a mark of their own these two would be one.
    [['name', 'sku'], { name: 'a | b', sku: 'c' }, '["a | b","c"]'],
    [['name', 'sku'], { name: 'a', sku: 'b | c' }, '["a","b | c"]'],
    [['name', 'sku'], { name: 'Lamp', sku: null }, LINK],
    [['none'], { name: 'Lamp' }, LINK],
  ])('%j of %j is %s, crawled or taken from a dataset', (fields, record, key) => {
    expect(crawled(record, fields)).toBe(key);
    expect(toSinkItem({ url: LINK, ...record }, fields).key).toBe(key);
  });
});
