import type { CreatePageParameters } from '@notionhq/client';
import { LIMITS } from './limits.js';
import type { SinkItem } from './sink-item.js';

/**
 * Icon and cover of a new row: the page's own picture, where it is a web address that Notion takes. Only new rows get
 * them: afterwards they are the user's. Pure.
 * @param cover false after Notion refused it
 */
export function decorationOf(item: SinkItem, cover: boolean): Pick<CreatePageParameters, 'icon' | 'cover'> {
  const url = cover ? imageUrl(item.metadata?.image ?? null) : null;
  return {
    icon: { type: 'emoji', emoji: item.record === null ? '🌐' : '🔖' },
    ...(url === null ? {} : { cover: { type: 'external', external: { url } } }),
  };
}

function imageUrl(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { href, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && href.length <= LIMITS.urlChars ? href : null;
}
