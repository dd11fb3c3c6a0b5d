import { Client } from '@notionhq/client';
import type { CreateDatabaseParameters } from '@notionhq/client';
import type { NotionStandIn } from '../../sandbox/notion/server.js';
import type { Authorization } from '../../sandbox/notion/world.js';

/** The official client, its own retries off, with a fresh token of the stand-in. */
export function connect(notion: NotionStandIn, who: Authorization) {
  const authorization = notion.authorize(who);
  const client = new Client({
    auth: authorization.accessToken,
    baseUrl: notion.url,
    notionVersion: '2026-03-11',
    retry: false,
    logger: () => undefined,
  });
  return { client, ...authorization };
}

export function text(content: string, url?: string) {
  return [{ text: { content, ...(url === undefined ? {} : { link: { url } }) } }];
}

/** A database called "Pages" with one column of most types. */
export async function makeDatabase(
  client: Client,
  parent: CreateDatabaseParameters['parent'] = { type: 'workspace', workspace: true },
): Promise<{ databaseId: string; dataSourceId: string }> {
  const database = await client.databases.create({
    parent,
    title: text('Pages'),
    initial_data_source: {
      properties: {
        Name: { title: {} },
        URL: { url: {} },
        'Sync key': { rich_text: {} },
        Price: { number: {} },
        Done: { checkbox: {} },
        Published: { date: {} },
        Status: { select: { options: [{ name: 'Active', color: 'green' }] } },
        Tags: { multi_select: {} },
        Image: { files: {} },
      },
    },
  });
  const dataSourceId = 'data_sources' in database ? database.data_sources[0]?.id : undefined;
  if (dataSourceId === undefined) throw new Error('The reply names no data source.');
  return { databaseId: database.id, dataSourceId };
}

export async function columns(client: Client, dataSourceId: string) {
  return (await client.dataSources.retrieve({ data_source_id: dataSourceId })).properties;
}
