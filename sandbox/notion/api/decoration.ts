import type { CreatePageParameters } from '@notionhq/client';
import { invalid } from '../errors.js';
import { isWebUrl } from '../limits.js';
import type { Cover, Icon } from '../records.js';

type IconRequest = NonNullable<CreatePageParameters['icon']>;
type CoverRequest = NonNullable<CreatePageParameters['cover']>;

const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** @throws NotionError 400 for what is no emoji, no web address, or a kind that the stand-in does not have */
export function storeIcon(request: IconRequest | null): Icon | null {
  if (request === null) return null;
  if ('emoji' in request) {
    if (!EMOJI.test(request.emoji)) {
      throw invalid('body failed validation: body.icon.emoji should be an emoji.');
    }
    return { type: 'emoji', emoji: request.emoji };
  }
  if ('external' in request) return { type: 'external', external: { url: imageUrl(request.external.url) } };
  if ('icon' in request) return { type: 'icon', icon: request.icon };
  throw invalid('The stand-in has no uploaded files and no custom emojis.');
}

/** @throws NotionError 400, as for icons */
export function storeCover(request: CoverRequest | null): Cover | null {
  if (request === null) return null;
  if (!('external' in request)) throw invalid('The stand-in has no uploaded files.');
  return { type: 'external', external: { url: imageUrl(request.external.url) } };
}

function imageUrl(url: string): string {
  if (!isWebUrl(url)) throw invalid('Invalid image url.');
  return url;
}
