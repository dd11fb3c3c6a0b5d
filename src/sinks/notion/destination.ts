import type { DatabaseObjectResponse, DataSourceObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { RunInput } from '../../input.js';
import type { SinkDestination } from '../sink.js';
import type { NotionApi } from './api.js';
import { extractNotionId } from './client.js';
import { NotFoundError, RefusedError } from './errors.js';
import { markerOf } from './marker.js';
import type { DestinationMemory } from './remembered.js';

/** A database that exists, with its columns as they are now. */
export interface FoundDestination {
  destination: SinkDestination;
  properties: DataSourceObjectResponse['properties'];
}

export interface DestinationRequest {
  input: Pick<RunInput, 'notionDatabase' | 'notionDatabaseTitle' | 'notionParentPage'>;
  userId: string;
}

/** What was found, and sentences for the report about what was not. */
export interface DestinationSearch {
  /** `null` when none exists yet and one has to be made. */
  destination: FoundDestination | null;
  notes: string[];
}

/**
 * Finds the database to write to; reads only. A given one, else the remembered one, else one with our marker.
 * Throws `DestinationError` when what the user named cannot be used, and what `Sender.send` throws.
 */
export async function findDestination(
  api: NotionApi,
  request: DestinationRequest,
  memory: DestinationMemory,
): Promise<DestinationSearch> {
  const { input, userId } = request;
  if (input.notionDatabase !== null) {
    return { destination: await givenDatabase(api, input.notionDatabase), notes: [] };
  }
  const notes: string[] = [];
  const remembered = await memory.read();
  if (remembered !== null) {
    const found = await openDestination(api, remembered.databaseId, remembered.dataSourceId);
    if (found !== null) return { destination: found, notes };
    notes.push(
      `The database "${input.notionDatabaseTitle}" of earlier runs is in the trash or no longer shared with the ` +
        'connection, so another one is used. To go on in the old one, restore and share it before you run again.',
    );
    await memory.forget();
  }
  const parent = input.notionParentPage === null ? null : await parentPageId(api, input.notionParentPage);
  return { destination: await findMarked(api, input.notionDatabaseTitle, userId, parent), notes };
}

/** The id of the page under which a database is to be made. Throws `DestinationError` when it cannot be used. */
export async function parentPageId(api: NotionApi, urlOrId: string): Promise<string> {
  const id = notionId('notionParentPage', urlOrId);
  const page = await orNull(() => api.page(id));
  if (page === null) {
    throw new DestinationError(
      `notionParentPage: ${notShared('the page', urlOrId)} It must be a page; a database goes into notionDatabase.`,
    );
  }
  if (page.in_trash)
    throw new DestinationError(`notionParentPage: the page is in the trash. Restore it or choose another: ${page.url}`);
  return page.id;
}

/**
 * A database by our marker: among the children of the page that it was to be made under, else among those that search
 * shows for its title; `null` when there is none.
 * @param parentId id of that page; `null` for the workspace
 */
export async function findMarked(
  api: NotionApi,
  title: string,
  userId: string,
  parentId: string | null,
): Promise<FoundDestination | null> {
  const marker = markerOf(userId, title);
  const candidates = [...(await searched(api, title)), ...(parentId === null ? [] : await childrenOf(api, parentId))];
  for (const databaseId of new Set(candidates)) {
    const database = await orNull(() => api.database(databaseId));
    const dataSource = database?.data_sources[0];
    if (database === null || dataSource === undefined || database.in_trash) continue;
    if (plain(database.description).includes(marker)) return openDestination(api, database.id, dataSource.id);
  }
  return null;
}

/** Search is not exhaustive, and shows new databases late. */
async function searched(api: NotionApi, title: string): Promise<string[]> {
  const results = await api.search('data_source', title);
  return results.flatMap((result) => {
    if (result.object !== 'data_source' || result.in_trash || plain(result.title) !== title) return [];
    return databaseOf(result) ?? [];
  });
}

/** Children show at once. */
async function childrenOf(api: NotionApi, pageId: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.children(pageId, cursor);
    ids.push(...page.blocks.filter(({ type }) => type === 'child_database').map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

/** Reads a database and its columns; `null` when it is gone, in the trash, or no longer shared. */
export async function openDestination(
  api: NotionApi,
  databaseId: string,
  dataSourceId: string,
): Promise<FoundDestination | null> {
  const database = await orNull(() => api.database(databaseId));
  if (database === null || database.in_trash) return null;
  const dataSource = await orNull(() => api.dataSource(dataSourceId));
  return dataSource === null || dataSource.in_trash ? null : found(database, dataSource);
}

async function givenDatabase(api: NotionApi, urlOrId: string): Promise<FoundDestination> {
  const id = notionId('notionDatabase', urlOrId);
  const database = await orNull(() => api.database(id));
  if (database !== null) return sourceOfDatabase(api, database);

  const dataSource = await orNull(() => api.dataSource(id));
  const parent = dataSource === null ? null : databaseOf(dataSource);
  const holder = parent === null ? null : await orNull(() => api.database(parent));
  if (dataSource !== null && holder !== null) {
    refuseTrashed(holder.in_trash || dataSource.in_trash, holder.url);
    return found(holder, dataSource);
  }
  if ((await orNull(() => api.page(id))) !== null) {
    throw new DestinationError(
      'notionDatabase: this is a page, not a database. Put it into notionParentPage to have a database made under it.',
    );
  }
  throw new DestinationError(`notionDatabase: ${notShared('the database', urlOrId)}`);
}

async function sourceOfDatabase(api: NotionApi, database: DatabaseObjectResponse): Promise<FoundDestination> {
  refuseTrashed(database.in_trash, database.url);
  const [only, ...others] = database.data_sources;
  if (only === undefined)
    throw new DestinationError('notionDatabase: the database has no data source. Choose another one.');
  if (others.length > 0) {
    const names = database.data_sources.map(({ id, name }) => `"${name}" (${id})`).join(', ');
    throw new DestinationError(
      `notionDatabase: "${plain(database.title)}" has several data sources: ${names}. Give the id of one of them.`,
    );
  }
  return found(database, await api.dataSource(only.id));
}

function found(database: DatabaseObjectResponse, dataSource: DataSourceObjectResponse): FoundDestination {
  return {
    destination: {
      databaseId: database.id,
      databaseUrl: database.url,
      dataSourceId: dataSource.id,
      title: plain(database.title),
    },
    properties: dataSource.properties,
  };
}

function databaseOf(dataSource: DataSourceObjectResponse): string | null {
  return dataSource.parent.type === 'database_id' ? dataSource.parent.database_id : null;
}

function refuseTrashed(inTrash: boolean, url: string): void {
  if (inTrash) throw new DestinationError(`notionDatabase: the database is in the trash. Restore it in Notion: ${url}`);
}

function notionId(field: string, urlOrId: string): string {
  const id = extractNotionId(urlOrId);
  if (id === null) {
    throw new DestinationError(
      `${field}: "${urlOrId}" holds no Notion id. Copy the link from Notion (••• → Copy link) or give the 32-digit id.`,
    );
  }
  return id;
}

function notShared(what: string, urlOrId: string): string {
  return (
    `Notion does not show ${what} to this connection. Open it (${urlOrId}), choose ••• → Connections and add the ` +
    'connection that you authorized, or check the link.'
  );
}

/** Absent, not shared and "this id is something else" look alike from here. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof RefusedError) return null;
    throw error;
  }
}

function plain(text: readonly { plain_text: string }[]): string {
  return text.map((item) => item.plain_text).join('');
}
