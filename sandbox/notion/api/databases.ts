import type { CreateDatabaseParameters, UpdateDatabaseParameters } from '@notionhq/client';
import { invalid } from '../errors.js';
import { addDatabase, retitle, setTrashed, titleProperty } from '../objects.js';
import { newProperties } from '../property-schema.js';
import type { Database, Page, Parent } from '../records.js';
import { storeRichText } from '../rich-text.js';
import { storeCover, storeIcon } from './decoration.js';
import { assertLive, trashFlag, visibleDatabase, visiblePage } from './request.js';
import type { ApiRequest, Body, Route } from './request.js';
import { showDatabase } from './responses.js';

/** https://developers.notion.com/reference/create-database and its neighbours. */
export const databaseRoutes: Route[] = [
  {
    method: 'POST',
    pattern: /^databases$/,
    capability: 'insert_content',
    body: 'CreateDatabaseBodyParameters',
    handle: createDatabase,
  },
  {
    method: 'GET',
    pattern: /^databases\/([^/]+)$/,
    capability: 'read_content',
    handle: (request) => showDatabase(request.world, visibleDatabase(request, request.id)),
  },
  {
    method: 'PATCH',
    pattern: /^databases\/([^/]+)$/,
    capability: 'update_content',
    body: 'UpdateDatabaseBodyParameters',
    handle: updateDatabase,
  },
];

/** Where something new may go: a live page that the connection sees, or the top of the workspace for who has an owner. */
export function newParent(
  request: ApiRequest,
  parent: { page_id: string } | { workspace: true } | undefined,
): { parent: Parent; sharedWith?: string } {
  if (parent !== undefined && 'page_id' in parent) {
    const page = visiblePage(request, parent.page_id);
    assertLive(request, page);
    return { parent: { type: 'page_id', page_id: page.id } };
  }
  if (request.bot.kind === 'internal') {
    throw invalid(
      'Internal integrations aren\'t owned by a single user, so creating workspace-level private pages is not supported. Provide "parent.page_id".',
    );
  }
  return { parent: { type: 'workspace', workspace: true }, sharedWith: request.bot.id };
}

/** Applies what pages and databases have in common. */
export function decorate(object: Page | Database, body: { icon?: unknown; cover?: unknown }): void {
  if (body.icon !== undefined) object.icon = storeIcon(body.icon as Parameters<typeof storeIcon>[0]);
  if (body.cover !== undefined) object.cover = storeCover(body.cover as Parameters<typeof storeCover>[0]);
}

function createDatabase(request: ApiRequest): object {
  const { world, bot } = request;
  const body = request.body as CreateDatabaseParameters;
  const columns = body.initial_data_source?.properties;
  const place = { ...newParent(request, body.parent), workspaceId: bot.workspaceId, authorId: world.authorOf(bot) };
  const values = {
    title: storeRichText(world, body.title ?? []),
    description: storeRichText(world, body.description ?? []),
    isInline: body.is_inline ?? false,
    properties: columns === undefined ? [titleProperty('Name')] : newProperties(columns),
  };
  const icon = storeIcon(body.icon ?? null);
  const cover = storeCover(body.cover ?? null);
  const { database } = addDatabase(world, place, values);
  Object.assign(database, { icon, cover });
  return showDatabase(world, database);
}

function updateDatabase(request: ApiRequest): object {
  const { world, bot } = request;
  const body = request.body as Body<UpdateDatabaseParameters, 'database_id'>;
  const database = visibleDatabase(request, request.id);
  const inTrash = trashFlag(request, body);
  if (body.parent !== undefined) throw invalid('The stand-in does not move databases.');
  if (inTrash !== false) assertLive(request, database);
  decorate(database, body);
  if (body.title !== undefined) retitle(world, database, storeRichText(world, body.title));
  if (body.description !== undefined) database.description = storeRichText(world, body.description);
  database.is_inline = body.is_inline ?? database.is_inline;
  database.is_locked = body.is_locked ?? database.is_locked;
  world.touch(database, world.authorOf(bot));
  if (inTrash !== undefined) setTrashed(world, database, inTrash, world.authorOf(bot));
  return showDatabase(world, database);
}
