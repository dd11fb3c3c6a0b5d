import type { CreatePageParameters } from '@notionhq/client';
import type { SinkItem } from './sink-item.js';
import { fileUrl } from './values.js';

/**
 * Icon and cover of a new row: the page's own picture, where it is a web address that Notion takes. Only new rows get
 * them: afterwards they are the user's. Pure.
 * @param takes what Notion did not refuse
 */
export function decorationOf(
  item: SinkItem,
  takes: { icon: boolean; cover: boolean },
): Pick<CreatePageParameters, 'icon' | 'cover'> {
  const url = takes.cover ? imageUrl(item.metadata?.['image']) : null;
  return {
    ...(takes.icon ? { icon: { type: 'emoji', emoji: item.record === null ? '🌐' : '🔖' } } : {}),
    ...(url === null ? {} : { cover: { type: 'external', external: { url } } }),
  };
}

function imageUrl(image: unknown): string | null {
  return typeof image === 'string' ? fileUrl(image) : null;
}
