import { plainText, textRun } from './block.js';
import type { RichText } from './block.js';
import { NotionError } from './errors.js';
import { compactId, newId } from './ids.js';
import type { Database, DataSource, Page, Parent, Property, PropertyValue } from './records.js';
import type { WorldStore } from './store.js';
import { childBlock, detachBlock, flatten, registerBlocks } from './tree.js';

export interface NewObject {
  workspaceId: string;
  authorId: string;
  parent: Parent;
  /** A bot that the object is shared with by itself; below a shared page it need not be. */
  sharedWith?: string;
  /** Where its block goes in a parent page; default: the end. */
  index?: number;
}

/**
 * Makes a page. In a data source `properties` are the row's, by property id; elsewhere only its title.
 * @throws NotionError 409 `row_limit_exceeded` when the data source is full
 */
export function addPage(store: WorldStore, at: NewObject, properties: Map<string, PropertyValue>): Page {
  const rows = at.parent.type === 'data_source_id' ? rowSet(store, at.parent.data_source_id) : null;
  if (rows !== null && rows.size >= store.caps.dataSourceRows) {
    throw new NotionError(409, 'row_limit_exceeded', 'This data source has reached its maximum number of rows.');
  }
  const common = store.newCommon(at.workspaceId, at.authorId);
  const queriesBefore =
    at.parent.type === 'data_source_id' ? (store.dataSources.get(at.parent.data_source_id)?.queries ?? 0) : 0;
  const url = `${store.baseUrl}/p/${compactId(common.id)}`;
  const page: Page = {
    ...common,
    object: 'page',
    parent: at.parent,
    properties,
    blocks: [],
    url,
    is_locked: false,
    queriesBefore,
  };
  if (at.sharedWith !== undefined) page.sharedWith.add(at.sharedWith);
  store.pages.set(page.id, page);
  rows?.add(page.id);
  attach(store, page, at.authorId, at.index);
  return page;
}

/** Makes a database with one data source. `properties` are its columns, one of them the title. */
export function addDatabase(
  store: WorldStore,
  at: NewObject,
  values: { title: RichText[]; description?: RichText[]; isInline?: boolean; properties: Property[] },
): { database: Database; dataSource: DataSource } {
  const common = store.newCommon(at.workspaceId, at.authorId);
  const dataSource: DataSource = {
    ...store.newCommon(at.workspaceId, at.authorId),
    object: 'data_source',
    databaseId: common.id,
    viewId: newId(),
    title: values.title,
    description: [],
    properties: new Map(values.properties.map((property) => [property.id, property])),
    queries: 0,
  };
  const database: Database = {
    ...common,
    object: 'database',
    parent: at.parent,
    title: values.title,
    description: values.description ?? [],
    is_inline: values.isInline ?? false,
    is_locked: false,
    dataSourceIds: [dataSource.id],
    url: `${store.baseUrl}/p/${compactId(common.id)}`,
  };
  if (at.sharedWith !== undefined) database.sharedWith.add(at.sharedWith);
  store.databases.set(database.id, database);
  store.dataSources.set(dataSource.id, dataSource);
  attach(store, database, at.authorId, at.index);
  return { database, dataSource };
}

/** A title column for a database that was made without columns. */
export function titleProperty(name: string): Property {
  return { id: 'title', name, type: 'title', description: null, options: [], config: {} };
}

/** Puts `object` into the trash or takes it out; its block leaves or rejoins the parent page. */
export function setTrashed(store: WorldStore, object: Page | Database, trashed: boolean, authorId: string): void {
  if (object.in_trash === trashed) return;
  object.in_trash = trashed;
  store.touch(object, authorId);
  if (trashed) detachFromParent(store, object);
  else attach(store, object, authorId);
}

/** Gives `object` another title and shows it where it lies. */
export function retitle(store: WorldStore, object: Page | Database, title: RichText[]): void {
  if (object.object === 'database') object.title = title;
  else object.properties.set('title', { type: 'title', value: title });
  const parent = object.parent.type === 'page_id' ? store.pages.get(object.parent.page_id) : undefined;
  const block = flatten(parent?.blocks ?? []).find((one) => one.id === object.id);
  if (block?.type === 'child_page' || block?.type === 'child_database') block.value.title = plainText(title);
}

/** Moves `object` into `page`, where the caller gives it a block. */
export function moveInto(store: WorldStore, object: Page | Database, page: Page): void {
  detachFromParent(store, object);
  object.parent = { type: 'page_id', page_id: page.id };
}

/** A plain title. */
export function titleOf(text: string): RichText[] {
  return text === '' ? [] : [textRun(text)];
}

/** An access token in the form of Notion's. */
export function newToken(): string {
  return `ntn_${compactId(newId())}${compactId(newId()).slice(0, 12)}`;
}

function rowSet(store: WorldStore, dataSourceId: string): Set<string> {
  const known = store.rows.get(dataSourceId) ?? new Set<string>();
  store.rows.set(dataSourceId, known);
  return known;
}

function attach(store: WorldStore, object: Page | Database, authorId: string, index = Infinity): void {
  const parent = object.parent.type === 'page_id' ? store.pages.get(object.parent.page_id) : undefined;
  if (parent === undefined) return;
  parent.blocks.splice(index, 0, childBlock(store, object, authorId));
  registerBlocks(store, parent);
  store.touch(parent, authorId);
}

function detachFromParent(store: WorldStore, object: Page | Database): void {
  const parent = object.parent.type === 'page_id' ? store.pages.get(object.parent.page_id) : undefined;
  if (parent !== undefined) detachBlock(parent.blocks, object.id);
}
