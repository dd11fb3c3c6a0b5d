import { Readability } from '@mozilla/readability';
import { cleanLines } from './article-lines.js';
import { saysArticle } from './article-signs.js';
import type { CleanPage } from './clean.js';
import { cleanText } from './document.js';
import { documentationPart } from './documentation.js';
import { isCut, leftOut } from './left-out.js';
import { removeFurniture } from './page-furniture.js';
import { proseLength } from './prose.js';
import { makeReaderProof, restoreNames } from './reader-proof.js';
import { noteRemoval, type Removals } from './removals.js';
import { removeEdges } from './page-edges.js';
import { headingText, pageHeading } from './page-heading.js';
import { isLayoutTable } from './table.js';

/** How the main content was found. */
export type ExtractionRoute = 'selector' | 'documentation' | 'readability' | 'semantic';

export interface MainContent {
  route: ExtractionRoute;
  /** The documentation generator that was recognised. */
  generator?: string;
  roots: Element[];
}

/** Shorter than this is no article, characters. */
const MIN_TEXT = 140;
/** What Readability must bring of the text of the page's main part, and of the prose when the page says it is an article. */
const MIN_SHARE = 0.3;
/** A page that does not say so may be an article as well: much to read, and hardly anything to read beside it. */
const MIN_PROSE = 800;
const MIN_SHARE_OF_PROSE = 0.5;
const MIN_SHARE_OF_ARTICLE = { declared: 0.5, body: 0.2 };

/**
 * The elements that hold what the page is about. Changes the tree.
 * @param keepSelector the user's own choice, which wins when it matches
 */
export function mainContent(page: CleanPage, keepSelector: string | null, removals: Removals): MainContent {
  const { document, vocabulary } = page;
  if (keepSelector !== null) {
    const kept = [...document.querySelectorAll(keepSelector)];
    const roots = kept.filter((element) => !kept.some((other) => other !== element && other.contains(element)));
    if (roots.length > 0) return { route: 'selector', roots };
  }
  const documentation = documentationPart(document, vocabulary, removals);
  if (documentation !== null && textLength(documentation.roots) > 0) {
    const { generator, roots } = documentation;
    return { route: 'documentation', generator, roots: withTitle(document, roots) };
  }
  const isArticle = saysArticle(page);
  const isDeep = isDeeperThan(document.body, MAX_DEPTH);
  const story = isArticle ? removeFurniture(document.body, pageHeading(document), removals) : null;
  makeReaderProof(document, story);
  const main = declaredMain(document);
  const rest = semanticRoot(document);
  restoreNames(rest);
  const [mainText, mainProse] = [textLength([rest]), prose([rest])];
  const addresses = ownAddresses(document);
  const semantic = (): MainContent => {
    if (isArticle) cleanLines(rest, addresses, removals);
    else if (!isDeep) removeEdges(rest, removals);
    return { route: 'semantic', roots: [rest] };
  };
  const firstHeading = pageHeading(document)?.cloneNode(true) as Element | undefined;
  const article = isDeep ? null : readable(document);
  if (article !== null && textLength([article]) >= MIN_TEXT) {
    const missing = leftOut(rest, article);
    if (rest.localName !== 'body' && (isArticle ? isCut(missing) : losesParts(rest, article))) return semantic();
    const share = MIN_SHARE_OF_ARTICLE[main === null ? 'body' : 'declared'];
    const readsLikeOne = prose([article]) >= Math.max(MIN_PROSE, mainProse * MIN_SHARE_OF_PROSE);
    if (
      isArticle ? prose([article]) >= mainProse * share : readsLikeOne || textLength([article]) >= mainText * MIN_SHARE
    ) {
      for (const element of missing) noteRemoval(removals, "not in the reader's view", element);
      if (!isArticle) removeEdges(article, removals);
      if (!isArticle && readsLikeOne) removeFurniture(article, null, removals);
      if (isArticle || readsLikeOne) cleanLines(article, addresses, removals);
      return { route: 'readability', roots: withHeading(article, firstHeading) };
    }
  }
  return semantic();
}

/** What the page says that its address is. */
function ownAddresses(document: Document): Set<string> {
  const said = [...document.head.querySelectorAll('link[rel~="canonical"], meta[property="og:url"]')];
  return new Set(said.map((own) => (own.getAttribute('href') ?? own.getAttribute('content') ?? '').trim()));
}

const HEADINGS = 'h1, h2, h3, h4, h5, h6';

