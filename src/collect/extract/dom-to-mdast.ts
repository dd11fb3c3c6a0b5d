import type { PhrasingContent, Root } from 'mdast';
import { link, linked } from './anchor.js';
import { calloutQuote, calloutTitle, isCallout } from './callouts.js';
import { codeBlock } from './code.js';
import { boldLine, children, type AddressBases, type Conversion } from './conversion.js';
import { findFootnotes } from './footnotes.js';
import { imageUrl } from './image.js';
import { definitions, list, note } from './lists.js';
import { isMath, isMathDecoration, mathNodes } from './math.js';
import { mark, text, toFlow, toPhrasing, type Mixed } from './phrasing.js';
import { dataTable, isLayoutTable, ownParts } from './table.js';

/** Elements around which a paragraph ends; all others stand within a line. */
const BLOCKS = new Set(
  (
    'address article aside body caption center dd div dt fieldset figcaption figure footer form header hgroup html ' +
    'legend li main nav object p search section tbody td tfoot th thead tr'
  ).split(' '),
);
const NOTHING = new Set('script style template svg canvas head select textarea input rp colgroup'.split(' '));
const CODE_WORDS = new Set(['code', 'kbd', 'samp', 'tt']);

/**
 * Turns the chosen part of the page into a Markdown tree, in one pass and without serialising: code blocks, definition
 * lists, layout tables, callouts and formulas get the shapes that Markdown can hold, addresses become absolute.
 */
export function domToMdast(roots: Element[], bases: AddressBases): Root {
  const context: Conversion = { bases, footnotes: findFootnotes(roots), convert: (node) => convert(node, context) };
  return { type: 'root', children: toFlow(roots.flatMap((root) => [...context.convert(root)])) };
}

function convert(node: Node, context: Conversion): Mixed[] {
  if (node.nodeType === 3) return [text((node.nodeValue ?? '').replace(/[ \t\n\r\f]+/g, ' '))];
  if (node.nodeType !== 1) return [];
  const element = node as Element;
  const name = element.localName;
  const className = element.getAttribute('class') ?? '';
  if (isMath(element, name)) return mathNodes(element);
  if (NOTHING.has(name) || (className !== '' && isMathDecoration(className))) return [];
  const number = context.footnotes.notes.get(element);
  if (number !== undefined) return note(element, number, context);
  if (isCallout(element, name)) return callout(element, context);
  if (name === 'div' && /(?:^|\s)fragment(?:\s|$)/.test(className) && element.querySelector('div.line') !== null) {
    // Doxygen writes code as one <div> a line.
    return optional(codeBlock(element));
  }
  if (name === 'div' && /(?:^|\s)param-head(?:\s|$)/.test(className)) return parameter(element);
  return byName(element, name, context);
}

function byName(element: Element, name: string, context: Conversion): Mixed[] {
  switch (name) {
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6': {
      const words = toPhrasing(children(element, context));
      return words.length === 0 ? [] : [{ type: 'heading', depth: Number(name[1]) as 1, children: words }];
    }
    case 'br':
      return [{ type: 'break' }];
    case 'wbr':
      return [];
    case 'hr':
      return [{ type: 'thematicBreak' }];
    case 'pre':
      return optional(codeBlock(element));
    case 'blockquote': {
      const content = toFlow(children(element, context));
      return content.length === 0 ? [] : [{ type: 'blockquote', children: content }];
    }
    case 'ul':
    case 'menu':
    case 'dir':
    case 'ol':
      return list(element, name === 'ol', context);
    case 'dl':
      return definitions(element, context);
    case 'table':
      return table(element, context);
    case 'details':
      return details(element, context);
    case 'img':
      return image(element, context);
    case 'a':
      return link(element, context);
    case 'strong':
    case 'b':
      return mark(children(element, context), (words) => ({ type: 'strong', children: words }));
    case 'em':
    case 'i':
    case 'cite':
    case 'dfn':
    case 'var':
      return mark(children(element, context), (words) => ({ type: 'emphasis', children: words }));
    case 'del':
    case 's':
    case 'strike':
      return mark(children(element, context), (words) => ({ type: 'delete', children: words }));
    case 'q':
      return [text('“'), ...children(element, context), text('”')];
    case 'sup':
      return superscript(element, context);
    default:
      if (CODE_WORDS.has(name)) return inlineCode(element, context);
      // Blocks end the line before them and after them.
      return BLOCKS.has(name) || (name === 'label' && isAlone(element))
        ? toFlow(children(element, context))
        : children(element, context);
  }
}

