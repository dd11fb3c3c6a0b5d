import { invalid, notFound } from '../errors.js';
import { parseId } from '../ids.js';
import type { Bot, Capability, Database, DataSource, Page } from '../records.js';
import type { NotionWorld } from '../world.js';
import type { BodyType } from './request-schemas.js';

/** One authorized request whose body has the shape that its route names. */
export interface ApiRequest {
  world: NotionWorld;
  bot: Bot;
  /** `Notion-Version`. */
  version: string;
  /** What the route's pattern captured. */
  id: string;
  query: URLSearchParams;
  body: unknown;
}

/** `handle` returns the body of a 200, or throws `NotionError`. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Of the path after `/v1/`; its first group is the id. */
  pattern: RegExp;
  capability: Capability | null;
  body?: BodyType;
  handle(request: ApiRequest): object;
}

/** The type of a client method's parameters without those that stand in the path. */
export type Body<P, PathKey extends PropertyKey> = P extends unknown ? Omit<P, PathKey> : never;

export const CURRENT_VERSION = '2026-03-11';

/** @throws NotionError 404 */
export function visiblePage({ world, bot }: ApiRequest, id: string): Page {
  const page = world.pages.get(validId(id));
  if (page === undefined || !world.isVisible(page, bot)) throw notFound('page', id);
  return page;
}

/** @throws NotionError 404 */
export function visibleDatabase({ world, bot }: ApiRequest, id: string): Database {
  const database = world.databases.get(validId(id));
  if (database === undefined || !world.isVisible(database, bot)) throw notFound('database', id);
  return database;
}

/** @throws NotionError 404, also when `id` is the database's instead of the data source's */
export function visibleDataSource({ world, bot }: ApiRequest, id: string): DataSource {
  const dataSource = world.dataSources.get(validId(id));
  if (dataSource === undefined || !world.isVisible(dataSource, bot)) throw notFound('data source', id);
  return dataSource;
}

/** @throws NotionError 400 when `object` or something above it lies in the trash */
export function assertLive({ world }: ApiRequest, object: Page | Database | DataSource): void {
  if (!world.isTrashed(object)) return;
  throw invalid(
    object.in_trash
      ? "Can't edit block that is archived. You must unarchive the block before editing."
      : "Can't edit page on block with an archived ancestor. You must unarchive the ancestor before editing.",
  );
}

/** `archived` is the old name of `in_trash`; the current version refuses it. */
export function trashFlag(request: ApiRequest, body: { in_trash?: boolean; archived?: boolean }): boolean | undefined {
  if (body.archived !== undefined && request.version === CURRENT_VERSION) {
    throw invalid('body failed validation: body.archived should be not present. Use in_trash.');
  }
  return body.in_trash ?? body.archived;
}

/** @throws NotionError 400 */
export function validId(id: string): string {
  const parsed = parseId(id);
  if (parsed === null) throw invalid(`path failed validation: the id should be a valid uuid, instead was \`"${id}"\`.`);
  return parsed;
}

/**
 * One part of `all`, as Notion's lists give it. Cursors are ids of the item to begin with.
 * @throws NotionError 400 for a size over 100 or a cursor that is no item (any more)
 */
export function paginate<T extends { id: string }>(
  all: T[],
  { page_size: size, start_cursor: cursor }: { page_size?: number; start_cursor?: string | null },
): { items: T[]; next_cursor: string | null; has_more: boolean } {
  if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= 100)) {
    throw invalid(`body failed validation: page_size should be a whole number from 1 to 100, instead was \`${size}\`.`);
  }
  const start = cursor === undefined || cursor === null ? 0 : all.findIndex((item) => item.id === parseId(cursor));
  if (start < 0) throw invalid(`The start_cursor provided is invalid: ${cursor ?? ''}`);
  const end = start + (size ?? 100);
  const next = all[end]?.id ?? null;
  return { items: all.slice(start, end), next_cursor: next, has_more: next !== null };
}

/** Page size and cursor of a GET. */
export function pageQuery(query: URLSearchParams): { page_size?: number; start_cursor?: string } {
  const size = query.get('page_size');
  const cursor = query.get('start_cursor');
  return {
    ...(size === null ? {} : { page_size: Number(size) }),
    ...(cursor === null ? {} : { start_cursor: cursor }),
  };
}
