import { children, type Conversion } from './conversion.js';
import { absoluteUrl } from './document.js';
import { noteNumber } from './footnotes.js';
import { isPhrasing, text, toFlow, type Mixed } from './phrasing.js';

/** Schemes that a link in crawled text may have; any other link keeps its words only. */
const LINK_SCHEMES = /^(?:https?|mailto|tel):/i;

/** A link, or the footnote reference that it stands for. */
export function link(anchor: Element, context: Conversion): Mixed[] {
  const number = noteNumber(anchor, context.footnotes);
  if (number !== null) return [{ type: 'footnoteReference', identifier: number, label: number }];
  return linked(children(anchor, context), anchor, context);
}

/** Gives `content` the address of `anchor`, as far as a Markdown link can hold it. */
export function linked(content: Mixed[], anchor: Element, { bases }: Conversion): Mixed[] {
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
  if (raw.startsWith('#') && isOwnHeading(anchor, raw.slice(1))) return content;
  // A card that links as a whole holds headings and paragraphs, which a Markdown link cannot: its first words get it.
  if (!content.every(isPhrasing)) return linkFirstWords(content, url);
  return [{ type: 'link', url, children: content.flatMap((node) => (node.type === 'link' ? node.children : [node])) }];
}

/** A heading that is a link to itself is its words. */
function isOwnHeading(anchor: Element, id: string): boolean {
  const heading = anchor.closest('h1, h2, h3, h4, h5, h6');
  return heading !== null && [heading, anchor, heading.parentElement].some((element) => element?.id === id);
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

function hasContent(nodes: Mixed[]): boolean {
  return nodes.some((node) => {
    if (node.type === 'text') return node.value.trim() !== '';
    if (node.type === 'break') return false;
    return 'children' in node ? hasContent(node.children) : true;
  });
}