/** True when headings, tables or code blocks of the page's main part are not in what Readability chose. */
function losesParts(main: Element, article: Element): boolean {
  const lost = (count: (root: Element) => number): number => count(main) - count(article);
  return (
    lost((root) => [...root.querySelectorAll('table')].filter((table) => !isLayoutTable(table)).length) > 0 ||
    lost((root) => root.querySelectorAll('pre').length) > 0 ||
    // The page's own heading may be the one that is missing: it is set in again.
    lost((root) => root.querySelectorAll(`${HEADINGS}, table`).length) > 1
  );
}

/** Readability needs minutes for a page of a thousand elements inside each other; pages that people read have some fifty. The search for edges is as slow. */
const MAX_DEPTH = 150;

function isDeeperThan(root: Element, depth: number): boolean {
  for (let at = 0, next = [root]; next.length > 0; at += 1) {
    if (at > depth) return true;
    next = next.flatMap((element) => [...element.children]);
  }
  return false;
}

/** Some generators write the page's title above the element that holds the rest. */
function withTitle(document: Document, roots: Element[]): Element[] {
  if (roots.some((root) => root.querySelector('h1') !== null)) return roots;
  const heading = [...document.querySelectorAll('h1')].find((own) => {
    const words = cleanText(headingText(own));
    return words !== null && (document.title ?? '').replace(/\s+/g, ' ').includes(words);
  });
  return heading === undefined ? roots : [heading, ...roots];
}

/** Readability takes out the heading that repeats the page's title. It belongs to the item (design §3.7), so it is told another. */
const NO_HEADING_SAYS = 'titleofnoheading';

function readable(document: Document): Element | null {
  document.title = NO_HEADING_SAYS;
  const result = new Readability<Element>(document, {
    // Class names carry the code's language.
    keepClasses: true,
    serializer: (node) => node as Element,
  }).parse();
  const content = result?.content ?? null;
  if (content !== null) restoreNames(content);
  return content;
}

/** The page's heading may stand outside what Readability chose. */
function withHeading(article: Element, heading: Element | undefined): Element[] {
  const words = cleanText(headingText(heading ?? null));
  if (heading === undefined || words === null) return [article];
  const kept = [...article.querySelectorAll('h1, h2, h3')].find((own) => cleanText(headingText(own)) === words);
  if (kept === undefined) return [heading, article];
  // Readability lowers every first heading by a level.
  kept.replaceWith(heading);
  return [article];
}

const CHROME = 'nav, footer, aside, [role="navigation"], [role="contentinfo"], [role="complementary"], [role="search"]';

/** The page's own main element without navigation, or its whole body. Never nothing for a page that has text. */
function semanticRoot(document: Document): Element {
  const main = declaredMain(document);
  const root = main !== null && textLength([main]) > 0 ? main : namedMain(document);
  const copy = root.cloneNode(true) as Element;
  for (const element of copy.querySelectorAll(CHROME)) element.remove();
  return textLength([copy]) > 0 ? copy : (root.cloneNode(true) as Element);
}

/** What the page itself declares to be its matter. */
function declaredMain(document: Document): Element | null {
  return (
    document.querySelector('[itemprop~="articleBody"]') ??
    onlyArticle(document) ??
    document.querySelector('main, [role="main"]')
  );
}

const NAMED_MATTER = /(?:^|[\s_-])\w*(?:content|main|article)(?:$|[\s_-])/i;
/** The inner of two boxes is the matter when it holds this share of the outer one's prose. */
const SHARE_OF_MATTER = 0.8;

/** A page with less prose than this may be about its links, characters. */
const SHORT_PAGE = 600;

function isNamedMatter(element: Element): boolean {
  return NAMED_MATTER.test(`${element.id} ${element.getAttribute('class') ?? ''}`);
}

/** The innermost box, by its name the page's content, that holds nearly all there is to read; the body when none does. */
function namedMain(document: Document): Element {
  const { body } = document;
  const all = proseLength(body);
  if (all < SHORT_PAGE) return body;
  let [main, next]: [Element, Element | undefined] = [body, body];
  while (next !== undefined) {
    next = [...next.children].find((child) => proseLength(child) >= all * SHARE_OF_MATTER);
    if (next !== undefined && isNamedMatter(next)) main = next;
  }
  return main;
}

function onlyArticle(document: Document): Element | null {
  const articles = document.querySelectorAll('article');
  return articles.length === 1 ? (articles[0] ?? null) : null;
}

function prose(elements: Element[]): number {
  return elements.reduce((sum, element) => sum + proseLength(element), 0);
}

function textLength(elements: Element[]): number {
  return elements.reduce((sum, element) => sum + (element.textContent ?? '').replace(/\s+/g, ' ').trim().length, 0);
}
