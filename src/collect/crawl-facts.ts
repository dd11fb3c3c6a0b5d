import type { CrawlFacts } from '../crawl-facts.js';
import type { RunInput } from '../input.js';
import type { CrawlReport } from './collect.js';
import { Scope } from './scope.js';
import type { SkipReason } from './skip-reason.js';

/** Skipped pages that may well be there. */
const UNREAD: ReadonlySet<SkipReason> = new Set<SkipReason>(['robotsTxt', 'nofollow', 'tooLarge', 'privateAddress']);

/** What a sink has to know of a crawl to tell pages that are gone from pages that were not read. Pure. */
export function crawlFacts(
  crawl: Pick<CrawlReport, 'complete' | 'gone' | 'failures' | 'skippedUrls'>,
  input: Pick<RunInput, 'startUrls' | 'includeUrlGlobs' | 'excludeUrlGlobs'>,
): CrawlFacts {
  const scope = new Scope(input);
  const gone = new Set(crawl.gone);
  return {
    complete: crawl.complete,
    gone: crawl.gone,
    unknown: [
      ...crawl.failures.map(({ url }) => url).filter((url) => !gone.has(url)),
      ...crawl.skippedUrls.filter(({ reason }) => UNREAD.has(reason)).map(({ url }) => url),
    ],
    // Outside is also where a redirected start URL led to, which the input does not exclude.
    inScope: (url) => ['inside', 'outside'].includes(scope.decide(url)),
  };
}
