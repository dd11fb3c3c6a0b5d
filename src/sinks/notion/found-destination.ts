import type { DatabaseObjectResponse, DataSourceObjectResponse } from '@notionhq/client';
import type { SinkDestination } from '../sink.js';
import type { NotionApi } from './api.js';
import { NotFoundError, RefusedError } from './errors.js';
import { plainText } from './rich-text.js';

/** A database that exists, with its columns as they are now. */
export interface FoundDestination {
  destination: SinkDestination;
  /** Where the database lies. */
  parent: DatabaseObjectResponse['parent'];
  properties: DataSourceObjectResponse['properties'];
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

/** Whether there is still a database to write to. */
export async function isThere(api: NotionApi, dataSourceId: string): Promise<boolean> {
  const dataSource = await orNull(() => api.dataSource(dataSourceId));
  const databaseId = dataSource === null ? null : databaseOf(dataSource);
  return databaseId !== null && (await openDestination(api, databaseId, dataSourceId)) !== null;
}

/** A database and one of its data sources as the sync knows them. */
export function found(database: DatabaseObjectResponse, dataSource: DataSourceObjectResponse): FoundDestination {
  return {
    destination: {
      databaseId: database.id,
      databaseUrl: database.url,
      dataSourceId: dataSource.id,
      title: plainText(database.title),
    },
    parent: database.parent,
    properties: dataSource.properties,
  };
}

/** The database that holds a data source. */
export function databaseOf(dataSource: DataSourceObjectResponse): string | null {
  return dataSource.parent.type === 'database_id' ? dataSource.parent.database_id : null;
}

/** Absent, not shared and "this id is something else" look alike from here. */
export async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof RefusedError) return null;
    throw error;
  }
}

/** For a person whose page or database is not there for the connection. */
export function notShared(what: string, urlOrId: string): string {
  return (
    `Notion does not show ${what} to this connection. Open it (${urlOrId}), choose ••• → Connections and add the ` +
    'connection that you authorized, or check the link.'
  );
}
