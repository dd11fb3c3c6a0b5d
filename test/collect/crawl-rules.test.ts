import { describe, expect, it, vi } from 'vitest';
import { gzipSync } from 'node:zlib';
import { parseInput } from '../../src/input.js';
import { ExtractPool } from '../../src/collect/extract-pool.js';
import type { LoadedPage, PageResult } from '../../src/collect/handle-page.js';
import { crawlsForEachTest, pageItem } from './each-test.js';
import type { Collected } from './run-collect.js';
import { page } from './site.js';

const { start, crawl } = crawlsForEachTest();

type Extract = (this: ExtractPool, loaded: LoadedPage) => Promise<PageResult>;

describe('a crawl over HTTP', () => {
  it('reads all pages below the start URL, each once, and says how', async () => {
    const site = await start({
      '/docs/': page('Home', ['a', 'b#part', '/docs/a?utm_source=x', '/blog', 'https://elsewhere.example/']),
      '/docs/a': page('A', ['b', './']),
      '/docs/b': page('B'),
      '/blog': page('Blog'),
    });
    const run = await crawl({ startUrls: [site.url('/docs/')] });
    expect(run.keys()).toEqual(['/docs/', '/docs/a', '/docs/b'].map((path) => site.url(path)));
    expect(site.paths().sort()).toEqual(['/docs/', '/docs/a', '/docs/b']);
    expect(run.report).toMatchObject({
      pagesLoaded: 3,
      itemsStored: 3,
      httpPages: 3,
      browserPages: 0,
      complete: true,
      skipped: { filters: 1 },
    });
    expect(run.report.skippedUrls).toEqual([{ url: site.url('/blog'), reason: 'filters' }]);
    expect(run.byUrl(site.url('/docs/a'))).toMatchObject({
      crawl: {
        loadedUrl: site.url('/docs/a'),
        referrerUrl: site.url('/docs/'),
        depth: 1,
        httpStatusCode: 200,
        renderedWith: 'http',
      },
      metadata: { title: 'A', languageCode: 'en', author: null },
    });
    expect(run.progress.at(-1)).toEqual({
      pagesLoaded: 3,
      itemsStored: 3,
      pagesFailed: 0,
      pagesSkipped: 1,
      pagesExpected: 3,
    });
  });

  it('makes no item of an error page and knows which pages are gone', async () => {
    const site = await start({
      '/': page('Home', ['/404', '/410', '/500', '/590']),
      '/404': { status: 404, body: page('Oops') },
      '/410': { status: 410, body: page('Oops') },
      '/500': { status: 500, body: page('Oops') },
      '/590': { status: 590, body: page('Oops') },
    });
    const run = await crawl({ startUrls: [site.url('/')], maxRequestRetries: 1 });
    expect(run.keys()).toEqual([site.url('/')]);
    expect(run.report.pagesFailed).toBe(4);
    expect(run.report.gone.sort()).toEqual([site.url('/404'), site.url('/410')]);
    expect(run.report.failures).toContainEqual({
      url: site.url('/500'),
      reason: 'httpStatus',
      httpStatusCode: 500,
      message: 'The server answered 500 Internal Server Error.',
    });
    // Asked again only where another answer is possible.
    expect(site.paths().filter((path) => path === '/500')).toHaveLength(2);
    expect(site.paths().filter((path) => path === '/404')).toHaveLength(1);
  });

  it('never reads more pages than allowed, and says that some were left out', async () => {
    const paths = Array.from({ length: 30 }, (_, index) => `/p${index}`);
    const site = await start({
      '/': page('Home', paths),
      ...Object.fromEntries(paths.map((path) => [path, page(path)])),
    });
    const run = await crawl({ startUrls: [site.url('/')], maxCrawlPages: 7 });
    expect(site.requests).toHaveLength(7);
    expect(run.items).toHaveLength(7);
    expect(run.report).toMatchObject({ pagesLoaded: 7, complete: false, skipped: { limit: 24 } });
    expect(run.report.skippedUrls).toHaveLength(24);
  });

  it('fills the limit with good pages when others fail', async () => {
    const site = await start({ '/': page('Home', ['/gone', '/a', '/b']), '/a': page('A'), '/b': page('B') });
    const run = await crawl({ startUrls: [site.url('/')], maxCrawlPages: 3 });
    expect(run.keys()).toEqual(['/', '/a', '/b'].map((path) => site.url(path)));
  });

  it('follows links to the allowed depth, breadth first', async () => {
    const site = await start({
      '/': page('0', ['/1', '/2']),
      '/1': page('1', ['/11']),
      '/2': page('2'),
      '/11': page('11', ['/111']),
    });
    const run = await crawl({ startUrls: [site.url('/')], maxCrawlDepth: 1, maxConcurrency: 1 });
    expect(site.paths()).toEqual(['/', '/1', '/2']);
    expect(run.report).toMatchObject({ skipped: { depth: 1 }, complete: false });
    const deeper = await crawl({ startUrls: [site.url('/')], maxConcurrency: 1 });
    expect(deeper.items.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/1', '/2', '/11']);
  });

  it('keeps to robots.txt under its own name, unless told not to', async () => {
    const site = await start({
      '/robots.txt': {
        headers: { 'content-type': 'text/plain' },
        body: 'User-agent: WebsiteToNotion\nDisallow: /private\n\nUser-agent: *\nDisallow: /open\n',
      },
      '/': page('Home', ['/open', '/private/a']),
      '/open': page('Open'),
      '/private/a': page('Private'),
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.keys()).toEqual([site.url('/'), site.url('/open')]);
    expect(run.report.skipped).toEqual({ robotsTxt: 1 });
    const rude = await crawl({ startUrls: [site.url('/')], respectRobotsTxtFile: false });
    expect(rude.items).toHaveLength(3);
  });

  it('does not follow nofollow, of a link or of a page', async () => {
    const site = await start({
      '/': page('Home', ['/quiet']).replace('</main>', '<a rel="external nofollow" href="/no">no</a></main>'),
      '/quiet': page('Quiet', ['/also-no'], '<meta name="robots" content="noarchive, nofollow">'),
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.keys()).toEqual([site.url('/'), site.url('/quiet')]);
    expect(run.report.skipped).toEqual({ nofollow: 2 });
  });

  it('skips what is no HTML, what is too large and what is no web address', async () => {
    const site = await start({
      '/': page('Home', ['/data.json', '/bomb', 'mailto:me@example.com', 'javascript:void(0)', '/untyped']),
      '/data.json': { headers: { 'content-type': 'application/json' }, body: '{}' },
      '/bomb': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(25 * 1024 * 1024, 'a')) },
      '/untyped': (_, response) => {
        response.writeHead(200, { 'content-type': '' });
        response.end(page('Untyped'));
      },
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.keys()).toEqual([site.url('/'), site.url('/untyped')]);
    expect(run.report.skipped).toEqual({ contentType: 1, tooLarge: 1, protocol: 2 });
    expect(run.report.failures).toEqual([]);
  });

  it.each(['data:text/html,<p>Hello</p>', 'file:///etc/passwd'])(
    'leaves out what a start URL is refreshed to: %s',
    async (target) => {
      const site = await start({ '/': `<meta http-equiv="refresh" content="0; url=${target}"><p>Go on</p>` });
      const run = await crawl({ startUrls: [site.url('/')] });
      expect(run.report).toMatchObject({ pagesFailed: 0, itemsStored: 0, complete: false });
      expect(run.report.skipped).toEqual({ redirect: 1, protocol: 1 });
    },
  );

  it('takes its scope along when a start URL is redirected, and leaves out links that lead away', async () => {
    const other = await start({ '/new/': page('Moved', ['/new/a', '/new/leave', '/new/ftp']), '/new/a': page('A') });
    const site = await start({ '/old': { status: 301, headers: { location: other.url('/new/') } } });
    other.routes['/new/leave'] = { status: 302, headers: { location: site.url('/elsewhere') } };
    other.routes['/new/ftp'] = { status: 302, headers: { location: 'ftp://example.com/' } };
    other.routes['/new/a'] = page('A', ['/new/away']);
    other.routes['/new/away'] = { status: 302, headers: { location: '/outside' } };
    const run = await crawl({ startUrls: [site.url('/old')] });
    expect(run.keys()).toEqual([other.url('/new/'), other.url('/new/a')]);
    expect(run.byUrl(site.url('/old'))?.crawl.loadedUrl).toBe(other.url('/new/'));
    expect(run.report.skipped).toEqual({ redirect: 2, protocol: 1 });
    expect(run.report.complete).toBe(true);
  });

  it('follows a meta refresh as a redirect', async () => {
    const site = await start({
      '/': '<html><head><meta http-equiv="refresh" content="0; url=/welcome"></head><body>Wait</body></html>',
      '/welcome': page('Welcome'),
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.keys()).toEqual([site.url('/welcome')]);
    expect(run.report.complete).toBe(true);
  });

  it('follows a chain of meta refreshes so far, and keeps a page that only shows itself anew', async () => {
    const refresh = (content: string): string => `<meta http-equiv="refresh" content="${content}">`;
    let served = 0;
    const next = (): string => {
      served += 1;
      return `<html><head>${refresh(`0; url=/chain?step=${served}`)}</head><body>Wait</body></html>`;
    };
    const site = await start({
      '/': page('Home', ['/chain', '/live', '/tagged']),
      '/chain': () => ({ body: next() }),
      '/live': page('Live', [], refresh('5; url=/live?t=1')),
      '/tagged': page('Tagged', [], refresh('0; url=/tagged?utm_source=refresh')),
    });
    const run = await crawl({ startUrls: [site.url('/')], maxCrawlPages: 5 });
    expect(run.keys()).toEqual(['/', '/live', '/tagged'].map((path) => site.url(path)));
    expect(site.paths().filter((path) => path.startsWith('/live'))).toHaveLength(1);
    expect(served).toBe(11);
    expect(run.report).toMatchObject({ pagesFailed: 1, skipped: { redirect: 10 } });
    expect(run.report.failures[0]?.message).toContain('more than 10 times');
  });

  it('says that the crawl is not complete when a start URL failed', async () => {
    const site = await start({ '/a': page('A') });
    const run = await crawl({ startUrls: [site.url('/a'), site.url('/missing')] });
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 1, complete: false });
  });

  it('refuses private addresses on the platform, also behind a redirect, and its own live view anywhere', async () => {
    const site = await start({ '/': page('Home') });
    const home = await crawl({ startUrls: [site.url('/')] }, { allowPrivateAddresses: false, isAtHome: true });
    expect(site.requests).toEqual([]);
    expect(home.report).toMatchObject({ pagesLoaded: 0, skipped: { privateAddress: 1 }, complete: false });

    const liveView = await start({ '/': page('Live view') });
    site.routes['/away'] = { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data/' } };
    const run = await crawl({ startUrls: [liveView.url('/'), site.url('/away')] }, { ownOrigin: liveView.origin });
    expect(liveView.requests).toEqual([]);
    expect(run.report.skipped).toEqual({ privateAddress: 2 });
  });

  it('sends secret headers and cookies to the start hosts only', async () => {
    const other = await start({ '/': page('Other') });
    const site = await start({ '/': page('Home', ['/away']) });
    site.routes['/away'] = { status: 302, headers: { location: other.url('/') } };
    const run = await crawl({
      startUrls: [site.url('/'), site.url('/away')],
      customHttpHeaders: { 'X-Secret': 'header-of-the-start-hosts' },
      initialCookies: [{ name: 'session', value: 'cookie-of-the-start-hosts' }],
    });
    expect(run.items).toHaveLength(2);
    for (const { headers } of site.requests) {
      expect(headers['x-secret']).toBe('header-of-the-start-hosts');
      expect(headers.cookie).toContain('session=cookie-of-the-start-hosts');
    }
    expect(other.requests).toHaveLength(1);
    expect(other.requests[0]?.headers['x-secret']).toBeUndefined();
    expect(other.requests[0]?.headers.cookie).toBeUndefined();
    const everything = [...run.state.values.values()].join() + JSON.stringify(run.items);
    expect(everything).not.toMatch(/-of-the-start-hosts/);
  });

  it.each(['cheerio', 'playwright:chrome'] as const)(
    'sends the cookies of a header, of the list and of the site together: %s',
    async (crawlerType) => {
      const site = await start({
        '/': {
          status: 302,
          headers: { location: '/home', 'set-cookie': 'lang=en; Path=/' },
        },
        '/home': page('Home', ['/a']),
        '/a': { headers: { 'set-cookie': 'login=renewed; Path=/' }, body: page('A', ['/b']) },
        '/b': page('B'),
      });
      const { input } = parseInput({
        startUrls: [site.url('/')],
        customHttpHeaders: { COOKIE: 'login=secret-word; theme=a=b', 'accept-LANGUAGE': 'da' },
        initialCookies: [{ name: 'list', value: 'yes' }],
      });
      const { startUrls, customHttpHeaders, initialCookies } = input;
      await crawl({ startUrls, customHttpHeaders, initialCookies, crawlerType, maxConcurrency: 1 });
      const sent = (path: string): string[] =>
        (site.requests.find((request) => request.path === path)?.headers.cookie ?? '').split('; ').sort();
      expect(sent('/')).toEqual(['list=yes', 'login=secret-word', 'theme=a=b']);
      expect(sent('/home')).toEqual(['lang=en', 'list=yes', 'login=secret-word', 'theme=a=b']);
      expect(sent('/b')).toEqual(['lang=en', 'list=yes', 'login=renewed', 'theme=a=b']);
      expect(new Set(site.requests.map(({ headers }) => headers['accept-language']))).toEqual(new Set(['da']));
    },
  );

  it('waits as long as Retry-After says before it asks anything again', async () => {
    let asked = 0;
    const times: number[] = [];
    const site = await start({
      '/': () => {
        times.push(Date.now());
        asked += 1;
        return asked === 1 ? { status: 429, headers: { 'retry-after': '5' } } : { body: page('Home') };
      },
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.report.pagesLoaded).toBe(1);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5000);
  });

  it('loses no page when storing fails: it is read again, then reported', async () => {
    const site = await start({ '/': page('Home', ['/a', '/b']), '/a': page('A'), '/b': page('B') });
    const stored: string[] = [];
    let failures = 0;
    const run = await crawl(
      { startUrls: [site.url('/')], maxRequestRetries: 1 },
      {
        onItem: async (item) => {
          if (item.url === site.url('/b') || (item.url === site.url('/a') && failures++ === 0)) {
            throw new Error('The dataset is full');
          }
          stored.push(item.url);
        },
      },
    );
    expect(stored.sort()).toEqual([site.url('/'), site.url('/a')]);
    expect(run.report).toMatchObject({ pagesLoaded: 2, itemsStored: 2, pagesFailed: 1 });
    expect(run.report.failures[0]).toMatchObject({ url: site.url('/b'), reason: 'storing' });
  });

  it('decodes pages by their charset, from the header or from the page', async () => {
    const latin = (extra: string): Buffer => Buffer.from(page('Müller', ['/b'], extra), 'latin1');
    const site = await start({
      '/': { headers: { 'content-type': 'text/html; charset=iso-8859-1' }, body: latin('') },
      '/b': { headers: { 'content-type': 'text/html' }, body: latin('<meta charset="iso-8859-1">') },
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.items.map((item) => ('metadata' in item ? item.metadata.title : null))).toEqual(['Müller', 'Müller']);
  });

  it('finds a charset behind long scripts and styles, which may name others', async () => {
    const script = `<script>const other = '<meta charset="koi8-r">';</script>`;
    const style = `<style>${'p { margin: 0 }'.repeat(1_000)}</style>`;
    const beginning = `<!doctype html><head>${script}${style}<meta charset="shift_jis"><title>`;
    // "Japanese" in Shift_JIS.
    const title = Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea]);
    const body = Buffer.concat([Buffer.from(beginning), title, Buffer.from('</title></head><p>A page.</p>')]);
    const site = await start({ '/': { headers: { 'content-type': 'text/html' }, body } });
    expect(pageItem(await crawl({ startUrls: [site.url('/')] }), '/').metadata.title).toBe('日本語');
  });

  it('has an item or a reason for a page of 19 MB and one of 100,000 nested elements, and reads on', async () => {
    const sentence = '<p>This sentence is one of very many that a large page has.</p>';
    const site = await start({
      '/': page('Home', ['/huge', '/deep', '/after']),
      '/huge': page('Huge').replace('</main>', `${sentence.repeat(19_000_000 / sentence.length)}</main>`),
      '/deep': `<title>Deep</title>${'<div>'.repeat(100_000)}<p>Down here</p>${'</div>'.repeat(100_000)}`,
      '/after': page('After'),
    });
    // They get less time than a page has.
    let isLarge = false;
    const own = Object.getOwnPropertyDescriptor(ExtractPool.prototype, 'extract') as { value: Extract };
    vi.spyOn(ExtractPool.prototype, 'extract').mockImplementation(function (this: ExtractPool, loaded) {
      isLarge = /huge|deep/.test(loaded.url);
      return own.value.call(this, loaded);
    });
    const timeout = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((act: () => void, ms?: number) =>
      timeout(act, isLarge && ms === 60_000 ? 3_000 : ms),
    );
    const run = await crawl({ startUrls: [site.url('/')], maxConcurrency: 1 }).finally(() => vi.restoreAllMocks());
    expect(pageItem(run, '/').text).toContain('Home');
    expect(pageItem(run, '/after').text).toContain('After');
    for (const [path, words] of [
      ['/huge', 'one of very many'],
      ['/deep', 'Down here'],
    ] as const) {
      const failed = run.report.failures.find(({ url }) => url === site.url(path));
      if (failed === undefined) expect(pageItem(run, path).text).toContain(words);
      else
        expect(failed).toMatchObject({ reason: 'extraction', message: expect.stringContaining('seconds') as string });
    }
    expect(run.report.pagesLoaded + run.report.pagesFailed).toBe(4);
  }, 120_000);
});

describe('keys in a crawl', () => {
  const canonical = (path: string): string => `<link rel="canonical" href="${path}">`;

  it('stores one item for variants of a page, under the canonical address', async () => {
    const article = page('Article', [], canonical('/article'));
    const site = await start({ '/': page('Home', ['/article?ref=1', '/article?ref=2']), '/article': article });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(run.keys()).toEqual([site.url('/'), site.url('/article')]);
    expect(run.report.skipped).toEqual({ duplicate: 1 });
  });

  it('keeps each page under its own address when different pages claim the same one', async () => {
    const site = await start({
      '/': page('Home', ['/a', '/b'], canonical('/')),
      '/a': page('A', [], canonical('/')),
      '/b': page('B', [], canonical('/')),
      '/list/': page('List', ['/list/1', '/list/2']),
      '/list/1': page('One', [], canonical('/list/all')),
      '/list/2': page('Two', [], canonical('/list/all')),
    });
    const run = await crawl({ startUrls: [site.url('/'), site.url('/list/')] });
    expect(run.keys()).toEqual(['/', '/a', '/b', '/list/', '/list/1', '/list/2'].map((path) => site.url(path)));
    expect(run.byUrl(site.url('/a'))).toMatchObject({ metadata: { canonicalUrl: site.url('/') } });
  });

  it('ignores canonical addresses when asked', async () => {
    const site = await start({ '/a': page('A', [], canonical('/b')) });
    const run = await crawl({ startUrls: [site.url('/a')], ignoreCanonicalUrl: true });
    expect(run.keys()).toEqual([site.url('/a')]);
  });

  it('hashes content and nothing that changes by itself', async () => {
    const site = await start({ '/': page('Home', ['/a']), '/a': page('A') });
    const hashes = (run: Collected): string[] =>
      run.items.map(({ key, contentHash }) => `${key} ${contentHash}`).sort();
    const first = await crawl({ startUrls: [site.url('/')] });
    const second = await crawl({ startUrls: [site.url('/')] });
    expect(hashes(second)).toEqual(hashes(first));
    site.routes['/a'] = page('A').replace('says, and', 'said, and');
    const third = await crawl({ startUrls: [site.url('/')] });
    expect(hashes(third).filter((line) => hashes(first).includes(line))).toHaveLength(1);
  });
});
