import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { handleHtml, type PageReport } from '../../src/collect/handle-page.js';
import { testInput } from './run-collect.js';

const FOLDER = fileURLToPath(new URL('../fixtures/extract/', import.meta.url));

function reportOf(html: string): PageReport | null {
  const url = 'https://example.com/docs/page';
  const crawl = {
    loadedUrl: url,
    loadedTime: '2026-01-01T00:00:00.000Z',
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http' as const,
  };
  return handleHtml({ url, html, pdf: null, crawl }, testInput({ debugLog: true })).report;
}

const golden = (name: string): PageReport | null => reportOf(readFileSync(path.join(FOLDER, `${name}.html`), 'utf8'));

describe('what debugLog says of a page', () => {
  const generators = readdirSync(FOLDER)
    .map((file) => /^generator-(.+)\.html$/.exec(file)?.[1])
    .filter((name) => name !== undefined);

  it.each([
    'sphinx',
    'docusaurus',
    'mkdocs',
    'vitepress',
    'gitbook',
    'readthedocs',
    'rustdoc',
    'docbook',
    'javadoc',
    'mdbook',
    'nextra',
    'mintlify',
  ])('has a page made by %s', (name) => expect(generators).toContain(name));

  it.each(generators)('knows the generator %s', (name) => {
    const report = golden(`generator-${name}`);
    expect(report?.route).toBe('documentation');
    expect(report?.generator).toContain(name);
  });

  it('names each pass and what it took out', () => {
    const report = golden('article-furniture');
    expect(report?.route).toBe('readability');
    expect(report?.removed).toMatchObject({
      advertising: 'div.promo-box',
      byline: 'ul.breadcrumbs, div.byline',
      comments: 'div#comments',
      sharing: 'div.postShareList',
      subscription: 'div.newsletter-signup',
    });
    expect(golden('article-lines')?.removed).toMatchObject({
      'byline or date': 'p ×2',
      interruption: 'p',
      invitation: 'p',
      'link to another story': 'p ×2',
      'list of other stories': 'h3, li ×2',
      'photo credit': 'p',
      rights: 'p',
    });
  });

  it("names what the reader's view left out", () => {
    const words = 'The council met on Tuesday evening to decide how the old harbour should be used, and who pays. ';
    const html = `<html><head><title>Harbour</title></head><body><main><h1>Harbour</h1><p>${words.repeat(6)}</p>
      <div class="sidebar"><p class="aside-note">Win a weekend by the sea.</p></div><p>${words.repeat(5)}</p></main></body></html>`;
    expect(reportOf(html)).toMatchObject({
      route: 'readability',
      removed: { "not in the reader's view": 'p.aside-note' },
    });
  });

  it('says nothing was furniture on a page that is no article, and none of boxes that are the article', () => {
    expect(golden('article-not-said')?.removed).toEqual({});
    expect(golden('article-boxes-are-the-matter')?.removed).toEqual({});
  });

  it('takes the box that is named content when Readability brings too little of the page', () => {
    const card = (at: number): string =>
      `<div><h2>Part ${at}</h2><ul><li>${'Words of an entry that is no link at all. '.repeat(4)}</li></ul></div>`;
    const html = `<html><head><title>Parts</title></head><body><div id="top"><a href="/">Home</a></div>
      <div id="page-content">${Array.from({ length: 12 }, (_, at) => card(at)).join('')}</div>
      <div id="end"><a href="/imprint">Imprint</a></div></body></html>`;
    const url = 'https://example.com/docs/parts';
    const crawl = { loadedUrl: url, loadedTime: '', referrerUrl: null, depth: 0, httpStatusCode: 200 };
    const { page } = handleHtml(
      { url, html, pdf: null, crawl: { ...crawl, renderedWith: 'http' } },
      testInput({ debugLog: true }),
    );
    expect(page?.markdown.match(/^## Part/gm)).toHaveLength(12);
    expect(page?.text).not.toMatch(/Home|Imprint/);
  });
});
