import type { PageMetadata } from '../item.js';
import { absoluteUrl, cleanText, type ParsedPage } from './document.js';

/** What a page says about itself: JSON-LD, OpenGraph, Twitter, Dublin Core, `<time>`, `<html lang>`, in that trust. */
export function pageMetadata(page: ParsedPage): PageMetadata {
  const { document, baseUrl } = page;
  const meta = metaTags(document);
  const linked = linkedData(document);
  const siteName = first(meta, 'og:site_name', 'application-name') ?? nameOf(linked['isPartOf'] ?? linked['publisher']);
  return {
    canonicalUrl: canonicalUrl(page),
    title: title(document, meta, siteName),
    description:
      first(meta, 'description', 'og:description', 'twitter:description', 'dc.description', 'dcterms.description') ??
      text(linked['description']),
    author: author(document, meta, linked),
    publishedTime: firstDate([
      text(linked['datePublished']),
      first(meta, 'article:published_time', 'datepublished', 'dc.date', 'dcterms.created', 'dc.date.issued', 'date'),
      document.querySelector('time[pubdate], time[itemprop="datePublished"]')?.getAttribute('datetime'),
      document.querySelector('article time[datetime], header time[datetime]')?.getAttribute('datetime'),
    ]),
    modifiedTime: firstDate([
      text(linked['dateModified']),
      first(meta, 'article:modified_time', 'og:updated_time', 'datemodified', 'dcterms.modified', 'last-modified'),
      document.querySelector('time[itemprop="dateModified"]')?.getAttribute('datetime'),
    ]),
    languageCode:
      cleanText(document.documentElement.getAttribute('lang')) ??
      cleanText(document.documentElement.getAttribute('xml:lang')) ??
      first(meta, 'content-language', 'dc.language') ??
      first(meta, 'og:locale')?.replace('_', '-') ??
      null,
    siteName,
    image: webUrl(
      first(meta, 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src') ?? imageOf(linked['image']),
      baseUrl,
    ),
  };
}

type MetaTags = Map<string, string>;

/** First value per name; names of all three attributes in lower case. */
function metaTags(document: Document): MetaTags {
  const tags: MetaTags = new Map();
  for (const element of document.querySelectorAll('meta[content]')) {
    const name = ['property', 'name', 'itemprop', 'http-equiv']
      .map((attribute) => element.getAttribute(attribute))
      .find((value) => value !== null && value !== '');
    const content = cleanText(element.getAttribute('content'));
    const key = name?.trim().toLowerCase();
    if (key !== undefined && content !== null && !tags.has(key)) tags.set(key, content);
  }
  return tags;
}

function first(meta: MetaTags, ...names: string[]): string | null {
  return names.map((name) => meta.get(name)).find((value) => value !== undefined) ?? null;
}

/** Two different canonical links contradict each other, so neither is believed. */
function canonicalUrl({ document, baseUrl }: ParsedPage): string | null {
  const urls = [...document.querySelectorAll('link[rel][href]')]
    .filter((link) => (link.getAttribute('rel') ?? '').toLowerCase().split(/\s+/).includes('canonical'))
    .map((link) => webUrl(link.getAttribute('href'), baseUrl));
  return new Set(urls).size === 1 ? (urls[0] ?? null) : null;
}

function webUrl(reference: string | null | undefined, baseUrl: string): string | null {
  const url = absoluteUrl(reference, baseUrl);
  return url !== null && /^https?:/.test(url) ? url : null;
}

/** The page's title without the site's name: "Page – Site" and "Site: Page" are both usual. */
function title(document: Document, meta: MetaTags, siteName: string | null): string | null {
  const full = cleanText(document.querySelector('title')?.textContent);
  const social = first(meta, 'og:title', 'twitter:title', 'dc.title', 'dcterms.title');
  const heading = cleanText(headingText(pageHeading(document)));
  if (full === null) return withoutSite(social, heading, siteName) ?? heading;
  const short = withoutSite(full, heading, siteName);
  return short !== full ? short : (withoutSite(social, heading, siteName) ?? short);
}

// A bare hyphen or colon between letters belongs to the title's own words.
const SEPARATOR_AT_START = /^(?:\s+[|–—·•»«:/\\-]+\s+|\s*[|–—·•»«]+\s*|:\s+)/;
const SEPARATOR_AT_END = /(?:\s+[|–—·•»«:/\\-]+\s+|\s*[|–—·•»«]+\s*|:\s+)$/;

/** A part is taken off only when the page's heading or the site's declared name says which part is the site. */
function withoutSite(full: string | null, heading: string | null, siteName: string | null): string | null {
  if (full === null) return null;
  if (heading !== null && heading !== siteName) {
    if (full.startsWith(heading) && SEPARATOR_AT_START.test(full.slice(heading.length))) return heading;
    if (full.endsWith(heading) && SEPARATOR_AT_END.test(full.slice(0, -heading.length))) return heading;
  }
  if (siteName === null) return full;
  const [lower, site] = [full.toLowerCase(), siteName.toLowerCase()];
  const before = full.slice(0, -siteName.length);
  if (lower.endsWith(site) && SEPARATOR_AT_END.test(before)) return before.replace(SEPARATOR_AT_END, '') || full;
  const after = full.slice(siteName.length);
  if (lower.startsWith(site) && SEPARATOR_AT_START.test(after)) return after.replace(SEPARATOR_AT_START, '') || full;
  return full;
}

/**
 * The heading that names the page. Many sites write their own name into an `h1` above it, so one that the title begins
 * with comes first, then one inside the main content, then the only one; without any, an `h2` that repeats the title.
 */
export function pageHeading(document: Document): Element | null {
  const title = cleanText(document.querySelector('title')?.textContent) ?? '';
  const begins = (heading: Element): boolean => {
    const words = cleanText(headingText(heading));
    return words !== null && title.startsWith(words);
  };
  const headings = [...document.querySelectorAll('h1')];
  const named = headings.find(begins) ?? document.querySelector('main h1, [role="main"] h1, article h1');
  if (named) return named;
  if (headings.length > 0) return headings.length === 1 ? (headings[0] ?? null) : null;
  return [...document.querySelectorAll('h2')].find(begins) ?? null;
}

/** A heading's words without the permalink sign that documentation generators append. */
export function headingText(heading: Element | null): string | null {
  return heading?.textContent?.replace(/\s*[¶#§]\s*$/, '') ?? null;
}

function author(document: Document, meta: MetaTags, linked: LinkedData): string | null {
  const named = nameOf(linked['author']) ?? first(meta, 'author', 'dc.creator', 'dcterms.creator', 'twitter:creator');
  if (named !== null) return named;
  const article = first(meta, 'article:author');
  if (article !== null && !/^https?:/.test(article)) return article;
  return cleanText(document.querySelector('[itemprop="author"] [itemprop="name"], a[rel~="author"]')?.textContent);
}

type LinkedData = Record<string, unknown>;

const PAGE_TYPE = /Article|BlogPosting|WebPage|NewsArticle|Product|Recipe|Report|Documentation|QAPage|FAQPage/;

/** The first JSON-LD object that describes the page itself; `{}` when there is none or it cannot be read. */
function linkedData(document: Document): LinkedData {
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    const found = objectsIn(parseJson(script.textContent ?? '')).find((object) =>
      PAGE_TYPE.test([object['@type']].flat().join(' ')),
    );
    if (found !== undefined) return found;
  }
  return {};
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\s*(?:<!--|\/\*<!\[CDATA\[\*\/)|(?:-->|\/\*\]\]>\*\/)\s*$/g, ''));
  } catch {
    return null;
  }
}

