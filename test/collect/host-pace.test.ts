import { describe, expect, it, vi } from 'vitest';
import { HostIsSlow, HostPace, type HostPaceOptions } from '../../src/collect/host-pace.js';
import { statusFailure } from '../../src/collect/page-errors.js';
import { crawlsForEachTest } from './each-test.js';
import { page, type Route } from './site.js';

const { start, crawl } = crawlsForEachTest();

const URL_A = 'https://a.example/page';

function pace(options: Partial<HostPaceOptions> = {}): HostPace {
  return new HostPace({ perHost: 3, delayMs: async () => 0, park: (until) => until, ...options });
}

/** Requests to one host that say when they have begun and end when they are told to. */
function requests(host: HostPace, url = URL_A) {
  const open: ((error?: Error) => void)[] = [];
  const held: number[] = [];
  let begun = 0;
  return {
    begun: () => begun,
    held,
    begin: (index = 0): Promise<void> =>
      host.use(
        url,
        () => {
          begun += 1;
          return new Promise<void>((resolve, reject) =>
            open.push((error) => (error === undefined ? resolve() : reject(error))),
          );
        },
        () => held.push(index),
      ),
    /** Ends the one that began first. */
    end: (error?: Error) => open.shift()?.(error),
  };
}

const busy = (secs: number): Error => statusFailure(429, `${secs}`, { url: URL_A, proxyUrl: undefined });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('HostPace', () => {
  it('asks one host so many times at once and no other host less for it', async () => {
    const hosts = pace();
    const [a, b] = [requests(hosts), requests(hosts, 'https://b.example/')];
    const all = [1, 2, 3, 4, 5].map(() => a.begin());
    const other = b.begin();
    await settled();
    expect([a.begun(), b.begun()]).toEqual([3, 1]);
    a.end();
    await settled();
    expect(a.begun()).toBe(4);
    for (let index = 0; index < 5; index += 1) {
      a.end();
      await settled();
    }
    b.end();
    await Promise.all([...all, other]);
    // They waited for their turn only.
    expect(a.held).toEqual([]);
  });

  it('asks a host that refused after the pause, once at first, and once more with each answer', async () => {
    const hosts = pace();
    const a = requests(hosts, URL_A.replace('https://', 'http://www.'));
    const refused = [a.begin(), a.begin()].map((each) => expect(each).rejects.toThrow('429'));
    await settled();
    a.end(busy(0.2));
    a.end(busy(0.2));
    await Promise.all(refused);
    const all = [1, 2, 3, 4].map((index) => a.begin(index));
    await settled();
    expect(a.begun()).toBe(2);
    await vi.waitFor(() => expect(a.begun()).toBe(3));
    await settled();
    expect(a.begun()).toBe(3);
    a.end();
    await settled();
    expect(a.begun()).toBe(5);
    expect(a.held).toEqual([1, 2, 3, 4]);
    a.end();
    a.end();
    await settled();
    a.end();
    await Promise.all(all);
  });

  it('has patience with a host that refuses ten times in a row, and none with one that goes on', async () => {
    const hosts = pace();
    for (let times = 1; times <= 11; times += 1) {
      const refuse = async (): Promise<void> => Promise.reject(busy(0));
      await expect(hosts.use(URL_A, refuse, () => undefined)).rejects.toThrow('429');
      expect(hosts.isPatient(URL_A)).toBe(times <= 10);
    }
    await hosts.use(
      URL_A,
      async () => undefined,
      () => undefined,
    );
    expect(hosts.isPatient(URL_A)).toBe(true);
  });

  it('leaves the pause between two requests that the host asks for', async () => {
    const hosts = pace({ delayMs: async () => 100 });
    const began: number[] = [];
    const note = async (): Promise<void> => void began.push(performance.now());
    await Promise.all([1, 2, 3].map(() => hosts.use(URL_A, note, () => undefined)));
    const between = began.slice(1).map((time, index) => time - (began[index] ?? 0));
    for (const ms of between) expect(ms).toBeGreaterThan(80);
  });

  it('gives a request up for now that waited too long, and starts nothing more while too many wait', async () => {
    const hosts = pace({ perHost: 1, maxWaitMs: 50 });
    const a = requests(hosts);
    const first = a.begin();
    await settled();
    const others = Array.from({ length: 40 }, () => expect(a.begin()).rejects.toThrow(HostIsSlow));
    await settled();
    expect(hosts.areTooMany).toBe(true);
    await Promise.all(others);
    expect(hosts.areTooMany).toBe(false);
    a.end();
    await first;
  });

  it('keeps nobody waiting once the crawl ends', async () => {
    const hosts = pace({ perHost: 1 });
    const a = requests(hosts);
    const all = [a.begin(), a.begin(), a.begin()];
    await settled();
    hosts.open();
    await settled();
    expect(a.begun()).toBe(3);
    for (let index = 0; index < 3; index += 1) a.end();
    await Promise.all(all);
  });
});

describe('a host that limits its rate', () => {
  const names = Array.from({ length: 12 }, (_, index) => `/p${index}`);

  it.each([0, 3])('loses no page, and few requests, with %i retries', async (maxRequestRetries) => {
    let freeAt = 0;
    let refused = 0;
    const limited = (name: string): Route => {
      return () => {
        if (Date.now() < freeAt) {
          refused += 1;
          return { status: 429, headers: { 'retry-after': '0.2' } };
        }
        freeAt = Date.now() + 150;
        return { body: page(name) };
      };
    };
    const site = await start({
      '/': page('Home', names),
      ...Object.fromEntries(names.map((name) => [name, limited(name)])),
    });
    const { report } = await crawl({ startUrls: [site.url('/')], maxRequestRetries });
    expect(report).toMatchObject({ pagesLoaded: 13, pagesFailed: 0, complete: true });
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(3 * names.length);
  });

  it('that never ends is a failure in the end', async () => {
    const always = { status: 429, headers: { 'retry-after': '0' } };
    const site = await start({ '/': page('Home', ['/a', '/b']), '/a': always, '/b': page('B') });
    const { report } = await crawl({ startUrls: [site.url('/b'), site.url('/a')], maxRequestRetries: 0 });
    expect(report).toMatchObject({ pagesLoaded: 1, pagesFailed: 1 });
    expect(report.failures[0]).toMatchObject({ url: site.url('/a'), httpStatusCode: 429 });
  });
});

describe('a site whose robots.txt names a Crawl-delay', () => {
  it('is read with that pause between two pages, and the log says so', async () => {
    const times: number[] = [];
    const timed = (name: string, links: string[] = []): Route => {
      return () => {
        times.push(performance.now());
        return { body: page(name, links) };
      };
    };
    const site = await start({
      '/robots.txt': { headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nCrawl-delay: 0.3\n' },
      '/': timed('Home', ['/a', '/b']),
      '/a': timed('A'),
      '/b': timed('B'),
    });
    const said: string[] = [];
    const log = {
      debug: () => undefined,
      info: (message: string) => void said.push(message),
      warning: () => undefined,
    };
    const { report } = await crawl({ startUrls: [site.url('/')] }, { log });
    expect(report).toMatchObject({ pagesLoaded: 3, complete: true });
    for (const [index, time] of times.slice(1).entries()) expect(time - (times[index] ?? 0)).toBeGreaterThan(100);
    expect(said.filter((message) => message.includes('Crawl-delay'))).toHaveLength(1);
  });
});
