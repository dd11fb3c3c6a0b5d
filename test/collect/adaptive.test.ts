import { afterEach, describe, expect, it } from 'vitest';
import { type Item } from '../../src/collect/item.js';
import { OUT_OF_TURN } from '../../src/collect/frontier.js';
import { browserProcesses } from './browser-processes.js';
import { crawlsForEachTest, pageItem } from './each-test.js';
import { runCollect, runFolder, type Collected } from './run-collect.js';
import { page, type Route } from './site.js';

const crawls = crawlsForEachTest({ crawlerType: 'playwright:adaptive' });

async function crawl(
  routes: Record<string, Route>,
  ...[input = {}, options, folder]: Partial<Parameters<typeof runCollect>>
): Promise<Collected> {
  const site = await crawls.start(routes);
  return crawls.crawl({ startUrls: [site.url('/')], ...input }, options, folder);
}

const script = (body: string): Route => ({ headers: { 'content-type': 'text/javascript' }, body });

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `/p${index}`);

const WORDS = 'It has more words than a shell would have, so that nobody takes it for one. '.repeat(4);

/** Pages that are whole as served, with the scripts that such sites have: one counts visits, one opens menus. */
function staticSite(count: number): Record<string, Route> {
  const head = '<script src="/assets/menu.3f2a9b1c.js"></script><script>window.visits = 1;</script>';
  const made = (title: string, links: string[]): string =>
    page(title, links, head).replace('</main>', `<p>${WORDS}</p></main>`);
  return {
    '/': made('Home', names(count)),
    ...Object.fromEntries(names(count).map((name) => [name, made(`Page ${name}`, ['/'])])),
    '/assets/menu.3f2a9b1c.js': script('document.documentElement.classList.add("js");'),
  };
}

afterEach(() => expect(browserProcesses()).toEqual([]));

