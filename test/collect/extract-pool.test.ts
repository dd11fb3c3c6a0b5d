import { afterEach, describe, expect, it, vi } from 'vitest';
import { extractLimits } from '../../src/collect/extract-limits.js';
import { ExtractPool } from '../../src/collect/extract-pool.js';
import type { LoadedPage } from '../../src/collect/handle-page.js';
import { PageFailure } from '../../src/collect/page-errors.js';
import { testInput } from './run-collect.js';
import { bombPdf, smallPdf } from './small-pdf.js';

const pools: ExtractPool[] = [];

function pool(heapMb = 1_024): ExtractPool {
  const made = new ExtractPool(testInput({ customHttpHeaders: { secret: 'abc' } }), { workers: 1, heapMb });
  pools.push(made);
  return made;
}

function loaded(html: string): LoadedPage {
  const url = 'https://example.com/';
  const crawl = {
    loadedUrl: url,
    loadedTime: '2026-01-01T00:00:00.000Z',
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http' as const,
  };
  return { url, html, pdf: null, crawl };
}

afterEach(async () => {
  vi.useRealTimers();
  for (const made of pools.splice(0)) await made.close();
});

describe('the extraction pool', () => {
  it('takes many pages apart with few workers, each answer to its page', async () => {
    const own = pool();
    const results = await Promise.all([...Array(20).keys()].map((n) => own.extract(loaded(`<p>Page ${n}</p>`))));
    expect(results.map(({ page }) => page?.text)).toEqual([...Array(20).keys()].map((n) => `Page ${n}`));
  });

  it('gives up a page that takes too long, and reads the next one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const own = pool();
    const late = own.extract(loaded('<p>x</p>'));
    const refused = expect(late).rejects.toMatchObject({ reason: 'extraction', canRetry: false });
    vi.advanceTimersByTime(60_000);
    await refused;
    await expect(own.extract(loaded('<p>y</p>'))).resolves.toMatchObject({ page: { text: 'y' } });
  });

  it('gives up a page that takes all memory, and reads the next one', async () => {
    const own = pool(96);
    const huge = own.extract(loaded('<b>a</b>'.repeat(1_000_000)));
    await expect(huge).rejects.toMatchObject({
      reason: 'extraction',
      canRetry: false,
      message: expect.stringContaining('memory') as string,
    });
    expect((await own.extract(loaded('<p>After</p>'))).page?.text).toBe('After');
  }, 60_000);

  it('gives up a PDF of a few kB that unpacks to gigabytes before the memory is gone, and reads the next one', async () => {
    const own = pool(96);
    const bomb = bombPdf(2_000);
    expect(bomb.length).toBeLessThan(20_000);
    const before = process.memoryUsage.rss();
    await expect(own.extract({ ...loaded(''), pdf: new Uint8Array(bomb) })).rejects.toMatchObject({
      reason: 'extraction',
      canRetry: false,
      message: expect.stringContaining('memory') as string,
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(1_000 * 1024 * 1024);
    const next = await own.extract({ ...loaded(''), pdf: new Uint8Array(smallPdf([['After']])) });
    expect(next.page?.text).toBe('After');
  }, 60_000);

  it('reads a page that is very deep, and has words or a failure for one that is deeper', async () => {
    const own = pool();
    const deep = (levels: number): string => `${'<div>'.repeat(levels)}<p>Down here</p>${'</div>'.repeat(levels)}`;
    expect((await own.extract(loaded(deep(1_000)))).page?.text).toContain('Down here');
    const outcome = await own.extract(loaded(deep(20_000))).then(
      ({ page }) => page?.text,
      (error: unknown) => (error instanceof PageFailure ? error.reason : error),
    );
    expect(['Down here', 'extraction']).toContain(outcome);
    expect((await own.extract(loaded('<p>After</p>'))).page?.text).toBe('After');
  });

  it('leaves nobody waiting when it is closed', async () => {
    const own = pool();
    const waiting = [1, 2, 3].map(() => own.extract(loaded('<p>x</p>')));
    const outcome = Promise.allSettled(waiting);
    await own.close();
    expect((await outcome).every(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('the memory and the cores for extraction', () => {
  it.each([
    [1_024, 2, { workers: 1, heapMb: 512 }],
    [1_024, 16, { workers: 2, heapMb: 256 }],
    [4_096, 16, { workers: 4, heapMb: 512 }],
    [32_768, 16, { workers: 4, heapMb: 1_024 }],
    [32_768, 1, { workers: 1, heapMb: 1_024 }],
    [256, 4, { workers: 1, heapMb: 256 }],
  ])('of %i MB and %i cores half is given', (memoryMb, cores, limits) => {
    expect(extractLimits(memoryMb, cores)).toEqual(limits);
  });
});
