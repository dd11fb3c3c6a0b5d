import { iterateAllDataSourceRows } from '@notionhq/client';
import type { Client, PageObjectResponse, QueryDataSourceParameters } from '@notionhq/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNotion } from '../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../sandbox/notion/server.js';
import { columns, connect, makeDatabase, text } from './notion-client.js';

let notion: NotionStandIn;
let client: Client;
let dataSourceId: string;
let now = Date.parse('2026-11-22T09:00:30Z');
beforeEach(async () => {
  notion = await startNotion({ clock: () => now });
  ({ client } = connect(notion, { workspace: 'Acme' }));
  ({ dataSourceId } = await makeDatabase(client));
});
afterEach(() => notion.close());

const query = (rest: Omit<QueryDataSourceParameters, 'data_source_id'> = {}) =>
  client.dataSources.query({ data_source_id: dataSourceId, ...rest });
const names = async (filter: QueryDataSourceParameters['filter']) => {
  const { results } = await query({ filter, sorts: [{ property: 'Name', direction: 'ascending' }] });
  return results.map((row) => {
    const title = (row as PageObjectResponse).properties['Name'];
    return title?.type === 'title' ? title.title[0]?.plain_text : null;
  });
};
const addRow = (name: string, properties = {}, createdTime?: string) =>
  notion.world.addRowAsPerson(dataSourceId, {
    properties: { Name: { title: text(name) }, ...properties },
    ...(createdTime === undefined ? {} : { createdTime }),
  });

describe('filters', () => {
  beforeEach(() => {
    addRow('A', {
      'Sync key': { rich_text: text('https://a.example/X') },
      Price: { number: 1 },
      Done: { checkbox: true },
    });
    addRow('B', { Status: { select: { name: 'Active' } }, Tags: { multi_select: [{ name: 'red' }, { name: 'new' }] } });
    addRow(
      'C',
      { URL: { url: 'https://c.example/' }, Published: { date: { start: '2026-09-01' } } },
      '2026-01-01T00:00:59Z',
    );
  });

  it.each<[string, NonNullable<QueryDataSourceParameters['filter']>, string[]]>([
    ['text, without regard to case', { property: 'Sync key', rich_text: { equals: 'https://A.example/x' } }, ['A']],
    ['empty text', { property: 'Sync key', rich_text: { is_empty: true } }, ['B', 'C']],
    ['title', { property: 'title', title: { starts_with: 'b' } }, ['B']],
    ['address', { property: 'URL', url: { contains: 'c.example' } }, ['C']],
    ['number', { property: 'Price', number: { greater_than: 0 } }, ['A']],
    ['checkbox', { property: 'Done', checkbox: { equals: false } }, ['B', 'C']],
    ['select', { property: 'Status', select: { equals: ['Active', 'Other'] } }, ['B']],
    ['multi-select', { property: 'Tags', multi_select: { contains: 'new' } }, ['B']],
    ['date', { property: 'Published', date: { on_or_before: '2026-09-01' } }, ['C']],
    ['created, rounded down', { timestamp: 'created_time', created_time: { equals: '2026-01-01T00:00:00Z' } }, ['C']],
    [
      'two levels',
      {
        or: [
          { property: 'Price', number: { equals: 1 } },
          {
            and: [
              { property: 'URL', url: { is_not_empty: true } },
              { property: 'Done', checkbox: { equals: false } },
            ],
          },
        ],
      },
      ['A', 'C'],
    ],
  ])('by %s', async (_, filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  it('refuses unknown columns, other types, and too many operands', async () => {
    const refused = { status: 400, code: 'validation_error' };
    await expect(names({ property: 'Nothing', url: { equals: 'x' } })).rejects.toMatchObject(refused);
    await expect(names({ property: 'URL', rich_text: { equals: 'x' } })).rejects.toMatchObject(refused);
    const one = { property: 'URL', url: { equals: 'x' } };
    await expect(names({ or: Array.from({ length: 101 }, () => one) })).rejects.toMatchObject(refused);
    await expect(query({ in_trash: true })).rejects.toMatchObject(refused);
    await expect(query({ page_size: 101 })).rejects.toMatchObject(refused);
  });

  it('shows the wanted properties only, named by id as the client sends it', async () => {
    const keyId = (await columns(client, dataSourceId))['Sync key']?.id ?? '';
    const { results } = await query({ filter_properties: [keyId, 'title'] });
    expect(results).toHaveLength(3);
    for (const row of results)
      expect(Object.keys((row as PageObjectResponse).properties)).toEqual(['Name', 'Sync key']);
  });
});

describe('lists', () => {
  it('gives rows in parts', async () => {
    for (let index = 0; index < 250; index += 1) addRow(`Row ${index}`);
    const seen = new Set<string>();
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const part = await query({ start_cursor: cursor });
      sizes.push(part.results.length);
      for (const row of part.results) seen.add(row.id);
      cursor = part.next_cursor;
    } while (cursor !== null);
    expect(sizes).toEqual([100, 100, 50]);
    expect(seen.size).toBe(250);
    await expect(query({ start_cursor: dataSourceId })).rejects.toMatchObject({ status: 400 });
  });

  it('stops at the result limit, which the client’s own helper gets past', async () => {
    notion.world.caps.queryResults = 20;
    for (let index = 0; index < 50; index += 1)
      addRow(`Row ${index}`, {}, `2026-01-01T00:${String(index).padStart(2, '0')}:00Z`);
    const last = await query({ page_size: 100 });
    expect(last).toMatchObject({
      has_more: false,
      request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' },
    });
    expect(last.results).toHaveLength(20);
    const all = [];
    for await (const row of iterateAllDataSourceRows(client, { data_source_id: dataSourceId })) all.push(row.id);
    expect(new Set(all).size).toBe(50);
  });

  it('does not show new rows while queries are stale', async () => {
    notion.world.staleness = { ms: 5000, queries: 1 };
    addRow('New');
    now += 4999;
    expect((await query()).results).toHaveLength(0);
    now += 1;
    expect((await query()).results).toHaveLength(1);
  });

  it('finds by title, the newest last where told so', async () => {
    addRow('Blue widget');
    now += 60_000;
    addRow('Red widget');
    const found = async (direction: 'ascending' | 'descending') =>
      (
        await client.search({
          query: 'WIDGET',
          filter: { property: 'object', value: 'page' },
          sort: { timestamp: 'last_edited_time', direction },
        })
      ).results.map(
        (row) =>
          ((row as PageObjectResponse).properties['Name'] as { title: { plain_text: string }[] }).title[0]?.plain_text,
      );
    expect(await found('ascending')).toEqual(['Blue widget', 'Red widget']);
    expect(await found('descending')).toEqual(['Red widget', 'Blue widget']);
  });

  it('refuses rows when the data source is full', async () => {
    notion.world.caps.dataSourceRows = 1;
    addRow('Only');
    await expect(
      client.pages.create({ parent: { data_source_id: dataSourceId }, properties: { Name: { title: text('x') } } }),
    ).rejects.toMatchObject({ status: 409, body: expect.stringContaining('row_limit_exceeded') as string });
  });
});
