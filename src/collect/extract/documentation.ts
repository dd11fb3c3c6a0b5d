/**
 * Documentation generators and the element that holds the page. Readability takes such pages for lists of links and
 * loses their headings, so they are recognised before it is asked.
 */
const GENERATORS: readonly { name: string; container: string }[] = [
  { name: 'readthedocs', container: '.rst-content [itemprop="articleBody"]' },
  { name: 'pydata', container: 'article.bd-article' },
  { name: 'furo', container: 'article#furo-main-content, article[role="main"]' },
  { name: 'sphinx', container: '.documentwrapper .body, div.body[role="main"], .sphinx-content' },
  { name: 'django', container: '#docs-content, .yui-main #docs, #bd .yui-b' },
  { name: 'mkdocs-material', container: 'article.md-content__inner' },
  { name: 'mkdocs', container: '.col-md-9[role="main"], .rst-content .section[itemprop]' },
  { name: 'docusaurus', container: '.theme-doc-markdown' },
  { name: 'vitepress', container: '.vp-doc' },
  { name: 'vuepress', container: '.theme-default-content' },
  { name: 'gitbook', container: '.page-inner .markdown-section, section.markdown-section' },
  { name: 'mdbook', container: '#content > main, #mdbook-content > main' },
  { name: 'rustdoc', container: 'body.rustdoc #main-content' },
  { name: 'mintlify', container: '#content-area .mdx-content, .mdx-content' },
  { name: 'nextra', container: 'main .nextra-content, article main, .nextra-body main' },
  { name: 'starlight', container: '.sl-markdown-content' },
  { name: 'docsy', container: '.td-content' },
  { name: 'just-the-docs', container: '#main-content.main-content' },
  { name: 'javadoc', container: 'main[role="main"], .contentContainer' },
  { name: 'doxygen', container: '#doc-content > .contents, div.contents' },
  { name: 'asciidoctor', container: 'body.article #content, body.book #content' },
  {
    name: 'docbook',
    container: 'div.book, div.part, div.chapter, div.refentry, div.preface, div.appendix, div.article, div.sect1',
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

/** Navigation that generators put inside the container. */
const CHROME = [
  'nav',
  '.toctree-wrapper.compound + .prev-next-area',
  '.prev-next-area',
  '.prev-next-footer',
  '.rst-footer-buttons',
  '.navheader',
  '.navfooter',
  '.pagination-nav',
  '.theme-doc-breadcrumbs',
  '.theme-doc-toc-mobile',
  '.theme-doc-footer',
  '.breadcrumbs',
  '.bd-toc',
  '.md-source-file',
  '.md-content__button',
  '.edit-this-page',
  '.browse-horizontal',
  '.feedback',
  '.nav-wrapper',
  '.nav-chapters',
  '#feedback',
  '#quicklinks',
];

export interface DocumentationPart {
  generator: string;
  roots: Element[];
}

/** The content of a page that a known documentation generator made, or `null`. Takes the generator's chrome out. */
export function documentationPart(document: Document): DocumentationPart | null {
  for (const { name, container } of GENERATORS) {
    if (NEEDS_PROOF[name]?.(document) === false) continue;
    const found = outermost([...document.querySelectorAll(container)]);
    if (found.length === 0) continue;
    for (const element of found.flatMap((root) => [...root.querySelectorAll(CHROME.join(','))])) element.remove();
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
