import type { Client, PageObjectResponse } from '@notionhq/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNotion } from '../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../sandbox/notion/server.js';
import { connect, makeDatabase, text } from './notion-client.js';

let notion: NotionStandIn;
let client: Client;
let botId: string;
let dataSourceId: string;
beforeEach(async () => {
  notion = await startNotion({ budget: 10_000 });
  ({ client, botId } = connect(notion, { workspace: 'Acme', user: 'Ada' }));
  ({ dataSourceId } = await makeDatabase(client));
});
afterEach(() => notion.close());

type Properties = NonNullable<Parameters<Client['pages']['create']>[0]['properties']>;

const addRow = async (title: string, properties: Properties = {}, markdown?: string) =>
  (await client.pages.create({
    parent: { type: 'data_source_id', data_source_id: dataSourceId },
    properties: { Name: { title: text(title) }, ...properties },
    ...(markdown === undefined ? {} : { markdown }),
  })) as PageObjectResponse;
const body = async (pageId: string) => (await client.pages.retrieveMarkdown({ page_id: pageId })).markdown;
const replace = (pageId: string, markdown: string, allow?: boolean) =>
  client.pages.updateMarkdown({
    page_id: pageId,
    type: 'replace_content',
    replace_content: { new_str: markdown, ...(allow === undefined ? {} : { allow_deleting_content: allow }) },
  });
const blocksOf = async (id: string) => (await client.blocks.children.list({ block_id: id })).results;
const refused = { status: 400, code: 'validation_error' };

