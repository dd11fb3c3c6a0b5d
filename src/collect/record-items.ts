import type { RunInput } from '../input.js';
import { contentHash } from './content-hash.js';
import type { FoundRecord } from './extract/records.js';
import type { CrawlInfo, RecordItem } from './item.js';
import { normalizeUrl } from '../normalize-url.js';
import { recordKey } from '../record-key.js';

/** A record whose key an earlier record of the page has. */
export interface RepeatedRecord {
  key: string;
  /** True when its content differs, so that something would be lost by leaving it out silently. */
  differs: boolean;
}

export interface RecordItems {
  /** Each key once. */
  items: RecordItem[];
  repeated: RepeatedRecord[];
  /** Records that share their link with others of the page, and so are told apart by their content alone. */
  withoutOwnLink: number;
}

type KeyInput = Pick<RunInput, 'recordKeyFields' | 'keepUrlFragments'>;

/**
 * The items of a page's records. A record's key (design §3.3) is what its key fields say where it has all of them, else its own link, else the page
 * and a hash of the record. A link that different records of the page share is nobody's own.
 */
export function recordItems(
  found: FoundRecord[],
  page: { url: string; crawl: CrawlInfo },
  input: KeyInput,
): RecordItems {
  const records = found.map(({ record, link }) => ({
    record,
    named: recordKey(input.recordKeyFields.map((name) => record[name])),
    // Fragments tell records of one page apart.
    link: link === null ? null : normalizeUrl(link, { keepFragment: true }),
    hash: contentHash(record),
  }));
  const contents = new Map<string, Set<string>>();
  for (const { named, link, hash } of records) {
    if (named !== null || link === null) continue;
    contents.set(link, (contents.get(link) ?? new Set()).add(hash));
  }
  const isShared = (link: string): boolean => (contents.get(link)?.size ?? 0) > 1;
  const pageKey = normalizeUrl(page.crawl.loadedUrl, { keepFragment: input.keepUrlFragments });
  const byKey = new Map<string, RecordItem>();
  const repeated: RepeatedRecord[] = [];
  let withoutOwnLink = 0;
  for (const { record, named, link, hash } of records) {
    const own = link !== null && !isShared(link) ? link : null;
    if (named === null && own === null && link !== null) withoutOwnLink += 1;
    const key = named ?? own ?? `${pageKey}#record-${hash.slice(0, 16)}`;
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, { url: page.url, key, crawl: page.crawl, record, contentHash: hash });
    else repeated.push({ key, differs: first.contentHash !== hash });
  }
  return { items: [...byKey.values()], repeated, withoutOwnLink };
}
