import { handleHtml, type PageResult } from '../../../src/collect/handle-page.js';
import type { RunInput } from '../../../src/input.js';
import type { RecordFieldInput } from '../../../src/record-field.js';
import { testInput } from '../run-collect.js';

/** What a page gives, as if it had been read from `url`. */
export function handle(html: string, input: Partial<RunInput> = {}, url = 'https://example.com/docs/page'): PageResult {
  const crawl = {
    loadedUrl: url,
    loadedTime: '2026-01-01T00:00:00.000Z',
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http' as const,
  };
  return handleHtml({ url, html, pdf: null, crawl }, testInput(input));
}

export function field(name: string, selector: string, more: Partial<RecordFieldInput> = {}): RecordFieldInput {
  return { name, selector, type: 'text', attribute: null, multiple: false, ...more };
}
