import type { IncomingMessage } from 'node:http';
import { ProxyConfiguration, RequestQueueV1 } from 'crawlee';
import { Server } from 'proxy-chain';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HostPace } from '../../src/collect/host-pace.js';
import { asPageFailure } from '../../src/collect/network-failure.js';
import { browserCookies, mayGoTo, secretHeaders, type Secrets } from '../../src/collect/secrets.js';
import { crawlsForEachTest } from './each-test.js';
import { page, TestSite, type Route } from './site.js';

const { start, crawl } = crawlsForEachTest();
const proxies: Server[] = [];

/** A proxy on loopback that keeps the hosts it was asked for. */
async function startProxy(password: string | null, localAddress?: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ hostname, port, password: given }) => {
      asked.push(`${hostname}:${port}`);
      return { requestAuthentication: password !== null && given !== password, ...(localAddress && { localAddress }) };
    },
  });
  proxies.push(server);
  await server.listen();
  return { url: `http://user:${password ?? 'none'}@127.0.0.1:${server.port}`, asked };
}

const through = (...proxyUrls: string[]): { proxyConfiguration: ProxyConfiguration } => ({
  proxyConfiguration: new ProxyConfiguration({ proxyUrls }),
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const proxy of proxies.splice(0)) await proxy.close(true);
});

describe('a host that asks to be left alone', () => {
  it('is not asked before its Retry-After is over, and the others are read meanwhile', async () => {
    const asked: string[] = [];
    const note = (path: string, body: string): Route => {
      return () => {
        asked.push(path);
        return { body };
      };
    };
    // The pause is over when the other host's last page was asked for, and not before there is one.
    const use = vi.spyOn(HostPace.prototype, 'use');
    const refusals = (): unknown[] =>
      use.mock.settledResults.filter(({ type }) => type === 'rejected').map(({ value }): unknown => value);
    let isBusy = true;
    const busy = await start({
      '/': () => {
        asked.push('busy/');
        if (!isBusy) return { body: page('Busy', ['/b1']) };
        isBusy = false;
        return { status: 503, headers: { 'retry-after': '500' } };
      },
      '/b1': note('busy/b1', page('B1')),
    });
    const free = await start({
      '/': note('free/', page('Free', ['/f1'])),
      '/f1': note('free/f1', page('F1', ['/f2'])),
      '/f2': (_, response) => {
        asked.push('free/f2');
        void vi
          .waitFor(() => expect(refusals()).toHaveLength(1), { timeout: 20_000 })
          .finally(() => {
            asked.push('over');
            (use.mock.contexts[0] as HostPace).open();
            response.end(page('F2'));
          });
      },
    });
    const run = await crawl({ startUrls: [busy.url('/'), free.url('/')] });
    expect(run.report).toMatchObject({ pagesLoaded: 5, pagesFailed: 0, complete: true });
    expect(refusals()).toEqual([expect.objectContaining({ pause: { url: busy.url('/'), ms: 500_000 } })]);
    // The other host's pages, each linked by the one before, were read in between.
    const beforeOver = asked.slice(0, asked.indexOf('over'));
    expect(beforeOver.sort()).toEqual(['busy/', 'free/', 'free/f1', 'free/f2']);
  });
});

