import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handleHtml } from '../../src/collect/handle-page.js';
import { testInput } from './run-collect.js';

const FOLDER = fileURLToPath(new URL('../fixtures/extract/', import.meta.url));
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.html'))
  .map((file) => path.basename(file, '.html'));

const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');

/**
 * Each `x.html` is a page at https://example.com/docs/page; `x.md` is the Markdown that it should become, and `x.json`,
 * where there is one, what the page says about itself.
 */
describe('golden pages', () => {
  it('are there', () => expect(names.length).toBeGreaterThanOrEqual(60));

  it.each(names)('%s', (name) => {
    const url = 'https://example.com/docs/page';
    const crawl = {
      loadedUrl: url,
      loadedTime: '2026-01-01T00:00:00.000Z',
      referrerUrl: null,
      depth: 0,
      httpStatusCode: 200,
      renderedWith: 'http' as const,
    };
    const { page } = handleHtml({ url, html: read(`${name}.html`), pdf: null, crawl }, testInput({}));
    expect(`${page?.markdown}\n`).toBe(read(`${name}.md`));
    if (readdirSync(FOLDER).includes(`${name}.json`)) {
      expect(page?.metadata).toMatchObject(JSON.parse(read(`${name}.json`)) as object);
    }
  });
});
