import type { Footnotes } from './footnotes.js';
import { text, toPhrasing, type Mixed } from './phrasing.js';

export interface AddressBases {
  /** Resolves relative addresses. */
  baseUrl: string;
  /** Resolves `#part` links: the page's own lasting address, so that variants of one page give the same markdown. */
  pageUrl: string;
}

/** What the converters of single elements share while one page is turned into Markdown. */
export interface Conversion {
  bases: AddressBases;
  footnotes: Footnotes;
  /** Turns any node; handed along because the converters of containers and the choice among them need each other. */
  convert(node: Node): Mixed[];
}

/** What stands inside an element, without the element itself. */
export function children(element: Element, context: Conversion): Mixed[] {
  const result: Mixed[] = [];
  let before: Element | null = null;
  for (const child of element.childNodes) {
    const own = child.nodeType === 1 ? (child as Element) : null;
    if (own !== null && before !== null && standApart(before, own)) result.push(text(' '));
    // One by one: a call takes some hundred thousand arguments and no more.
    for (const node of context.convert(child)) result.push(node);
    if (child.nodeType !== 8) before = own;
  }
  return result;
}

/** Class names by which style sheets lay a box out as a block of its own, or its parts side by side. */
const LAID_OUT = /(?:^|\s)(?:(?:d-)?(?:inline-)?(?:block|flex|grid))(?:\s|$)/;

/**
 * True for neighbours without white space between them that a browser shows apart all the same: links to different places,
 * elements of the page's own making, boxes that say so by their names.
 */
function standApart(one: Element, other: Element): boolean {
  if (one.localName === 'a' && other.localName === 'a') return one.getAttribute('href') !== other.getAttribute('href');
  if (one.localName.includes('-') && other.localName.includes('-')) return true;
  return isLaidOut(one) && isLaidOut(other);
}

function isLaidOut(element: Element): boolean {
  const className = element.getAttribute('class');
  return className !== null && LAID_OUT.test(className);
}

/** One paragraph of bold words; nothing when there are no words. */
export function boldLine(content: Mixed[]): Mixed[] {
  const words = toPhrasing(content).flatMap((node) => (node.type === 'strong' ? node.children : [node]));
  return words.length === 0 ? [] : [{ type: 'paragraph', children: [{ type: 'strong', children: words }] }];
}
