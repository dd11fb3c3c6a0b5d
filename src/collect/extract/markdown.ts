import type { Nodes, Root, Text } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import type { AddressBases } from './conversion.js';
import { domToMdast } from './dom-to-mdast.js';

/** Signs that Markdown reads nothing into, and those that it does only at certain places. */
const PLAIN = /^[\p{L}\p{N} ,;?'"“”‘’()%/…–—.:!+=#-]*$/u;
/** Those places: what begins a block, ends a heading, comes before a link, or looks like an address. */
const NOT_PLAIN = /^(?:\d+[.)]|[-+=#:!()])|[!#]$|w\.|[ps]:\//i;

/** True when nothing in the text can be read as formatting: writing it needs none of the searches for what to escape. */
function isPlain(value: string): boolean {
  return PLAIN.test(value) && !NOT_PLAIN.test(value);
}

const toMarkdown = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, {
    bullet: '-',
    fence: '`',
    fences: true,
    rule: '-',
    emphasis: '_',
    listItemIndent: 'one',
    handlers: {
      text: (node: Text, _parent, state, info) => (isPlain(node.value) ? node.value : state.safe(node.value, info)),
    },
  })
  .freeze();

/** The same content twice: as GitHub-flavoured Markdown, and as text with one line per block. */
export interface PageText {
  markdown: string;
  text: string;
}

/** Writes the chosen elements as Markdown and as text. Both are "" when the elements hold nothing to read. */
export function toText(roots: Element[], bases: AddressBases): PageText {
  return treeToText(domToMdast(roots, bases));
}

/** The same from a Markdown tree. */
export function treeToText(tree: Root): PageText {
  return { markdown: toMarkdown.stringify(tree).trim(), text: plainText(tree) };
}

/** Text of a tree: one line per paragraph, heading, list item, code line and table row (cells set apart by tabs). */
function plainText(node: Nodes): string {
  switch (node.type) {
    case 'root':
    case 'blockquote':
    case 'list':
    case 'listItem':
    case 'table':
    case 'footnoteDefinition':
      return joinBlocks(node.children);
    case 'tableRow':
      return node.children.map((cell) => plainText(cell)).join('\t');
    case 'break':
      return '\n';
    case 'image':
      return '';
    case 'footnoteReference':
      return `[${node.label ?? node.identifier}]`;
    case 'html':
      return node.data?.words ?? '';
    default:
      if ('children' in node) return node.children.map((child) => plainText(child)).join('');
      return 'value' in node ? node.value : '';
  }
}

function joinBlocks(nodes: Nodes[]): string {
  return nodes
    .map((node) => plainText(node))
    .filter((text) => text.trim() !== '')
    .join('\n');
}