describe('the adaptive crawler', () => {
  it('starts no browser for pages that run no scripts', async () => {
    let browsers = 0;
    const run = await crawl(
      {
        '/': page('Home', ['/a'], '<script type="application/ld+json">{}</script>'),
        '/a': page('A'),
      },
      {},
      { onItem: async () => void (browsers += browserProcesses().length) },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 2, httpPages: 2, browserPages: 0, complete: true });
    expect(browsers).toBe(0);
  });

  it('reads a static site over HTTP, scripts or not, and opens few of its pages in the browser', async () => {
    const run = await crawl(staticSite(40), {});
    expect(run.report).toMatchObject({ pagesLoaded: 41, complete: true, pagesFailed: 0 });
    expect(run.report.httpPages / run.report.pagesLoaded).toBeGreaterThanOrEqual(0.9);
    // The script is asked for by browsers only.
    const opened = crawls.sites[0]?.paths().filter((path) => path.endsWith('.js')).length ?? 0;
    expect(opened).toBeGreaterThan(0);
    expect(opened).toBeLessThanOrEqual(4);
  });

  it('knows in a resumed run what the part before it learned', async () => {
    const stop = new AbortController();
    const folder = runFolder();
    const onItem = async (stored: Item): Promise<void> => {
      folder.items.push(stored);
      if (folder.items.length === 6) stop.abort();
    };
    await crawl(staticSite(16), { maxConcurrency: 2 }, { onItem, signal: stop.signal }, folder);
    const [site] = crawls.sites;
    const opened = (): number => site?.paths().filter((path) => path.endsWith('.js')).length ?? 0;
    const before = opened();
    expect(before).toBeGreaterThan(0);
    const startUrls = [site?.url('/') ?? ''];
    const { report } = await runCollect({ crawlerType: 'playwright:adaptive', startUrls }, {}, folder);
    expect(report).toMatchObject({ pagesLoaded: 17, itemsStored: 17, complete: true });
    expect(opened()).toBe(before);
  });

  it('reads every page of a client-rendered site in the browser', async () => {
    const shell =
      '<!doctype html><html><head><title>App</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>';
    const run = await crawl({
      '/': shell,
      ...Object.fromEntries(names(15).map((name) => [name, shell])),
      '/app.js': script(`setTimeout(() => {
        const links = location.pathname === '/' ? ${JSON.stringify(names(15))} : ['/'];
        document.getElementById('root').innerHTML = '<main><h1>Rendered ' + location.pathname + '</h1><p>Words that only a browser sees.</p>' +
          links.map((link) => '<a href="' + link + '">' + link + '</a>').join(' ') + '</main>';
      }, 100);`),
    });
    expect(run.report).toMatchObject({ pagesLoaded: 16, browserPages: 16, httpPages: 0, complete: true });
    for (const name of names(15)) expect(pageItem(run, name).markdown).toContain(`# Rendered ${name}`);
  });

  it('stores what the browser shows where only some pages of a static site are filled by scripts', async () => {
    const filled = (name: string): string =>
      page(
        `Chart ${name}`,
        [],
        '<script src="/assets/menu.3f2a9b1c.js"></script><script defer src="/chart.js"></script>',
      ).replace(
        '</main>',
        `<p>${'Served words that make the page long enough for no shell. '.repeat(6)}</p><div class="chart"></div></main>`,
      );
    const site = staticSite(10);
    site['/'] = page('Home', [...names(10), '/c1', '/c2', '/c3'], '<script src="/assets/menu.3f2a9b1c.js"></script>');
    const run = await crawl({
      ...site,
      '/c1': filled('1'),
      '/c2': filled('2'),
      '/c3': filled('3'),
      '/chart.js': script('document.querySelector(".chart").textContent = "Drawn for " + document.title;'),
    });
    expect(run.report).toMatchObject({ pagesLoaded: 14, complete: true });
    for (const name of ['1', '2', '3']) {
      expect(pageItem(run, `/c${name}`).text).toContain(`Drawn for Chart ${name}`);
      expect(pageItem(run, `/c${name}`).crawl.renderedWith).toBe('browser');
    }
    expect(run.report.browserPages).toBeLessThanOrEqual(4);
  });

  it('reads pages in the browser whose parts are filled when they come into sight', async () => {
    const parts = [1, 2, 3]
      .map((part) => `<section data-part="${part}" style="min-height: 1500px"></section>`)
      .join('');
    const made = (name: string, links: string[] = []): string =>
      page(name, links, '<script defer src="/lazy.js"></script>').replace(
        '</main>',
        `<p>${WORDS}</p>${parts}<p>The end.</p></main>`,
      );
    const run = await crawl({
      '/': made('Home', names(5)),
      ...Object.fromEntries(names(5).map((name) => [name, made(name)])),
      '/lazy.js': script(`const watcher = new IntersectionObserver((seen) => {
        for (const { isIntersecting, target } of seen)
          if (isIntersecting) target.textContent = 'Part ' + target.dataset.part + ' of ' + location.pathname + '.';
      });
      for (const part of document.querySelectorAll('section')) watcher.observe(part);`),
    });
    expect(run.report).toMatchObject({ pagesLoaded: 6, browserPages: 6, complete: true });
    for (const path of ['/', ...names(5)]) {
      for (const part of [1, 2, 3]) expect(pageItem(run, path).text).toContain(`Part ${part} of ${path}.`);
    }
  });

  it('compares many kinds of pages at once without pages that wait for each other', async () => {
    const kinds = [...'abcdefghijklmnopqrst'];
    const paths = [0, 1, 2].flatMap((time) => kinds.map((kind) => `/${kind}${time}`));
    const made = (name: string, links: string[] = []): string =>
      page(name, links, `<script src="/kind-${name[1] ?? ''}.js"></script>`).replace(
        '</main>',
        `<p>${WORDS}</p></main>`,
      );
    const said: string[] = [];
    const debug = (message: string): void => void said.push(message);
    const run = await crawl(
      {
        '/': made('/home', paths),
        '/kind-h.js': script(''),
        ...Object.fromEntries(kinds.map((kind) => [`/kind-${kind}.js`, script('')])),
        ...Object.fromEntries(paths.map((path) => [path, made(path, paths)])),
      },
      {},
      { log: { debug, info: debug, warning: debug } },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 61, pagesFailed: 0, complete: true });
    expect(run.report.browserPages + run.report.httpPages).toBe(61);
    expect(said).not.toContain(OUT_OF_TURN);
  });

  it('follows links that only scripts write', async () => {
    const run = await crawl({
      '/': page('Home', [], '<script defer src="/nav.js"></script>'),
      '/nav.js': script('document.body.insertAdjacentHTML("beforeend", "<nav><a href=/hidden>Hidden</a></nav>");'),
      '/hidden': page('Hidden'),
    });
    expect(run.keys().map((key) => new URL(key).pathname)).toEqual(['/', '/hidden']);
  });

  it('asks the browser when the server lets nothing else in', async () => {
    const run = await crawl({
      '/': (request) =>
        request.headers['sec-fetch-mode'] === undefined ? { status: 403, body: 'Robots out' } : { body: page('Home') },
    });
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 0, browserPages: 1 });
  });

  it('keeps a page as served when a script that never comes keeps the browser from reading it', async () => {
    const run = await crawl(
      {
        '/': page('Home', [], '<script src="/never.js"></script>').replace('</main>', `<p>${WORDS}</p></main>`),
        '/never.js': () => undefined,
      },
      { requestTimeoutSecs: 3 },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 0, httpPages: 1, complete: true });
    expect(pageItem(run, '/').text).toContain('This is what the page Home says');
    expect(crawls.sites[0]?.paths()).toContain('/never.js');
  });

  it('asks the browser for no more pages made alike once two of them kept it waiting', async () => {
    const stuck = (title: string): string =>
      page(title, [], '<script src="/never.js"></script>').replace('</main>', `<p>${WORDS}</p></main>`);
    const said: string[] = [];
    const debug = (message: string): void => void said.push(message);
    const run = await crawl(
      {
        '/': page('Home', names(8)).replace('</main>', `<p>${WORDS}</p></main>`),
        ...Object.fromEntries(names(8).map((name) => [name, stuck(name)])),
        // Its comparison is the first, and pages before it in the queue wait for that one.
        '/p0': (_, response) => void setTimeout(() => response.end(stuck('/p0')), 500),
        '/never.js': () => undefined,
      },
      { requestTimeoutSecs: 2 },
      { log: { debug, info: debug, warning: debug } },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 9, pagesFailed: 0, httpPages: 9, complete: true });
    expect(crawls.sites[0]?.paths().filter((path) => path === '/never.js')).toHaveLength(2);
    expect(said).not.toContain(OUT_OF_TURN);
  });

  it('compares no page once the crawl has to end, and starts no browser for one', async () => {
    const kept = page('Kept', [], '<script src="/never.js"></script>').replace('</main>', `<p>${WORDS}</p></main>`);
    const stop = new AbortController();
    const run = await crawl(
      {
        '/': page('Home', names(4)).replace('</main>', `<p>${WORDS}</p></main>`),
        ...Object.fromEntries(names(4).map((name) => [name, kept])),
        // The others wait for this page's comparison by now, or will.
        '/never.js': () => void setTimeout(() => stop.abort(), 300),
      },
      {},
      { signal: stop.signal },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 1, complete: false });
    const opened = crawls.sites[0]?.paths().filter((path) => path === '/never.js').length;
    expect(browserProcesses()).toEqual([]);
    // A comparison that began now would come with a browser of its own.
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(browserProcesses()).toEqual([]);
    expect(crawls.sites[0]?.paths().filter((path) => path === '/never.js')).toHaveLength(opened ?? -1);
  });

  it('opens in the browser what lacks the element to wait for', async () => {
    const run = await crawl(
      {
        '/': page('Home', ['/a']).replace('</main>', '<p class="ready">ready</p></main>'),
        '/a': page('A', [], '<script src="/late.js" defer></script>'),
        '/late.js': script(
          'setTimeout(() => document.querySelector("main").insertAdjacentHTML("beforeend", "<p class=ready>late</p>"), 700);',
        ),
      },
      { waitForSelector: '.ready' },
    );
    expect(pageItem(run, '/').crawl.renderedWith).toBe('http');
    expect(pageItem(run, '/a').text).toContain('late');
  });
});
