import { createHash } from 'node:crypto';
import { essence } from './markdown/essence.js';

/**
 * Fingerprints of a body, by which a person's edit is told from our own last write without asking who wrote a block.
 * An exact one is of the markdown that Notion returned after a write. A create returns no markdown: there what was sent
 * is taken, without what Notion is known to spell otherwise. What neither covers counts as a person's edit.
 */

/** Fingerprint of what Notion returned after our last write. */
export function exactMark(returned: string): string {
  return `e${digest(tidy(returned))}`;
}

/** Fingerprint of a body that was sent. */
export function looseMark(sent: string): string {
  return `l${digest(essence(sent))}`;
}

/** True when the page's present markdown is what `mark` was taken of. */
export function isMarked(present: string, mark: string): boolean {
  return mark === (mark.startsWith('e') ? exactMark(present) : looseMark(present));
}

/** True when two bodies say the same, whatever their spelling. */
export function sameWords(a: string, b: string): boolean {
  return essence(a) === essence(b);
}

/** True when `present` is the beginning of `whole`, and not nothing. */
export function isBeginning(present: string, whole: string): boolean {
  // A block that is divided over several requests is ended and opened again.
  const beginning = undivided(essence(present)).replace(/<\/[a-z]{1,20}>$/, '');
  return beginning !== '' && undivided(essence(whole)).startsWith(beginning);
}

function undivided(body: string): string {
  return body.replaceAll('</table><table>', '').replaceAll('</code><code>', '');
}

/** Space at the ends of lines says nothing, and the end of the last line may or may not be there. */
function tidy(markdown: string): string {
  // By hand: an expression for the end of lines takes the square of the spaces within them.
  return markdown
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
