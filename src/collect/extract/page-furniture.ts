import { BOX_OF_OTHER_TEXTS } from './article-labels.js';
import { cleanText } from './document.js';
import { proseLength } from './prose.js';
import { noteRemoval, type Removals } from './removals.js';

/**
 * Words in class names and ids that say: this box stands beside an article. Names are compared word by word
 * (`post-share__list` and `postShareList` both hold "share"), never letter by letter.
 */
const BOXES: Record<string, string> = {
  sharing: 'share shares sharing sharer sharebar sharethis addthis addtoany sharedaddy social socials follow',
  'more to read':
    'related recirc recirculation recommended recommendation recommendations recommend outbrain taboola zergnet trending ' +
    'mostread mostpopular popular readmore seealso morefrom upnext nextup tags taglist',
  advertising:
    'ad ads adv advert adverts advertisement advertising adsense adslot dfp sponsor sponsors sponsored promo promos ' +
    'promotion promoted teasers affiliate',
  subscription: 'newsletter newsletters subscribe subscription signup optin paywall membership donate donation',
  comments: 'comments commentlist disqus respond livefyre fbcomments',
  byline: 'byline bylines breadcrumb breadcrumbs',
  'about the author': 'authorbox authorbio bio',
  'box that opens': 'tooltip popover popup hovercard rollover flyout dropdown lightbox',
  navigation: 'nav navbar navigation menu masthead toolbar pagination pager sidebar',
};
const BOX_OF = new Map(
  Object.entries(BOXES).flatMap(([box, words]) => words.split(' ').map((word) => [word, box] as const)),
);

/** A post of another site that is set into the text belongs to it, whatever it is called. */
const SET_IN = new Set(['embed', 'embedded', 'oembed', 'tweet']);

const TAKEN = /^(?:div|section|aside|header|footer|nav|ul|ol|p|span|form|a)$/;
/** Ids of headings and of the sections under them are made of the author's words; only these elements are named by a designer. */
const NAMED_BY_ID = /^(?:div|aside|header|footer|nav|ul|form)$/;
const NOT_LOOKED_INTO = /^(?:pre|code|figure|blockquote|math|h[1-6])$/;
const MATTER = 'main, article, h1, [itemprop~="articleBody"]';
/** Never lost inside the story for a name alone. */
const HEADINGS = 'h1, h2, h3, h4, h5, h6';
const PARTS = 'pre, table, dl, math';

/** Boxes of one name may hold this share of the page's prose, or they are what the page is about; comments are many. */
const MAX_SHARE = 0.3;
const MAX_SHARE_OF_COMMENTS = 0.8;

/** What a box says itself: the second sign beside its name. */
const SAYS: Record<string, RegExp> = {
  sharing: /\b(?:share|follow|tweet|teilen|folgen|partager|suivez|compartir|síguenos|compartilhe)\b/i,
  'more to read': BOX_OF_OTHER_TEXTS,
  advertising: /\b(?:advert\w*|ads?|sponsor\w*|promot\w*|anzeige|werbung|publicité|publicidad|affiliate)\b/i,
  subscription: /\b(?:subscri\w+|sign up|newsletters?|inbox|e-?mail|members?(?:hip)?|donat\w+|support us)\b/i,
  'about the author':
    /^(?:about (?:the )?authors?|written by|(?:à propos|über|sobre) (?:de l|den|el|o) ?(?:auteur|autor))/i,
  comments: /\b(?:comments?|repl(?:y|ies)|discussion|thoughts? on|kommentare?|commentaires?|comentarios?)\b/i,
};

/** A box with this share of its words in links is there to lead elsewhere. */
const LINKED = 0.5;
/** Words that fit on a label. */
const LABEL = 120;
/** The story's own element holds the heading and this share of the prose that stands in no named box. */
const SHARE_OF_STORY = 0.8;

interface Box {
  kind: string;
  elements: Element[];
  prose: number;
}

/**
 * Takes the boxes out that stand beside and inside an article: to share it, to read other things, to subscribe, to comment.
 * A name alone takes nothing out: the box must also stand outside the story, lead elsewhere, be a label or say what it is.
 * @param heading the page's own
 * @returns the element that holds the story, when there is a heading
 */
