import { isByline, isPhotoCredit, isSentence } from './article-credits.js';
import {
  CONTROL,
  DEAD_CONTROL,
  INTERRUPTION,
  INVITATION,
  OTHER_PAGES_LABEL,
  OTHER_TEXTS_LABEL,
  RIGHTS,
} from './article-labels.js';
import { cleanText } from './document.js';
import { noteRemoval, type Removals } from './removals.js';

/** Words of an article that stand on their own: a paragraph, a heading, a list entry without blocks inside. */
interface Line {
  element: Element;
  text: string;
  /** Share of the text that stands in links, 0 to 1. */
  linked: number;
  isHeading: boolean;
  /** Part of a list, which an author made: only a list under a label that is the site's goes, as a whole. */
  isEntry: boolean;
}

interface Article {
  lines: Line[];
  /** What the page gives as its own address. */
  addresses: Set<string>;
  /** Places of the first and the last line that is read as running text. */
  first: number;
  last: number;
}

interface LinePass {
  name: string;
  takes: (line: Line, at: number, article: Article) => boolean;
}

/** A line as long as this, outside links, is running text. */
const PROSE = 100;
/** The longest line that can be a label, a date, the name of an author. */
const LABEL = 120;
/** A line with this share of its text in links is a link. */
const LINKS = 0.8;

const BLOCK = /^(?:p|div|section|article|header|footer|li|ul|ol|h[1-6]|main|aside|dd|dt)$/;
const ANY_BLOCK = 'p, div, ul, ol, table, pre, figure, blockquote, dl, h1, h2, h3, h4, h5, h6';
/** What is kept as it is, whatever is in it. */
const WHOLE = /^(?:pre|table|blockquote|figure|dl|details|math|figcaption)$/;

/** Takes headings and entries of lists, too. */
const UNDER_LABEL: LinePass = { name: 'list of other stories', takes: (_, at, article) => isUnderLabel(article, at) };

const NAMED_BYLINE = /byline|dateline|timestamp|author|posted-on|entry-meta/i;

const PASSES: readonly LinePass[] = [
  { name: 'own address', takes: ({ text }, at, { first, addresses }) => at < first && addresses.has(text) },
  { name: 'interruption', takes: (line, at, { lines }) => INTERRUPTION.test(line.text) || isControl(line, at, lines) },
  { name: 'link to another story', takes: (line, _, { addresses }) => isPointer(line, addresses) },
  UNDER_LABEL,
  {
    name: 'byline or date',
    takes: ({ element, text }, at, { first }) =>
      at < first && (isByline(text) || (NAMED_BYLINE.test(element.getAttribute('class') ?? '') && !isSentence(text))),
  },
  { name: 'rights', takes: ({ text }, at, { last }) => at > last && RIGHTS.test(text) },
  { name: 'photo credit', takes: ({ text }) => text.length < LABEL / 2 && isPhotoCredit(text) },
  {
    name: 'invitation',
    takes: ({ text, linked }, at, { last }) =>
      at >= last - 1 && linked > 0.05 && text.length < 2 * LABEL && INVITATION.test(text),
  },
];

/**
 * Takes out of an article's element, line by line, what interrupts the reading and belongs to the site. Each pass wants two
 * signs: what a line says, and where it stands or leads.
 */
export function cleanLines(root: Element, addresses: Set<string>, removals: Removals): void {
  const lines: Line[] = [];
  collect(root, addresses, lines);
  const isProse = (line: Line): boolean => !line.isHeading && line.text.length * (1 - line.linked) >= PROSE;
  const first = lines.findIndex(isProse);
  if (first === -1) return;
  const article = { lines, addresses, first, last: lines.findLastIndex(isProse) };
  const taken: [Line, string][] = [];
  lines.forEach((line, at) => {
    const pass = PASSES.find(
      (own) => (own === UNDER_LABEL || !(line.isHeading || line.isEntry)) && own.takes(line, at, article),
    );
    if (pass !== undefined) taken.push([line, pass.name]);
  });
  for (const [{ element }, pass] of taken) {
    noteRemoval(removals, pass, element);
    element.remove();
  }
}

