import { ItemError, RefusedError } from './errors.js';

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
      const next = less(degradation, error, hasCover);
      if (next === null) throw error;
      degradation = next;
    }
  }
}

/** What to give up next, `null` when nothing would help. A cover is first, whatever words it was refused with. */
function less(degradation: Degradation, error: unknown, hasCover: boolean): Degradation | null {
  const badLink = error instanceof ItemError && error.reason === 'bad-link' ? error : null;
  if (badLink === null && !(error instanceof RefusedError)) return null;
  if (degradation === 'none' && hasCover) return 'cover';
  if (badLink === null || degradation === 'links') return null;
  return isAboutImages(badLink) && degradation !== 'images' ? 'images' : 'links';
}

/** A page that cannot be made because of its icon, by Notion's words; they may echo the page's, so that it is only tried. */
export function isAboutIcon(error: unknown): boolean {
  const failure = error instanceof ItemError || error instanceof RefusedError ? error.failure : null;
  return failure?.kind === 'http' && /\bicon\b/i.test(failure.message);
}

function isAboutImages(error: ItemError): boolean {
  return error.failure?.kind === 'http' && /image|cover/i.test(error.failure.message);
}