describe('proxies', () => {
  it.each(['cheerio', 'playwright:chrome'] as const)('carry everything that is asked for: %s', async (crawlerType) => {
    const proxy = await startProxy('word');
    const site = await start({
      '/': page('Home', ['/a'], '<script src="/late.js" defer></script>'),
      '/a': page('A'),
      '/late.js': { headers: { 'content-type': 'text/javascript' }, body: 'document.title += "!";' },
    });
    const run = await crawl({ startUrls: [site.url('/')], crawlerType }, through(proxy.url));
    expect(run.report).toMatchObject({ pagesLoaded: 2, pagesFailed: 0 });
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(site.origin).host]));
    // Pages, robots.txt and, in a browser, the script.
    expect(proxy.asked.length).toBeGreaterThanOrEqual(crawlerType === 'cheerio' ? 3 : 4);
  });

  it.each([
    ['cheerio', 'robots.txt'],
    ['cheerio', 'page'],
    ['playwright:chrome', 'page'],
  ] as const)('that fail are named, and not the site: %s, %s', async (crawlerType, first) => {
    const site = await start({ '/': page('Home') });
    const input = {
      startUrls: [site.url('/')],
      crawlerType,
      maxRequestRetries: 0,
      respectRobotsTxtFile: first === 'robots.txt',
    };
    const closed = 'http://user:hidden-word@127.0.0.1:9';
    const down = await crawl(input, through(closed));
    const locked = await startProxy('right');
    const refused = await crawl(input, through(locked.url.replace('right', 'hidden-word')));
    for (const [run, host] of [
      [down, '127.0.0.1:9'],
      [refused, new URL(locked.url).host],
    ] as const) {
      expect(run.report).toMatchObject({ pagesLoaded: 0, pagesFailed: 1 });
      expect(run.report.failures[0]).toMatchObject({ reason: 'proxy' });
      expect(run.report.failures[0]?.message).toContain(`The proxy ${host} `);
      expect(JSON.stringify(run.report)).not.toContain('hidden-word');
    }
    expect(site.requests).toEqual([]);
  });
});

describe('proxies whose address carries the session, as Apify’s', () => {
  it('cost one guarded proxy for each browser, and none for each page', async () => {
    const proxy = await startProxy(null);
    let started = 0;
    const listen = vi.spyOn(Server.prototype, 'listen');
    const newUrlFunction = (session?: string | number): string => proxy.url.replace('user', `session-${session}`);
    const names = Array.from({ length: 8 }, (_, index) => `/p${index}`);
    const site = await start({
      '/': page('Home', names),
      ...Object.fromEntries(names.map((name) => [name, page(name)])),
    });
    const run = await crawl(
      { startUrls: [site.url('/')], crawlerType: 'playwright:chrome' },
      {
        proxyConfiguration: new ProxyConfiguration({ newUrlFunction }),
        onItem: async () => void (started = listen.mock.calls.length),
      },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 9, browserPages: 9, pagesFailed: 0 });
    // The one without a proxy of the run, and that of the browser.
    expect(started).toBe(2);
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(site.origin).host]));
  });
});

describe('a site that refuses a visitor', () => {
  const twoProxies = async (): Promise<{ proxyConfiguration: ProxyConfiguration }> =>
    through((await startProxy(null, '127.0.0.2')).url, (await startProxy(null, '127.0.0.3')).url);
  const cases = [401, 403, 429].flatMap((status) => [
    [status, 'cheerio'] as const,
    ...(status === 403 ? [[status, 'playwright:chrome'] as const] : []),
  ]);

  it.each(cases)(
    'with %i is asked by another one, who comes from elsewhere and without its cookies: %s',
    async (status, crawlerType) => {
      const visits: { from: string; cookie: string | undefined }[] = [];
      const visit = ({ socket, headers }: IncomingMessage): string => {
        const from = socket.remoteAddress ?? '';
        visits.push({ from, cookie: headers.cookie });
        return from;
      };
      const site = await start({
        '/': (request) => {
          const from = visit(request);
          return { status: 302, headers: { location: '/shop', 'set-cookie': `visitor=${from}; Path=/` } };
        },
        '/shop': (request) => {
          const from = visit(request);
          if (from === visits[0]?.from) return { status, headers: { 'retry-after': '0' }, body: page('Refused') };
          return { body: page('Shop') };
        },
      });
      // Another visitor is no retry.
      const input = { startUrls: [site.url('/')], crawlerType, maxRequestRetries: 0, respectRobotsTxtFile: false };
      const run = await crawl(input, await twoProxies());
      expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 0 });
      const [first, , second] = visits.map(({ from }) => from);
      expect([first, second].sort()).toEqual(['127.0.0.2', '127.0.0.3']);
      expect(visits).toEqual([
        { from: first, cookie: undefined },
        { from: first, cookie: `visitor=${first}` },
        { from: second, cookie: undefined },
        { from: second, cookie: `visitor=${second}` },
      ]);
    },
  );
});

