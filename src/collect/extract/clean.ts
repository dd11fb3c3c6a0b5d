import { settleBoxes } from './box-roles.js';
import type { ParsedPage } from './document.js';
import { settleEmbeds } from './embeds.js';
import { showHiddenPage } from './hidden.js';
import { openParts } from './open-parts.js';
import { removalPasses, type RemovalPass } from './removal-passes.js';
import { noteRemoval, type Removals } from './removals.js';

export interface CleanOptions {
  removeSelector: string | null;
  removeCookieWarnings: boolean;
  /** What is hidden stays, and what is written for readers without scripts counts: for pages that show nothing else. */
  keepHidden?: boolean;
}

/** Class names (`.x`), ids (`#x`) and element names of what is left of a page: tells quickly what it cannot have. */
export type Vocabulary = Set<string>;

/** A page after `cleanDocument`. */
export interface CleanPage {
  document: Document;
  vocabulary: Vocabulary;
  /** As it was read: scripts say things about a page, and are not in the tree any more. */
  html: string;
}

/**
 * Lays open what readers open by a click, then takes out of the tree, in one walk, what is nobody's content on any page.
 * Must run after links and metadata are read.
 * @param removals what was taken out and why is written here
 */
export function cleanDocument(
  { document, baseUrl }: ParsedPage,
  options: CleanOptions,
  removals: Removals,
): Vocabulary {
  const vocabulary: Vocabulary = new Set();
  if (document.body === null) return vocabulary;
  if (options.keepHidden === true) unwrapNoscript(document);
  showHiddenPage(document);
  openParts(document.body, removals);
  settleBoxes(document.body);
  settleEmbeds(document, baseUrl);
  const passes = removalPasses({ cookieWarnings: options.removeCookieWarnings, hidden: options.keepHidden !== true });
  removeParts(document.body, passes, removals, vocabulary);
  if (options.removeSelector === null) return vocabulary;
  for (const element of document.querySelectorAll(options.removeSelector)) {
    // A selector that matches the page itself would leave nothing.
    if (element === document.body || element === document.documentElement) continue;
    noteRemoval(removals, 'removeElementsCssSelector', element);
    element.remove();
  }
  return vocabulary;
}

/** Shorter than this it only asks for scripts, characters. */
const MIN_NOSCRIPT = 140;

function unwrapNoscript(document: Document): void {
  for (const element of document.querySelectorAll('noscript')) {
    if ((element.textContent ?? '').trim().length >= MIN_NOSCRIPT) element.replaceWith(...element.childNodes);
  }
}

/** Takes out of `parent` what one of the passes wants. */
export function removeParts(
  parent: Element,
  passes: readonly RemovalPass[],
  removals: Removals,
  vocabulary: Vocabulary = new Set(),
): void {
  for (const child of parent.childNodes) {
    if (child.nodeType !== 1) continue;
    const element = child as Element;
    const className = element.getAttribute('class') ?? '';
    const id = element.getAttribute('id') ?? '';
    const looks = { element, name: element.localName, className, id };
    const pass = passes.find(({ takes }) => takes(looks));
    if (pass !== undefined) {
      noteRemoval(removals, pass.name, element);
      element.remove();
      continue;
    }
    vocabulary.add(looks.name);
    if (id !== '') vocabulary.add(`#${id}`);
    if (className !== '') for (const word of className.split(/\s+/)) vocabulary.add(`.${word}`);
    removeParts(element, passes, removals, vocabulary);
  }
}