/** A label without words beside it is a line. */
function isAlone(label: Element): boolean {
  return [label.previousSibling, label.nextSibling].every((node) => node === null || !isWords(node));
}

function isWords(node: Node): boolean {
  return node.nodeType === 3 && (node.nodeValue ?? '').trim() !== '';
}

function optional<T>(node: T | null): T[] {
  return node === null ? [] : [node];
}

function inlineCode(element: Element, context: Conversion): Mixed[] {
  const words = (element.textContent ?? '').replace(/\s+/g, ' ');
  const value = words.trim();
  if (value === '') return words === '' ? [] : [text(' ')];
  const only = element.querySelector('a[href]');
  if (only !== null && (only.textContent ?? '').trim() === value) {
    return linked([{ type: 'inlineCode', value }], only, context);
  }
  return [{ type: 'inlineCode', value }];
}

const RAISED: Record<string, string> = Object.fromEntries(
  [...'0123456789+-n'].map((plain, at) => [plain, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ'][at] ?? '']),
);

/** A raised number would be glued to the one before it: "x<sup>2</sup>" is not "x2". */
function superscript(element: Element, context: Conversion): Mixed[] {
  const words = (element.textContent ?? '').trim();
  if (element.firstElementChild === null && /^[0-9n+-]+$/.test(words)) {
    return [text([...words].map((character) => RAISED[character] ?? character).join(''))];
  }
  return children(element, context);
}

/** Mintlify: the name of a parameter, and in boxes beside it its type and whether it is required. */
function parameter(head: Element): Mixed[] {
  const leaves = [...head.querySelectorAll('*')].filter(({ firstElementChild }) => firstElementChild === null);
  const [name, ...facts] = leaves.map((leaf) => (leaf.textContent ?? '').trim()).filter((words) => words !== '');
  if (name === undefined) return [];
  const value: Mixed = { type: 'inlineCode', value: name };
  return toFlow(facts.length === 0 ? [value] : [value, text(` ${facts.join(', ')}`)]);
}

function image(element: Element, { bases }: Conversion): Mixed[] {
  const url = imageUrl(element, bases.baseUrl);
  const alt = (element.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim();
  return url === null ? [] : [{ type: 'image', url, alt }];
}

function table(element: Element, context: Conversion): Mixed[] {
  const captions = ownParts(element, 'caption').flatMap((caption) => boldLine(children(caption, context)));
  if (isLayoutTable(element)) {
    return [...captions, ...ownParts(element, 'td, th').flatMap((cell) => toFlow(children(cell, context)))];
  }
  const cell = (own: Element): PhrasingContent[] => toPhrasing(children(own, context));
  return [...captions, ...optional(dataTable(element, cell))];
}

function callout(element: Element, context: Conversion): Mixed[] {
  const title = calloutTitle(element);
  const words = title?.textContent ?? null;
  title?.remove();
  // Asciidoctor lays its admonitions out as a table.
  const content = element.querySelector('td.content') ?? element;
  return optional(calloutQuote(element, words, children(content, context)));
}

/** GitHub keeps `<details>` as HTML around Markdown; its summary is one line. */
function details(element: Element, context: Conversion): Mixed[] {
  const summary = [...element.children].find((child) => child.localName === 'summary');
  const words = (summary?.textContent ?? '').replace(/\s+/g, ' ').trim();
  summary?.remove();
  const content = toFlow(children(element, context));
  if (words === '' && content.length === 0) return [];
  const escaped = words.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;');
  return [
    { type: 'html', value: `<details>\n<summary>${escaped}</summary>`, data: { words } },
    ...content,
    { type: 'html', value: '</details>' },
  ];
}