describe('rows', () => {
  it('stores every type of value and the body in one request', async () => {
    const markdown = '## Prices\nAll *prices* in **euro**.\n- one\n\t- two\n```javascript\nconst a = 1;\n```';
    const made = await addRow(
      'Widget',
      {
        URL: { url: 'https://example.com/widget' },
        'Sync key': { rich_text: text('https://example.com/widget') },
        Price: { number: 12.5 },
        Done: { checkbox: true },
        Published: { date: { start: '2026-09-01T10:00:00+02:00' } },
        Status: { select: { name: 'active' } },
        Tags: { multi_select: [{ name: 'new' }, { name: 'red' }] },
        Image: { files: [{ name: 'a.png', external: { url: 'https://example.com/a.png' } }] },
      },
      markdown,
    );
    const page = (await client.pages.retrieve({ page_id: made.id })) as PageObjectResponse;
    expect(page.parent).toMatchObject({ type: 'data_source_id', data_source_id: dataSourceId });
    expect(page.url).toBe(`${notion.url}/p/${page.id.replaceAll('-', '')}`);
    expect(page.created_time).toMatch(/:00\.000Z$/);
    expect(page.properties).toMatchObject({
      URL: { url: 'https://example.com/widget' },
      Price: { number: 12.5 },
      Done: { checkbox: true },
      Published: { date: { start: '2026-09-01T10:00:00+02:00', end: null } },
      Status: { select: { name: 'Active', color: 'green' } },
      Tags: { multi_select: [{ name: 'new' }, { name: 'red' }] },
      Image: { files: [{ name: 'a.png', type: 'external' }] },
    });
    expect(await body(made.id)).toBe(markdown);
    const blocks = await blocksOf(made.id);
    expect(blocks.map((block) => 'type' in block && block.type)).toEqual([
      'heading_2',
      'paragraph',
      'bulleted_list_item',
      'code',
    ]);
    expect(blocks[2]).toMatchObject({ has_children: true, created_by: { id: botId } });
    expect(await blocksOf(blocks[2]?.id ?? '')).toMatchObject([
      { bulleted_list_item: { rich_text: [{ plain_text: 'two' }] }, parent: { block_id: blocks[2]?.id } },
    ]);
  });

  it('changes only the named properties, by id or name', async () => {
    const row = await addRow('Widget', { Price: { number: 1 }, Done: { checkbox: true } });
    const priceId = row.properties['Price']?.id ?? '';
    const updated = await client.pages.update({ page_id: row.id, properties: { [priceId]: { number: 2 } } });
    expect(updated).toMatchObject({ properties: { Price: { number: 2 }, Done: { checkbox: true } } });
  });

  it('takes the first heading as the title where none is given', async () => {
    const page = (await client.pages.create({
      parent: { data_source_id: dataSourceId },
      markdown: 'Before\n# The title\nAfter',
    })) as PageObjectResponse;
    expect(page.properties['Name']).toMatchObject({ title: [{ plain_text: 'The title' }] });
    expect(await body(page.id)).toBe('Before\nAfter');
  });

  it.each<[string, Properties]>([
    ['unknown column', { Nothing: { number: 1 } }],
    ['other type', { Price: { rich_text: text('1') } }],
    ['empty address', { URL: { url: '' } }],
    ['no date', { Published: { date: { start: 'yesterday' } } }],
    ['comma in an option', { Status: { select: { name: 'a, b' } } }],
    ['long option', { Status: { select: { name: 'x'.repeat(101) } } }],
    ['long text', { 'Sync key': { rich_text: text('x'.repeat(2001)) } }],
    ['long address', { URL: { url: `https://example.com/${'x'.repeat(2000)}` } }],
    ['many runs', { 'Sync key': { rich_text: Array.from({ length: 101 }, () => text('x')).flat() } }],
    ['relative link', { 'Sync key': { rich_text: text('x', '/relative') } }],
    ['script link', { 'Sync key': { rich_text: text('x', 'javascript:alert(1)') } }],
    ['spaces in a link', { 'Sync key': { rich_text: text('x', 'https://example.com/a b') } }],
    ['no file address', { Image: { files: [{ name: 'a', external: { url: 'data:image/png;base64,AA' } }] } }],
    ['null character', { 'Sync key': { rich_text: text('a\u0000b') } }],
    ['half a surrogate pair', { 'Sync key': { rich_text: text('a\ud83d') } }],
  ])('refuses a row with %s and stores nothing', async (_, properties) => {
    await expect(addRow('Bad', properties)).rejects.toMatchObject(refused);
    expect((await client.dataSources.query({ data_source_id: dataSourceId })).results).toEqual([]);
  });

  it.each([
    ['relative link', '[x](/relative)'],
    ['script link', '[x](javascript:void)'],
    ['inline image', '![x](data:image/png;base64,AA)'],
    ['relative image', '![x](a.png)'],
    ['tag of another page', '<page url="https://www.notion.so/0123456789abcdef0123456789abcdef">x</page>'],
  ])('refuses markdown with a %s', async (_, markdown) => {
    await expect(addRow('Bad', {}, markdown)).rejects.toMatchObject(refused);
  });

  it('names the place of a body that the client’s types do not allow', async () => {
    const properties = { Name: { title: [{ text: { contents: 'x' } }] } };
    const call = client.request({
      path: 'pages',
      method: 'post',
      body: { parent: { data_source_id: dataSourceId }, properties },
    });
    await expect(call).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('body.properties.Name.title[0]') as string,
    });
    const unknownKey = client.request({ path: 'search', method: 'post', body: { wanted: 'x' } });
    await expect(unknownKey).rejects.toMatchObject({
      ...refused,
      message: 'body failed validation: body.wanted should be not present.',
    });
  });

  it('refuses bodies over 500 KB', async () => {
    const line = `${'word '.repeat(100)}\n`;
    await expect(addRow('Large', {}, line.repeat(900))).resolves.toMatchObject({ object: 'page' });
    await expect(addRow('Large', {}, line.repeat(1010))).rejects.toMatchObject(refused);
    await expect(addRow('Large', {}, line.repeat(2100))).rejects.toMatchObject({ status: 413 });
  });

  it('drops icon and cover in one go when one is bad', async () => {
    const row = await addRow('Widget');
    const icon = { emoji: '🔗' };
    const update = (cover: string) =>
      client.pages.update({ page_id: row.id, icon, cover: { external: { url: cover } } });
    await expect(update('ftp://example.com/a.png')).rejects.toMatchObject({
      ...refused,
      message: 'Invalid image url.',
    });
    await expect(update('https://example.com/a.png')).resolves.toMatchObject({
      icon: { type: 'emoji', emoji: '🔗' },
      cover: { external: { url: 'https://example.com/a.png' } },
    });
  });

  it('trashes and restores, and refuses edits in between', async () => {
    const row = await addRow('Widget');
    await client.pages.update({ page_id: row.id, in_trash: true });
    expect((await client.dataSources.query({ data_source_id: dataSourceId })).results).toEqual([]);
    await expect(client.pages.update({ page_id: row.id, properties: { Price: { number: 1 } } })).rejects.toMatchObject(
      refused,
    );
    await expect(replace(row.id, 'x')).rejects.toMatchObject(refused);
    await client.pages.update({ page_id: row.id, in_trash: false });
    expect((await client.dataSources.query({ data_source_id: dataSourceId })).results).toMatchObject([{ id: row.id }]);
  });
});

