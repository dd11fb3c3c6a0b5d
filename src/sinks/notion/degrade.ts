import { ItemError, RefusedError } from './errors.js';

/** What a page is written without, after Notion refused it with an address in it. */
export interface Without {
  cover: boolean;
  /** Images and other files in columns. */
  files: boolean;
  /** `images`: those of the body are links; `links`: links and images are text. */
  body: 'images' | 'links' | null;
}

/** Nothing is given up. */
export const WHOLE: Without = { cover: false, files: false, body: null };

/** What there is to give up beside the body. */
export type Parts = Pick<Without, 'cover' | 'files'>;

const BODY_NOTES = { images: 'images-as-links', links: 'links-as-text' } as const;

/** What `notion-results` says of it. */
export function notesOf({ cover, files, body }: Without): string[] {
  return [
    ...(cover ? ['without-cover'] : []),
    ...(files ? ['without-files'] : []),
    ...(body === null ? [] : [BODY_NOTES[body]]),
  ];
}

/**
 * Writes once more with less when Notion refuses an address, which it does for the whole request and without a word about
 * which one it is: each part is tried alone before several are given up.
 * @param from what was given up already
 * @param has asked when something was refused; what is not there is not given up
 * Throws what `write` throws in the end.
 */
export async function degrading<T>(
  write: (without: Without) => Promise<T>,
  { from, has }: { from: Without; has: () => Parts },
): Promise<T> {
  try {
    return await write(from);
  } catch (error) {
    let refused: unknown = error;
    for (const without of isRefusal(refused) ? lessThan(from, has()) : []) {
      if (!mayHelp(without, from, refused)) continue;
      try {
        return await write(without);
      } catch (again) {
        if (!isRefusal(again)) throw again;
        refused = again;
      }
    }
    throw refused;
  }
}

/** What to write without, from the least loss to the greatest; each once. */
function lessThan(from: Without, { cover, files }: Parts): Without[] {
  const steps: Without[] = [
    { cover, files: false, body: null },
    { cover: false, files, body: null },
    { cover, files, body: null },
    { cover: false, files: false, body: 'images' },
    { cover, files, body: 'images' },
    { cover: false, files: false, body: 'links' },
    { cover, files, body: 'links' },
  ];
  const tried = new Set([JSON.stringify(from)]);
  return steps.flatMap((step) => {
    const without: Without = {
      cover: from.cover || step.cover,
      files: from.files || step.files,
      body: from.body === 'links' ? 'links' : (step.body ?? from.body),
    };
    const name = JSON.stringify(without);
    return tried.has(name) ? [] : (tried.add(name), [without]);
  });
}

/** Covers and columns are tried whatever the words; the body is left alone where they name no link. */
function mayHelp(without: Without, from: Without, error: unknown): boolean {
  if (without.body === from.body) return true;
  if (!(error instanceof ItemError)) return false;
  return without.body === 'links' || isAboutImages(error);
}

function isRefusal(error: unknown): boolean {
  return error instanceof RefusedError || (error instanceof ItemError && error.reason === 'bad-link');
}

/** A page that cannot be made because of its icon, by Notion's words; they may echo the page's, so that it is only tried. */
export function isAboutIcon(error: unknown): boolean {
  const failure = error instanceof ItemError || error instanceof RefusedError ? error.failure : null;
  return failure?.kind === 'http' && /\bicon\b/i.test(failure.message);
}

function isAboutImages(error: ItemError): boolean {
  return error.failure?.kind === 'http' && /image|cover/i.test(error.failure.message);
}
