import type { DatabaseObjectResponse, DataSourceObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { RunInput } from '../../input.js';
import type { NotionApi } from './api.js';
import { extractNotionId } from './client.js';
import { sameName } from './columns.js';
import { databaseOf, found, notShared, openDestination, orNull } from './found-destination.js';
import type { FoundDestination } from './found-destination.js';
import { givenDatabase, namesOf } from './given-database.js';
import { markerOf } from './marker.js';
import type { DestinationMemory } from './remembered.js';
import { plainText } from './rich-text.js';

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
    const destination = await openDestination(api, remembered.databaseId, remembered.dataSourceId);
    if (destination !== null) return { destination, notes: await ignoredParent(api, input, destination) };
    notes.push(
      `The database "${input.notionDatabaseTitle}" of earlier runs is in the trash or no longer shared with the ` +
        'connection, so another one is used. To go on in the old one, restore it, share it and give its link as `notionDatabase`.',
    );
  }
  const parentId = input.notionParentPage === null ? null : await parentPageId(api, input.notionParentPage);
  const title = input.notionDatabaseTitle;
  const known = remembered?.databaseId ?? null;
  const destination = await findMarked(api, memory, { title, userId, parentId, known });
  if (destination !== null) notes.push(...(await ignoredParent(api, input, destination)));
  return { destination, notes };
}

/** What the report says of a parent page that a database made earlier does not lie under. */
async function ignoredParent(
  api: NotionApi,
  { notionParentPage, notionDatabaseTitle }: DestinationRequest['input'],
  { destination, parent }: FoundDestination,
): Promise<string[]> {
  if (notionParentPage === null) return [];
  const id = parentId(notionParentPage);
  // A column or a toggle holds it: which page they stand on is not worth further requests.
  if (parent.type === 'block_id' || (parent.type === 'page_id' && parent.page_id === id)) return [];
  const notes = [
    `notionParentPage was not used: it says where a new database is made, and "${destination.title}" is there already, ` +
      `elsewhere in Notion (${destination.databaseUrl}). Move it in Notion, where it is found again, or give another ` +
      `notionDatabaseTitle than "${notionDatabaseTitle}" for a new one.`,
  ];
  try {
    await parentPageId(api, notionParentPage);
  } catch (error) {
    // A page that is not needed ends no run.
    if (!(error instanceof DestinationError)) throw error;
    notes.push(error.message);
  }
  return notes;
}

/** The id of the page under which a database is to be made. Throws `DestinationError` when it cannot be used. */
export async function parentPageId(api: NotionApi, urlOrId: string): Promise<string> {
  const id = parentId(urlOrId);
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

/** What tells our database from all others. */
interface MarkedDatabase {
  title: string;
  userId: string;
  /** The page that it was to be made under; `null` for the workspace. */
  parentId: string | null;
  /** The id of what may be it. */
  known: string | null;
}

/**
 * A database by our marker: among the children of the page that it was to be made under, else among those that search
 * shows for its title; `null` when there is none.
 * Throws `DestinationError` when people's own data sources are all that is left in it.
 */
export async function findMarked(
  api: NotionApi,
  memory: DestinationMemory,
  { title, userId, parentId, known }: MarkedDatabase,
): Promise<FoundDestination | null> {
  const children = parentId === null ? [] : await childrenOf(api, parentId);
  const candidates = [...(known === null ? [] : [known]), ...(await searched(api, title)), ...children];
  return markedAmong(api, memory, markerOf(userId, title), candidates);
}

/** The first of the databases with our marker that stand on a page. Pages show what is added to them at once, at their end. */
export async function firstMarkedOn(
  api: NotionApi,
  memory: DestinationMemory,
  { title, userId }: Pick<MarkedDatabase, 'title' | 'userId'>,
  pageId: string,
): Promise<FoundDestination | null> {
  return markedAmong(api, memory, markerOf(userId, title), await childrenOf(api, pageId));
}

async function markedAmong(
  api: NotionApi,
  memory: DestinationMemory,
  marker: string,
  candidates: readonly string[],
): Promise<FoundDestination | null> {
  for (const databaseId of new Set(candidates)) {
    const database = await orNull(() => api.database(databaseId));
    if (database === null || database.in_trash || database.data_sources.length === 0) continue;
    if (plainText(database.description).includes(marker)) return ownDataSource(api, memory, database);
  }
  return null;
}

/** The one that syncs wrote to: people may add data sources of their own to our database, in any order. */
async function ownDataSource(
  api: NotionApi,
  memory: DestinationMemory,
  database: DatabaseObjectResponse,
): Promise<FoundDestination> {
  for (const { id } of database.data_sources) {
    const dataSource = await orNull(() => api.dataSource(id));
    if (dataSource === null || dataSource.in_trash) continue;
    const isKnown = Object.keys(await memory.columns(id)).length > 0;
    if (isKnown || hasSyncColumn(dataSource)) return found(database, dataSource);
  }
  throw new DestinationError(
    `The database "${plainText(database.title)}" no longer holds the data source that earlier runs wrote to, only ` +
      `${namesOf(database)}. Restore it in Notion, give the id of one of these as notionDatabase, or another notionDatabaseTitle.`,
  );
}

function hasSyncColumn({ properties }: DataSourceObjectResponse): boolean {
  return Object.values(properties).some(({ name }) => ['Sync key', 'Sync hash'].some((own) => sameName(own, name)));
}

/** Search is not exhaustive, and shows new databases late. */
async function searched(api: NotionApi, title: string): Promise<string[]> {
  const results = await api.search('data_source', title);
  return results.flatMap((result) => {
    if (result.object !== 'data_source' || result.in_trash || plainText(result.title) !== title) return [];
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

function parentId(urlOrId: string): string {
  const id = extractNotionId(urlOrId);
  if (id === null) {
    throw new DestinationError(
      `notionParentPage: "${urlOrId}" holds no Notion id. Copy the link from Notion (••• → Copy link) or give the 32-digit id.`,
    );
  }
  return id;
}
