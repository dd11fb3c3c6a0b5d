import { describe, expect, it } from 'vitest';
import { CrawlTotals, NAMED } from '../src/collect/crawl-totals.js';
import { PageFailure } from '../src/collect/page-errors.js';
import { coverage } from '../src/coverage.js';
import { MapStore } from './collect/run-collect.js';

/** What the totals of a crawl give the report. */
async function crawlWith(failed: number, skipped: number): Promise<Parameters<typeof coverage>[0]> {
  const totals = await CrawlTotals.open(new MapStore(), 60_000);
  const failure = new PageFailure('httpStatus', 'The server answered 500.', { httpStatusCode: 500 });
  for (let index = 0; index < failed; index += 1) totals.fail(`https://example.com/failed/${index}`, failure);
  for (let index = 0; index < skipped; index += 1) totals.skip(`https://example.com/skipped/${index}`, 'filters');
  return {
    pagesFailed: totals.counts.pagesFailed,
    failures: [...totals.failures.entries],
    skipped: totals.counts.skipped,
    skippedUrls: [...totals.skippedUrls.entries],
    gone: [],
    records: null,
  };
}

describe('COVERAGE', () => {
  it('names what failed and what was left out', async () => {
    expect(coverage(await crawlWith(1, 1), false)).toEqual({
      failed: [
        {
          url: 'https://example.com/failed/0',
          reason: 'httpStatus',
          httpStatusCode: 500,
          message: 'The server answered 500.',
        },
      ],
      skipped: [{ url: 'https://example.com/skipped/0', reason: 'filters' }],
      gone: [],
    });
  });

  it('says how many more there are than it names', async () => {
    const record = coverage(await crawlWith(NAMED.failed + 7, NAMED.skipped + 30), false);
    expect(record['failed']).toHaveLength(NAMED.failed);
    expect(record['skipped']).toHaveLength(NAMED.skipped);
    expect(record['unnamed']).toEqual({ failed: 7, skipped: 30 });
  });

  it('of a private dataset is three true numbers', async () => {
    const crawl = await crawlWith(NAMED.failed + 7, NAMED.skipped + 30);
    expect(coverage(crawl, true)).toEqual({ failed: NAMED.failed + 7, skipped: NAMED.skipped + 30, gone: 0 });
  });
});
