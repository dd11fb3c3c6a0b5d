import type { Client } from '@notionhq/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNotion } from '../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../sandbox/notion/server.js';
import { columns, connect, makeDatabase, text } from './notion-client.js';

let notion: NotionStandIn;
beforeEach(async () => {
  notion = await startNotion();
});
afterEach(() => notion.close());

describe('connections', () => {
  it('says whose token it is', async () => {
    const { client, botId, workspaceId } = connect(notion, { workspace: 'Acme', user: 'Ada Lovelace' });
    const me = await client.users.me({});
    expect(me).toMatchObject({
      id: botId,
      type: 'bot',
      bot: {
        workspace_id: workspaceId,
        workspace_name: 'Acme',
        owner: { type: 'user', user: { name: 'Ada Lovelace' } },
      },
    });
  });

  it('keeps the bot when the same user authorizes again, and refuses revoked tokens', async () => {
    const first = connect(notion, { workspace: 'Acme' });
    const second = connect(notion, { workspace: 'Acme' });
    expect(second.botId).toBe(first.botId);
    expect(connect(notion, { workspace: 'Acme', user: 'Somebody else' }).botId).not.toBe(first.botId);
    notion.revoke(first.accessToken);
    await expect(first.client.users.me({})).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
    await expect(second.client.users.me({})).resolves.toMatchObject({ id: first.botId });
  });

  it('shows each token its own workspace only', async () => {
    const ada = connect(notion, { workspace: 'Acme' });
    const bob = connect(notion, { workspace: 'Globex' });
    const { databaseId, dataSourceId } = await makeDatabase(ada.client);
    const row = await ada.client.pages.create({
      parent: { data_source_id: dataSourceId },
      properties: { Name: { title: text('Private') } },
    });
    const missing = { status: 404, code: 'object_not_found' };
    await expect(bob.client.databases.retrieve({ database_id: databaseId })).rejects.toMatchObject(missing);
    await expect(bob.client.dataSources.query({ data_source_id: dataSourceId })).rejects.toMatchObject(missing);
    await expect(bob.client.pages.retrieve({ page_id: row.id })).rejects.toMatchObject(missing);
    await expect(bob.client.pages.update({ page_id: row.id, in_trash: true })).rejects.toMatchObject(missing);
    await expect(bob.client.blocks.children.list({ block_id: row.id })).rejects.toMatchObject(missing);
    await expect(bob.client.pages.retrieveMarkdown({ page_id: row.id })).rejects.toMatchObject(missing);
    expect((await bob.client.search({})).results).toEqual([]);
    expect((await ada.client.search({})).results).toHaveLength(2);
  });

  it('hides a colleague’s private database in the same workspace until it is shared', async () => {
    const ada = connect(notion, { workspace: 'Acme', user: 'Ada' });
    const bob = connect(notion, { workspace: 'Acme', user: 'Bob' });
    const { databaseId } = await makeDatabase(ada.client);
    await expect(bob.client.databases.retrieve({ database_id: databaseId })).rejects.toMatchObject({ status: 404 });
    notion.world.share(databaseId, bob.botId);
    await expect(bob.client.databases.retrieve({ database_id: databaseId })).resolves.toMatchObject({
      id: databaseId,
    });
  });

  it.each([
    ['read_content', (client: Client, id: string) => client.databases.retrieve({ database_id: id })],
    ['update_content', (client: Client, id: string) => client.databases.update({ database_id: id, title: text('x') })],
    ['insert_content', (client: Client) => makeDatabase(client)],
  ] as const)('answers 403 without %s', async (missing, call) => {
    const { databaseId } = await makeDatabase(connect(notion, { workspace: 'Acme' }).client);
    const all = ['read_content', 'update_content', 'insert_content'] as const;
    const { client } = connect(notion, { workspace: 'Acme', capabilities: all.filter((one) => one !== missing) });
    await expect(call(client, databaseId)).rejects.toMatchObject({ status: 403, code: 'restricted_resource' });
  });

  it('refuses what has no version, an unknown version or an unknown path', async () => {
    const { accessToken } = connect(notion, { workspace: 'Acme' });
    const ask = async (path: string, version?: string) => {
      const headers = {
        authorization: `Bearer ${accessToken}`,
        ...(version === undefined ? {} : { 'notion-version': version }),
      };
      const reply = await fetch(`${notion.url}${path}`, { headers });
      return { status: reply.status, ...((await reply.json()) as { code?: string }) };
    };
    expect(await ask('/v1/users/me')).toMatchObject({ status: 400, code: 'missing_version' });
    expect(await ask('/v1/users/me', '2022-06-28')).toMatchObject({ status: 400, code: 'validation_error' });
    expect(await ask('/v1/users/me', '2025-09-03')).toMatchObject({ status: 200 });
    expect(await ask('/v1/nothing', '2026-03-11')).toMatchObject({ status: 400, code: 'invalid_request_url' });
  });
});

