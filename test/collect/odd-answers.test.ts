import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRecordItem, type Item } from '../../src/collect/item.js';
import { browserProcesses } from './browser-processes.js';
import { removeFolder, runCollect, runFolder, type Collected } from './run-collect.js';
import { page, TestSite, type Route } from './site.js';

/** One crawl over HTTP of pages whose headers say something else than is true; each test looks at some of them. */
let site: TestSite;
let run: Collected;
let browsers = 0;

const typed = (type: string, body: Buffer, more: Record<string, string> = {}): Route => ({
  headers: { 'content-type': type, ...more },
  body,
});
const html = (title: string): string => page(title);
/** A page that declares its charset itself. */
const declaring = (title: string, charset: string): string => page(title, [], `<meta charset="${charset}">`);
const bomb = Buffer.alloc(25 * 1024 * 1024, 'a');

const PAGES: Record<string, Route> = {
  '/unknown-charset': typed('text/html; charset=no-such-charset', Buffer.from(declaring('Grüße 1', 'utf-8'))),
  '/mark-wins': typed('text/html; charset=iso-8859-1', Buffer.from(`\ufeff${html('Grüße 2')}`)),
  '/header-wins': typed('text/html; charset="windows-1252"', Buffer.from(declaring('Grüße 3', 'utf-8'), 'latin1')),
  '/utf16': typed('text/html', Buffer.from(`\ufeff${html('Grüße 4')}`, 'utf16le')),
  '/no-charset': typed('text/html', Buffer.from(html('Grüße 5'))),
  '/xhtml': typed('application/xhtml+xml', Buffer.from(html('Grüße 6'))),
  '/gzip': typed('text/html', gzipSync(html('Grüße 7')), { 'content-encoding': 'gzip' }),
  '/brotli': typed('text/html', brotliCompressSync(html('Grüße 8')), { 'content-encoding': 'br' }),
  '/link-charset': typed(
    'text/html',
    Buffer.from(
      page('Grüße 9', [], '<link charset="utf-8" rel="stylesheet" href="x.css"><meta charset="iso-8859-1">'),
      'latin1',
    ),
  ),
  '/comment-charset': typed(
    'text/html',
    Buffer.from(page('Grüße 10', [], '<!-- <meta charset="koi8-r"> --><meta charset="iso-8859-1">'), 'latin1'),
  ),
  '/says-utf16': typed('text/html', Buffer.from(declaring('Grüße 11', 'utf-16le'))),
  '/undeclared-latin': typed('text/html', Buffer.from(html('Grüße 12'), 'latin1')),
  '/one-broken-place': typed(
    'text/html',
    Buffer.concat([Buffer.from(html('Grüße 13').replace('</main>', '<p>für alle: </p>')), Buffer.from([0xe9])]),
  ),
  '/meta-in-body': typed(
    'text/html',
    Buffer.from(html('Grüße 14').replace('</main>', '<meta charset="koi8-r"></main>')),
  ),
  '/xml': typed(
    'application/xhtml+xml',
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-2"?>\n${html('Grüße 15')}`, 'latin1'),
  ),
  '/bomb-gzip': typed('text/html', gzipSync(bomb), { 'content-encoding': 'gzip' }),
  '/bomb-deflate': typed('text/html', deflateSync(bomb), { 'content-encoding': 'deflate' }),
  '/bomb-brotli': typed('text/html', brotliCompressSync(bomb), { 'content-encoding': 'br' }),
  '/not-gzip': typed('text/html', Buffer.from(html('Plain')), { 'content-encoding': 'gzip' }),
  '/image': typed('image/png', Buffer.from('x')),
};

beforeAll(async () => {
  site = await TestSite.start(PAGES);
  const folder = runFolder();
  const onItem = async (item: Item): Promise<void> => {
    folder.items.push(item);
    browsers += browserProcesses().length;
  };
  const input = {
    startUrls: Object.keys(PAGES).map((path) => site.url(path)),
    maxCrawlDepth: 0,
    maxRequestRetries: 0,
    crawlerType: 'playwright:adaptive',
  } as const;
  run = await runCollect(input, { onItem }, folder);
});

afterAll(async () => {
  await site.close();
  removeFolder(run);
});

function title(path: string): string | null {
  const item = run.byUrl(site.url(path));
  return item === undefined || isRecordItem(item) ? null : item.metadata.title;
}

describe('a page over HTTP', () => {
  it('is read in its own charset, whatever is said where', () => {
    const paths = [
      '/unknown-charset',
      '/mark-wins',
      '/header-wins',
      '/utf16',
      '/no-charset',
      '/xhtml',
      '/gzip',
      '/brotli',
      '/link-charset',
      '/comment-charset',
      '/says-utf16',
      '/undeclared-latin',
      '/one-broken-place',
      '/meta-in-body',
      '/xml',
    ];
    expect(paths.map(title)).toEqual(Array.from(paths, (_, index) => index + 1).map((number) => `Grüße ${number}`));
  });

  it('that unpacks to more than 20 MB is left out, however it is packed', () => {
    const left = run.report.skippedUrls.filter(({ reason }) => reason === 'tooLarge').map(({ url }) => url);
    expect(left.sort()).toEqual(['/bomb-brotli', '/bomb-deflate', '/bomb-gzip'].map((path) => site.url(path)));
  });

  it('that is not packed as it says fails alone, in words', () => {
    expect(run.report.failures.map(({ url }) => url)).toEqual([site.url('/not-gzip')]);
    expect(run.report.failures[0]?.message).toContain('cannot be understood');
  });

  it('is left out when it is no page', () => {
    expect(run.report.skipped).toMatchObject({ contentType: 1, tooLarge: 3 });
  });

  it('needs no browser, and none is started', () => {
    expect(run.report.browserPages).toBe(0);
    expect(browsers).toBe(0);
  });
});
