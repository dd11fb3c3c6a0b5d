import { expect, it } from 'vitest';
import { isOtherSite, namesWebsite, rowSource } from '../../../src/sinks/notion/source.js';
import { notionForEachTest } from './each-test.js';
import { MemoryStore, record, sync } from './harness.js';

const at = notionForEachTest();

it.each(['A1', 'isbn:9'])(
  'records of two websites with one key (%s) in one database never overwrite each other',
  async (same) => {
    const memory = new MemoryStore();
    const recordFields = [{ name: 'Price', type: 'number', selector: 'x', attribute: null, multiple: false }] as never;
    const shop = async (host: string, price: number, path = '/') => {
      const url = `https://${host}${path}`;
      const items = [same, `only ${host}`].map((key) => ({ ...record(key, { Price: price }), key, url }));
      const { results } = await sync(
        { notion: at.notion, token: at.token, memory, input: { startUrls: [url], recordFields } },
        items,
      );
      return results.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ action, reason }) => reason ?? action);
    };
    const prices = () => [...at.notion.world.pages.values()].map((row) => at.notion.world.plainValues(row)['Price']);
    expect(await shop('a.example', 1)).toEqual(['created', 'created']);
    expect(await shop('b.example', 2)).toEqual(['other-source', 'created']);
    expect(prices()).toEqual([1, 1, 2]);
    // Other start URLs of the same website go on with its rows.
    expect(await shop('www.a.example', 3, '/list')).toEqual(['updated', 'created']);
    expect(await shop('b.example', 2)).toEqual(['other-source', 'unchanged']);
  },
);

it('datasets, and crawls of which nothing is known, are nobody else’s', () => {
  expect(isOtherSite('https://b.example/', 'https://a.example/')).toBe(true);
  expect(isOtherSite('https://b.example/ https://a.example/x', 'https://a.example/')).toBe(false);
  for (const other of ['', 'dataset abc', '40 start URLs, 0123']) {
    expect(isOtherSite(other, 'https://a.example/')).toBe(false);
    expect(isOtherSite('https://a.example/', other)).toBe(false);
  }
});

it('only a web address names its website', () => {
  expect(['https://a.example/x', 'HTTP://a.example'].every(namesWebsite)).toBe(true);
  expect(['sku:A1', 'isbn:9', 'mailto:a@a.example', 'https://', 'A1', '["Lamp",7]'].some(namesWebsite)).toBe(false);
});

it('a crawl takes over from a dataset and from some of its own start URLs, and from nobody else', () => {
  const own = 'https://a.example/ https://b.example/';
  expect(rowSource(own, own)).toBe('own');
  for (const part of ['dataset abc', 'dataset', 'https://a.example/']) expect(rowSource(part, own)).toBe('part');
  for (const other of ['', `${own} https://c.example/`, 'https://a.example/docs', '40 start URLs, 0123'])
    expect(rowSource(other, own)).toBe('other');
  expect(rowSource('https://c.example/', own)).toBe('other-site');
  expect(rowSource('dataset abc', 'dataset xyz')).toBe('other');
  expect(rowSource('https://a.example/', 'dataset xyz')).toBe('other');
});
