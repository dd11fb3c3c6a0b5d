import type { Element as HastElement, ElementContent, Root } from 'hast';
import { codeLanguage } from './code-language.js';
import { absoluteUrl } from './document.js';

export interface AddressBases {
  /** Resolves relative addresses. */
  baseUrl: string;
  /** Resolves `#part` links: the page's own lasting address, so that variants of one page give the same markdown. */
  pageUrl: string;
}

/** Schemes that a link in crawled text may have; any other link keeps its words only. */
const LINK_SCHEMES = /^(?:https?|mailto|tel):/i;
const BLOCK =
  /^(?:address|article|aside|blockquote|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)$/;

/**
 * Turns the chosen part of the page into a hast tree, in one pass and without serialising: code blocks, definition
 * lists, layout tables and table cells get the shapes that Markdown can hold, addresses become absolute.
 */
export function domToHast(roots: Element[], bases: AddressBases): Root {
  return { type: 'root', children: roots.flatMap((root) => convert(root, { bases, inCell: false })) };
}

interface Context {
  bases: AddressBases;
  /** Inside a data table's cell, which holds one line of inline content. */
  inCell: boolean;
}

function convert(node: Node, context: Context): ElementContent[] {
  if (node.nodeType === 3) return [{ type: 'text', value: node.textContent ?? '' }];
  if (node.nodeType !== 1) return [];
  const element = node as Element;
  const name = element.localName.toLowerCase();
  if (context.inCell && BLOCK.test(name)) return convertInCell(element, name, context);
  switch (name) {
    case 'pre':
      return [codeBlock(element)];
    case 'a':
      return link(element, context);
    case 'img':
      return image(element, context.bases);
    case 'picture':
    case 'font':
    case 'center':
      return children(element, context);
    case 'table':
      return isLayoutTable(element) ? layoutTable(element, context) : [dataTable(element, context)];
    case 'dl':
      return definitionList(element, context);
    case 'summary':
      return [make('p', [make('strong', children(element, context))])];
    case 'math':
      return [{ type: 'text', value: element.getAttribute('alttext') ?? element.textContent ?? '' }];
    default:
      return [make(name, children(element, context), properties(element, name))];
  }
}

function children(element: Element, context: Context): ElementContent[] {
  return [...element.childNodes].flatMap((child) => convert(child, context));
}

function make(tagName: string, content: ElementContent[], props: HastElement['properties'] = {}): HastElement {
  return { type: 'element', tagName, properties: props, children: content };
}

/** Only what Markdown can express; class names and ids would only cost time. */
function properties(element: Element, name: string): HastElement['properties'] {
  const props: HastElement['properties'] = {};
  if (name === 'ol' && element.hasAttribute('start')) props['start'] = Number(element.getAttribute('start')) || 1;
  if (name === 'input') {
    props['type'] = 'checkbox';
    props['checked'] = element.hasAttribute('checked');
  }
  return props;
}

function codeBlock(pre: Element): ElementContent {
  const language = codeLanguage(pre);
  const code = codeText(pre).replace(/^\n+/, '').trimEnd();
  const props = language === null ? {} : { className: [`language-${language}`] };
  return make('pre', [make('code', [{ type: 'text', value: code }], props)]);
}

/** The text of a code block: `<br>` and block elements, which some highlighters put around each line, end a line. */
function codeText(node: Node): string {
  let text = '';
  for (const child of node.childNodes) {
    if (child.nodeType === 3) text += child.textContent ?? '';
    if (child.nodeType !== 1) continue;
    const name = (child as Element).localName.toLowerCase();
    if (name === 'br') text += '\n';
    else if (/^(?:div|li|p|tr)$/.test(name)) {
      if (text !== '' && !text.endsWith('\n')) text += '\n';
      const line = codeText(child);
      text += line.endsWith('\n') ? line : `${line}\n`;
    } else text += codeText(child);
  }
  return text;
}

function link(anchor: Element, context: Context): ElementContent[] {
  const content = children(anchor, context);
  const raw = anchor.getAttribute('href')?.trim() ?? '';
  const { baseUrl, pageUrl } = context.bases;
  const href = absoluteUrl(raw, raw.startsWith('#') ? pageUrl : baseUrl);
  const isEmpty = !hasContent(content);
  if (isEmpty) return [];
  if (href === null || !LINK_SCHEMES.test(href)) return content;
  // A card that links as a whole holds headings and paragraphs, which a Markdown link cannot.
  if ([...anchor.children].some((child) => BLOCK.test(child.localName.toLowerCase()))) {
    return context.inCell ? content : [make('div', linkFirstText(content, href))];
  }
  return [make('a', content, { href })];
}

/** Puts the link of a card on its heading, or on its first paragraph. */
function linkFirstText(content: ElementContent[], href: string): ElementContent[] {
  let done = false;
  const visit = (node: ElementContent): ElementContent => {
    if (done || node.type !== 'element') return node;
    const inline = node.children.every((child) => child.type !== 'element' || !BLOCK.test(child.tagName));
    if (inline && BLOCK.test(node.tagName) && node.tagName !== 'pre' && hasContent(node.children)) {
      done = true;
      return make(node.tagName, [make('a', node.children, { href })], node.properties);
    }
    return { ...node, children: node.children.map(visit) };
  };
  return content.map(visit);
}

