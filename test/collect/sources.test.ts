import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { boundedRules } from '../../src/collect/robots-bounds.js';
import { sitemapUrls } from '../../src/collect/sitemap.js';
import { smallPdf } from './small-pdf.js';
import { crawlsForEachTest, pageItem } from './each-test.js';
import type { Collected } from './run-collect.js';
import type { TestSite } from './site.js';
import { page, type Route } from './site.js';

const { start, crawl } = crawlsForEachTest();

const realTimeout = setTimeout;
const paths = (run: Collected): string[] => run.keys().map((key) => new URL(key).pathname);
const xml = (body: string): Route => ({ headers: { 'content-type': 'application/xml' }, body });

describe('sitemaps', () => {
  it('reads those that robots.txt names, indexes and packed ones too, within the scope', async () => {
    const site = await start({
      '/docs/': page('Docs'),
      '/docs/a': page('A'),
      '/docs/b': page('B'),
      '/docs/c': page('C'),
      '/blog/d': page('D'),
    });
    site.routes['/robots.txt'] = `User-agent: *\nDisallow: /docs/c\nSitemap: ${site.url('/maps/index.xml')}\n`;
    site.routes['/maps/index.xml'] = xml(
      `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
       <sitemap><loc>${site.url('/maps/one.xml.gz')}</loc></sitemap><sitemap><loc>${site.url('/maps/two.txt')}</loc></sitemap>
       <sitemap><loc>${site.url('/maps/gone.xml')}</loc></sitemap></sitemapindex>`,
    );
    site.routes['/maps/one.xml.gz'] = {
      headers: { 'content-type': 'application/octet-stream' },
      body: gzipSync(
        `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> ${site.url('/docs/a?x=1&amp;y=2')} </loc>
         <lastmod>2026-01-01</lastmod></url><url><loc><![CDATA[${site.url('/blog/d')}]]></loc></url>
         <url><loc>https://elsewhere.example/e</loc></url></urlset>`,
      ),
    };
    site.routes['/maps/two.txt'] = {
      headers: { 'content-type': 'text/plain' },
      body: `${site.url('/docs/b')}\n${site.url('/docs/c')}`,
    };
    const run = await crawl({ startUrls: [site.url('/docs/')], useSitemaps: true });
    expect(paths(run)).toEqual(['/docs/', '/docs/a', '/docs/b']);
    expect(run.byUrl(site.url('/docs/a?x=1&y=2'))?.crawl).toMatchObject({ depth: 1, referrerUrl: site.url('/docs/') });
    expect(run.report).toMatchObject({ complete: true, skipped: { filters: 1, robotsTxt: 1 } });
  });

  it('looks in the usual places when robots.txt names none, and reads none unless asked', async () => {
    const site = await start({ '/': page('Home'), '/hidden': page('Hidden') });
    site.routes['/sitemap.xml'] = xml(`<urlset><url><loc>${site.url('/hidden')}</loc></url></urlset>`);
    expect(paths(await crawl({ startUrls: [site.url('/')] }))).toEqual(['/']);
    expect(paths(await crawl({ startUrls: [site.url('/')], useSitemaps: true }))).toEqual(['/', '/hidden']);
  });

  it('keeps what it read of a broken one, and counts what the limit leaves out', async () => {
    const site = await start({ '/': page('Home'), '/a': page('A') });
    site.routes['/sitemap.xml'] = xml(`<urlset><url><loc>${site.url('/a')}</loc></url><url><loc>`);
    expect(paths(await crawl({ startUrls: [site.url('/')], useSitemaps: true }))).toEqual(['/', '/a']);
    const many = Array.from({ length: 3_000 }, (_, index) => `<url><loc>${site.url(`/p${index}`)}</loc></url>`).join(
      '',
    );
    site.routes['/sitemap.xml'] = xml(`<urlset>${many}</urlset>`);
    let isRead = (): void => undefined;
    const read = new Promise<void>((resolve) => (isRead = resolve));
    site.routes['/'] = (_, response) => void read.then(() => response.end(page('Home')));
    const info = (message: string): void => (message.startsWith('The sitemaps of') ? isRead() : undefined);
    const log = { debug: () => undefined, info, warning: () => undefined };
    const run = await crawl({ startUrls: [site.url('/')], useSitemaps: true, maxCrawlPages: 1 }, { log });
    expect(run.report).toMatchObject({ pagesLoaded: 1, complete: false });
    expect(run.report.skipped.limit).toBeGreaterThan(500);
  });

  it('reads no more of them than the page limit may need', async () => {
    const maps = Array.from({ length: 30 }, (_, index) => `/map${index}.txt`);
    const urls = (map: string): string =>
      Array.from({ length: 200 }, (_, index) => site.url(`${map}/${index}`)).join('\n');
    const site: TestSite = await start({ '/': page('Home') });
    for (const map of maps) site.routes[map] = { headers: { 'content-type': 'text/plain' }, body: urls(map) };
    site.routes['/robots.txt'] = maps.map((map) => `Sitemap: ${site.url(map)}`).join('\n');
    const run = await crawl({ startUrls: [site.url('/')], useSitemaps: true, maxCrawlPages: 1 });
    expect(run.report).toMatchObject({ pagesLoaded: 1, complete: false });
    expect(site.paths().filter((path) => path.startsWith('/map')).length).toBeLessThan(10);
  });

  /** A site with an index of sitemaps, all of which answer in the same way. */
  const withIndex = async (children: number, child: Route): Promise<TestSite> => {
    const site = await start({ '/': page('Home') });
    const maps = Array.from({ length: children }, (_, index) => `/map${index}.xml`);
    for (const map of maps) site.routes[map] = child;
    const entries = maps.map((map) => `<sitemap><loc>${site.url(map)}</loc></sitemap>`).join('');
    site.routes['/sitemap.xml'] = xml(`<sitemapindex>${entries}</sitemapindex>`);
    return site;
  };

  it('waits for none once the page limit is reached', async () => {
    const site = await withIndex(20, () => undefined);
    const read = new Promise<void>((resolve) => (site.routes['/map0.xml'] = () => resolve()));
    site.routes['/'] = (_, response) => void read.then(() => response.end(page('Home')));
    const run = await crawl({
      startUrls: [site.url('/')],
      useSitemaps: true,
      maxCrawlPages: 1,
      requestTimeoutSecs: 600,
    });
    expect(run.report).toMatchObject({ pagesLoaded: 1, complete: false, skipped: { limit: 1 }, pagesFailed: 0 });
    expect(run.report.skippedUrls).toEqual([{ url: site.url('/map0.xml'), reason: 'limit' }]);
  }, 60_000);

  it('asks for no more of them after five that fail, and says that pages may be missing', async () => {
    const site = await withIndex(20, (request) => void request.socket.destroy());
    const run = await crawl({ startUrls: [site.url('/')], useSitemaps: true });
    expect(site.paths().filter((path) => path.startsWith('/map')).length).toBe(5);
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 5 });
    expect(run.warnings.join()).toContain('5 sitemaps of');
  });

  it('gives up one that sends nothing more, and reads the next', async () => {
    const site = await withIndex(2, { status: 404 });
    site.routes['/a'] = page('A');
    // Only the wait for the first byte after these headers is cut short.
    let isSilent = false;
    site.routes['/map0.xml'] = (_, response) => {
      isSilent = true;
      response.writeHead(200, { 'content-type': 'application/xml' }).flushHeaders();
    };
    site.routes['/map1.xml'] = xml(`<urlset><url><loc>${site.url('/a')}</loc></url></urlset>`);
    const clock = vi.spyOn(globalThis, 'setTimeout');
    clock.mockImplementation((act: () => void, ms?: number) => {
      const isCut = isSilent && ms === 15_000;
      isSilent &&= !isCut;
      return realTimeout(act, isCut ? 50 : ms);
    });
    const run = await crawl({ startUrls: [site.url('/')], useSitemaps: true });
    clock.mockRestore();
    expect(paths(run)).toEqual(['/', '/a']);
    expect(run.report.failures).toEqual([expect.objectContaining({ url: site.url('/map0.xml'), reason: 'timeout' })]);
  });

  it('are asked for once, however many start URLs a site has', async () => {
    const site = await start({ '/': page('Home'), '/a': page('A') });
    await crawl({ startUrls: [site.url('/'), site.url('/a')], useSitemaps: true });
    expect(site.paths().filter((path) => path === '/sitemap.xml')).toHaveLength(1);
  });

  it('stops waiting for one when the crawl is to end', async () => {
    const stop = new AbortController();
    const site = await start({ '/': page('Home') });
    site.routes['/sitemap.xml'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.write(`<urlset><url><loc>${site.url('/a')}</loc></url>`, () => stop.abort());
    };
    const run = await crawl(
      { startUrls: [site.url('/')], useSitemaps: true, requestTimeoutSecs: 600 },
      { signal: stop.signal },
    );
    expect(run.report.complete).toBe(false);
  }, 60_000);

  it.each([
    ['elements inside each other', '<a>'],
    ['one line without end', 'x'],
  ])(
    'is not held up by one of %s',
    async (_, part) => {
      let body = Buffer.from(part.repeat(Math.ceil((8 * 1024 * 1024) / part.length)));
      const urls: string[] = [];
      async function* chunks(): AsyncGenerator<Buffer> {
        for (; body.length > 0; body = body.subarray(16_384)) yield body.subarray(0, 16_384);
      }
      for await (const url of sitemapUrls(['https://example.com/sitemap.xml'], async () => chunks())) urls.push(url);
      expect(urls).toEqual([]);
    },
    30_000,
  );
});

