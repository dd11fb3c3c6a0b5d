import type { CreateDatabaseParameters, DatabaseObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { Store } from '../../store.js';
import type { NewColumns, NotionApi } from './api.js';
import { findMarked, firstMarkedOn, parentPageId } from './destination.js';
import type { DestinationRequest } from './destination.js';
import { InDoubtError, NotFoundError, RefusedError, RestrictedError } from './errors.js';
import { openDestination, orNull } from './found-destination.js';
import type { FoundDestination } from './found-destination.js';
import type { Gate } from './gate.js';
import type { Waits } from './limits.js';
import { Look } from './look.js';
import { markerOf } from './marker.js';
import { isMaking } from './remembered.js';
import type { DestinationMemory } from './remembered.js';
import { plainText } from './rich-text.js';
import { cut } from './values.js';

const INTENT = 'NOTION-DATABASE-INTENT';

export interface CreateDestinationContext extends DestinationRequest {
  api: NotionApi;
  checkpoint: Store;
  memory: DestinationMemory;
  gate: Gate;
  waits: Waits;
}

/**
 * Makes the database: under the given page, else private at workspace level, else (where Notion refuses that) under a
 * private page of its own. A create is never repeated before it was searched for.
 * Throws `DestinationError`, and what `Sender.send` throws.
 */
export async function createDestination(
  context: CreateDestinationContext,
  columns: NewColumns,
): Promise<FoundDestination & { isPrivate: boolean }> {
  const { api, checkpoint, input, memory } = context;
  const parent = input.notionParentPage === null ? null : await parentPageId(api, input.notionParentPage);
  const saved = await checkpoint.get(INTENT);
  const begun = isMaking(saved) ? saved : await memory.begun();
  const holder = begun?.pageId ?? null;
  if (begun !== null) {
    const found = await lookUp(context, parent ?? holder);
    if (found !== null) return { ...found, isPrivate: false };
  }
  await begin(context, holder);
  const made =
    parent === null ? await createPrivate(context, columns, holder) : await createUnder(context, columns, parent);
  const found = parent === null ? made : await firstOn(context, parent, made);
  await memory.write(found.destination);
  await checkpoint.set(INTENT, null);
  return { ...found, isPrivate: parent === null };
}

/** Another run of the same user may have made one at the same time: both go on in the first, and ours is empty yet. */
async function firstOn(
  { api, input, memory, userId }: CreateDestinationContext,
  pageId: string,
  made: FoundDestination,
): Promise<FoundDestination> {
  const first = await firstMarkedOn(api, memory, { title: input.notionDatabaseTitle, userId }, pageId);
  if (first === null || first.destination.databaseId === made.destination.databaseId) return made;
  await api.trashDatabase(made.destination.databaseId);
  return first;
}

/** Two records: the checkpoint is there where Apify refuses the memory, the memory is there for a fresh run. */
async function begin({ checkpoint, memory }: CreateDestinationContext, pageId: string | null): Promise<void> {
  await checkpoint.set(INTENT, { version: 1, making: true, pageId });
  await memory.begin(pageId);
}

/** @param earlier a private page that an earlier run made for it */
async function createPrivate(
  context: CreateDestinationContext,
  columns: NewColumns,
  earlier: string | null,
): Promise<FoundDestination> {
  const { api } = context;
  try {
    return await create(context, columns, { type: 'workspace', workspace: true });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const known = earlier === null ? null : await orNull(() => api.page(earlier));
  const pageId = known === null || known.in_trash ? await createPrivatePage(context) : known.id;
  await begin(context, pageId);
  try {
    return await create(context, columns, { type: 'page_id', page_id: pageId });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Nobody would know what the empty page is for; it is used again where this does not work out.
    await api.trash(pageId, new Look()).then(
      () => begin(context, null),
      () => undefined,
    );
    throw new DestinationError(
      'Notion refuses to make the database in this workspace. Share a page with the connection (••• → Connections) and give ' +
        'that page as notionParentPage.',
      { cause: error, detail: detailOf(error) },
    );
  }
}

async function createUnder(
  context: CreateDestinationContext,
  columns: NewColumns,
  pageId: string,
): Promise<FoundDestination> {
  try {
    return await create(context, columns, { type: 'page_id', page_id: pageId });
  } catch (error) {
    if (!isRefusal(error) || error instanceof RestrictedError) throw error;
    throw new DestinationError('Notion refuses to make a database under this page. Choose another notionParentPage.', {
      cause: error,
      detail: detailOf(error),
    });
  }
}

async function create(
  context: CreateDestinationContext,
  columns: NewColumns,
  parent: CreateDatabaseParameters['parent'],
): Promise<FoundDestination> {
  const { api, input, userId } = context;
  const title = input.notionDatabaseTitle;
  const description = `Website to Notion keeps this database up to date. Do not remove this mark: ${markerOf(userId, title)}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const database = await api.createDatabase({
        parent,
        title: [{ type: 'text', text: { content: cut(title, 2000) } }],
        description: [{ type: 'text', text: { content: description } }],
        // The types of a new column and of a changed one differ in parts that we do not use.
        initial_data_source: { properties: columns } as NonNullable<CreateDatabaseParameters['initial_data_source']>,
      });
      return await opened(api, database);
    } catch (error) {
      if (!(error instanceof InDoubtError)) throw error;
      const found =
        error.committedId === null
          ? await lookUp(context, 'page_id' in parent ? parent.page_id : null)
          : await committed(api, error.committedId);
      if (found !== null) return found;
      if (attempt === 2) {
        throw new DestinationError(
          `Notion did not say whether it made the database "${title}". Look for it in Notion, then run again.`,
          { cause: error },
        );
      }
    }
  }
}

/** The page has no marker, so an unknown outcome is decided by title; at worst an empty page is left over. */
async function createPrivatePage(context: CreateDestinationContext): Promise<string> {
  const { api, gate, input, waits } = context;
  const title = cut(input.notionDatabaseTitle, 2000);
  const send = (): Promise<{ id: string }> =>
    api.createPage({
      parent: { workspace: true },
      properties: { title: { title: [{ type: 'text', text: { content: title } }] } },
    });
  try {
    return (await send()).id;
  } catch (error) {
    if (isRefusal(error)) {
      const first = error instanceof RestrictedError ? `${error.message} If that is allowed already: ` : '';
      throw new DestinationError(
        `${first}Notion lets this connection make no private pages. Share a page with it (••• → Connections) and give ` +
          'that page as notionParentPage.',
        { cause: error, detail: detailOf(error) },
      );
    }
    if (!(error instanceof InDoubtError)) throw error;
    if (error.committedId !== null) return error.committedId;
  }
  for (const ms of waits.lookupMs) {
    await gate.sleep(ms);
    const pages = await api.search('page', title);
    const page = pages.find(
      (result) =>
        result.object === 'page' &&
        !result.in_trash &&
        result.parent.type === 'workspace' &&
        Object.values(result.properties).some(
          (property) => property.type === 'title' && plainText(property.title) === title,
        ),
    );
    if (page !== undefined) return page.id;
  }
  return (await send()).id;
}

async function opened(api: NotionApi, database: DatabaseObjectResponse): Promise<FoundDestination> {
  const [dataSource] = database.data_sources;
  const found = dataSource === undefined ? null : await openDestination(api, database.id, dataSource.id);
  if (found === null) throw new DestinationError('Notion made the database but does not show it. Run again.');
  return found;
}

async function committed(api: NotionApi, id: string): Promise<FoundDestination | null> {
  try {
    return await opened(api, await api.database(id));
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

async function lookUp(context: CreateDestinationContext, parentId: string | null): Promise<FoundDestination | null> {
  const { api, gate, input, memory, userId, waits } = context;
  for (const ms of waits.lookupMs) {
    await gate.sleep(ms);
    const found = await findMarked(api, memory, { title: input.notionDatabaseTitle, userId, parentId, known: null });
    if (found !== null) return found;
  }
  return null;
}

function detailOf(error: unknown): string {
  if (error instanceof RestrictedError && error.detail !== null) return error.detail;
  return error instanceof Error ? error.message : String(error);
}

/** Notion says no to the place, not to us as a whole. */
function isRefusal(error: unknown): boolean {
  return error instanceof RefusedError || error instanceof NotFoundError || error instanceof RestrictedError;
}
