import type { BlockObjectResponse } from '@notionhq/client';
import type { Bench } from './bench.js';

/** A block as the probes look at it. */
export interface ReadBlock {
  id: string;
  type: BlockObjectResponse['type'];
  editedBy: string;
  /** Its own text, without marks. */
  text: string;
  children: ReadBlock[];
}

/**
 * The blocks of a page with what is inside them, `deep` or not.
 * @throws Error when Notion refuses to show them
 */
export async function blocksOf(bench: Bench, id: string, deep = true): Promise<ReadBlock[]> {
  const blocks: ReadBlock[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await bench.attempt((auth) =>
      bench.client.blocks.children.list({
        auth,
        block_id: id,
        page_size: 100,
        ...(cursor !== null && { start_cursor: cursor }),
      }),
    );
    if (!page.ok) throw new Error(`Notion does not show the blocks of a page (${page.refusal}).`);
    for (const block of page.value.results as BlockObjectResponse[]) {
      const children = deep && block.has_children ? await blocksOf(bench, block.id) : [];
      blocks.push({
        id: block.id,
        type: block.type,
        editedBy: block.last_edited_by.id,
        text: ownText(block),
        children,
      });
    }
    if (page.value.next_cursor === null) return blocks;
    cursor = page.value.next_cursor;
  }
}

function ownText(block: BlockObjectResponse): string {
  const value: unknown = Object.entries(block).find(([name]) => name === block.type)?.[1];
  if (typeof value !== 'object' || value === null || !('rich_text' in value)) return '';
  return (value.rich_text as { plain_text: string }[]).map(({ plain_text }) => plain_text).join('');
}
