import type { PageMetadata } from '../item.js';
import { cleanText, webUrl, type ParsedPage } from './document.js';
import { elementsByName } from './elements.js';
import { linkedPage } from './linked-data.js';
import { firstOf, METADATA_SOURCES, metaTags, TITLE_SOURCES, type Sources } from './metadata-sources.js';
import { microdata } from './microdata.js';
import { headingText, pageHeading } from './page-heading.js';
import { pageTitle } from './page-title.js';
import { parseDate } from './parse-date.js';

/**
 * What a page says about itself.
 * @param pageUrl the loaded URL, which tells the home page, and the page's own entry among several
 */
export function pageMetadata(page: ParsedPage, pageUrl: string): PageMetadata {
  const { document, baseUrl } = page;
  const elements = elementsByName(document);
  const itemprops = [...document.querySelectorAll('[itemprop]')];
  const sources: Sources = {
    document,
    elements,
    itemprops,
    meta: metaTags(elements),
    linked: linkedPage(elements('script'), itemprops.length > 0 ? microdata(document) : [], pageUrl),
  };
  const languageCode = firstOf(METADATA_SOURCES.languageCode, sources, languageOf);
  const date = (text: string): string | null => dateOf(text, languageCode);
  const siteName = firstOf(METADATA_SOURCES.siteName, sources);
  return {
    canonicalUrl: canonicalUrl(elements('link'), baseUrl),
    title: pageTitle({
      full: documentTitle(elements('title')),
      social: firstOf(TITLE_SOURCES, sources),
      heading: cleanText(headingText(pageHeading(document))),
      siteNames: siteNamesOf(sources, siteName),
      pageUrl,
    }),
    description: firstOf(METADATA_SOURCES.description, sources),
    author: firstOf(METADATA_SOURCES.author, sources),
    publishedTime: firstOf(METADATA_SOURCES.publishedTime, sources, date),
    modifiedTime: firstOf(METADATA_SOURCES.modifiedTime, sources, date),
    languageCode,
    siteName,
    image: firstOf(METADATA_SOURCES.image, sources, (text) => webUrl(text, baseUrl)),
  };
}

/** A language tag (RFC 5646, or with `_`) as the page says it; the first of a list; placeholders are none. */
function languageOf(text: string): string | null {
  const [code = ''] = text.split(/[,;\s]/);
  return /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$/i.test(code) ? code : null;
}

/** Dates that software writes where it has none: .NET's and Unix's first moment. */
const NO_DATE = /^(?:0001-01-01|1970-01-01(?:T00:00:00(?:Z|\+00:00)?)?$)/;

/** No date is longer; characters. */
const MAX_DATE_LENGTH = 200;

function dateOf(text: string, languageCode: string | null): string | null {
  const date = parseDate(text.slice(0, MAX_DATE_LENGTH), languageCode, true);
  return date === null || NO_DATE.test(date) ? null : date;
}

/** All that the site calls itself, since titles often have another name of it than `og:site_name`. */
function siteNamesOf(sources: Sources, siteName: string | null): string[] {
  const names = METADATA_SOURCES.siteName.map(([, read]) => cleanText(read(sources)));
  return [...new Set([siteName, ...names].filter((name) => name !== null))];
}

/** Drawings have titles too. */
function documentTitle(titles: readonly Element[]): string | null {
  return cleanText(titles.find((title) => title.closest('svg') === null)?.textContent);
}

/** Two different canonical links contradict each other, so neither is believed. */
function canonicalUrl(links: readonly Element[], baseUrl: string): string | null {
  const urls = links
    .filter((link) => link.hasAttribute('href'))
    .filter((link) => (link.getAttribute('rel') ?? '').toLowerCase().split(/\s+/).includes('canonical'))
    .map((link) => webUrl(link.getAttribute('href'), baseUrl));
  return new Set(urls).size === 1 ? (urls[0] ?? null) : null;
}
