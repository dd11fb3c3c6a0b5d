import type { Vocabulary } from './clean.js';
import { cleanText } from './document.js';
import { noteRemoval, type Removals } from './removals.js';

/**
 * Documentation generators and the element that holds the page. Readability takes such pages for lists of links and
 * loses their headings, so they are recognised before it is asked.
 * `marks`: one of them is on every such page.
 */
const GENERATORS: readonly { name: string; container: string; marks: string[] }[] = [
  { name: 'readthedocs', container: '.rst-content [itemprop="articleBody"]', marks: ['.rst-content'] },
  { name: 'pydata', container: 'article.bd-article', marks: ['.bd-article'] },
  {
    name: 'furo',
    container: 'article#furo-main-content, article[role="main"]',
    marks: ['#furo-main-content', 'article'],
  },
  {
    name: 'sphinx',
    container: '.documentwrapper .body, div.body[role="main"], .sphinx-content',
    marks: ['.body', '.sphinx-content'],
  },
  {
    name: 'django',
    container: '#docs-content, #yui-main .yui-b',
    marks: ['#docs-content', '#yui-main'],
  },
  { name: 'mkdocs-material', container: 'article.md-content__inner', marks: ['.md-content__inner'] },
  {
    name: 'mkdocs',
    container: '.col-md-9[role="main"], .rst-content .section[itemprop]',
    marks: ['.col-md-9', '.section'],
  },
  { name: 'docusaurus', container: '.theme-doc-markdown', marks: ['.theme-doc-markdown'] },
  { name: 'vitepress', container: '.vp-doc', marks: ['.vp-doc'] },
  { name: 'vuepress', container: '.theme-default-content', marks: ['.theme-default-content'] },
  {
    name: 'gitbook',
    container: '.page-inner .markdown-section, section.markdown-section',
    marks: ['.markdown-section'],
  },
  { name: 'gitbook-app', container: 'main', marks: ['main'] },
  { name: 'mdbook', container: '#content > main, #mdbook-content > main', marks: ['#content', '#mdbook-content'] },
  { name: 'rustdoc', container: 'body.rustdoc #main-content', marks: ['#main-content'] },
  { name: 'mintlify', container: '#content-area .mdx-content, .mdx-content', marks: ['.mdx-content'] },
  {
    name: 'nextra',
    container: 'main .nextra-content, article main, .nextra-body main',
    marks: ['.nextra-content', 'main', '.nextra-body'],
  },
  { name: 'starlight', container: '.sl-markdown-content', marks: ['.sl-markdown-content'] },
  { name: 'docsy', container: '.td-content', marks: ['.td-content'] },
  { name: 'just-the-docs', container: '#main-content.main-content', marks: ['.main-content'] },
  { name: 'javadoc', container: 'main[role="main"], .contentContainer', marks: ['main', '.contentContainer'] },
  { name: 'nodejs', container: '#apicontent', marks: ['#apicontent'] },
  { name: 'doxygen', container: '#doc-content > .contents, div.contents', marks: ['.contents'] },
  { name: 'asciidoctor', container: 'body.article #content, body.book #content', marks: ['#content'] },
  {
    name: 'docbook',
    container: 'div.book, div.part, div.chapter, div.refentry, div.preface, div.appendix, div.article, div.sect1',
    marks: ['.book', '.part', '.chapter', '.refentry', '.preface', '.appendix', '.article', '.sect1'],
  },
];

/** `container` selectors that ordinary sites use as well need the generator's own word for it. */
const NEEDS_PROOF: Record<string, (document: Document) => boolean> = {
  'gitbook-app': (document) => generator(document).startsWith('gitbook'),
  furo: (document) => generator(document).includes('sphinx') || document.querySelector('.sidebar-tree') !== null,
  javadoc: (document) => generator(document).includes('javadoc'),
  doxygen: (document) => generator(document).includes('doxygen'),
  asciidoctor: (document) => generator(document).includes('asciidoctor'),
  docbook: (document) =>
    generator(document).includes('docbook') || document.querySelector('div.titlepage, div.navheader') !== null,
  nextra: (document) => document.querySelector('[class*="nextra-"]') !== null,
  django: (document) => document.querySelector('.sphinxsidebar, link[href*="pygments"]') !== null,
};

const CHROME_WORDS = new Set(
  (
    'prev-next-area prev-next-footer rst-footer-buttons navheader navfooter pagination-nav theme-doc-breadcrumbs ' +
    'theme-doc-toc-mobile theme-doc-footer breadcrumbs bd-toc md-source-file md-content__button edit-this-page ' +
    'browse-horizontal feedback nav-wrapper nav-chapters VPDocFooter nextra-toc nextra-breadcrumb sub-nav ' +
    'mobile-nav-chapters table-of-contents toc-backref-list sphinxsidebar related'
  ).split(' '),
);
/** Ids that authors give to sections as well: with a heading inside it is one. */
const CHROME_IDS = new Set(['feedback', 'quicklinks', 'toc-local', 'table-of-contents']);
/** GitBook: what comes after the text leads to other pages and asks for opinions. */
const GITBOOK_TEXT = '[data-content-ref-root], .whitespace-pre-wrap';

/** Navigation that generators put inside the container. */
function isChrome(element: Element): boolean {
  if (element.localName === 'nav') return true;
  const id = element.getAttribute('id');
  if (id !== null && CHROME_IDS.has(id) && element.querySelector('h1, h2, h3') === null) return true;
  const className = element.getAttribute('class');
  return className !== null && className.split(/\s+/).some((word) => CHROME_WORDS.has(word));
}

export interface DocumentationPart {
  generator: string;
  roots: Element[];
}

/**
 * The content of a page that a known documentation generator made, or `null`. Takes the generator's chrome out.
 * @param vocabulary of the page, from `cleanDocument`
 */
export function documentationPart(
  document: Document,
  vocabulary: Vocabulary,
  removals: Removals,
): DocumentationPart | null {
  for (const { name, container, marks } of GENERATORS) {
    if (!marks.some((mark) => vocabulary.has(mark)) || NEEDS_PROOF[name]?.(document) === false) continue;
    const found = outermost([...document.querySelectorAll(container)]);
    if (found.length === 0) continue;
    for (const root of found) removeChrome(root, name, removals);
    return { generator: name, roots: found };
  }
  return null;
}

/** Leaves a page that consists of nothing else as it is. */
function removeChrome(root: Element, generatorName: string, removals: Removals): void {
  const chrome: Element[] = [];
  const find = (parent: Element): void => {
    for (const child of parent.children) {
      if (isChrome(child)) chrome.push(child);
      else find(child);
    }
  };
  find(root);
  if (generatorName === 'gitbook-app') chrome.push(...behindText(root));
  const length = (element: Element): number => cleanText(element.textContent)?.length ?? 0;
  if (chrome.reduce((sum, element) => sum + length(element), 0) >= length(root)) return;
  for (const element of chrome) {
    noteRemoval(removals, "generator's navigation", element);
    element.remove();
  }
}

function behindText(main: Element): Element[] {
  const parts = [...main.children];
  const text = parts.findLastIndex((part) => part.matches(GITBOOK_TEXT) || part.querySelector(GITBOOK_TEXT) !== null);
  return text === -1 ? [] : parts.slice(text + 1);
}

function generator(document: Document): string {
  return document.querySelector('meta[name="generator" i]')?.getAttribute('content')?.toLowerCase() ?? '';
}

function outermost(elements: Element[]): Element[] {
  return elements.filter((element) => !elements.some((other) => other !== element && other.contains(element)));
}
