import type { RunInput } from '../input.js';
import { contentHash } from './content-hash.js';
import { cleanDocument } from './extract/clean.js';
import type { AddressBases } from './extract/conversion.js';
import { parsePage, type ParsedPage } from './extract/document.js';
import { pageLinks, type PageLinks } from './extract/links.js';
import { mainContent, type ExtractionRoute } from './extract/main-content.js';
import { toText } from './extract/markdown.js';
import { pageMetadata } from './extract/metadata.js';
import { nextPage } from './extract/next-page.js';
import { readPdf } from './extract/pdf.js';
import { pageRecords, type FieldFacts } from './extract/records.js';
import { removalReport, type Removals } from './extract/removals.js';
import { renderSignals } from './extract/render-signals.js';
import type { CrawlInfo, PageItem, RecordItem } from './item.js';
import { pageKeys } from './item-key.js';
import { recordItems, type RepeatedRecord } from './record-items.js';

/** A page as it was read, over HTTP or from a browser: from here on both are treated alike. */
export interface LoadedPage {
  /** The requested URL. */
  url: string;
  html: string;
  /** The bytes of a PDF, else `null`. */
  pdf: Uint8Array | null;
  crawl: CrawlInfo;
}

export type PageOptions = Pick<
  RunInput,
  | 'keepUrlFragments'
  | 'ignoreCanonicalUrl'
  | 'keepElementsCssSelector'
  | 'removeElementsCssSelector'
  | 'removeCookieWarnings'
  | 'waitForSelector'
  | 'debugLog'
  | 'recordSelector'
  | 'recordFields'
  | 'recordKeyFields'
>;

export interface PageResult {
  links: PageLinks;
  /** The page's item, or `null` when the input asks for records. Its `key` is the page's own one. */
  page: PageItem | null;
  /** The key that the page claims through its canonical link, when that is another page's address. */
  claimedKey: string | null;
  /** Each key once. */
  records: RecordItem[];
  /** Records of the page whose key another one of it has. */
  repeated: RepeatedRecord[];
  /** Records that had to be told apart by their content. */
  withoutOwnLink: number;
  /** How each field of the records fared on the page. */
  fields: Record<string, FieldFacts>;
  /** The next page of a list of records. */
  next: string | null;
  /** For `debugLog`: how the main content was found, and what was taken out and why. */
  report: PageReport | null;
  /** What may make a browser show more than this HTML; see `render-signals.ts`. */
  signals: string[];
  /** The page has the element that `waitForSelector` names, or none is named. */
  hasAwaited: boolean;
}

export interface PageReport {
  route: ExtractionRoute;
  generator?: string;
  /** Pass → elements. */
  removed: Record<string, string>;
}

const NO_RECORDS = { records: [], repeated: [], withoutOwnLink: 0, fields: {}, next: null };

/** A loaded page → its items and links. The same page gives the same result. */
export async function handlePage(loaded: LoadedPage, options: PageOptions): Promise<PageResult> {
  return loaded.pdf === null ? handleHtml(loaded, options) : handlePdf(loaded, loaded.pdf, options);
}

/** A PDF is a page item with its text; it has no links that the crawl follows. */
async function handlePdf(loaded: LoadedPage, pdf: Uint8Array, options: PageOptions): Promise<PageResult> {
  const { markdown, text, metadata } = await readPdf(pdf);
  const { own } = pageKeys(loaded.crawl.loadedUrl, null, { keepFragment: options.keepUrlFragments });
  const hash = contentHash({ metadata, markdown });
  const page: PageItem = {
    url: loaded.url,
    key: own,
    crawl: loaded.crawl,
    metadata,
    text,
    markdown,
    contentHash: hash,
  };
  return {
    links: { follow: [], nofollow: [], refresh: null },
    page: options.recordSelector === null ? page : null,
    claimedKey: null,
    ...NO_RECORDS,
    report: null,
    signals: [],
    hasAwaited: true,
  };
}

/** The same for a page in HTML. */
export function handleHtml(loaded: LoadedPage, options: PageOptions): PageResult {
  const parsed = parsePage(loaded.html, loaded.crawl.loadedUrl);
  const links = pageLinks(parsed, options.keepUrlFragments);
  const metadata = pageMetadata(parsed, loaded.crawl.loadedUrl);
  const base = {
    links,
    page: null,
    claimedKey: null,
    ...NO_RECORDS,
    report: null,
    signals: renderSignals(parsed),
    hasAwaited: options.waitForSelector === null || has(parsed.document, options.waitForSelector),
  };
  // A page that only sends the reader on has nothing of its own.
  if (links.refresh !== null && links.refresh !== loaded.crawl.loadedUrl) return base;
  if (options.recordSelector !== null) {
    const { records: found, fields } = pageRecords(
      parsed,
      options.recordSelector,
      options.recordFields,
      metadata.languageCode,
    );
    const { items: records, repeated, withoutOwnLink } = recordItems(found, loaded, options);
    return { ...base, records, repeated, withoutOwnLink, fields, next: nextPage(parsed) };
  }
  const canonical = options.ignoreCanonicalUrl ? null : metadata.canonicalUrl;
  const keys = pageKeys(loaded.crawl.loadedUrl, canonical, { keepFragment: options.keepUrlFragments });
  const bases = { baseUrl: parsed.baseUrl, pageUrl: keys.claimed ?? keys.own };
  const { content, report } = pageContent(loaded, parsed, options, bases);
  const page: PageItem = {
    url: loaded.url,
    key: keys.own,
    crawl: loaded.crawl,
    metadata,
    ...content,
    contentHash: contentHash({ metadata, markdown: content.markdown }),
  };
  return { ...base, page, claimedKey: keys.claimed, report };
}

/** The page's main content as text. One that shows nothing else gives what it hides or has for readers without scripts. */
function pageContent(loaded: LoadedPage, parsed: ParsedPage, options: PageOptions, bases: AddressBases) {
  const shown = contentOf(loaded, parsed, options, bases, false);
  if (shown.content.text !== '' || options.keepElementsCssSelector !== null) return shown;
  const again = parsePage(loaded.html, loaded.crawl.loadedUrl);
  return contentOf(loaded, again, options, bases, true);
}

function contentOf(
  loaded: LoadedPage,
  parsed: ParsedPage,
  options: PageOptions,
  bases: AddressBases,
  keepHidden: boolean,
) {
  const clean = {
    removeSelector: options.removeElementsCssSelector,
    removeCookieWarnings: options.removeCookieWarnings,
    keepHidden,
  };
  const { document } = parsed;
  const removals: Removals = new Map();
  const vocabulary = cleanDocument(parsed, clean, removals);
  const found = mainContent({ document, vocabulary, html: loaded.html }, options.keepElementsCssSelector, removals);
  const { route, generator } = found;
  const report = options.debugLog ? { route, ...(generator && { generator }), removed: removalReport(removals) } : null;
  return { content: toText(found.roots, bases), report };
}

/** A selector that only browsers understand finds nothing here, so that a browser is asked. */
function has(document: Document, selector: string): boolean {
  try {
    return document.querySelector(selector) !== null;
  } catch {
    return false;
  }
}
