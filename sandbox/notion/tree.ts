import { plainText } from './block.js';
import type { Block, BlockDraft } from './block.js';
import { idFromUrl, newId } from './ids.js';
import type { Database, Page } from './records.js';
import type { WorldStore } from './store.js';

/** `draft` with an identity. A child page's or database's block has that page's or database's id. */
export function newBlock(store: WorldStore, draft: BlockDraft, authorId: string): Block {
  const now = store.now();
  const children = draft.children.map((child) => newBlock(store, child, authorId));
  const isReference = draft.type === 'child_page' || draft.type === 'child_database';
  const block = {
    type: draft.type,
    value: structuredClone(draft.value),
    id: (isReference ? idFromUrl(draft.value.url) : null) ?? newId(),
    has_children: children.length > 0,
    children,
    created_time: now,
    last_edited_time: now,
    created_by: { id: authorId },
    last_edited_by: { id: authorId },
  };
  return block as Block;
}

/** The block that shows `object` in the page that it lies in. */
export function childBlock(store: WorldStore, object: Page | Database, authorId: string): Block {
  const draft: BlockDraft =
    object.object === 'page'
      ? { type: 'child_page', value: { title: plainText(store.titleOf(object).value), url: object.url }, children: [] }
      : {
          type: 'child_database',
          value: { title: plainText(object.title), url: object.url, is_inline: object.is_inline },
          children: [],
        };
  return newBlock(store, draft, authorId);
}

/** Takes the block with `id` out of `blocks`, at any depth. Returns whether it was there. */
export function detachBlock(blocks: Block[], id: string): boolean {
  const index = blocks.findIndex((block) => block.id === id);
  if (index >= 0) blocks.splice(index, 1);
  return index >= 0 || blocks.some((block) => detachBlock(block.children, id));
}

/** All blocks of a tree, parents before children. */
export function flatten<B extends { children: B[] }>(blocks: readonly B[]): B[] {
  return blocks.flatMap((block) => [block, ...flatten(block.children)]);
}

/** Brings `has_children` and the index of blocks up to date; call after each change of `page.blocks`. */
export function registerBlocks(store: WorldStore, page: Page): void {
  for (const block of flatten(page.blocks)) {
    // The block of a nested page is found under its own page, not under this one.
    if (block.type !== 'child_page' && block.type !== 'child_database') store.blockPages.set(block.id, page.id);
    block.has_children = block.children.length > 0 || (store.pages.get(block.id)?.blocks.length ?? 0) > 0;
  }
}
