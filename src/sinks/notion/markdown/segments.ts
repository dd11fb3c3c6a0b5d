import type { Nodes, PhrasingContent } from 'mdast';
import type { Context } from './context.js';
import { cleanLine, cleanLines, isVisible } from './escape.js';
import { imageTarget, linkTarget } from './urls.js';

/** A stretch of text with one formatting. */
export interface TextSegment {
  kind: 'text';
  text: string;
  code: boolean;
  /** How many stars stand around it: 0, 1 italic, 2 bold, 3 both. */
  stars: number;
  strike: boolean;
  link: string | null;
}

export interface ImageSegment {
  kind: 'image';
  url: string;
  alt: string;
}

/** The content of a block without nesting, the way Notion keeps it. */
export type Segment = TextSegment | { kind: 'break' } | ImageSegment;

type Format = Omit<TextSegment, 'kind' | 'text'>;

const PLAIN: Format = { code: false, stars: 0, strike: false, link: null };
const ITALIC = 1;
const BOLD = 2;

/**
 * @param lift true where images may become blocks of their own; otherwise they are links
 * @returns the content in reading order, text cleaned; raw HTML tags other than `<br>` are left out
 */
export function segmentsOf(nodes: readonly PhrasingContent[], context: Context, lift: boolean): Segment[] {
  const segments: Segment[] = [];
  const lifts = lift && context.images;

  const text = (value: string, format: Format): void => {
    if (value !== '') segments.push({ kind: 'text', text: cleanLine(value), ...format });
  };
  const code = (value: string, format: Format): void => {
    const content = cleanLines(value).replace(/[\t\n]/g, ' ');
    if (content !== '') segments.push({ kind: 'text', text: content, ...format, code: isVisible(content) });
  };
  const image = (url: string, alt: string, format: Format): void => {
    const source = imageTarget(url);
    if (source !== null && lifts) segments.push({ kind: 'image', url: source, alt: cleanLine(alt).trim() });
    else if (source !== null && context.links)
      text(alt === '' ? 'image' : alt, { ...format, link: format.link ?? source });
    else text(alt, format);
  };
  const link = (url: string, children: readonly PhrasingContent[], format: Format): void => {
    const start = segments.length;
    walk(children, { ...format, link: context.links ? linkTarget(url) : null });
    // An anchor that shows nothing (permalinks beside headings) would leave an empty link.
    const shows = segments.slice(start).some((segment) => segment.kind !== 'text' || isVisible(segment.text));
    if (!shows) segments.length = start;
  };
  const walk = (children: readonly Nodes[], format: Format): void => {
    for (const node of children) visit(node, format);
  };
  const visit = (node: Nodes, format: Format): void => {
    switch (node.type) {
      case 'text':
        return text(node.value, format);
      case 'inlineCode':
        return code(node.value, format);
      case 'emphasis':
        return walk(node.children, { ...format, stars: format.stars | ITALIC });
      case 'strong':
        return walk(node.children, { ...format, stars: format.stars | BOLD });
      case 'delete':
        return walk(node.children, { ...format, strike: true });
      case 'break':
        return void segments.push({ kind: 'break' });
      case 'link':
        return link(node.url, node.children, format);
      case 'linkReference':
        return link(context.definitions.get(node.identifier)?.url ?? '', node.children, format);
      case 'image':
        return image(node.url, node.alt ?? '', format);
      case 'imageReference':
        return image(context.definitions.get(node.identifier)?.url ?? '', node.alt ?? '', format);
      case 'footnoteReference':
        return text(`[${context.footnotes.numberOf(node.identifier)}]`, format);
      case 'html':
        if (/^<br\s*\/?>$/i.test(node.value)) segments.push({ kind: 'break' });
        return;
      default:
        if ('children' in node) walk(node.children, format);
    }
  };
  walk(nodes, PLAIN);
  return segments;
}

/** A segment of unformatted text. */
export function plainSegment(text: string): TextSegment {
  return { kind: 'text', text: cleanLine(text), ...PLAIN };
}
