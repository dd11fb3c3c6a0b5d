import { noteRemoval, type Removals } from './removals.js';

/** A box with this share of its text in links is there to lead elsewhere. */
const LINKED = 0.6;
/** Whole names of the boxes in which sites frame their pages. */
const FRAME =
  /^(?:(?:site|page|global|main|top|bottom|doc|docs)?[-_]?(?:header|footer|masthead|nav|navbar|navigation|menu|menubar|topbar|breadcrumbs?|search|searchmenu)|colophon|copyright|path)$/i;
const LANGUAGE = /^[a-z]{2}(?:[-_][a-z]{2,4})?$/i;
const TAKEN = /^(?:div|section|header|footer|p|ul|ol|dl|table|a|span|form|center)$/;
const NOT_LOOKED_INTO = /^(?:pre|figure|math|blockquote|h[1-6])$/;
const MATTER = 'h1, main, article, pre, [itemprop~="articleBody"]';
/** Frames that are words as well as links. */
const FRAME_OF_WORDS = /footer|header|copyright|colophon/i;
const HEADING = 'h1, h2';
/** The words around a list of languages: "Available in". */
const LABEL = 40;

/**
 * Takes out what frames a page that no generator and no reader's view could tell apart: boxes named header, footer or menu,
 * boxes of links above the first heading, lists of the page's other languages and of its own parts. Leaves the page as it
 * was when nothing else is there to read.
 */
export function removeEdges(root: Element, removals: Removals): void {
  const heading = root.querySelector(HEADING);
  const found: [Element, string][] = [];
  let isAbove = heading !== null;
  const look = (parent: Element): void => {
    for (const element of parent.children) {
      if (element === heading) isAbove = false;
      if (NOT_LOOKED_INTO.test(element.localName)) continue;
      const pass = TAKEN.test(element.localName) ? reason(element, isAbove) : null;
      if (pass === null) look(element);
      else found.push([element, pass]);
    }
  };
  look(root);
  const length = (element: Element): number => words(element).length;
  if (found.reduce((sum, [element]) => sum + length(element), 0) >= length(root)) return;
  for (const [element, pass] of found) {
    noteRemoval(removals, pass, element);
    element.remove();
  }
}

function reason(element: Element, isAbove: boolean): string | null {
  const isFrame = names(element).some((name) => FRAME.test(name));
  const links = [...element.querySelectorAll('a[href]')];
  if (element.localName === 'a') links.push(element);
  if ((!isFrame && links.length === 0) || element.querySelector(MATTER) !== null) return null;
  if (isPartsList(element)) return 'table of contents';
  if (element.querySelector('h2, h3') !== null) return null;
  const text = words(element);
  const linked = links.reduce((sum, link) => sum + words(link).length, 0);
  const isLinks = linked >= text.length * LINKED;
  if (isFrame && (isLinks || names(element).some((name) => FRAME_OF_WORDS.test(name)))) return 'page frame';
  if (isAbove && isLinks) return 'links above the heading';
  if (element.localName === 'a') return null;
  const isLanguage = (link: Element): boolean => link.hasAttribute('hreflang') || LANGUAGE.test(words(link));
  return links.every(isLanguage) && text.length - linked < LABEL ? 'other languages' : null;
}

/** A box of headings and links only, with a list of the page's own parts among them. */
function isPartsList(element: Element): boolean {
  if (element.localName !== 'div' && element.localName !== 'section') return false;
  if (element.querySelector('li a[href^="#"]') === null) return false;
  const said = [...element.querySelectorAll('a, h2, h3, h4')].reduce((sum, own) => sum + words(own).length, 0);
  return said >= words(element).length * 0.9;
}

function names(element: Element): string[] {
  return `${element.id} ${element.getAttribute('class') ?? ''}`.trim().split(/\s+/);
}

function words(element: Element): string {
  return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
}