describe('databases', () => {
  it('makes a private one at workspace level, with column ids that need encoding', async () => {
    const { client } = connect(notion, { workspace: 'Acme' });
    const { databaseId, dataSourceId } = await makeDatabase(client);
    const database = await client.databases.retrieve({ database_id: databaseId });
    expect(database).toMatchObject({
      parent: { type: 'workspace' },
      data_sources: [{ id: dataSourceId, name: 'Pages' }],
    });
    const source = await columns(client, dataSourceId);
    expect(Object.keys(source)).toEqual([
      'Name',
      'URL',
      'Sync key',
      'Price',
      'Done',
      'Published',
      'Status',
      'Tags',
      'Image',
    ]);
    expect(source['Name']?.id).toBe('title');
    expect(source['URL']?.id).toContain('%');
  });

  it('makes one under a shared page, where it shows as a block', async () => {
    const { client, botId } = connect(notion, { workspace: 'Acme', kind: 'internal' });
    const home = notion.world.addPageAsPerson({ workspace: 'Acme', title: 'Home' });
    const parent = { type: 'page_id' as const, page_id: home.id };
    await expect(makeDatabase(client, parent)).rejects.toMatchObject({ status: 404 });
    notion.world.share(home.id, botId);
    const { databaseId } = await makeDatabase(client, parent);
    const { results } = await client.blocks.children.list({ block_id: home.id });
    expect(results).toMatchObject([{ id: databaseId, type: 'child_database', child_database: { title: 'Pages' } }]);
  });

  it('does not let an internal connection create at workspace level', async () => {
    const { client } = connect(notion, { workspace: 'Acme', kind: 'internal' });
    await expect(makeDatabase(client)).rejects.toMatchObject({ status: 400, code: 'validation_error' });
    await expect(client.pages.create({ properties: { title: { title: text('x') } } })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('tells a database id from a data source id', async () => {
    const { client } = connect(notion, { workspace: 'Acme' });
    const { databaseId, dataSourceId } = await makeDatabase(client);
    await expect(client.dataSources.retrieve({ data_source_id: databaseId })).rejects.toMatchObject({ status: 404 });
    await expect(client.databases.retrieve({ database_id: dataSourceId })).rejects.toMatchObject({ status: 404 });
    await expect(client.databases.retrieve({ database_id: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });

  it('refuses a database as a parent when it has several data sources', async () => {
    const { client } = connect(notion, { workspace: 'Acme' });
    const { databaseId } = await makeDatabase(client);
    notion.world.addDataSourceAsPerson(databaseId, 'Archive');
    const properties = { Name: { title: text('x') } };
    await expect(client.pages.create({ parent: { database_id: databaseId }, properties })).rejects.toMatchObject({
      status: 400,
    });
    const database = await client.databases.retrieve({ database_id: databaseId });
    expect('data_sources' in database && database.data_sources.map((one) => one.name)).toEqual(['Pages', 'Archive']);
  });

  it('adds, renames and deletes columns, never the title', async () => {
    const { client } = connect(notion, { workspace: 'Acme' });
    const { dataSourceId } = await makeDatabase(client);
    const before = await columns(client, dataSourceId);
    const update = (properties: Parameters<Client['dataSources']['update']>[0]['properties']) =>
      client.dataSources.update({ data_source_id: dataSourceId, properties });
    await update({ Author: { rich_text: {} }, [before['URL']?.id ?? '']: { name: 'Address' }, Done: null });
    const after = await columns(client, dataSourceId);
    expect(after['Address']?.id).toBe(before['URL']?.id);
    expect(after['Author']?.type).toBe('rich_text');
    expect(after['Done']).toBeUndefined();
    await expect(update({ Name: null })).rejects.toMatchObject({ status: 400 });
    await expect(update({ Second: { title: {} } })).rejects.toMatchObject({ status: 400 });
    await expect(update({ Author: { name: 'Address' } })).rejects.toMatchObject({ status: 400 });
  });

  it('blocks everything in a trashed database until it is restored', async () => {
    const { client } = connect(notion, { workspace: 'Acme' });
    const { databaseId, dataSourceId } = await makeDatabase(client);
    const properties = { Name: { title: text('x') } };
    const row = await client.pages.create({ parent: { data_source_id: dataSourceId }, properties });
    await client.databases.update({ database_id: databaseId, in_trash: true });
    expect(await client.databases.retrieve({ database_id: databaseId })).toMatchObject({ in_trash: true });
    const refused = { status: 400, code: 'validation_error' };
    await expect(client.pages.create({ parent: { data_source_id: dataSourceId }, properties })).rejects.toMatchObject(
      refused,
    );
    await expect(client.pages.update({ page_id: row.id, properties })).rejects.toMatchObject(refused);
    await client.databases.update({ database_id: databaseId, in_trash: false });
    await expect(client.pages.update({ page_id: row.id, properties })).resolves.toMatchObject({ id: row.id });
  });
});

describe('in a browser', () => {
  it('shows the workspace beside the API', async () => {
    const { client } = connect(notion, { workspace: 'Acme' });
    const { dataSourceId } = await makeDatabase(client);
    const row = await client.pages.create({
      parent: { data_source_id: dataSourceId },
      properties: { Name: { title: text('Widget & Co') } },
      markdown: 'Words of the page',
    });
    const url = 'url' in row ? row.url : '';
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('Widget &amp; Co');
    expect(html).toContain('Words of the page');
    expect((await fetch(`${notion.url}//elsewhere`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
    expect(notion.requests.map((one) => one.path)).toEqual(['/v1/databases', '/v1/pages']);
  });
});

describe('users', () => {
  it('lists the people of the workspace to those who may see them', async () => {
    const { client } = connect(notion, { workspace: 'Acme', user: 'Ada' });
    connect(notion, { workspace: 'Globex', user: 'Bob' });
    expect((await client.users.list({})).results).toMatchObject([
      { name: 'Ada', person: { email: 'ada@example.com' } },
    ]);
    const blind = connect(notion, { workspace: 'Acme', user: 'Ada', capabilities: ['read_content'] });
    await expect(blind.client.users.list({})).rejects.toMatchObject({ status: 403 });
  });
});