function hasContent(nodes: ElementContent[]): boolean {
  return nodes.some((node) => {
    if (node.type === 'text') return node.value.trim() !== '';
    return node.type === 'element' && (node.tagName === 'img' || hasContent(node.children));
  });
}

function image(element: Element, { baseUrl }: AddressBases): ElementContent[] {
  const source = ['data-src', 'data-original', 'data-lazy-src', 'src']
    .map((name) => absoluteUrl(element.getAttribute(name), baseUrl))
    .find((url) => url !== null && /^https?:/.test(url));
  const src = source ?? bestOfSrcset(element, baseUrl);
  if (src === null || src === undefined) return [];
  return [make('img', [], { src, alt: (element.getAttribute('alt') ?? '').replace(/\s+/g, ' ').trim() })];
}

/** The widest candidate of the image's own `srcset` or of the `<picture>` around it. */
function bestOfSrcset(element: Element, baseUrl: string): string | null {
  const sources = element.parentElement?.localName === 'picture' ? [...element.parentElement.children] : [element];
  const candidates = sources
    .map((source) => source.getAttribute('data-srcset') ?? source.getAttribute('srcset') ?? '')
    .flatMap((srcset) => srcset.split(/,\s+/))
    .map((candidate) => {
      const [reference = '', size = '1x'] = candidate.trim().split(/\s+/);
      return { url: absoluteUrl(reference, baseUrl), size: Number.parseFloat(size) || 1 };
    })
    .filter(({ url }) => url !== null && /^https?:/.test(url));
  candidates.sort((a, b) => b.size - a.size);
  return candidates[0]?.url ?? null;
}

/** Terms become bold lines, descriptions ordinary blocks: what is inside them keeps its own shape. */
function definitionList(list: Element, context: Context): ElementContent[] {
  return [...list.children].flatMap((entry): ElementContent[] => {
    const name = entry.localName.toLowerCase();
    if (name === 'dt') {
      const content = children(entry, { ...context, inCell: true });
      return hasContent(content) ? [make('p', [make('strong', content)])] : [];
    }
    return name === 'div' ? definitionList(entry, context) : [make('div', children(entry, context))];
  });
}

/** Tables that only place things: one cell, or cells with headings or other tables in them. */
function isLayoutTable(table: Element): boolean {
  if (/^(?:presentation|none)$/.test(table.getAttribute('role') ?? '')) return true;
  if (table.querySelectorAll('td, th').length <= 1) return true;
  if (table.querySelector('td table, td h1, td h2, td h3, td h4') !== null) return true;
  // Highlighters write code as a table of one row; what is left of it here is the cell with the code.
  return table.querySelectorAll('tr').length === 1 && table.querySelector('pre') !== null;
}

function layoutTable(table: Element, context: Context): ElementContent[] {
  return [...table.querySelectorAll('td, th, caption')]
    .filter((cell) => cell.closest('table') === table)
    .map((cell) => make('div', children(cell, context)));
}

function dataTable(table: Element, context: Context): ElementContent {
  const own = (selector: string): Element[] =>
    [...table.querySelectorAll(selector)].filter((element) => element.closest('table') === table);
  const rows = own('tr').map((row) =>
    make(
      'tr',
      [...row.children].map((cell) => {
        const props: HastElement['properties'] = {};
        for (const [attribute, property] of [
          ['colspan', 'colSpan'],
          ['rowspan', 'rowSpan'],
        ] as const) {
          // A spanned cell is written once and followed by empty ones; absurd numbers are a way to hang a parser.
          const span = Number(cell.getAttribute(attribute));
          if (span > 1 && span <= 100) props[property] = span;
        }
        const align = cell.getAttribute('align');
        if (align !== null) props['align'] = align;
        return make(cell.localName === 'th' ? 'th' : 'td', children(cell, { ...context, inCell: true }), props);
      }),
    ),
  );
  const captions = own('caption').filter((caption) => (caption.textContent ?? '').trim() !== '');
  const result = make('table', [make('tbody', rows)]);
  if (captions.length === 0) return result;
  return make('div', [make('p', [make('strong', children(captions[0] as Element, context))]), result]);
}

/** A cell is one line: blocks are set apart by a space, list items by a bullet, code becomes inline code. */
function convertInCell(element: Element, name: string, context: Context): ElementContent[] {
  if (name === 'pre') {
    const code = codeText(element)
      .trim()
      .replace(/\s*\n\s*/g, ' ');
    return code === '' ? [] : [make('code', [{ type: 'text', value: code }])];
  }
  const before = name === 'li' ? ' • ' : ' ';
  return [{ type: 'text', value: before }, ...children(element, context), { type: 'text', value: ' ' }];
}
