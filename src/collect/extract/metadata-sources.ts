import type { PageMetadata } from '../item.js';
import { cleanText } from './document.js';
import type { ElementsByName } from './elements.js';
import { imageOf, isObject, isOf, listOf, namesOf, textOf, type LinkedPage } from './linked-data.js';
import { pageHeading } from './page-heading.js';

/** All that a page's metadata is read from. */
export interface Sources {
  document: Document;
  elements: ElementsByName;
  /** Elements with an `itemprop`. */
  itemprops: readonly Element[];
  meta: MetaTags;
  linked: LinkedPage;
}

/** A place to read from, and what it says: the first that can be used counts. */
export type Source = readonly [name: string, read: (sources: Sources) => string | null | undefined];

/**
 * Where each value is looked for, in the order of trust; docs/collected-data.md explains it. Names in lower case are `meta`
 * tags, by `name`, `property`, `itemprop` or `http-equiv`; "schema.org" is JSON-LD, then microdata.
 */
export const METADATA_SOURCES = {
  siteName: [
    tag('og:site_name'),
    tag('application-name'),
    ['schema.org WebSite name', ({ linked }) => textOf(linked.site?.['name'])],
    ['schema.org isPartOf', ({ linked }) => siteOfSubjects(linked)],
    property('publisher', (value) => namesOf(value)[0] ?? null),
  ],
  description: [
    tag('description'),
    tag('og:description'),
    tag('twitter:description'),
    tag('dc.description'),
    tag('dcterms.description'),
    tag('dcterms.abstract'),
    property('description'),
  ],
  author: [
    property('author', (value) => list(namesOf(value))),
    property('creator', (value) => list(namesOf(value))),
    tags('author'),
    tags('citation_author'),
    tags('dc.creator'),
    tags('dcterms.creator'),
    tags('article:author'),
    [
      'itemprop=author',
      ({ itemprops }) => {
        const author = itemprops.find((element) => element.getAttribute('itemprop') === 'author');
        return nameIn(author?.querySelector('[itemprop="name"]') ?? author);
      },
    ],
    ['rel=author', ({ elements }) => nameIn(elements('a').find((anchor) => anchor.matches('[rel~="author"]')))],
    tag('twitter:creator'),
  ],
  publishedTime: [
    property('datePublished'),
    tag('article:published_time'),
    tag('datepublished'),
    tag('citation_publication_date'),
    tag('dcterms.issued'),
    tag('dc.date.issued'),
    tag('dcterms.created'),
    tag('dcterms.date'),
    tag('dc.date'),
    tag('date'),
    property('datePosted'),
    property('uploadDate'),
    property('dateCreated'),
    ['<time>, marked', ({ elements }) => timeOf(elements, '[pubdate], [itemprop~="datePublished"]')],
    ['<time>, in the article', ({ document, elements }) => articleTime(document, elements)],
  ],
  modifiedTime: [
    property('dateModified'),
    tag('article:modified_time'),
    tag('og:updated_time'),
    tag('datemodified'),
    tag('dcterms.modified'),
    tag('dc.date.modified'),
    tag('last-modified'),
    ['<time>, marked', ({ elements }) => timeOf(elements, '[itemprop~="dateModified"]')],
    ['<time>, by class', ({ elements }) => timeOf(elements, '.updated:not(.published), .modified')],
  ],
  languageCode: [
    ['<html lang>', ({ document }) => document.documentElement.getAttribute('lang')],
    ['<html xml:lang>', ({ document }) => document.documentElement.getAttribute('xml:lang')],
    tag('content-language'),
    tag('dc.language'),
    tag('dcterms.language'),
    property('inLanguage'),
    ['og:locale', ({ meta }) => meta.get('og:locale')?.[0]?.replace('_', '-')],
  ],
  image: [
    tag('og:image'),
    tag('og:image:url'),
    tag('og:image:secure_url'),
    tag('twitter:image'),
    tag('twitter:image:src'),
    property('image', imageOf),
    property('thumbnailUrl', imageOf),
    ['rel=image_src', ({ elements }) => elements('link').find(isImageLink)?.getAttribute('href')],
  ],
} as const satisfies Partial<Record<keyof PageMetadata, readonly Source[]>>;

