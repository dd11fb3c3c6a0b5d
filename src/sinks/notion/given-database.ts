import type { DatabaseObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { NotionApi } from './api.js';
import { extractNotionId } from './client.js';
import { databaseOf, found, notShared, orNull } from './found-destination.js';
import type { FoundDestination } from './found-destination.js';
import { plainText } from './rich-text.js';

/**
 * The database that the user named: by the link or id of the database, of a data source or of a view. A link holds
 * several ids (`/<database>?v=<view>&p=<row>`); the first that leads to a database counts, and a view says which of
 * several data sources is meant.
 * Throws `DestinationError` when it cannot be used.
 */
export async function givenDatabase(api: NotionApi, urlOrId: string): Promise<FoundDestination> {
  const ids = idsIn(urlOrId);
  if (ids.length === 0) {
    throw new DestinationError(
      `notionDatabase: "${urlOrId}" holds no Notion id. Copy the link from Notion (••• → Copy link) or give the 32-digit id.`,
    );
  }
  for (const id of ids) {
    const destination = (await asDatabase(api, id, ids)) ?? (await asDataSource(api, id)) ?? (await asView(api, id));
    if (destination !== null) return destination;
  }
  for (const id of ids) {
    if ((await orNull(() => api.page(id))) === null) continue;
    throw new DestinationError(
      'notionDatabase: this is a page, not a database. Put it into notionParentPage to have a database made under it.',
    );
  }
  throw new DestinationError(`notionDatabase: ${notShared('the database', urlOrId)}`);
}

/** All ids in a link, what Notion's own client takes for the link's first. */
function idsIn(urlOrId: string): string[] {
  const main = extractNotionId(urlOrId);
  const all = urlOrId.match(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi) ?? [];
  return [...new Set([main, ...all.map((id) => extractNotionId(id))])].filter((id) => id !== null);
}

async function asDatabase(api: NotionApi, id: string, ids: readonly string[]): Promise<FoundDestination | null> {
  const database = await orNull(() => api.database(id));
  if (database === null) return null;
  refuseTrashed(database.in_trash, database.url);
  const [only, ...others] = database.data_sources;
  if (only === undefined) {
    throw new DestinationError('notionDatabase: the database has no data source. Choose another one.');
  }
  const chosen = others.length === 0 ? only.id : await chosenSource(api, database, ids);
  return found(database, await api.dataSource(chosen));
}

/** Which of several data sources a link means by its view. */
async function chosenSource(api: NotionApi, database: DatabaseObjectResponse, ids: readonly string[]): Promise<string> {
  for (const id of ids) {
    const named = database.data_sources.find((source) => source.id === id);
    if (named !== undefined) return named.id;
    const shown = id === database.id ? null : ((await orNull(() => api.view(id)))?.dataSourceId ?? null);
    if (database.data_sources.some((source) => source.id === shown)) return shown ?? '';
  }
  throw new DestinationError(
    `notionDatabase: "${plainText(database.title)}" has several data sources: ${namesOf(database)}. Give the id of one of them.`,
  );
}

/** The data sources of a database, for a person who has to choose one. */
export function namesOf({ data_sources: sources }: DatabaseObjectResponse): string {
  return sources.map(({ id, name }) => `"${name}" (${id})`).join(', ');
}

async function asDataSource(api: NotionApi, id: string): Promise<FoundDestination | null> {
  const dataSource = await orNull(() => api.dataSource(id));
  const parent = dataSource === null ? null : databaseOf(dataSource);
  const holder = parent === null ? null : await orNull(() => api.database(parent));
  if (dataSource === null || holder === null) return null;
  refuseTrashed(holder.in_trash || dataSource.in_trash, holder.url);
  return found(holder, dataSource);
}

async function asView(api: NotionApi, id: string): Promise<FoundDestination | null> {
  const view = await orNull(() => api.view(id));
  if (view === null) return null;
  return view.dataSourceId === null ? asDatabase(api, view.databaseId, []) : asDataSource(api, view.dataSourceId);
}

function refuseTrashed(inTrash: boolean, url: string): void {
  if (inTrash) throw new DestinationError(`notionDatabase: the database is in the trash. Restore it in Notion: ${url}`);
}
