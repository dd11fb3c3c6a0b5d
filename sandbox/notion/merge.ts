import type { Block, BlockDraft } from './block.js';
import type { WorldStore } from './store.js';
import { newBlock } from './tree.js';

/**
 * `drafts` with the identity of those `old` blocks that stay the same (equal heads and tails of each list), or that
 * were edited where they stand (same type at the same place in between); the rest is new and `authorId`'s.
 */
export function mergeBlocks(store: WorldStore, old: Block[], drafts: BlockDraft[], authorId: string): Block[] {
  const before = old.map(fingerprint);
  const after = drafts.map(fingerprint);
  const room = Math.min(before.length, after.length);
  let head = 0;
  while (head < room && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < room - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;

  const middle = drafts.slice(head, drafts.length - tail).map((draft, offset) => {
    const standing = head + offset < old.length - tail ? old[head + offset] : undefined;
    return standing?.type === draft.type && !isReference(draft)
      ? editBlock(store, standing, draft, authorId)
      : newBlock(store, draft, authorId);
  });
  return [...old.slice(0, head), ...middle, ...old.slice(old.length - tail)];
}

/** `block` with the value and children of `draft`; its author changes only where its own value does. */
export function editBlock(store: WorldStore, block: Block, draft: BlockDraft, authorId: string): Block {
  const children = mergeBlocks(store, block.children, draft.children, authorId);
  const same = JSON.stringify(block.value) === JSON.stringify(draft.value);
  const edit = same ? {} : { last_edited_time: store.now(), last_edited_by: { id: authorId } };
  return { ...block, ...edit, value: structuredClone(draft.value), children } as Block;
}

/** The block of a nested page or database is that page's or database's, whatever stands at its place. */
function isReference(draft: BlockDraft): boolean {
  return draft.type === 'child_page' || draft.type === 'child_database';
}

function fingerprint(block: BlockDraft): string {
  return JSON.stringify([block.type, block.value, block.children.map(fingerprint)]);
}
