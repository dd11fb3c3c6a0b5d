import type { CreatePageParameters, UpdatePageParameters } from '@notionhq/client';
import type { BlockDraft, RichText } from '../block.js';
import { insertBlocks, writeContent } from '../content.js';
import { invalid, notFound } from '../errors.js';
import { addPage, retitle, setTrashed, titleProperty } from '../objects.js';
import type { NewObject } from '../objects.js';
import { storeProperties } from '../property-values.js';
import type { DataSource, Page, Property, PropertyValue } from '../records.js';
import { flatten } from '../tree.js';
import { storeBlocks } from './block-requests.js';
import { decorate, newParent } from './databases.js';
import { storeCover, storeIcon } from './decoration.js';
import { parseBody } from './page-markdown.js';
import { shownProperties } from './query.js';
import { assertLive, trashFlag, validId, visibleDatabase, visibleDataSource, visiblePage } from './request.js';
import type { ApiRequest, Body, Route } from './request.js';
import { showPage } from './responses.js';

type CreateBody = Body<CreatePageParameters, 'filter_properties'>;

/** https://developers.notion.com/reference/post-page and its neighbours. */
export const pageRoutes: Route[] = [
  {
    method: 'POST',
    pattern: /^pages$/,
    capability: 'insert_content',
    body: 'CreatePageBodyParameters',
    handle: createPage,
  },
  {
    method: 'GET',
    pattern: /^pages\/([^/]+)$/,
    capability: 'read_content',
    handle: (request) => reply(request, visiblePage(request, request.id)),
  },
  {
    method: 'PATCH',
    pattern: /^pages\/([^/]+)$/,
    capability: 'update_content',
    body: 'UpdatePageBodyParameters',
    handle: updatePage,
  },
];

function createPage(request: ApiRequest): object {
  const { world } = request;
  const body = request.body as CreateBody;
  if (body.template !== undefined && body.template.type !== 'none') throw invalid('The stand-in has no templates.');
  if (body.allow_async === true) throw invalid('The stand-in has no async tasks.');
  const { place, columns } = destination(request, body);
  const properties = storeProperties(world, columns, body.properties ?? {});
  const drafts = contentOf(request, body);
  if (!properties.has('title')) pullTitle(properties, drafts, body.markdown !== undefined);
  const icon = storeIcon(body.icon ?? null);
  const cover = storeCover(body.cover ?? null);
  // Tags of pages in the content would move those pages: refused before anything is made.
  if (flatten(drafts).some(({ type }) => type === 'child_page' || type === 'child_database')) {
    throw invalid('A new page cannot hold the tags of other pages or databases.');
  }
  const page = addPage(world, place, properties);
  Object.assign(page, { icon, cover });
  insertBlocks(world, { page, siblings: page.blocks, index: 0 }, drafts, place.authorId);
  return reply(request, page);
}

function destination(request: ApiRequest, body: CreateBody): { place: NewObject; columns: Map<string, Property> } {
  const at = { workspaceId: request.bot.workspaceId, authorId: request.world.authorOf(request.bot) };
  const { parent } = body;
  if (parent !== undefined && ('data_source_id' in parent || 'database_id' in parent)) {
    const source =
      'data_source_id' in parent
        ? visibleDataSource(request, parent.data_source_id)
        : onlySource(request, parent.database_id);
    assertLive(request, source);
    const row = { type: 'data_source_id', data_source_id: source.id, database_id: source.databaseId } as const;
    return { place: { ...at, parent: row }, columns: source.properties };
  }
  const place = { ...at, ...newParent(request, parent), ...position(request, body) };
  return { place, columns: new Map([['title', titleProperty('title')]]) };
}

function onlySource(request: ApiRequest, databaseId: string): DataSource {
  const { dataSourceIds } = visibleDatabase(request, databaseId);
  const source = request.world.dataSources.get(dataSourceIds[0] ?? '');
  if (source === undefined || dataSourceIds.length > 1) {
    throw invalid('Databases with multiple data sources are not supported as a parent. Use data_source_id.');
  }
  return source;
}

function position({ world }: ApiRequest, { parent, position: wanted }: CreateBody): { index?: number } {
  if (wanted === undefined || wanted.type === 'page_end') return {};
  if (wanted.type === 'page_start') return { index: 0 };
  const siblings = parent !== undefined && 'page_id' in parent ? world.pages.get(validId(parent.page_id))?.blocks : [];
  const index = (siblings ?? []).findIndex((block) => block.id === validId(wanted.after_block.id));
  if (index < 0) throw notFound('block', wanted.after_block.id);
  return { index: index + 1 };
}

function contentOf({ world }: ApiRequest, { markdown, children, content }: CreateBody): BlockDraft[] {
  if ([markdown, children, content].filter((one) => one !== undefined).length > 1) {
    throw invalid('body failed validation: only one of markdown, children and content should be present.');
  }
  return markdown === undefined ? storeBlocks(world, children ?? content ?? []) : parseBody(markdown);
}

/** Without a title property the first `# heading` of markdown becomes the title and leaves the body. */
function pullTitle(properties: Map<string, PropertyValue>, drafts: BlockDraft[], isMarkdown: boolean): void {
  const index = isMarkdown ? drafts.findIndex((draft) => draft.type === 'heading_1') : -1;
  const heading = drafts[index];
  let value: RichText[] = [];
  if (heading?.type === 'heading_1') {
    value = heading.value.rich_text;
    drafts.splice(index, 1);
  }
  properties.set('title', { type: 'title', value });
}

function updatePage(request: ApiRequest): object {
  const { world, bot } = request;
  const body = request.body as Body<UpdatePageParameters, 'page_id' | 'filter_properties'>;
  const page = visiblePage(request, request.id);
  const inTrash = trashFlag(request, body);
  const authorId = world.authorOf(bot);
  if (body.template !== undefined || body.is_archived !== undefined) {
    throw invalid('The stand-in has no templates and no archive.');
  }
  // Only taking a page out of the trash is possible while it lies there, and only while nothing above it does.
  if (!(page.in_trash && inTrash === false && !isBelowTrash(request, page))) assertLive(request, page);
  const source = sourceOf(request, page);
  const columns = source?.properties ?? new Map([['title', titleProperty('title')]]);
  const values = storeProperties(world, columns, body.properties ?? {});
  decorate(page, body);
  for (const [id, value] of values) {
    if (value.type === 'title') retitle(world, page, value.value);
    else page.properties.set(id, value);
  }
  page.is_locked = body.is_locked ?? page.is_locked;
  if (body.erase_content === true) {
    // What becomes of child pages is not documented: here they are lost.
    writeContent(world, page, [], { authorId, keepUnchanged: false, allowDeletingContent: true, mayMove: () => false });
  }
  world.touch(page, authorId);
  if (inTrash !== undefined) setTrashed(world, page, inTrash, authorId);
  return reply(request, page);
}

function isBelowTrash({ world }: ApiRequest, page: Page): boolean {
  return [...world.lineage(page)].slice(1).some((one) => one.in_trash);
}

function sourceOf({ world }: ApiRequest, page: Page): DataSource | undefined {
  return page.parent.type === 'data_source_id' ? world.dataSources.get(page.parent.data_source_id) : undefined;
}

function reply(request: ApiRequest, page: Page): object {
  const source = sourceOf(request, page);
  return showPage(request.world, page, source === undefined ? undefined : shownProperties(source, request.query));
}
