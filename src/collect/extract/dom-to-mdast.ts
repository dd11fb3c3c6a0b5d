import type { ListItem, PhrasingContent, Root } from 'mdast';
import { calloutQuote, calloutTitle, isCallout } from './callouts.js';
import { codeBlock } from './code.js';
import { absoluteUrl } from './document.js';
import { findFootnotes, noteNumber, type Footnotes } from './footnotes.js';
import { imageUrl } from './image.js';
import { isMath, isMathDecoration, mathNodes } from './math.js';
import { isPhrasing, mark, text, toFlow, toPhrasing, type Mixed } from './phrasing.js';
import { dataTable, isLayoutTable, ownParts } from './table.js';

export interface AddressBases {
  /** Resolves relative addresses. */
  baseUrl: string;
  /** Resolves `#part` links: the page's own lasting address, so that variants of one page give the same markdown. */
  pageUrl: string;
}

interface Context {
  bases: AddressBases;
  footnotes: Footnotes;
}

/** Schemes that a link in crawled text may have; any other link keeps its words only. */
const LINK_SCHEMES = /^(?:https?|mailto|tel):/i;

/** Elements around which a paragraph ends; all others stand within a line. */
const BLOCKS = new Set(
  (
    'address article aside body caption center dd dir div dt fieldset figcaption figure footer form header hgroup html ' +
    'legend li main menu nav object p search section tbody td tfoot th thead tr'
  ).split(' '),
);
const NOTHING = new Set(
  'script style noscript template svg canvas head button select textarea input rp colgroup'.split(' '),
);
const CODE_WORDS = new Set(['code', 'kbd', 'samp', 'tt']);

/**
 * Turns the chosen part of the page into a Markdown tree, in one pass and without serialising: code blocks, definition
 * lists, layout tables, callouts and formulas get the shapes that Markdown can hold, addresses become absolute.
 */
export function domToMdast(roots: Element[], bases: AddressBases): Root {
  const context: Context = { bases, footnotes: findFootnotes(roots) };
  return { type: 'root', children: toFlow(roots.flatMap((root) => [...convert(root, context)])) };
}

function convert(node: Node, context: Context): Mixed[] {
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
  return byName(element, name, context);
}

function byName(element: Element, name: string, context: Context): Mixed[] {
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
      return BLOCKS.has(name) ? toFlow(children(element, context)) : children(element, context);
  }
}

function children(element: Element, context: Context): Mixed[] {
  const result: Mixed[] = [];
  for (const child of element.childNodes) result.push(...convert(child, context));
  return result;
}

function optional<T>(node: T | null): T[] {
  return node === null ? [] : [node];
}

function hasContent(nodes: Mixed[]): boolean {
  return nodes.some((node) => {
    if (node.type === 'text') return node.value.trim() !== '';
    if (node.type === 'break') return false;
    return 'children' in node ? hasContent(node.children) : true;
  });
}

