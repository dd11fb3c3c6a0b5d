import { Client, type PageObjectResponse } from '@notionhq/client';
import type { NotionStandIn } from '../../sandbox/notion/server.js';

export interface Row {
  id: string;
  /** Column name → what a reader sees in it. */
  columns: Record<string, string | null>;
  markdown: string;
}

export interface DatabaseContents {
  databaseId: string;
  title: string;
  columnTypes: Record<string, string>;
  rows: Row[];
}

/** What the owner of a workspace sees in it, read through the real client as the same person's connection. */
export async function readWorkspace(notion: NotionStandIn, workspace: string): Promise<DatabaseContents[]> {
  const { accessToken } = notion.authorize({ workspace });
  const client = new Client({ auth: accessToken, baseUrl: notion.url, notionVersion: '2026-03-11' });
  const found = await client.search({ filter: { property: 'object', value: 'data_source' } });
  return Promise.all(
    found.results.map(async ({ id }) => {
      const source = await client.dataSources.retrieve({ data_source_id: id });
      if (!('title' in source) || source.parent.type !== 'database_id') throw new Error('unexpected data source');
      return {
        databaseId: source.parent.database_id,
        title: source.title.map((part) => part.plain_text).join(''),
        columnTypes: Object.fromEntries(Object.entries(source.properties).map(([name, { type }]) => [name, type])),
        rows: await readRows(client, id),
      };
    }),
  );
}

async function readRows(client: Client, dataSourceId: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.dataSources.query({
      data_source_id: dataSourceId,
      page_size: 100,
      ...(cursor && { start_cursor: cursor }),
    });
    for (const result of page.results as PageObjectResponse[]) {
      const { markdown } = await client.pages.retrieveMarkdown({ page_id: result.id });
      const columns = Object.entries(result.properties).map(([name, value]) => [name, shown(value)] as const);
      rows.push({ id: result.id, columns: Object.fromEntries(columns), markdown });
    }
    if (!page.has_more || page.next_cursor === null) return rows;
    cursor = page.next_cursor;
  }
}

function shown(value: PageObjectResponse['properties'][string]): string | null {
  switch (value.type) {
    case 'title':
      return value.title.map((part) => part.plain_text).join('') || null;
    case 'rich_text':
      return value.rich_text.map((part) => part.plain_text).join('') || null;
    case 'url':
      return value.url;
    case 'select':
      return value.select?.name ?? null;
    case 'date':
      return value.date?.start ?? null;
    case 'number':
      return value.number === null ? null : String(value.number);
    default:
      return JSON.stringify(value);
  }
}

/** Requests of the run that changed something in Notion. */
export function writes(notion: NotionStandIn, since = 0): string[] {
  return notion.requests
    .slice(since)
    .filter(
      ({ method, path }) =>
        method === 'PATCH' || method === 'DELETE' || (method === 'POST' && !/\/(query|search)$/.test(path)),
    )
    .map(({ method, path }) => `${method} ${path}`);
}
