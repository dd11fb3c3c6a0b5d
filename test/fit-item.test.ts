import { describe, expect, it } from 'vitest';
import type { PageItem } from '../src/collect/item.js';
import { fitItem } from '../src/fit-item.js';

function page(text: string, markdown: string): PageItem {
  const none = { canonicalUrl: null, title: 'T', description: null, author: null, publishedTime: null };
  return {
    url: 'https://a.example/',
    key: 'https://a.example/',
    crawl: {
      loadedUrl: 'https://a.example/',
      loadedTime: '2026-01-01T00:00:00Z',
      referrerUrl: null,
      depth: 0,
      httpStatusCode: 200,
      renderedWith: 'http',
    },
    metadata: { ...none, modifiedTime: null, languageCode: null, siteName: null, image: null },
    text,
    markdown,
    contentHash: 'hash',
  };
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const lines = (n: number): string => Array.from({ length: n }, (_, at) => `line ${at} “ü”`).join('\n');

describe('items that are too large to be stored', () => {
  it('leaves what fits alone', () => {
    const item = page('short', 'short');
    expect(fitItem(item)).toEqual({ item, cut: [] });
  });

  it('cuts the text first, at a line’s end, and keeps the Markdown whole', () => {
    const item = page(lines(500), lines(500));
    const fitted = fitItem(item, bytes(item) - 2_000);
    expect(fitted.cut).toEqual(['text']);
    const { text, markdown } = fitted.item as PageItem;
    expect(markdown).toBe(item.markdown);
    expect(item.text.startsWith(`${text}\n`)).toBe(true);
    expect(bytes(fitted.item)).toBeLessThanOrEqual(bytes(item) - 2_000);
  });

  it('cuts the Markdown where that is not enough', () => {
    const item = page(lines(500), lines(500));
    const fitted = fitItem(item, 4_000);
    expect(fitted.cut).toEqual(['text', 'markdown']);
    expect(bytes(fitted.item)).toBeLessThanOrEqual(4_000);
    expect((fitted.item as PageItem).markdown.length).toBeGreaterThan(1_000);
  });
});
