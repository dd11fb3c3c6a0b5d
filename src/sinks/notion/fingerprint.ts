import { createHash } from 'node:crypto';

/**
 * Fingerprints of a body, by which a person's edit is told from our own last write without asking who wrote a block.
 * An exact one is of the markdown that Notion returned after a write. A create returns no markdown: there the words that
 * were sent are taken, without all that Notion may spell otherwise.
 */

/** Fingerprint of what Notion returned after our last write. */
export function exactMark(returned: string): string {
  return `e${digest(tidy(returned))}`;
}

/** Fingerprint of the words of a body that was sent. */
export function looseMark(sent: string): string {
  return `l${digest(words(sent))}`;
}

/** True when the page's present markdown is what `mark` was taken of. */
export function isMarked(present: string, mark: string): boolean {
  return mark === (mark.startsWith('e') ? exactMark(present) : looseMark(present));
}

/** True when two bodies say the same, whatever their spelling. */
export function sameWords(a: string, b: string): boolean {
  return words(a) === words(b);
}

/** True when `present` is the beginning of `whole`, and not nothing. */
export function isBeginning(present: string, whole: string): boolean {
  const beginning = words(present);
  return beginning !== '' && words(whole).startsWith(beginning);
}

/**
 * The characters of enhanced markdown that are nobody's syntax: no tags, link targets, list marks, code languages,
 * escapes, spaces, nor the punctuation that markup is made of.
 */
function words(markdown: string): string {
  return markdown
    .replace(/^[\t ]*`{3,}.*$/gm, '')
    .replace(/\\(.)|<[^<>\n]*>|\]\((?:\\.|[^()\s\\])*\)/gs, (_, escaped: string | undefined) => escaped ?? '')
    .replace(/^[\t >]*(?:\d+[.)]|[-+])(?=\s|$)/gm, '')
    .replace(/[\s\\*_~`$[\](){}<>|^#+=!.\-\u00ad\u200b-\u200f\u2060\ufeff]+/g, '');
}

/** Space at the ends of lines says nothing, and the end of the last line may or may not be there. */
function tidy(markdown: string): string {
  return markdown.replace(/[ \t]+$/gm, '').trim();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