/** What stands in for `<title>`, or is shorter than it. */
export const TITLE_SOURCES: readonly Source[] = [
  tag('og:title'),
  tag('twitter:title'),
  tag('dc.title'),
  tag('dcterms.title'),
  property('headline'),
];

/** The first value that is there and can be used, cleaned; `accept` gives it its form or `null`. */
export function firstOf(
  table: readonly Source[],
  sources: Sources,
  accept: (text: string) => string | null = (text) => text,
): string | null {
  for (const [, read] of table) {
    const text = cleanText(read(sources));
    const value = text === null ? null : accept(text);
    if (value !== null) return value;
  }
  return null;
}

function tag(name: string): Source {
  return [name, ({ meta }) => meta.get(name)?.[0]];
}

/** All values of a tag that may be there several times; addresses of profiles are no names. */
function tags(name: string): Source {
  return [name, ({ meta }) => list((meta.get(name) ?? []).filter((value) => !/^https?:/i.test(value)))];
}

function property(name: string, read: (value: unknown) => string | null = textOf): Source {
  return [
    `schema.org ${name}`,
    ({ linked }) => linked.subjects.map((subject) => read(subject[name])).find((value) => value !== null),
  ];
}

/** Several names as one text, each once, without the "By" of a byline. */
function list(names: string[]): string | null {
  const bare = names.map((name) => name.replace(/^by\s+/i, ''));
  return bare.length === 0 ? null : [...new Set(bare)].join(', ');
}

export type MetaTags = Map<string, string[]>;

/** Values per name, in page order; names of all four attributes in lower case, with a point after `dc`. */
export function metaTags(elements: ElementsByName): MetaTags {
  const found: MetaTags = new Map();
  for (const element of elements('meta')) {
    const name = ['property', 'name', 'itemprop', 'http-equiv']
      .map((attribute) => element.getAttribute(attribute))
      .find((value) => value !== null && value !== '');
    const content = cleanText(element.getAttribute('content'));
    const key = name
      ?.trim()
      .toLowerCase()
      .replace(/^(dc|dcterms):/, '$1.');
    if (key !== undefined && content !== null) found.set(key, [...(found.get(key) ?? []), content]);
  }
  return found;
}

/** The site that an article or page says to be part of; one page is also said to be part of another. */
function siteOfSubjects({ subjects }: LinkedPage): string | null {
  const parents = subjects.flatMap((subject) => listOf(subject['isPartOf']));
  const site = parents.find((parent) => isObject(parent) && !isOf(parent, /Page$/));
  return namesOf(site)[0] ?? null;
}

function nameIn(element: Element | undefined): string | null {
  const name = cleanText(element?.textContent);
  return name === null ? null : list([name]);
}

function isImageLink(link: Element): boolean {
  return link.getAttribute('rel') === 'image_src';
}

function timeOf(elements: ElementsByName, selector: string): string | null {
  return timeText(elements('time').find((time) => time.matches(selector)));
}

/** The machine form of a `<time>`, else its words (HTML Living Standard, 4.5.14). */
function timeText(time: Element | null | undefined): string | null {
  return cleanText(time?.getAttribute('datetime')) ?? cleanText(time?.textContent);
}

/**
 * The first time of the page's one article: the one that its heading stands in, else the only one. Lists of articles have
 * a time in each, and none of them is the page's. Without articles, the time in the page's header.
 */
function articleTime(document: Document, elements: ElementsByName): string | null {
  if (elements('time').length === 0) return null;
  const isWritten = (time: Element): boolean =>
    !/(?:^|\s)(?:modified|updated(?!.*published))/.test(time.getAttribute('class') ?? '') &&
    !/dateModified/.test(time.getAttribute('itemprop') ?? '');
  const outer = elements('article').filter((article) => article.parentElement?.closest('article') === null);
  const article = pageHeading(document)?.closest('article') ?? (outer.length === 1 ? outer[0] : undefined);
  const inArticle = article === undefined ? [] : elements('time').filter((time) => article.contains(time));
  const inHeader = elements('time').filter((time) => time.closest('header') !== null);
  const usable = [
    ...inArticle,
    ...inHeader.filter((time) => article !== undefined || time.closest('article') === null),
  ];
  return timeText(usable.find(isWritten));
}