function inlineCode(element: Element, context: Context): Mixed[] {
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
function superscript(element: Element, context: Context): Mixed[] {
  const words = (element.textContent ?? '').trim();
  if (element.firstElementChild === null && /^[0-9n+-]+$/.test(words)) {
    return [text([...words].map((character) => RAISED[character] ?? character).join(''))];
  }
  return children(element, context);
}

function link(anchor: Element, context: Context): Mixed[] {
  const number = noteNumber(anchor, context.footnotes);
  if (number !== null) return [{ type: 'footnoteReference', identifier: number, label: number }];
  return linked(children(anchor, context), anchor, context);
}

function linked(content: Mixed[], anchor: Element, { bases }: Context): Mixed[] {
  const raw = anchor.getAttribute('href')?.trim() ?? '';
  if (!hasContent(content)) return content.some((node) => node.type === 'text' && node.value !== '') ? [text(' ')] : [];
  // A sign that links to the heading it stands in.
  if (
    raw.startsWith('#') &&
    /^(?:\s|[¶#§]|\u200B|\uFE0F|🔗|⚓)*$/u.test(anchor.textContent ?? '') &&
    !hasImage(content)
  )
    return [];
  const url = absoluteUrl(raw, raw.startsWith('#') ? bases.pageUrl : bases.baseUrl);
  if (url === null || !LINK_SCHEMES.test(url)) return content;
  // A card that links as a whole holds headings and paragraphs, which a Markdown link cannot: its first words get it.
  if (!content.every(isPhrasing)) return linkFirstWords(content, url);
  return [{ type: 'link', url, children: content.flatMap((node) => (node.type === 'link' ? node.children : [node])) }];
}

function hasImage(nodes: Mixed[]): boolean {
  return nodes.some((node) => node.type === 'image' || ('children' in node && hasImage(node.children)));
}

function linkFirstWords(content: Mixed[], url: string): Mixed[] {
  const flow = toFlow(content);
  const place = (nodes: Mixed[]): boolean =>
    nodes.some((node) => {
      if (node.type === 'paragraph' || node.type === 'heading') {
        const hasWords = node.children.some((child) => child.type !== 'image');
        if (hasWords)
          node.children = [{ type: 'link', url, children: node.children.filter((child) => child.type !== 'link') }];
        return hasWords;
      }
      return 'children' in node && place(node.children);
    });
  place(flow);
  return flow;
}

function image(element: Element, { bases }: Context): Mixed[] {
  const url = imageUrl(element, bases.baseUrl);
  const alt = (element.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim();
  return url === null ? [] : [{ type: 'image', url, alt }];
}

function list(element: Element, ordered: boolean, context: Context): Mixed[] {
  const items: ListItem[] = [];
  const notes: Mixed[] = [];
  for (const child of element.childNodes) {
    const isItem = child.nodeType === 1 && (child as Element).localName === 'li';
    if (isItem && context.footnotes.notes.has(child as Element)) notes.push(...convert(child, context));
    else if (isItem) items.push(listItem(child as Element, context));
    else {
      const stray = toFlow(convert(child, context));
      const last = items.at(-1);
      // Many pages write a nested list beside its item and not into it.
      if (last !== undefined) last.children.push(...stray);
      else if (stray.length > 0) items.push({ type: 'listItem', children: stray });
    }
  }
  const kept = items.filter((item) => item.children.length > 0);
  if (kept.length === 0) return notes;
  // Entries are set apart by blank lines only where one of them holds several blocks of text.
  for (const item of kept) item.spread = item.children.filter(({ type }) => type !== 'list').length > 1;
  const start = Math.max(Number.parseInt(element.getAttribute('start') ?? '1', 10) || 0, 0);
  const spread = kept.some((item) => item.spread);
  return [{ type: 'list', ordered, ...(ordered && { start }), spread, children: kept }, ...notes];
}

function listItem(element: Element, context: Context): ListItem {
  const item: ListItem = { type: 'listItem', children: toFlow(children(element, context)) };
  const box = element.querySelector('input[type="checkbox"]');
  const isOwn = box !== null && box.closest('li') === element;
  if (isOwn && item.children[0]?.type === 'paragraph') item.checked = box.hasAttribute('checked');
  return item;
}

function note(element: Element, number: string, context: Context): Mixed[] {
  return [
    { type: 'footnoteDefinition', identifier: number, label: number, children: toFlow(children(element, context)) },
  ];
}

/** Terms become bold lines, descriptions ordinary blocks: what is inside them keeps its own shape. */
function definitions(element: Element, context: Context): Mixed[] {
  const result: Mixed[] = [];
  let number: string | undefined;
  for (const entry of element.children) {
    const name = entry.localName;
    if (name === 'dt') {
      number = context.footnotes.notes.get(entry);
      if (number === undefined) result.push(...boldLine(children(entry, context)));
    } else if (name === 'div') result.push(...definitions(entry, context));
    else if (number === undefined) result.push(...toFlow(convert(entry, context)));
    else result.push(...note(entry, number, context));
  }
  return result;
}

function boldLine(content: Mixed[]): Mixed[] {
  const words = toPhrasing(content).flatMap((node) => (node.type === 'strong' ? node.children : [node]));
  return words.length === 0 ? [] : [{ type: 'paragraph', children: [{ type: 'strong', children: words }] }];
}

function table(element: Element, context: Context): Mixed[] {
  const captions = ownParts(element, 'caption').flatMap((caption) => boldLine(children(caption, context)));
  if (isLayoutTable(element)) {
    return [...captions, ...ownParts(element, 'td, th').flatMap((cell) => toFlow(children(cell, context)))];
  }
  const cell = (own: Element): PhrasingContent[] => toPhrasing(children(own, context));
  return [...captions, ...optional(dataTable(element, cell))];
}

function callout(element: Element, context: Context): Mixed[] {
  const title = calloutTitle(element);
  const words = title?.textContent ?? null;
  title?.remove();
  // Asciidoctor lays its admonitions out as a table.
  const content = element.querySelector('td.content') ?? element;
  return optional(calloutQuote(element, words, children(content, context)));
}

/** GitHub keeps `<details>` as HTML around Markdown; its summary is one line. */
function details(element: Element, context: Context): Mixed[] {
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
