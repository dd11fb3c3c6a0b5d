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

/**
 * Finds the database to write to; reads only. A given one, else the remembered one, else one with our marker.
 * @returns `null` when none exists yet and one has to be made
 * Throws `DestinationError` when what the user named cannot be used, and what `Sender.send` throws.
 */
export async function findDestination(
  api: NotionApi,
  request: DestinationRequest,
  memory: DestinationMemory,
): Promise<FoundDestination | null> {
  const { input } = request;
  if (input.notionDatabase !== null) return givenDatabase(api, input.notionDatabase);
  const remembered = await memory.read();
  if (remembered !== null) {
    const found = await openDestination(api, remembered.databaseId, remembered.dataSourceId);
    if (found !== null) return found;
    await memory.forget();
  }
  const marked = await findMarked(api, input.notionDatabaseTitle, request.userId);
  if (marked === null && input.notionParentPage !== null) await parentPageId(api, input.notionParentPage);
  return marked;
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

/** A database by our marker, among those whose title matches; `null` when search shows none. */
export async function findMarked(api: NotionApi, title: string, userId: string): Promise<FoundDestination | null> {
  const marker = markerOf(userId, title);
  for (const result of await api.search('data_source', title)) {
    if (result.object !== 'data_source' || result.in_trash || plain(result.title) !== title) continue;
    const databaseId = databaseOf(result);
    const database = databaseId === null ? null : await orNull(() => api.database(databaseId));
    if (database === null || database.in_trash || !plain(database.description).includes(marker)) continue;
    return openDestination(api, database.id, result.id);
  }
  return null;
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
