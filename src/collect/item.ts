/**
 * The shape that the default dataset holds and that every sink reads. It is the one file of `collect/` that other
 * stages may import. Absent values are `null`, never `""`. Times are ISO 8601 with the source's offset.
 */

/** How the item was read. Nothing in here is part of the item's content, so it never enters `contentHash`. */
export interface CrawlInfo {
  /** The URL after redirects. */
  loadedUrl: string;
  /** When the page was read, ISO 8601 in UTC. */
  loadedTime: string;
  /** The page that linked here; `null` for a start URL. */
  referrerUrl: string | null;
  /** Links followed from a start URL, 0 for the start URL itself. */
  depth: number;
  httpStatusCode: number | null;
  renderedWith: 'http' | 'browser';
}

/** What a page says about itself. */
export interface PageMetadata {
  canonicalUrl: string | null;
  title: string | null;
  description: string | null;
  author: string | null;
  publishedTime: string | null;
  modifiedTime: string | null;
  /** As the page says it, for example `en-GB`. */
  languageCode: string | null;
  siteName: string | null;
  /** Absolute URL of the page's representative image. */
  image: string | null;
}

interface ItemBase {
  /** The requested URL. */
  url: string;
  /** Identifies the item for ever; unique in a dataset. See `item-key.ts`. */
  key: string;
  crawl: CrawlInfo;
  /** SHA-256 (hex) of the item's own content: metadata, markdown, record. */
  contentHash: string;
}

/** One page. */
export interface PageItem extends ItemBase {
  metadata: PageMetadata;
  /** Main content as plain text, blocks separated by newlines. */
  text: string;
  /** Main content as GitHub-flavoured Markdown; links and images are absolute. */
  markdown: string;
}

/** A value that a record field may hold. */
export type RecordScalar = string | number | boolean | null;
export type RecordValue = RecordScalar | RecordScalar[];

/** One record found in a page through `recordSelector`. */
export interface RecordItem extends ItemBase {
  record: Record<string, RecordValue>;
}

export type Item = PageItem | RecordItem;

/** True when `item` is a record; otherwise it is a page. */
export function isRecordItem(item: Item): item is RecordItem {
  return 'record' in item;
}