describe('bodies', () => {
  it('replaces, inserts and edits', async () => {
    const row = await addRow('Widget', {}, 'One\nTwo');
    expect(await replace(row.id, 'Three')).toMatchObject({
      object: 'page_markdown',
      markdown: 'Three',
      truncated: false,
    });
    const at = (type: 'start' | 'end', content: string) =>
      client.pages.updateMarkdown({
        page_id: row.id,
        type: 'insert_content',
        insert_content: { content, position: { type } },
      });
    await at('end', 'Four');
    await at('start', 'Two');
    const update = (old_str: string, new_str: string) =>
      client.pages.updateMarkdown({
        page_id: row.id,
        type: 'update_content',
        update_content: { content_updates: [{ old_str, new_str }] },
      });
    expect(await update('Three', '3')).toMatchObject({ markdown: 'Two\n3\nFour' });
    await expect(update('nowhere', 'x')).rejects.toMatchObject(refused);
    await expect(update('o', 'x')).rejects.toMatchObject(refused);
    await client.pages.update({ page_id: row.id, erase_content: true });
    expect(await body(row.id)).toBe('');
  });

  it('never loses a nested page unless told to', async () => {
    const row = await addRow('Widget', {}, 'Ours');
    notion.world.editAsPerson(row.id, { nestedPage: 'My notes' });
    const nested = [...notion.world.pages.values()].find((page) => page.id !== row.id);
    await expect(replace(row.id, 'New')).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(nested?.url ?? '?') as string,
    });
    expect(await body(row.id)).toBe(`Ours\n<page url="${nested?.url}">My notes</page>`);
    await replace(row.id, `New\n<page url="${nested?.url}">My notes</page>`);
    expect(nested?.in_trash).toBe(false);
    await replace(row.id, 'Newer', true);
    expect(nested?.in_trash).toBe(true);
  });

  it('says when it does not show the whole page', async () => {
    notion.world.caps.markdownBlocks = 2;
    const row = await addRow('Widget', {}, 'One\nTwo\nThree');
    const blocks = await blocksOf(row.id);
    expect(await client.pages.retrieveMarkdown({ page_id: row.id })).toMatchObject({
      truncated: true,
      unknown_block_ids: [blocks[2]?.id],
      markdown: expect.stringMatching(/^One\nTwo\n<unknown url=".+" alt="paragraph"\/>$/) as string,
    });
    expect(await body(blocks[2]?.id ?? '')).toBe('Three');
  });

  it('refuses a page of too many records', async () => {
    notion.world.caps.pageRecords = 2;
    await expect(addRow('Widget', {}, 'One\nTwo\nThree')).rejects.toMatchObject({
      ...refused,
      additional_data: { limit_kind: 'page_record_count' },
    });
  });

  it('needs the current version for markdown', async () => {
    const row = await addRow('Widget');
    const older = connect(notion, { workspace: 'Acme', user: 'Ada' });
    const headers = { authorization: `Bearer ${older.accessToken}`, 'notion-version': '2025-09-03' };
    const status = async (path: string) => (await fetch(`${notion.url}/v1/pages/${row.id}${path}`, { headers })).status;
    expect(await status('')).toBe(200);
    expect(await status('/markdown')).toBe(400);
  });
});

