import { cleanText } from './document.js';
import { noteRemoval, type Removals } from './removals.js';

/** Words of an article that stand on their own: a paragraph, a heading, a list entry without blocks inside. */
interface Line {
  element: Element;
  text: string;
  /** Share of the text that stands in links, 0 to 1. */
  linked: number;
  isHeading: boolean;
}

interface Article {
  lines: Line[];
  /** Place of the heading that names the article, -1 when it is not among the lines. */
  title: number;
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

const BLOCK = /^(?:p|div|section|article|header|footer|li|ul|ol|h[1-6]|main|aside|dd|dt)$/;
const ANY_BLOCK = 'p, div, ul, ol, table, pre, figure, blockquote, dl, h1, h2, h3, h4, h5, h6';
/** What is kept as it is, whatever is in it. */
const WHOLE = /^(?:pre|table|blockquote|figure|dl|details|math|figcaption)$/;

const INTERRUPTION =
  /^(?:advertise?ments?|adverts?|ads?|sponsored(?: content)?|promoted|anzeige|werbung|publicité|publicidad|pubblicità|reklama?|iklan|広告|广告|реклама|(?:story |article )?continues? (?:reading )?below(?: (?:this )?ad(?:vertisement)?)?|continue reading(?: (?:below|the main story))?|read more|read full (?:story|article)|learn more|show more|load more|loading(?: content)?|this slideshow requires javascript|javascript is (?:required|disabled).*|share(?: (?:this|on|via|with)\b.{0,40})?|tweet|print|e-?mail|close|caption|(?:view |leave a |post a )?comments?|subscribe(?: now)?|sign up|sign in|log ?in|back to top|top)[\s.…:»›>→!]*$/i;

const MORE_LABEL =
  /^(?:(?:also )?read(?: more| also| next)?|more(?: (?:from|on|in|news|stories|about|coverage)\b.{0,40})?|related(?: (?:articles?|stories|story|news|posts?|content|links?|coverage|topics?))?|see (?:also|more)|also(?: see)?|watch(?: now| more)?|don['’]t miss|up next|you (?:may|might) (?:also )?(?:like|be interested in|enjoy)\b.{0,20}|recommended(?: (?:for you|reading|stories))?|trending(?: now)?|popular(?: (?:posts|now|stories))?|most (?:read|popular)|latest(?: (?:news|stories|posts))?|top stories|join the conversation|mehr zum thema|lesen sie auch|auch interessant|à lire aussi|lire aussi|sur le même sujet|lea también|te puede interesar|leia (?:também|mais)|veja também|leggi anche|lees ook|читайте также|関連記事|相关阅读|相关新闻)(?:[:：.…!|»›>→\s]|$)/i;

const RIGHTS = /^(?:©|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés)/i;

const CREDIT =
  /^\(?(?:photos?|images?|pictures?|fotos?|bild(?:er)?|crédits?|credits?)(?: (?:by|credits?|copyright|courtesy|von|de))?\s*[:©|].{2,}|^image copyright\b|^©.{2,40}$/i;

const INVITATION =
  /\b(?:subscribe|sign up|newsletters?|follow (?:us|me|him|her|them|@?\w+) on|like us on|join (?:us|our)|get (?:the|our) .{0,30}\bapp|in your inbox|abonnieren|abonnez-vous|suscr[íi]b\w+|inscreva-se|iscriviti)\b/i;

const DATE =
  /\b(?:19|20)\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2}\b|\b\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?) ago\b/i;
const BYLINE =
  /^(?:by|von|par|por|di|door|written by|posted by|published|posted|updated|last (?:updated|modified)|first published|reviewed by|photo(?:graph)? by|©)\b|^\d+ min(?:ute)?s? read$/i;

const PASSES: readonly LinePass[] = [
  { name: 'above the title', takes: (_, at, { title }) => at < title },
  {
    name: 'interruption',
    takes: ({ text, isHeading }) => !isHeading && text.length < LABEL && INTERRUPTION.test(text),
  },
  {
    name: 'link to another story',
    takes: ({ text, linked, isHeading }) => !isHeading && isPointer(text, linked),
  },
  { name: 'list of other stories', takes: (_, at, { lines }) => isUnderMoreHeading(lines, at) },
  {
    name: 'byline or date',
    takes: ({ text, isHeading }, at, { first }) =>
      at < first &&
      !isHeading &&
      text.length < LABEL &&
      (BYLINE.test(text) || (DATE.test(text) && text.length <= 60 && !/[.!?:]$/.test(text))),
  },
  {
    name: 'section label',
    takes: ({ linked, isHeading, text }, at, { first }) =>
      at < first && !isHeading && linked > 0.8 && text.length < LABEL,
  },
  { name: 'rights', takes: ({ text }, at, { last }) => at > last && RIGHTS.test(text) },
  { name: 'photo credit', takes: ({ text, isHeading }) => !isHeading && text.length < LABEL / 2 && CREDIT.test(text) },
  {
    name: 'links after the end',
    takes: (_, at, article) => at > article.last && isAfterTheEnd(at, article),
  },
  {
    name: 'invitation',
    takes: ({ text, linked, isHeading }, at, { last }) =>
      at >= last - 1 && !isHeading && linked > 0.05 && text.length < 2 * LABEL && INVITATION.test(text),
  },
];

/** Takes out of an article's element, line by line, what interrupts the reading and belongs to the site. */
export function cleanLines(root: Element, heading: string | null, removals: Removals): void {
  const lines: Line[] = [];
  collect(root, lines);
  const isProse = (line: Line): boolean => !line.isHeading && line.text.length * (1 - line.linked) >= PROSE;
  const first = lines.findIndex(isProse);
  if (first === -1) return;
  const title = lines.findIndex((line, at) => at <= first && line.isHeading && line.text === heading);
  const article = { lines, title, first, last: lines.findLastIndex(isProse) };
  const taken: [Line, string][] = [];
  lines.forEach((line, at) => {
    const pass = PASSES.find(({ takes }) => takes(line, at, article));
    if (pass !== undefined) taken.push([line, pass.name]);
  });
  for (const [{ element }, pass] of taken) {
    noteRemoval(removals, pass, element);
    element.remove();
  }
}

/** True when there are blocks inside. */
function collect(root: Element, lines: Line[]): boolean {
  let hasBlocks = false;
  for (const child of root.children) {
    const holdsBlocks =
      WHOLE.test(child.localName) || BLOCK.test(child.localName) || child.querySelector(ANY_BLOCK) !== null;
    if (!holdsBlocks) continue;
    hasBlocks = true;
    if (!WHOLE.test(child.localName) && !collect(child, lines)) push(child, lines);
  }
  return hasBlocks;
}

function push(element: Element, lines: Line[]): void {
  const text = cleanText(element.textContent);
  if (text === null) return;
  const isPictured = element.querySelector('img, picture, video, math, input') !== null;
  if (isPictured && !INTERRUPTION.test(text)) return;
  const inLinks = [...element.querySelectorAll('a')].reduce(
    (sum, a) => sum + (cleanText(a.textContent) ?? '').length,
    0,
  );
  lines.push({
    element,
    text,
    linked: Math.min(1, inLinks / text.length),
    isHeading: /^h[1-6]$/.test(element.localName),
  });
}

/** "Related: a headline that is a link", or a headline shouted in the middle of the text. */
function isPointer(text: string, linked: number): boolean {
  if (linked > 0.5 && MORE_LABEL.test(text)) return true;
  return linked > 0.95 && text.split(' ').length >= 4 && /\p{Lu}/u.test(text) && text === text.toUpperCase();
}

/** The heading itself, when only links follow it, and each of those links. */
function isUnderMoreHeading(lines: Line[], at: number): boolean {
  let head = at;
  while (head >= 0 && !isMoreHeading(lines[head])) {
    if ((lines[head]?.linked ?? 0) < 0.8) return false;
    head -= 1;
  }
  if (head < 0) return false;
  return head < at || (lines[at + 1]?.linked ?? 1) >= 0.8;
}

/** Links and nothing else since the last running text: with a heading of their own they would be sources. */
function isAfterTheEnd(at: number, { lines, last }: Article): boolean {
  const since = lines.slice(last + 1, at + 1);
  return since.every(({ linked, isHeading }) => linked > 0.9 && !isHeading) && (lines[at]?.text.length ?? 0) > 20;
}

function isMoreHeading(line: Line | undefined): boolean {
  return line !== undefined && line.text.length < 60 && MORE_LABEL.test(line.text);
}
