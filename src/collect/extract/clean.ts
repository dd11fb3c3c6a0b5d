import { removalPasses, type RemovalPass } from './removal-passes.js';
import { noteRemoval, type Removals } from './removals.js';

export interface CleanOptions {
  removeSelector: string | null;
  removeCookieWarnings: boolean;
}

const PASSES = { all: removalPasses(true), withoutCookies: removalPasses(false) } as const;

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
 * Takes out of the tree, in place and in one walk, what is nobody's content on any page. Must run after links and metadata
 * are read.
 * @param removals what was taken out and why is written here
 */
export function cleanDocument(document: Document, options: CleanOptions, removals: Removals): Vocabulary {
  const vocabulary: Vocabulary = new Set();
  if (document.body === null) return vocabulary;
  const passes = options.removeCookieWarnings ? PASSES.all : PASSES.withoutCookies;
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
