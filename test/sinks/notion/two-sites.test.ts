import { expect, it } from 'vitest';
import { isOtherSite } from '../../../src/sinks/notion/source.js';
import { notionForEachTest } from './each-test.js';
import { MemoryStore, record, sync } from './harness.js';

const at = notionForEachTest();

it('records of two websites with one key in one database never overwrite each other', async () => {
  const memory = new MemoryStore();
  const recordFields = [{ name: 'Price', type: 'number', selector: 'x', attribute: null, multiple: false }] as never;
  const shop = async (host: string, price: number, path = '/') => {
    const url = `https://${host}${path}`;
    const items = ['A1', `only ${host}`].map((key) => ({ ...record(key, { Price: price }), key, url }));
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
});

it('datasets, and crawls of which nothing is known, are nobody else’s', () => {
  expect(isOtherSite('https://b.example/', 'https://a.example/')).toBe(true);
  expect(isOtherSite('https://b.example/ https://a.example/x', 'https://a.example/')).toBe(false);
  for (const other of ['', 'dataset abc', '40 start URLs, 0123']) {
    expect(isOtherSite(other, 'https://a.example/')).toBe(false);
    expect(isOtherSite('https://a.example/', other)).toBe(false);
  }
});
