import type { AppendBlockChildrenParameters } from '@notionhq/client';
import type { Block } from '../block.js';
import { insertBlocks, removeBlock } from '../content.js';
import { invalid, notFound } from '../errors.js';
import type { Page } from '../records.js';
import { storeBlocks } from './block-requests.js';
import { assertLive, CURRENT_VERSION, paginate, pageQuery, validId } from './request.js';
import type { ApiRequest, Body, Route } from './request.js';
import { showBlock } from './responses.js';
import { flatten } from '../tree.js';

/** https://developers.notion.com/reference/retrieve-a-block and its neighbours. */
export const blockRoutes: Route[] = [
  { method: 'GET', pattern: /^blocks\/([^/]+)$/, capability: 'read_content', handle: getBlock },
  { method: 'GET', pattern: /^blocks\/([^/]+)\/children$/, capability: 'read_content', handle: listChildren },
  {
    method: 'PATCH',
    pattern: /^blocks\/([^/]+)\/children$/,
    capability: 'insert_content',
    body: 'AppendBlockChildrenBodyParameters',
    handle: appendChildren,
  },
  { method: 'DELETE', pattern: /^blocks\/([^/]+)$/, capability: 'update_content', handle: deleteBlock },
];

interface Place {
  page: Page;
  /** `null`: the page itself. */
  block: Block | null;
}

/** The page or block with `request.id`, as block endpoints find it. */
export function findPlace({ world, bot, id }: ApiRequest): Place {
  const found = world.findBlock(validId(id));
  const page = found?.page ?? world.pages.get(validId(id));
  if (page === undefined || !world.isVisible(page, bot)) throw notFound('block', id);
  return { page, block: found?.block ?? null };
}

function getBlock(request: ApiRequest): object {
  const { world } = request;
  const { page, block } = findPlace(request);
  if (block !== null) return showBlock(world, page, parentOf(page, block), block);
  const parent = page.parent.type === 'page_id' ? world.pages.get(page.parent.page_id) : undefined;
  const own = flatten(parent?.blocks ?? []).find((one) => one.id === page.id);
  if (parent === undefined || own === undefined) throw notFound('block', request.id);
  return showBlock(world, parent, parentOf(parent, own), own);
}

function listChildren(request: ApiRequest): object {
  const { page, block } = findPlace(request);
  const { items, ...rest } = paginate(block?.children ?? page.blocks, pageQuery(request.query));
  return list(
    items.map((child) => showBlock(request.world, page, block, child)),
    rest,
  );
}

function appendChildren(request: ApiRequest): object {
  const { world, bot } = request;
  const body = request.body as Body<AppendBlockChildrenParameters, 'block_id'>;
  const { page, block } = findPlace(request);
  assertLive(request, page);
  if (body.after !== undefined && request.version === CURRENT_VERSION) {
    throw invalid('body failed validation: body.after should be not present. Use position.');
  }
  const siblings = block?.children ?? page.blocks;
  const index = insertionIndex(siblings, body);
  const drafts = storeBlocks(world, body.children);
  const made = insertBlocks(world, { page, siblings, index }, drafts, world.authorOf(bot));
  return list(
    made.map((child) => showBlock(world, page, block, child)),
    { next_cursor: null, has_more: false },
  );
}

function insertionIndex(siblings: Block[], body: Body<AppendBlockChildrenParameters, 'block_id'>): number {
  if (body.position?.type === 'start') return 0;
  const after = body.position?.type === 'after_block' ? body.position.after_block.id : body.after;
  if (after === undefined) return siblings.length;
  const index = siblings.findIndex((sibling) => sibling.id === validId(after));
  if (index < 0) throw notFound('block', after);
  return index + 1;
}

function deleteBlock(request: ApiRequest): object {
  const { world, bot } = request;
  const { page, block } = findPlace(request);
  assertLive(request, page);
  if (block === null) throw invalid('The stand-in deletes blocks only; put pages into the trash.');
  const shown = showBlock(world, page, parentOf(page, block), block);
  removeBlock(world, page, block, world.authorOf(bot));
  return { ...shown, in_trash: true };
}

function parentOf(page: Page, block: Block): Block | null {
  return flatten(page.blocks).find((one) => one.children.includes(block)) ?? null;
}

function list(results: object[], rest: { next_cursor: string | null; has_more: boolean }): object {
  return { object: 'list', type: 'block', block: {}, results, ...rest };
}
