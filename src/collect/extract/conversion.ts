import type { Footnotes } from './footnotes.js';
import { toPhrasing, type Mixed } from './phrasing.js';

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
  for (const child of element.childNodes) result.push(...context.convert(child));
  return result;
}

/** One paragraph of bold words; nothing when there are no words. */
export function boldLine(content: Mixed[]): Mixed[] {
  const words = toPhrasing(content).flatMap((node) => (node.type === 'strong' ? node.children : [node]));
  return words.length === 0 ? [] : [{ type: 'paragraph', children: [{ type: 'strong', children: words }] }];
}
