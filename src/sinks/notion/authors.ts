import type { NotionApi } from './api.js';

/** Blocks deeper than this are not read: their parents carry the edit's author as well. */
const MAX_DEPTH = 4;

/**
 * True when a block of the page was last edited by somebody else than `botId`. The page's own `last_edited_by` cannot
 * tell: it also changes with a property, and with our own next write.
 */
export async function editedByPerson(api: NotionApi, blockId: string, botId: string, depth = 0): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const page = await api.children(blockId, cursor);
    for (const block of page.blocks) {
      if (block.last_edited_by.id !== botId) return true;
      const nested = block.has_children && block.type !== 'child_page' && block.type !== 'child_database';
      if (nested && depth < MAX_DEPTH && (await editedByPerson(api, block.id, botId, depth + 1))) return true;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}
