import type { Definition, FootnoteDefinition, Nodes, Root, RootContent } from 'mdast';
import { blockLines } from './blocks.js';
import type { Context } from './context.js';
import { cleanLine, cleanLines } from './escape.js';
import { FootnoteNumbers } from './footnotes.js';
import { parseAsText, parseMarkdown } from './parse.js';
import { segmentsOf } from './segments.js';

export interface MarkdownOptions {
  /** The page's title: a first heading that repeats it is left out. */
  title: string | null;
  /** False: images become links. Default true. */
  images?: boolean;
  /** False: links keep their text only. Default true. */
  links?: boolean;
}

/**
 * GFM → Notion's enhanced markdown, grammar v1 (https://developers.notion.com/guides/data-apis/enhanced-markdown).
 *
 * The source may be hostile. Whatever it holds, the result holds text, formatting, links (http, https, mailto) and
 * images (http, https): no mention, page, database, synced block, embed or color. Raw HTML loses its tags, except that
 * `<details>` becomes a toggle. The same input always gives the same output. Never throws.
 * @returns lines joined by one newline, empty when nothing shows
 */
export function toNotionMarkdown(markdown: string, options: MarkdownOptions): string {
  const source = cleanLines(markdown);
  try {
    return serialize(parseMarkdown(source), options);
  } catch (error) {
    // Nested too deeply for the stack. Text without structure is better than no page.
    if (!(error instanceof RangeError)) throw error;
    return serialize(parseAsText(source), options);
  }
}

/**
 * Whether `toNotionMarkdown` leaves out the first heading. It is asked of every item in every run, so that no more is
 * parsed than the heading where that will do. Never throws.
 */
export function leavesOutHeading(markdown: string, title: string): boolean {
  const source = cleanLines(markdown).replace(/^(?:[ \t]*\n)+/, '');
  const [block = ''] = source.split(/\n[ \t]*(?:\n|$)/, 1);
  const [line = ''] = block.split('\n', 1);
  const isHeading = /^ {0,3}#{1,6}(?:[ \t]|$)/.test(line);
  const isUnderlined = /\n {0,3}(?:=+|-+)[ \t]*(?:\n|$)/.test(`${block}\n`);
  // A definition shows nothing, and what it defines may be part of the heading.
  const isOpen = line.trimStart().startsWith('[') || (isHeading ? line : block).includes('][');
  if (!isHeading && !isUnderlined && !isOpen) return false;
  try {
    const root = parseMarkdown(isOpen ? source : isHeading ? line : block);
    return withoutTitle(root.children, title, contextOf(root, { title })) !== root.children;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

function contextOf(root: Root, options: MarkdownOptions): Context {
  const definitions = new Map<string, Definition>();
  const footnotes = new Map<string, FootnoteDefinition>();
  collect(root, definitions, footnotes);
  return {
    images: options.images ?? true,
    links: options.links ?? true,
    definitions,
    footnotes: new FootnoteNumbers(footnotes),
  };
}

function serialize(root: Root, options: MarkdownOptions): string {
  const context = contextOf(root, options);
  const lines = blockLines(withoutTitle(root.children, options.title, context), context);
  const notes = footnoteLines(context);
  return [...lines, ...(notes.length > 0 && lines.length > 0 ? ['---'] : []), ...notes].join('\n');
}

/** The first definition of an identifier counts, as in CommonMark. */
function collect(root: Root, definitions: Map<string, Definition>, footnotes: Map<string, FootnoteDefinition>): void {
  const open: Nodes[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
    if (node.type === 'footnoteDefinition' && !footnotes.has(node.identifier)) footnotes.set(node.identifier, node);
    if ('children' in node) for (const child of node.children.toReversed()) open.push(child);
  }
}

function withoutTitle(nodes: readonly RootContent[], title: string | null, context: Context): readonly RootContent[] {
  const first = nodes.find((node) => node.type !== 'definition' && node.type !== 'footnoteDefinition');
  if (title === null || first?.type !== 'heading') return nodes;
  const segments = segmentsOf(first.children, context, false);
  const heading = segments.map((segment) => (segment.kind === 'text' ? segment.text : ' ')).join('');
  return comparable(heading) === comparable(title) ? nodes.filter((node) => node !== first) : nodes;
}

function comparable(text: string): string {
  return cleanLine(text.normalize('NFKC'))
    .replace(/[\u00ad\u200b-\u200d\u2060]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function footnoteLines(context: Context): string[] {
  const notes: string[][] = [];
  for (const { number, definition } of context.footnotes.inOrder()) {
    const item = { type: 'listItem' as const, children: definition.children };
    notes.push(blockLines([{ type: 'list', ordered: true, start: number, children: [item] }], context));
  }
  return notes.flat();
}
