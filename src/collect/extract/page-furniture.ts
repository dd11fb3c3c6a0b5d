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

const TAKEN = /^(?:div|section|aside|header|footer|nav|ul|ol|li|p|span|form|a|h[2-6])$/;
const NOT_LOOKED_INTO = /^(?:pre|code|figure|blockquote|math)$/;
const MATTER = 'main, article, h1, [itemprop~="articleBody"]';

/** Boxes of one name may hold this share of the page's prose, or they are what the page is about; comments are many. */
const MAX_SHARE = 0.3;
const MAX_SHARE_OF_COMMENTS = 0.8;

interface Box {
  kind: string;
  elements: Element[];
  prose: number;
}

/** Takes the boxes out that stand beside and inside an article: to share it, to read other things, to subscribe, to comment. */
export function removeFurniture(root: Element, removals: Removals): void {
  const total = proseLength(root);
  const boxes = new Map<string, Box>();
  findBoxes(root, total, boxes);
  for (const { kind, elements, prose } of boxes.values()) {
    // Twenty "promo" boxes that together are half the page are its content.
    if (prose > total * maxShare(kind)) continue;
    for (const element of elements) {
      noteRemoval(removals, kind, element);
      element.remove();
    }
  }
}

function findBoxes(parent: Element, total: number, boxes: Map<string, Box>): void {
  for (const element of parent.children) {
    const name = element.localName;
    if (NOT_LOOKED_INTO.test(name)) continue;
    const names = `${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`.trim();
    const kind = names !== '' && TAKEN.test(name) ? boxKind(names) : null;
    const prose = kind === null ? 0 : proseLength(element);
    if (kind === null || prose > total * maxShare(kind) || element.querySelector(MATTER) !== null) {
      findBoxes(element, total, boxes);
      continue;
    }
    const known = boxes.get(names);
    if (known === undefined) boxes.set(names, { kind, elements: [element], prose });
    else {
      known.elements.push(element);
      known.prose += prose;
    }
  }
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
