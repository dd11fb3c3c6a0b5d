import type { Block, BlockDraft } from './block.js';
import { invalid } from './errors.js';
import { idFromUrl } from './ids.js';
import { mergeBlocks } from './merge.js';
import { moveInto, retitle, setTrashed, titleOf } from './objects.js';
import type { Database, Page } from './records.js';
import type { WorldStore } from './store.js';
import { detachBlock, flatten, newBlock, registerBlocks } from './tree.js';

export interface ContentChange {
  /** Who writes: a bot's or a person's id. */
  authorId: string;
  /** Blocks that are the same before and after keep id and author; otherwise every block is new. */
  keepUnchanged: boolean;
  /** Without it, leaving out a child page or database is an error. */
  allowDeletingContent: boolean;
  /** Whether the writer sees `object`, so that its tag moves it here. */
  mayMove(object: Page | Database): boolean;
}

/**
 * Makes `drafts` the whole content of `page` (reference, section 3.1 on child pages).
 * @throws NotionError when a child would be lost, a tag leads nowhere, or the page would get too large; then nothing
 * has changed
 */
export function writeContent(store: WorldStore, page: Page, drafts: BlockDraft[], change: ContentChange): void {
  checkSize(store, drafts);
  const before = childObjects(store, page.blocks);
  const after = taggedObjects(store, page, drafts, change);
  const lost = before.filter((child) => !after.some(({ object }) => object === child));
  if (lost.length > 0 && !change.allowDeletingContent) {
    throw invalid(
      `This would delete ${lost.length} child page(s) or database(s): ${lost.map((child) => child.url).join(', ')}. ` +
        'Keep their tags in the content, or set allow_deleting_content to true.',
    );
  }
  for (const child of lost) setTrashed(store, child, true, change.authorId);
  for (const { object, title } of after) {
    if (!before.includes(object)) moveInto(store, object, page);
    // Reported of Notion: a database takes the text of its tag as its name.
    if (object.object === 'database' && title !== '') retitle(store, object, titleOf(title));
  }
  for (const block of flatten(page.blocks)) store.blockPages.delete(block.id);
  page.blocks = change.keepUnchanged
    ? mergeBlocks(store, page.blocks, drafts, change.authorId)
    : drafts.map((draft) => newBlock(store, draft, change.authorId));
  registerBlocks(store, page);
  store.touch(page, change.authorId);
}

/** Inserts `drafts` into `siblings` (a page's or a block's children) at `index`. Returns the new blocks. */
export function insertBlocks(
  store: WorldStore,
  at: { page: Page; siblings: Block[]; index: number },
  drafts: BlockDraft[],
  authorId: string,
): Block[] {
  checkSize(store, [...at.page.blocks, ...drafts]);
  const blocks = drafts.map((draft) => newBlock(store, draft, authorId));
  at.siblings.splice(at.index, 0, ...blocks);
  registerBlocks(store, at.page);
  store.touch(at.page, authorId);
  return blocks;
}

/** Takes one block with all below it out of its page; child pages and databases in it go to the trash. */
export function removeBlock(store: WorldStore, page: Page, block: Block, authorId: string): void {
  for (const child of childObjects(store, [block])) setTrashed(store, child, true, authorId);
  detachBlock(page.blocks, block.id);
  for (const one of flatten([block])) store.blockPages.delete(one.id);
  registerBlocks(store, page);
  store.touch(page, authorId);
}

function childObjects(store: WorldStore, blocks: Block[]): (Page | Database)[] {
  return flatten(blocks).flatMap((block) => {
    if (block.type === 'child_page') return store.pages.get(block.id) ?? [];
    return block.type === 'child_database' ? (store.databases.get(block.id) ?? []) : [];
  });
}

/** The pages and databases that `drafts` refer to by their block tags, with the tags' text. */
function taggedObjects(store: WorldStore, page: Page, drafts: BlockDraft[], change: ContentChange) {
  return flatten(drafts).flatMap((draft) => {
    if (draft.type !== 'child_page' && draft.type !== 'child_database') return [];
    const id = idFromUrl(draft.value.url) ?? '';
    const object = draft.type === 'child_page' ? store.pages.get(id) : store.databases.get(id);
    const isHere = object?.parent.type === 'page_id' && object.parent.page_id === page.id && !object.in_trash;
    if (object === undefined || !(isHere || canMove(store, object, page, change))) {
      throw invalid(`Could not find the page or database of the tag with url "${draft.value.url}".`);
    }
    return [{ object, title: draft.value.title }];
  });
}

function canMove(store: WorldStore, object: Page | Database, page: Page, change: ContentChange): boolean {
  const isRow = object.parent.type === 'data_source_id';
  return !isRow && !object.in_trash && change.mayMove(object) && ![...store.lineage(page)].includes(object);
}

function checkSize(store: WorldStore, drafts: BlockDraft[]): void {
  if (flatten(drafts).length > store.caps.pageRecords) {
    throw invalid('The page would be too large or too heavily formatted after this edit.', {
      limit_kind: 'page_record_count',
    });
  }
}