export function removeFurniture(root: Element, heading: Element | null, removals: Removals): Element | null {
  const total = proseLength(root);
  const named: Element[] = [];
  findNamed(root, total, (element) => {
    named.push(element);
    return true;
  });
  const story = storyElement(heading, root, named);
  const boxes = new Map<string, Box>();
  findNamed(root, total, (element, kind, prose) => {
    if (story?.contains(element) !== false && !isSeenToBe(kind, element)) return false;
    const names = `${element.getAttribute('class') ?? ''} ${element.id}`;
    const known = boxes.get(names);
    if (known === undefined) boxes.set(names, { kind, elements: [element], prose });
    else {
      known.elements.push(element);
      known.prose += prose;
    }
    return true;
  });
  for (const { kind, elements, prose } of boxes.values()) {
    // Twenty "promo" boxes that together are half the page are its content.
    if (prose > total * maxShare(kind)) continue;
    for (const element of elements) {
      noteRemoval(removals, kind, element);
      element.remove();
    }
  }
  return story;
}

/** Looks at the boxes whose names say that they stand beside an article, and into those that `takes` leaves. */
function findNamed(
  parent: Element,
  total: number,
  takes: (element: Element, kind: string, prose: number) => boolean,
): void {
  for (const element of parent.children) {
    if (NOT_LOOKED_INTO.test(element.localName)) continue;
    const kind = namedKind(element);
    if (kind !== null && element.querySelector(MATTER) === null) {
      const prose = proseLength(element);
      if (prose <= total * maxShare(kind) && takes(element, kind, prose)) continue;
    }
    findNamed(element, total, takes);
  }
}

function namedKind(element: Element): string | null {
  const name = element.localName;
  if (!TAKEN.test(name) || element.getAttribute('role') === 'note' || standsInLine(element, name)) return null;
  const isNamedById = element.id !== '' && NAMED_BY_ID.test(name) && !isSlug(element);
  const names = `${element.getAttribute('class') ?? ''} ${isNamedById ? element.id : ''}`.trim();
  return names === '' ? null : boxKind(names);
}

/** True for words within a paragraph, whatever they are called; a box that a word opens stands right behind it. */
function standsInLine(element: Element, name: string): boolean {
  if (name !== 'a' && name !== 'span') return false;
  if (element.closest('p, li, td, dd, dt') === null) return false;
  return element.previousSibling?.nodeType !== 1 || element.querySelectorAll('a').length < 2;
}

/** True when an id was made of the words of the heading that stands inside. */
function isSlug(element: Element): boolean {
  const slug = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const heading = element.querySelector(HEADINGS);
  return heading !== null && slug(heading.textContent ?? '') === slug(element.id.replace(/-\d+$/, ''));
}

/** The innermost element with the page's heading and nearly all that is to be read outside boxes. */
function storyElement(heading: Element | null, root: Element, named: Element[]): Element | null {
  if (heading === null || !root.contains(heading)) return null;
  const own = (element: Element): number =>
    proseLength(element) - named.filter((box) => element.contains(box)).reduce((sum, box) => sum + proseLength(box), 0);
  const wanted = own(root) * SHARE_OF_STORY;
  let story = heading;
  while (story !== root && story.parentElement !== null && own(story) < wanted) story = story.parentElement;
  return story;
}

/** The second sign of a box inside the story. */
function isSeenToBe(kind: string, element: Element): boolean {
  if (element.querySelector(PARTS) !== null) return false;
  const words = cleanText(element.textContent) ?? '';
  const isPictured = element.querySelector('img, picture, video') !== null;
  const links = [...element.querySelectorAll('a')].reduce(
    (sum, link) => sum + (cleanText(link.textContent) ?? '').length,
    element.localName === 'a' ? words.length : 0,
  );
  if (words === '') return !isPictured;
  if (links >= words.length * LINKED) return true;
  if (/^(?:aside|nav|form)$/.test(element.localName)) return true;
  if (SAYS[kind]?.test(words) === true) return true;
  return words.length <= LABEL && kind !== 'navigation' && element.localName !== 'p' && !isPictured;
}

function maxShare(kind: string): number {
  return kind === 'comments' ? MAX_SHARE_OF_COMMENTS : MAX_SHARE;
}

const kinds = new Map<string, string | null>();
const REMEMBERED_NAMES = 20_000;

/** The kind of box that class names and id say, or `null`. Pages of a site share their names: each is read once. */
function boxKind(names: string): string | null {
  let kind = kinds.get(names);
  if (kind === undefined) {
    if (kinds.size >= REMEMBERED_NAMES) kinds.clear();
    kinds.set(names, (kind = readKind(names)));
  }
  return kind;
}

function readKind(names: string): string | null {
  const words = names
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  if (words.some((word) => SET_IN.has(word))) return null;
  if (/\bauthor-?(?:box|bio)|about-author\b/.test(words.join('-'))) return 'about the author';
  return words.map((word) => BOX_OF.get(word)).find((kind) => kind !== undefined) ?? null;
}