function objectsIn(value: unknown): LinkedData[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (value === null || typeof value !== 'object') return [];
  const object = value as LinkedData;
  return [object, ...objectsIn(object['@graph'])];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? cleanText(value) : null;
}

function nameOf(value: unknown): string | null {
  const names = [value].flat().map((entry: unknown) => {
    if (typeof entry === 'string') return cleanText(entry);
    return entry !== null && typeof entry === 'object' ? text((entry as LinkedData)['name']) : null;
  });
  const known = names.filter((name) => name !== null && !/^https?:/.test(name));
  return known.length === 0 ? null : known.join(', ');
}

/** An image in JSON-LD is an address, an object with one, or a list of either. */
function imageOf(value: unknown): string | null {
  const image: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof image === 'string') return image;
  return image !== null && typeof image === 'object' ? text((image as LinkedData)['url']) : null;
}

function firstDate(candidates: (string | null | undefined)[]): string | null {
  for (const candidate of candidates) {
    const date = isoDate(candidate);
    if (date !== null) return date;
  }
  return null;
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** ISO 8601 with the source's own offset (none is invented); other forms only when they name their zone or no time. */
function isoDate(value: string | null | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  const parts = ISO.exec(trimmed);
  if (parts !== null) {
    const [, day = '', minutes, seconds = '', zone = ''] = parts;
    if (Number.isNaN(Date.parse(day))) return null;
    if (minutes === undefined) return day;
    const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
    return `${day}T${minutes}${seconds === '' ? ':00' : seconds}${offset}`;
  }
  if (!/[a-z]{3}/i.test(trimmed) || !/\d{4}/.test(trimmed)) return null;
  const hasTime = /\d:\d/.test(trimmed);
  const parsed = Date.parse(hasTime ? trimmed : `${trimmed} UTC`);
  if (Number.isNaN(parsed) || (hasTime && !/GMT|UTC|Z$|[+-]\d{4}/.test(trimmed))) return null;
  const iso = new Date(parsed).toISOString();
  return hasTime ? iso.replace('.000Z', 'Z') : iso.slice(0, 10);
}
