/** Where generators keep the notes: Markdown processors, Sphinx old and new, Wikipedia, DPUB-ARIA. */
const NOTES =
  '.footnotes li[id], [role="doc-endnotes"] li[id], [data-footnotes] li[id], aside.footnote[id], div.footnote[id], [role="doc-footnote"][id], ' +
  'ol.references li[id], dl.footnote > dt[id], table.footnote[id]';
const BACK =
  '.footnote-backref, .footnote-back, .reversefootnote, [data-footnote-backref], [role="doc-backlink"], .fn-backref, ' +
  '.mw-cite-backlink, .footnote > .label, .footnote td.label';

/** The footnotes of a page: which element holds which note, by the id that links to it name. */
export interface Footnotes {
  /** Note element → its number in the text. */
  notes: ReadonlyMap<Element, string>;
  /** Id → its number. */
  numbers: ReadonlyMap<string, string>;
}

/** Finds the notes that the text refers to and takes the ways back out of them. A note nobody refers to stays text. */
export function findFootnotes(roots: Element[]): Footnotes {
  const notes = new Map<Element, string>();
  const numbers = new Map<string, string>();
  const found = roots.flatMap((root) => [...root.querySelectorAll(NOTES)]);
  if (found.length === 0) return { notes, numbers };
  const targets = new Set(found.map(({ id }) => id));
  const links = roots
    .flatMap((root) => [...root.querySelectorAll('a[href*="#"]')])
    .filter((link) => !found.some((note) => note.contains(link)));
  for (const link of links) {
    const id = fragment(link);
    if (targets.has(id) && !numbers.has(id)) numbers.set(id, /\d+/.exec(link.textContent ?? '')?.[0] ?? '');
  }
  // The page's own numbers stay, unless two notes share one or one has none.
  if (new Set(numbers.values()).size < numbers.size || [...numbers.values()].includes('')) {
    [...numbers.keys()].forEach((id, at) => numbers.set(id, String(at + 1)));
  }
  for (const note of found) {
    const number = numbers.get(note.id);
    if (number === undefined) continue;
    notes.set(note, number);
    for (const back of note.querySelectorAll(BACK)) back.remove();
    for (const link of note.querySelectorAll('a[href^="#"]')) {
      if (/^(?:[\s↩⤴↑^\d[\]]|\uFE0E|\uFE0F)*$/u.test(link.textContent ?? '')) link.remove();
    }
  }
  return { notes, numbers };
}

/** The number of the note that a link refers to, or `null`. */
export function noteNumber(link: Element, footnotes: Footnotes): string | null {
  return footnotes.numbers.size === 0 ? null : (footnotes.numbers.get(fragment(link)) ?? null);
}

function fragment(link: Element): string {
  const href = link.getAttribute('href') ?? '';
  const start = href.indexOf('#');
  if (start !== 0) return '';
  try {
    return decodeURIComponent(href.slice(1));
  } catch {
    return href.slice(1);
  }
}