describe('robots.txt', () => {
  it('closes the site while the server cannot say its rules, and opens it when there are none', async () => {
    const site = await start({ '/': page('Home'), '/robots.txt': { status: 503, body: '' } });
    const closed = await crawl({ startUrls: [site.url('/')] });
    expect(closed.report).toMatchObject({ pagesLoaded: 0, skipped: { robotsTxt: 1 }, complete: false });
    expect(site.paths()).toEqual([]);
    site.routes['/robots.txt'] = { status: 403, body: '' };
    expect((await crawl({ startUrls: [site.url('/')] })).report.pagesLoaded).toBe(1);
    site.routes['/robots.txt'] = { status: 503, body: '' };
    const told = await crawl({ startUrls: [site.url('/')], respectRobotsTxtFile: false });
    expect(told.report.pagesLoaded).toBe(1);
  });

  it('is asked of all start URLs at once, and not waited for when the crawl is to end', async () => {
    const stop = new AbortController();
    const sitesToAsk: TestSite[] = [];
    let asked = 0;
    for (let count = 0; count < 3; count += 1) {
      const hanging: Route = () => {
        asked += 1;
        if (asked === 3) stop.abort();
      };
      sitesToAsk.push(await start({ '/': page('Home'), '/robots.txt': hanging }));
    }
    const startUrls = sitesToAsk.map((site) => site.url('/'));
    const run = await crawl({ startUrls, requestTimeoutSecs: 600 }, { signal: stop.signal });
    expect(asked).toBe(3);
    expect(run.report).toMatchObject({ pagesLoaded: 0, pagesFailed: 0, skipped: {}, complete: false });
  });

  it('cannot make the crawl stand still with rules full of stars', () => {
    const costly = `/${'*a'.repeat(400)}b`;
    const file = [
      'User-agent: Other',
      `Disallow: ${costly}`,
      'User-agent: *',
      'Disallow: /plain',
      'Disallow: /*?print',
    ];
    const bounded = boundedRules(
      [
        ...file,
        ...Array<string>(600).fill(`Disallow: ${costly}`),
        `Allow: /${'x'.repeat(3_000)}`,
        'Disallow: /last',
      ].join('\n'),
    );
    const kept = bounded.split('\n');
    expect(kept.slice(0, file.length)).toEqual(file);
    expect(kept.at(-1)).toBe('Disallow: /last');
    expect(kept.filter((line) => line.includes('*a')).join('').length).toBeLessThan(60_000);
    expect(bounded).not.toContain('xxx');
  });

  it('holds for where a redirect leads', async () => {
    const site = await start({
      '/': page('Home', ['/open']),
      '/open': { status: 302, headers: { location: '/closed/x' } },
      '/closed/x': page('Closed'),
      '/robots.txt': 'User-agent: websitetonotion\nDisallow: /closed/',
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.report.skipped).toEqual({ robotsTxt: 1 });
    expect(site.paths()).toEqual(['/', '/open']);
  });

  it('says that a start URL whose server is not there has failed', async () => {
    const run = await crawl({ startUrls: ['http://127.0.0.1:9/'], maxRequestRetries: 0 });
    expect(run.report).toMatchObject({ pagesLoaded: 0, pagesFailed: 1, skipped: {} });
  });
});

describe('PDFs', () => {
  const pdf: Route = {
    headers: { 'content-type': 'application/pdf' },
    body: smallPdf([['The first page of the report.'], ['Chapter two', 'It ends here.']], { Title: 'Annual report' }),
  };

  it.each(['cheerio', 'playwright:adaptive', 'playwright:chrome'] as const)(
    'become items with their text: %s',
    async (crawlerType) => {
      const site = await start({
        '/': page('Home', ['/report.pdf', '/download']),
        '/report.pdf': pdf,
        '/download': pdf,
      });
      const run = await crawl({ startUrls: [site.url('/')], crawlerType });
      const { markdown, metadata, crawl: how } = pageItem(run, '/report.pdf');
      expect(markdown).toContain('The first page of the report.');
      expect(markdown).toContain('It ends here.');
      expect(metadata.title).toBe('Annual report');
      expect(how.renderedWith).toBe('http');
      expect(pageItem(run, '/download').text).toContain('Chapter two');
      expect(run.report).toMatchObject({ pagesLoaded: 3, skipped: {}, pagesFailed: 0 });
    },
  );

  it('fails alone when it cannot be opened', async () => {
    const site = await start({
      '/': page('Home', ['/broken.pdf']),
      '/broken.pdf': { headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.7 and nothing else' },
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 1 });
    expect(run.report.failures[0]).toMatchObject({ reason: 'extraction', url: site.url('/broken.pdf') });
  });
});

describe('a request over HTTP', () => {
  it('says the browser that would come in its place', async () => {
    const site = await start({ '/': page('Home') });
    await crawl({ startUrls: [site.url('/')] });
    const headers = site.requests[0]?.headers;
    const version = Number(/Chrome\/(\d+)/.exec(headers?.['user-agent'] ?? '')?.[1]);
    expect(version).toBeGreaterThanOrEqual(150);
    expect(headers?.['accept-encoding']).toContain('gzip');
  });
});
