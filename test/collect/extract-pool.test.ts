import { afterEach, describe, expect, it } from 'vitest';
import { ExtractPool } from '../../src/collect/extract-pool.js';
import type { LoadedPage } from '../../src/collect/handle-page.js';
import { testInput } from './run-collect.js';

const pools: ExtractPool[] = [];

function pool(...[size, pageTimeMs]: [number?, number?]): ExtractPool {
  const made = new ExtractPool(testInput({ customHttpHeaders: { secret: 'abc' } }), size, pageTimeMs);
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
  for (const made of pools.splice(0)) await made.close();
});

describe('the extraction pool', () => {
  it('takes many pages apart with few workers, each answer to its page', async () => {
    const own = pool(1);
    const results = await Promise.all([...Array(20).keys()].map((n) => own.extract(loaded(`<p>Page ${n}</p>`))));
    expect(results.map(({ page }) => page?.text)).toEqual([...Array(20).keys()].map((n) => `Page ${n}`));
  });

  it('gives up a page that takes too long, and reads the next one', async () => {
    const own = pool(1, 1);
    await expect(own.extract(loaded('<p>x</p>'))).rejects.toMatchObject({ reason: 'extraction', canRetry: false });
    const patient = pool(1);
    await expect(patient.extract(loaded('<p>x</p>'))).resolves.toMatchObject({ page: { text: 'x' } });
  });

  it('reads a page that is very deep, and fails or reads one that is deeper alone', async () => {
    const own = pool(1, 10_000);
    const deep = (levels: number): string => `${'<div>'.repeat(levels)}<p>Down here</p>${'</div>'.repeat(levels)}`;
    expect((await own.extract(loaded(deep(1_000)))).page?.text).toContain('Down here');
    await own
      .extract(loaded(deep(20_000)))
      .catch((error: unknown) => expect(error).toMatchObject({ reason: 'extraction' }));
    expect((await own.extract(loaded('<p>After</p>'))).page?.text).toBe('After');
  });

  it('leaves nobody waiting when it is closed', async () => {
    const own = pool(1);
    const waiting = [1, 2, 3].map(() => own.extract(loaded('<p>x</p>')));
    const outcome = Promise.allSettled(waiting);
    await own.close();
    expect((await outcome).every(({ status }) => status === 'rejected')).toBe(true);
  });
});
