import type { CrawlReport } from './collect/collect.js';

type Crawl = Pick<CrawlReport, 'pagesFailed' | 'failures' | 'skipped' | 'skippedUrls' | 'gone' | 'records'>;

/**
 * The record COVERAGE: which pages the crawl could not read or left out. Pure.
 * @param isPrivate the dataset is a named one: numbers alone then
 */
export function coverage(crawl: Crawl, isPrivate: boolean): Record<string, unknown> {
  const { pagesFailed, failures, skippedUrls, gone, records } = crawl;
  const pagesSkipped = Object.values(crawl.skipped).reduce((sum, count) => sum + count, 0);
  if (isPrivate) return { failed: pagesFailed, skipped: pagesSkipped, gone: gone.length };
  const unnamed = {
    failed: Math.max(pagesFailed - failures.length, 0),
    skipped: Math.max(pagesSkipped - skippedUrls.length, 0),
  };
  return {
    failed: failures,
    skipped: skippedUrls,
    gone,
    // Beyond what is kept by name.
    ...((unnamed.failed > 0 || unnamed.skipped > 0) && { unnamed }),
    ...(records !== null && { records }),
  };
}
