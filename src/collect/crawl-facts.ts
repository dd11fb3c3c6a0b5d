import type { CrawlFacts } from '../crawl-facts.js';
import type { RunInput } from '../input.js';
import type { CrawlReport } from './collect.js';
import { Scope } from './scope.js';
import type { SkipReason } from './skip-reason.js';

/** Skipped pages that may well be there. */
const UNREAD: ReadonlySet<SkipReason> = new Set<SkipReason>(['robotsTxt', 'nofollow', 'tooLarge', 'privateAddress']);

/** What a sink has to know of a crawl to tell pages that are gone from pages that were not read. Pure. */
export function crawlFacts(
  crawl: Pick<CrawlReport, 'complete' | 'startedAt' | 'gone' | 'pagesFailed' | 'failures' | 'skipped' | 'skippedUrls'> &
    Partial<Pick<CrawlReport, 'nextPages'>>,
  input: Pick<RunInput, 'startUrls' | 'includeUrlGlobs' | 'excludeUrlGlobs'>,
): CrawlFacts {
  const scope = new Scope(input);
  for (const url of crawl.nextPages ?? []) scope.admit(url);
  const gone = new Set(crawl.gone);
  const unread = crawl.skippedUrls.filter(({ reason }) => UNREAD.has(reason)).map(({ url }) => url);
  const countUnread = [...UNREAD].reduce((sum, reason) => sum + (crawl.skipped[reason] ?? 0), 0);
  return {
    // With more unread pages than are kept by name, one of them cannot be told from a page that is gone.
    complete: crawl.complete && crawl.pagesFailed === crawl.failures.length && countUnread === unread.length,
    startedAt: crawl.startedAt,
    gone: crawl.gone,
    unknown: crawl.failures.map(({ url }) => url).filter((url) => !gone.has(url)),
    unread,
    // Outside is also where a redirected start URL led to, which the input does not exclude.
    inScope: (url) => ['inside', 'outside'].includes(scope.decide(url)),
  };
}
