import type { CleanPage } from './clean.js';

const ARTICLE_TYPE = /"@type"\s*:\s*(?:\[[^\]]*)?"\w*(?:Article|BlogPosting|Report)"/;

/**
 * True when a page says that it is one article: in OpenGraph, JSON-LD, microdata, or by holding exactly one `<article>` or
 * microformat entry. Front pages, product pages and applications say none of this; what looks like furniture on an article
 * may be their matter.
 */
export function saysArticle({ document, vocabulary, html }: CleanPage): boolean {
  return (
    ARTICLE_TYPE.test(html) ||
    isOpenGraphArticle(document) ||
    document.querySelector('[itemprop~="articleBody"]') !== null ||
    (vocabulary.has('article') && document.querySelectorAll('article').length === 1) ||
    (vocabulary.has('.hentry') && document.querySelectorAll('.hentry').length === 1)
  );
}

function isOpenGraphArticle(document: Document): boolean {
  return [...document.head.querySelectorAll('meta[property]')].some((meta) => {
    const name = meta.getAttribute('property')?.trim().toLowerCase();
    if (name === 'article:published_time') return true;
    return name === 'og:type' && /^(?:article|blog|news)/i.test(meta.getAttribute('content')?.trim() ?? '');
  });
}
