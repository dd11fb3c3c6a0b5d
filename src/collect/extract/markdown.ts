import type { Nodes } from 'mdast';
import rehypeRemark from 'rehype-remark';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import { domToHast, type AddressBases } from './dom-to-hast.js';

const toMdast = unified().use(rehypeRemark, { document: true }).freeze();
const toMarkdown = unified()
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: '-', fence: '`', fences: true, rule: '-', emphasis: '_', listItemIndent: 'one' })
  .freeze();

/** The same content twice: as GitHub-flavoured Markdown, and as text with one line per block. */
export interface PageText {
  markdown: string;
  text: string;
}

/** Writes the chosen elements as Markdown and as text. Both are "" when the elements hold nothing to read. */
export function toText(roots: Element[], bases: AddressBases): PageText {
  const tree = toMdast.runSync(domToHast(roots, bases));
  tightenLists(tree);
  return { markdown: toMarkdown.stringify(tree).trim(), text: plainText(tree) };
}

/** Sets list entries apart by blank lines only where one of them holds several blocks of text. */
function tightenLists(node: Nodes): void {
  if (!('children' in node)) return;
  for (const child of node.children) tightenLists(child);
  if (node.type === 'listItem') {
    const blocks = node.children.filter(({ type }) => type !== 'list');
    node.spread = blocks.length > 1;
  }
  if (node.type === 'list') node.spread = node.children.some(({ spread }) => spread);
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
      return joinBlocks(node.children, '\n');
    case 'tableRow':
      return node.children.map((cell) => plainText(cell)).join('\t');
    case 'break':
      return '\n';
    case 'image':
      return '';
    default:
      if ('children' in node) return node.children.map((child) => plainText(child)).join('');
      return 'value' in node ? node.value : '';
  }
}

function joinBlocks(nodes: Nodes[], separator: string): string {
  return nodes
    .map((node) => plainText(node))
    .filter((text) => text.trim() !== '')
    .join(separator);
}