describe('blocks', () => {
  it('appends, lists in parts and deletes', async () => {
    const row = await addRow('Widget');
    const paragraph = (content: string) => ({ paragraph: { rich_text: text(content) } });
    const { results } = await client.blocks.children.append({
      block_id: row.id,
      children: [paragraph('a'), { toggle: { rich_text: text('b'), children: [paragraph('inside')] } }, paragraph('c')],
    });
    await client.blocks.children.append({
      block_id: row.id,
      children: [{ divider: {} }],
      position: { type: 'after_block', after_block: { id: results[0]?.id ?? '' } },
    });
    const first = await client.blocks.children.list({ block_id: row.id, page_size: 3 });
    expect(first.results.map((block) => 'type' in block && block.type)).toEqual(['paragraph', 'divider', 'toggle']);
    const rest = await client.blocks.children.list({ block_id: row.id, start_cursor: first.next_cursor });
    expect(rest).toMatchObject({ has_more: false, results: [{ id: results[2]?.id }] });
    await client.blocks.delete({ block_id: results[1]?.id ?? '' });
    await expect(client.blocks.retrieve({ block_id: results[1]?.id ?? '' })).rejects.toMatchObject({ status: 404 });
    expect(await blocksOf(row.id)).toHaveLength(3);
  });

  it.each([
    ['ragged table', { table: { table_width: 2, children: [{ table_row: { cells: [text('x')] } }] } }],
    ['single column', { column_list: { children: [{ column: { children: [{ divider: {} }] } }] } }],
    ['bad image', { image: { external: { url: 'nonsense' } } }],
    ['unknown language', { code: { rich_text: text('x'), language: 'klingon' } }],
  ])('refuses a %s', async (_, block) => {
    const row = await addRow('Widget');
    const children = [block] as Parameters<Client['blocks']['children']['append']>[0]['children'];
    await expect(client.blocks.children.append({ block_id: row.id, children })).rejects.toMatchObject(refused);
    await expect(
      client.blocks.children.append({
        block_id: row.id,
        children: Array.from({ length: 101 }, () => ({ divider: {} })),
      }),
    ).rejects.toMatchObject(refused);
  });
});

describe('people', () => {
  it('keeps authors by block, unless another model is set', async () => {
    const row = await addRow('Widget', {}, 'Ours\nAlso ours');
    notion.world.editAsPerson(row.id, { user: 'Grace', markdown: (now) => now.replace('Also ours', 'Mine now') });
    const grace = [...notion.world.users.values()].find((user) => user.name === 'Grace')?.id;
    const authors = async () =>
      (await blocksOf(row.id)).map((block) => ('last_edited_by' in block ? block.last_edited_by.id : ''));
    expect(await authors()).toEqual([botId, grace]);
    expect(await client.pages.retrieve({ page_id: row.id })).toMatchObject({ last_edited_by: { id: grace } });

    await client.pages.update({ page_id: row.id, properties: { Price: { number: 1 } } });
    expect(await client.pages.retrieve({ page_id: row.id })).toMatchObject({ last_edited_by: { id: botId } });
    expect(await authors()).toEqual([botId, grace]);
    notion.world.authorship = 'all-blocks-last-writer';
    expect(await authors()).toEqual([botId, botId]);

    notion.world.authorship = 'token-writes-as-person';
    const ada = [...notion.world.users.values()].find((user) => user.name === 'Ada')?.id;
    await replace(row.id, 'Written by the token');
    expect(await authors()).toEqual([ada]);
  });

  it('edits properties, trashes and restores', async () => {
    const row = await addRow('Widget');
    notion.world.editAsPerson(row.id, { properties: { Price: { number: 7 } }, trashed: true });
    expect(await client.pages.retrieve({ page_id: row.id })).toMatchObject({
      in_trash: true,
      properties: { Price: { number: 7 } },
    });
    notion.world.editAsPerson(row.id, { trashed: false });
    const page = notion.world.pages.get(row.id);
    expect(page?.in_trash).toBe(false);
    expect(page === undefined ? {} : notion.world.plainValues(page)).toMatchObject({ Name: 'Widget', Price: 7 });
  });
});