describe('robots.txt that cannot be read', () => {
  it('closes a site whose server breaks the connection, and the log says why', async () => {
    const site = await start({
      '/': page('Home'),
      '/robots.txt': (request) => void request.socket.destroy(),
    });
    const run = await crawl({ startUrls: [site.url('/')], maxRequestRetries: 0 });
    expect(site.paths()).toEqual([]);
    expect(run.report).toMatchObject({ pagesLoaded: 0, pagesFailed: 1, complete: false });
    expect(run.report.failures[0]?.message).toContain('closed the connection');
    expect(run.warnings.join()).toContain(`${site.origin}/robots.txt could not be read`);
  });

  it('counts links of such a site as left out by robots.txt', async () => {
    const closed = await start({ '/a': page('A'), '/robots.txt': { status: 500, body: '' } });
    const site = await start({ '/': page('Home', [closed.url('/a')]) });
    const run = await crawl({ startUrls: [site.url('/')], includeUrlGlobs: [`${closed.origin}/**`] });
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 0, skipped: { robotsTxt: 1 } });
    expect(closed.paths()).toEqual([]);
    expect(run.warnings.join()).toContain('500');
  });
});

describe('what a connection failed with', () => {
  it.each([
    ['connect ECONNREFUSED 1.2.3.4:443', 'refuses connections', 'network'],
    ['page.goto: net::ERR_CONNECTION_REFUSED at https://example.com/', 'refuses connections', 'network'],
    ['getaddrinfo ENOTFOUND example.com', 'could not be resolved', 'dns'],
    ['page.goto: net::ERR_NAME_NOT_RESOLVED at https://example.com/', 'could not be resolved', 'dns'],
    ['read ECONNRESET', 'closed the connection', 'network'],
    ['socket hang up', 'closed the connection', 'network'],
    ['page.goto: net::ERR_EMPTY_RESPONSE at https://example.com/', 'closed the connection', 'network'],
    ['connect EHOSTUNREACH 1.2.3.4', 'cannot be reached', 'network'],
    ['page.goto: net::ERR_INTERNET_DISCONNECTED', 'cannot be reached', 'network'],
    ['page.goto: net::ERR_TOO_MANY_REDIRECTS', 'in a circle', 'network'],
    ['Parse Error: HPE_INVALID_CONSTANT', 'cannot be understood', 'network'],
    ['page.goto: net::ERR_CERT_AUTHORITY_INVALID', 'certificate', 'network'],
    ['Timeout awaiting request for 10000ms', 'did not answer in time', 'timeout'],
    ['something nobody has seen', 'debugLog', 'network'],
  ])('%s is said in words', (said, words, reason) => {
    const failure = asPageFailure(new Error(said), 'https://example.com/a');
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('example.com');
    expect(failure.message).not.toMatch(/\b(?:E[A-Z]{4,}|ERR_\w+|HPE_\w+|net::)/);
    expect(failure.reason).toBe(reason);
  });

  it.each([
    ['net::ERR_CONNECTION_RESET', 'https://example.com/concerts/2026', 'closed the connection'],
    ['net::ERR_CONNECTION_RESET', 'https://example.com/docs/ssl', 'closed the connection'],
    ['net::ERR_EMPTY_RESPONSE', 'https://certificates.example/', 'closed the connection'],
    ['net::ERR_CONNECTION_REFUSED', 'https://timeouts.example/docs', 'refuses connections'],
  ])('is not read out of the address: %s at %s', (said, url, words) => {
    const log = `Call log:\n  - navigating to "${url}", waiting until "domcontentloaded"`;
    const failure = asPageFailure(new Error(`page.goto: ${said} at ${url}\n${log}`), url);
    expect(failure).toMatchObject({ reason: 'network', canRetry: true });
    expect(failure.message).toContain(words);
  });

  it('is the certificate, whatever the host is called', () => {
    const said =
      "Hostname/IP does not match certificate's altnames: Host: timeouts.example. is not in the cert's altnames";
    expect(asPageFailure(new Error(said), 'https://timeouts.example/').message).toContain('certificate');
  });

  it('is in words in a crawl, over HTTP and in the browser', async () => {
    const gone = await TestSite.start({});
    const dead = gone.url('/');
    await gone.close();
    const input = { startUrls: [dead], maxRequestRetries: 0, respectRobotsTxtFile: false } as const;
    for (const crawlerType of ['cheerio', 'playwright:chrome'] as const) {
      const { report } = await crawl({ ...input, startUrls: [dead], crawlerType });
      expect(report.failures.map(({ message }) => message)).toEqual([
        `${new URL(dead).host} refuses connections. Check the address and its port, and that the site is up.`,
      ]);
    }
  });
});

