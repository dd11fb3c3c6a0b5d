import type { Client } from '@notionhq/client';
import type { BlockDraft } from '../block.js';
import { insertBlocks, writeContent } from '../content.js';
import { invalid } from '../errors.js';
import { compactId } from '../ids.js';
import { checkContent } from '../limits.js';
import { parseEnhancedMarkdown } from '../markdown/parse.js';
import { printEnhancedMarkdown } from '../markdown/print.js';
import type { Page } from '../records.js';
import type { NotionWorld } from '../world.js';
import { findPlace } from './blocks.js';
import { assertLive, validId, visiblePage } from './request.js';
import type { ApiRequest, Route } from './request.js';
import { flatten } from '../tree.js';

type UpdateBody = Parameters<Client['pages']['updateMarkdown']>[0];

/** https://developers.notion.com/guides/data-apis/working-with-markdown-content */
export const pageMarkdownRoutes: Route[] = [
  { method: 'GET', pattern: /^pages\/([^/]+)\/markdown$/, capability: 'read_content', handle: getMarkdown },
  {
    method: 'PATCH',
    pattern: /^pages\/([^/]+)\/markdown$/,
    capability: 'update_content',
    body: 'UpdatePageMarkdownBodyParameters',
    handle: updateMarkdown,
  },
];

/** @throws NotionError 400 for links and images that Notion refuses */
export function parseBody(markdown: string): BlockDraft[] {
  const drafts = parseEnhancedMarkdown(markdown);
  checkContent(drafts);
  return drafts;
}

function getMarkdown(request: ApiRequest): object {
  const { page, block } = findPlace(request);
  return show(request.world, request.id, block === null ? page.blocks : [block], page);
}

function updateMarkdown(request: ApiRequest): object {
  const { world, bot, id } = request;
  const body = request.body as UpdateBody;
  if (world.databases.has(validId(id)) || world.findBlock(validId(id)) !== null) {
    throw invalid('The id is not the id of a page.');
  }
  const page = visiblePage(request, id);
  assertLive(request, page);
  if (body.allow_async === true) throw invalid('The stand-in has no async tasks.');
  const write = (markdown: string, keepUnchanged: boolean, allowDeletingContent = false) =>
    writeContent(world, page, parseBody(markdown), {
      authorId: world.authorOf(bot),
      keepUnchanged,
      allowDeletingContent,
      mayMove: (object) => world.isVisible(object, bot),
    });
  switch (body.type) {
    case 'replace_content':
      write(body.replace_content.new_str, false, body.replace_content.allow_deleting_content);
      break;
    case 'update_content': {
      assertLoaded(world, page);
      const edited = body.update_content.content_updates.reduce(edit, world.markdownOf(page.id));
      write(edited, true, body.update_content.allow_deleting_content);
      break;
    }
    case 'insert_content': {
      const { content, after, position } = body.insert_content;
      if (after !== undefined) throw invalid('The stand-in inserts at the start or the end only.');
      const drafts = parseBody(content);
      if (flatten(drafts).some(({ type }) => type === 'child_page' || type === 'child_database')) {
        throw invalid('Inserted content cannot hold the tags of other pages or databases.');
      }
      const index = position?.type === 'start' ? 0 : page.blocks.length;
      insertBlocks(world, { page, siblings: page.blocks, index }, drafts, world.authorOf(bot));
      break;
    }
    case 'replace_content_range':
      throw invalid('The stand-in does not know replace_content_range; use update_content.');
  }
  return show(world, page.id, page.blocks, page);
}

interface ContentUpdate {
  old_str: string;
  new_str: string;
  replace_all_matches?: boolean;
}

function edit(present: string, { old_str: old, new_str: next, replace_all_matches: all }: ContentUpdate): string {
  if (old === '') throw invalid('old_str should not be empty.');
  const parts = present.split(old);
  if (parts.length === 1) throw invalid('The old_str was not found in the page.');
  if (parts.length > 2 && all !== true) throw invalid('The old_str matches more than once. Set replace_all_matches.');
  return parts.join(next);
}

function assertLoaded(world: NotionWorld, page: Page): void {
  if (flatten(page.blocks).length > world.caps.markdownBlocks) {
    throw invalid('The edit touches a part of the page that is not loaded.', { limit_kind: 'page_record_count' });
  }
}

/** Blocks beyond the cap stand as `<unknown>` and their ids are listed. */
function show(world: NotionWorld, id: string, blocks: Page['blocks'], page: Page): object {
  let count = 0;
  const unknown: string[] = [];
  const shown = blocks.map((block): BlockDraft => {
    count += flatten([block]).length;
    if (count <= world.caps.markdownBlocks) return block;
    unknown.push(block.id);
    const url = `${page.url}#${compactId(block.id)}`;
    return { type: 'unsupported', value: { block_type: block.type, url }, children: [] };
  });
  return {
    object: 'page_markdown',
    id: validId(id),
    markdown: printEnhancedMarkdown(shown),
    truncated: unknown.length > 0,
    unknown_block_ids: unknown,
  };
}
