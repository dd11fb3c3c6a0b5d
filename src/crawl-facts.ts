/** By which rows are told whose pages are gone (design §5 "Removed"). */
export interface CrawlFacts {
  /** Every page in scope was read: no limit left something out, all start URLs were read, nothing was cut. */
  complete: boolean;
  /** When the first part of the run began to crawl, epoch ms: what the sink holds since then may be newer. */
  startedAt: number;
  /** URLs that answered 404 or 410. */
  gone: readonly string[];
  /** URLs that failed for another reason: what is there, and under which key, is unknown. */
  unknown: readonly string[];
  /** URLs that were left out, by robots.txt for example, and may well be there. */
  unread: readonly string[];
  /** Whether this crawl would have read `url`, had it been linked. */
  inScope(url: string): boolean;
}