describe('secrets', () => {
  const secrets = (origin: string, cookie: Record<string, unknown> = {}): Secrets => ({
    origins: new Set([origin]),
    headers: { authorization: 'word' },
    cookies: [{ name: 'session', value: 'word', ...cookie }],
  });

  it('are not sent in clear text when the start URL is encrypted', () => {
    const encrypted = secrets('https://example.com');
    expect(secretHeaders(encrypted, 'https://example.com/a')).toEqual({
      authorization: 'word',
      cookie: 'session=word',
    });
    expect(secretHeaders(encrypted, 'http://example.com/a')).toEqual({});
    expect(mayGoTo(encrypted, 'http://example.com/a')).toBe(false);
    expect(mayGoTo(secrets('http://example.com'), 'https://example.com/a')).toBe(true);
    // A browser sends a cookie that came with an https URL over https only.
    expect(browserCookies(encrypted)).toEqual([{ name: 'session', value: 'word', url: 'https://example.com/' }]);
    expect(browserCookies(secrets('http://example.com', { secure: true }))).toEqual([]);
  });

  it('stay with their host and port', () => {
    const own = secrets('https://example.com:8443');
    expect(mayGoTo(own, 'https://example.com:8443/')).toBe(true);
    expect(mayGoTo(own, 'https://example.com/')).toBe(false);
    expect(mayGoTo(own, 'https://www.example.com:8443/')).toBe(false);
  });

  it.each([
    ['/doc', '/doc', true],
    ['/doc', '/doc/a', true],
    ['/doc', '/docs', false],
    ['/doc/', '/doc/a', true],
    ['/doc/', '/doc', false],
    ['/', '/anything', true],
    ['odd', '/anything', true],
  ])('cookie path %s on %s: %s', (path, pathname, isSent) => {
    const headers = secretHeaders(secrets('https://example.com', { path }), `https://example.com${pathname}`);
    expect('cookie' in headers).toBe(isSent);
  });
});

describe('a queue that is not empty when the crawler ends', () => {
  it('makes the crawl an incomplete one when it never gets empty', async () => {
    const site = await start({ '/': page('Home', ['/a']), '/a': page('A') });
    const lie = async (): Promise<void> => {
      vi.spyOn(RequestQueueV1.prototype, 'isEmpty').mockResolvedValue(true);
      vi.spyOn(RequestQueueV1.prototype, 'isFinished').mockResolvedValue(true);
    };
    const run = await crawl({ startUrls: [site.url('/')] }, { onItem: lie });
    vi.restoreAllMocks();
    expect(run.report).toMatchObject({ pagesLoaded: 1, complete: false, skipped: {} });
  });

  it('is read on until it is', async () => {
    const site = await start({ '/': page('Home', ['/a', '/b']), '/a': page('A'), '/b': page('B') });
    // Crawlee believes that it is done while two requests wait, as it has been seen to on the platform.
    let lies = 0;
    const lie = async (): Promise<void> => {
      if (lies > 0) return;
      const isEmpty = vi.spyOn(RequestQueueV1.prototype, 'isEmpty').mockResolvedValue(true);
      vi.spyOn(RequestQueueV1.prototype, 'isFinished').mockImplementationOnce(async () => {
        lies += 1;
        isEmpty.mockRestore();
        return true;
      });
    };
    const run = await crawl({ startUrls: [site.url('/')] }, { onItem: lie });
    expect(lies).toBe(1);
    expect(run.report).toMatchObject({ pagesLoaded: 3, complete: true });
  });
});
