import type { Blockquote, List, ListItem, PhrasingContent, RootContent } from 'mdast';
import { codeLines } from './code.js';
import type { Context } from './context.js';
import { cutAtDetails, findDetails, type Details } from './details.js';
import { escapeHeadingEnd, escapeLineStart, escapeText } from './escape.js';
import { htmlTextLines } from './html.js';
import { renderLine } from './inline.js';
import { alertOf, type Alert } from './quote.js';
import { withJoinedLists } from './joined-lists.js';
import { plainSegment, segmentsOf, type ImageSegment, type Segment } from './segments.js';
import { tableLines } from './table.js';

/** Levels of tabs; what is nested deeper stands at the deepest level. Each line repeats its tabs, so they must be few. */
const MAX_DEPTH = 12;

/** Above this many characters an image's description becomes a paragraph: a caption cannot be divided. */
const MAX_CAPTION_CHARS = 1000;

/**
 * @param depth how many levels of tabs the caller will put before the lines
 * @returns lines without the caller's indentation, one line per block except where the grammar has several
 */
export function blockLines(nodes: readonly RootContent[], context: Context, depth = 0): string[] {
  const siblings = cutAtDetails(withJoinedLists(nodes));
  const details = findDetails(siblings);
  const blocks: string[][] = [];
  for (let index = 0; index < siblings.length; index++) {
    const node = siblings[index];
    const found = details.get(index);
    if (found !== undefined) {
      blocks.push(toggleLines(found, context, depth));
      index = found.end;
    } else if (node !== undefined) blocks.push(nodeLines(node, context, depth));
  }
  return blocks.flat();
}

function nodeLines(node: RootContent, context: Context, depth: number): string[] {
  switch (node.type) {
    case 'paragraph':
      return contentLines(node.children, context);
    case 'heading':
      return headingLines(node.depth, node.children, context);
    case 'thematicBreak':
      return ['---'];
    case 'blockquote': {
      const alert = alertOf(node);
      return alert === null ? quoteLines(node, context, depth) : calloutLines(alert, context, depth);
    }
    case 'list':
      return listLines(node, context, depth);
    case 'code':
      return codeLines(node);
    case 'table':
      return tableLines(node, context);
    case 'html':
      return htmlTextLines(node.value).flatMap((line) => textLine([plainSegment(line)]));
    default:
      // Definitions and footnotes show elsewhere; phrasing content at block level comes from no parser.
      return [];
  }
}

/** A paragraph's text, and its images as blocks where they stand. */
function contentLines(children: readonly PhrasingContent[], context: Context): string[] {
  return splitAtImages(segmentsOf(children, context, true)).flatMap((part) =>
    Array.isArray(part) ? textLine(part) : imageLines(part),
  );
}

function textLine(segments: readonly Exclude<Segment, ImageSegment>[]): string[] {
  const line = renderLine(segments, 'line');
  return line === '' ? [] : [escapeLineStart(line)];
}

function imageLines(image: ImageSegment): string[] {
  if (image.alt.length > MAX_CAPTION_CHARS) return [`![](${image.url})`, ...textLine([plainSegment(image.alt)])];
  return [`![${escapeText(image.alt)}](${image.url})`];
}

function splitAtImages(segments: readonly Segment[]): (Exclude<Segment, ImageSegment>[] | ImageSegment)[] {
  const parts: (Exclude<Segment, ImageSegment>[] | ImageSegment)[] = [];
  for (const segment of segments) {
    const last = parts.at(-1);
    if (segment.kind === 'image') parts.push(segment);
    else if (Array.isArray(last)) last.push(segment);
    else parts.push([segment]);
  }
  return parts;
}

/** Notion has four levels. Images in a heading follow it. */
function headingLines(level: number, children: readonly PhrasingContent[], context: Context): string[] {
  const parts = splitAtImages(segmentsOf(children, context, true));
  const text = renderLine(
    parts.flatMap((part) => (Array.isArray(part) ? part : [])),
    'line',
  );
  const heading = text === '' ? [] : [`${'#'.repeat(Math.min(level, 4))} ${escapeHeadingEnd(text)}`];
  return [...heading, ...parts.flatMap((part) => (Array.isArray(part) ? [] : imageLines(part)))];
}

/** Each `>` line is a quote of its own, so that paragraphs share one; from the first other block on all are children. */
function quoteLines(node: Blockquote, context: Context, depth: number): string[] {
  const segments: Exclude<Segment, ImageSegment>[] = [];
  let taken = 0;
  for (const child of node.children) {
    const own = child.type === 'paragraph' ? segmentsOf(child.children, context, true) : null;
    if (own === null || own.some((segment) => segment.kind === 'image')) break;
    if (taken > 0) segments.push({ kind: 'break' });
    segments.push(...own.filter((segment) => segment.kind !== 'image'));
    taken++;
  }
  return withLead('>', segments, blockLines(node.children.slice(taken), context, depth + 1), depth);
}

function listLines(node: List, context: Context, depth: number): string[] {
  return node.children.flatMap((item, index) => {
    const ordinal = node.ordered ? `${(node.start ?? 1) + index}.` : '-';
    return itemLines(
      item,
      typeof item.checked === 'boolean' ? `- [${item.checked ? 'x' : ' '}]` : ordinal,
      context,
      depth,
    );
  });
}

function itemLines(item: ListItem, mark: string, context: Context, depth: number): string[] {
  const [first, ...rest] = item.children;
  if (first?.type !== 'paragraph') return withLead(mark, [], blockLines(item.children, context, depth + 1), depth);
  const [lead, ...parts] = splitAtImages(segmentsOf(first.children, context, true));
  const startsWithText = Array.isArray(lead);
  const moved = (startsWithText || lead === undefined ? parts : [lead, ...parts]).flatMap((part) =>
    Array.isArray(part) ? textLine(part) : imageLines(part),
  );
  return withLead(mark, startsWithText ? lead : [], [...moved, ...blockLines(rest, context, depth + 1)], depth);
}

/** A line with a mark before its text, its children nested; nothing when it shows nothing. */
function withLead(
  mark: string,
  segments: readonly Exclude<Segment, ImageSegment>[],
  children: readonly string[],
  depth: number,
): string[] {
  const [text] = textLine(segments);
  if (text === undefined && children.length === 0) return [];
  return [`${mark} ${text ?? ''}`, ...nested(children, depth)];
}

function calloutLines(alert: Alert, context: Context, depth: number): string[] {
  const children = [`**${alert.title}**`, ...blockLines(alert.children, context, depth + 1)];
  // A tag's children must stand deeper than the tag.
  if (depth >= MAX_DEPTH) return children;
  return [`<callout icon="${alert.icon}">`, ...nested(children, depth), '</callout>'];
}

function toggleLines(details: Details, context: Context, depth: number): string[] {
  const children = blockLines(details.children, context, depth + 1);
  const summary = plainSegment(details.summary);
  if (depth >= MAX_DEPTH) return [...textLine([summary]), ...children];
  const title = renderLine([summary], 'between-tags');
  return ['<details>', `<summary>${title}</summary>`, ...nested(children, depth), '</details>'];
}

function nested(lines: readonly string[], depth: number): string[] {
  return depth >= MAX_DEPTH ? [...lines] : lines.map((line) => `\t${line}`);
}