/** True when there are blocks inside: then what stands between them is a line of its own. */
function collect(root: Element, addresses: Set<string>, lines: Line[]): boolean {
  const hasBlocks = [...root.children].some(holdsBlocks);
  if (!hasBlocks) return false;
  for (const child of root.children) {
    if (WHOLE.test(child.localName)) continue;
    if (holdsBlocks(child) ? !collect(child, addresses, lines) : standsAlone(child)) push(child, addresses, lines);
  }
  return true;
}

function holdsBlocks(element: Element): boolean {
  const name = element.localName;
  return WHOLE.test(name) || BLOCK.test(name) || element.querySelector(ANY_BLOCK) !== null;
}

/** Between blocks, and not within a run of words. */
function standsAlone({ previousSibling, nextSibling }: Element): boolean {
  return [beyondSpace(previousSibling, 'previousSibling'), beyondSpace(nextSibling, 'nextSibling')].every(
    (node) => node === null || (node.nodeType === 1 && holdsBlocks(node as Element)),
  );
}

function beyondSpace(start: ChildNode | null, side: 'previousSibling' | 'nextSibling'): ChildNode | null {
  let node = start;
  while (node !== null && (node.nodeType === 8 || (node.nodeType === 3 && (node.nodeValue ?? '').trim() === ''))) {
    node = node[side];
  }
  return node;
}

function push(element: Element, addresses: Set<string>, lines: Line[]): void {
  const text = cleanText(element.textContent);
  if (text === null) return;
  const isPictured = element.querySelector('img, picture, video, math, input') !== null;
  if (isPictured && !INTERRUPTION.test(text) && !CONTROL.test(text) && !addresses.has(text)) return;
  const inLinks = [...element.querySelectorAll('a')].reduce(
    (sum, a) => sum + (cleanText(a.textContent) ?? '').length,
    element.localName === 'a' ? text.length : 0,
  );
  lines.push({
    element,
    text,
    linked: Math.min(1, inLinks / text.length),
    isHeading: /^h[1-6]$/.test(element.localName),
    isEntry: element.closest('li, dt, dd') !== null,
  });
}

/** A button's words: as a link, or beside other buttons. */
function isControl({ text, linked }: Line, at: number, lines: Line[]): boolean {
  const isOne = (line: Line | undefined): boolean => line !== undefined && CONTROL.test(line.text);
  if (linked === 0 && DEAD_CONTROL.test(text)) return true;
  return CONTROL.test(text) && (linked > LINKS || isOne(lines[at - 1]) || isOne(lines[at + 1]));
}

/** "Related: a headline that is a link", or a headline shouted in the middle of the text, that leads to another page of the site. */
function isPointer({ element, text, linked }: Line, addresses: Set<string>): boolean {
  if (linked <= 0.5 || !leadsInside(element, addresses)) return false;
  if (OTHER_TEXTS_LABEL.test(text)) return true;
  return linked > 0.95 && text.split(' ').length >= 4 && /\p{Lu}/u.test(text) && text === text.toUpperCase();
}

/** A label and each of the links to pages of the site that follow it and nothing else. */
function isUnderLabel({ lines, addresses }: Article, at: number): boolean {
  let head = at;
  while (head >= 0 && !isLabel(lines[head])) {
    if (!isLinkInside(lines[head], addresses)) return false;
    head -= 1;
  }
  const [label, next] = [lines[head], lines[head + 1]];
  if (label === undefined || next === undefined || !isLinkInside(next, addresses)) return false;
  // Authors write "Related" over lists; what has headings for entries is a box of the site.
  return OTHER_PAGES_LABEL.test(label.text) || next.isHeading;
}

function isLabel(line: Line | undefined): boolean {
  return line !== undefined && line.text.length < LABEL / 2 && OTHER_TEXTS_LABEL.test(line.text);
}

function isLinkInside(line: Line | undefined, addresses: Set<string>): boolean {
  return line !== undefined && line.linked >= LINKS && leadsInside(line.element, addresses);
}

/** True when every link in a line leads to another page of the page's own site. */
function leadsInside(element: Element, addresses: Set<string>): boolean {
  const hosts = new Set([...addresses].map((address) => hostOf(address)));
  return [...element.querySelectorAll('a[href]')].every((link) => {
    const href = (link.getAttribute('href') ?? '').trim();
    return /^(?:https?:)?\/\//i.test(href)
      ? hosts.has(hostOf(href.replace(/^\/\//, 'https://')))
      : !href.startsWith('#');
  });
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host.replace(/^www\./, '') : null;
}
