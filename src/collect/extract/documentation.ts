import { removeParts, type Vocabulary } from './clean.js';
import type { RemovalPass } from './removal-passes.js';
import type { Removals } from './removals.js';

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
const CHROME_IDS = new Set(['feedback', 'quicklinks', 'toc-local', 'table-of-contents']);

/** Navigation that generators put inside the container. */
const CHROME: RemovalPass = {
  name: "generator's navigation",
  takes: ({ name, className, id }) =>
    name === 'nav' ||
    CHROME_IDS.has(id) ||
    (className !== '' && className.split(/\s+/).some((word) => CHROME_WORDS.has(word))),
};

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
    for (const root of found) removeParts(root, [CHROME], removals);
    return { generator: name, roots: found };
  }
  return null;
}

function generator(document: Document): string {
  return document.querySelector('meta[name="generator" i]')?.getAttribute('content')?.toLowerCase() ?? '';
}

function outermost(elements: Element[]): Element[] {
  return elements.filter((element) => !elements.some((other) => other !== element && other.contains(element)));
}
