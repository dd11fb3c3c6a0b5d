import { ItemError } from './errors.js';

/** What of a page is given up after Notion refused an image or a link, each step with those before it. */
export type Degradation = 'none' | 'cover' | 'images' | 'links';

/** What `notion-results` says of it. */
export const NOTES: Record<Degradation, string | null> = {
  none: null,
  cover: 'without-cover',
  images: 'images-as-links',
  links: 'links-as-text',
};

/**
 * Writes once more with less when Notion refuses an image or a link, which it does for the whole request.
 * @param from what was given up already
 * @param hasCover false: no cover is written, so that there is none to give up
 * Throws what `write` throws in the end.
 */
export async function degrading<T>(
  write: (degradation: Degradation) => Promise<T>,
  { from, hasCover }: { from: Degradation; hasCover: boolean },
): Promise<T> {
  for (let degradation = from; ;) {
    try {
      return await write(degradation);
    } catch (error) {
      if (!(error instanceof ItemError) || error.reason !== 'bad-link' || degradation === 'links') throw error;
      degradation = isAboutImages(error) ? less(degradation, hasCover) : 'links';
    }
  }
}

function less(degradation: Degradation, hasCover: boolean): Degradation {
  if (degradation === 'none' && hasCover) return 'cover';
  return degradation === 'images' ? 'links' : 'images';
}

function isAboutImages(error: ItemError): boolean {
  return error.failure?.kind === 'http' && /image|cover|icon/i.test(error.failure.message);
}
