import { describe, expect, it } from 'vitest';
import { hasAllOf } from '../../src/collect/compare-pages.js';
import { handlePage, type PageResult } from '../../src/collect/handle-page.js';
import { testInput } from './run-collect.js';
import { page } from './site.js';

const BASE = 'https://example.com/a';
const input = testInput({});

function read(html: string): Promise<PageResult> {
  const crawl = {
    loadedUrl: BASE,
    loadedTime: new Date().toISOString(),
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http' as const,
  };
  return handlePage({ url: BASE, html, pdf: null, crawl }, input);
}

const WORDS = '<p>It has more words than a shell would have, so that nobody takes it for one.</p>';
const plain = page('A', ['/b']).replace('</main>', `${WORDS}</main>`);
const inMain = (more: string): string => plain.replace('</main>', `${more}</main>`);
const inHead = (more: string): string => plain.replace('</head>', `${more}</head>`);
const inNav = (link: string): string => plain.replace('</body>', `<nav><a href="${link}">More</a></nav></body>`);
const LINKED = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article"';

describe('a page as served', () => {
  it.each([
    ['nothing', plain],
    ['a script that it has run', inHead('<script>window.visits = 1;</script>')],
    ['a link that leads out of the crawl', inNav('https://elsewhere.example/')],
    ['less than was served', page('A', ['/b'])],
  ])('has all of what the browser showed when that adds %s', async (_, html) => {
    expect(hasAllOf(await read(plain), await read(html), (url) => url.startsWith('https://example.com/'))).toBe(true);
  });

  it.each([
    ['words', inMain('<p>Another sentence altogether.</p>')],
    ['the same words once more', inMain(WORDS)],
    ['a picture', inMain('<p><img src="/chart.png" alt="A"></p>')],
    ['a link inside the crawl', inNav('/c')],
    ['another title', plain.replaceAll('<title>A</title>', '<title>A chart</title>')],
    ['an author', inHead(`${LINKED},"author":{"@type":"Person","name":"Ada"}}</script>`)],
    ['a date', inHead(`${LINKED},"datePublished":"2026-01-02"}</script>`)],
    ['a description', inHead('<meta name="description" content="Said by a script">')],
    ['a refresh', inHead('<meta http-equiv="refresh" content="0; url=/next">')],
  ])('lacks something when the browser showed %s', async (_, html) => {
    expect(hasAllOf(await read(plain), await read(html), (url) => url.startsWith('https://example.com/'))).toBe(false);
  });
});
