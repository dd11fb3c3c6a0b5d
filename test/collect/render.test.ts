import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { AddressGuard } from '../../src/collect/address-guard.js';
import { isRecordItem, type PageItem } from '../../src/collect/item.js';
import { browserProcesses } from './browser-processes.js';
import { crawlsForEachTest } from './each-test.js';
import type { Collected } from './run-collect.js';
import { page } from './site.js';

const { start, crawl } = crawlsForEachTest({ crawlerType: 'playwright:chrome' });

function item(run: Collected, url: string): PageItem {
  const found = run.byUrl(url);
  if (found === undefined || isRecordItem(found)) throw new Error(`No page item for ${url}`);
  return found;
}

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(() => expect(browserProcesses()).toEqual([]));

describe('a crawl in the browser', () => {
  it('reads what scripts write, late and in shadow roots, and follows links they make', async () => {
    const site = await start({
      '/': `<html><head><title>App</title></head><body><div id="app"></div><x-card><b>slotted words</b></x-card><script>
        customElements.define('x-card', class extends HTMLElement {
          connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = '<p>In the shadow: <slot></slot></p>'; }
        });
        setTimeout(async () => {
          const words = await (await fetch('/words')).text();
          document.getElementById('app').innerHTML = '<h1>Rendered</h1><p>' + words + '</p><a href="/next">next</a>';
        }, 400);
        alert('hello'); </script></body></html>`,
      '/words': (_, response) => void setTimeout(() => response.end('These words came late.'), 500),
      '/next': page('Next'),
      '/hop': '<html><body><script>location.replace("/next2")</script></body></html>',
      '/next2': page('Next two'),
    });
    const run = await crawl({ startUrls: [site.url('/'), site.url('/hop')] });
    const { markdown, crawl: how } = item(run, site.url('/'));
    expect(markdown).toContain('# Rendered');
    expect(markdown).toContain('These words came late.');
    expect(markdown).toContain('In the shadow: **slotted words**');
    expect(how.renderedWith).toBe('browser');
    expect(run.keys()).toEqual([site.url('/'), site.url('/next'), site.url('/next2')]);
    expect(run.report).toMatchObject({ browserPages: 3, httpPages: 0, complete: true });
  });

  it('scrolls to what is loaded when it comes into sight', async () => {
    const site = await start({
      '/': page('Long').replace(
        '</main>',
        `<div style="height: 5000px"></div><p id="end">end</p><script>
          new IntersectionObserver((seen) => {
            if (seen.some(({ isIntersecting }) => isIntersecting)) document.getElementById('end').textContent = 'Loaded in sight.';
          }).observe(document.getElementById('end'));
        </script></main>`,
      ),
    });
    const run = await crawl({ startUrls: [site.url('/')] });
    expect(item(run, site.url('/')).text).toContain('Loaded in sight.');
  });

  it('keeps to the rules that hold over HTTP', async () => {
    const other = await start({ '/': page('Other') });
    const site = await start({
      '/': page('Home', ['/away', '/gone', '/data.json', '/meta']),
      '/gone': { status: 410, body: page('Gone') },
      '/data.json': { headers: { 'content-type': 'application/json' }, body: '{}' },
      '/meta': page('Meta'),
    });
    site.routes['/away'] = { status: 302, headers: { location: other.url('/') } };
    const run = await crawl({
      startUrls: [site.url('/')],
      customHttpHeaders: { 'X-Secret': 'abc' },
      initialCookies: [{ name: 'session', value: 'xyz' }],
      maxRequestRetries: 0,
    });
    expect(run.keys()).toEqual([site.url('/'), site.url('/meta')]);
    expect(run.report.skipped).toEqual({ redirect: 1, contentType: 1 });
    expect(run.report.gone).toEqual([site.url('/gone')]);
    expect(run.report.failures).toHaveLength(1);
    expect(site.requests.every(({ headers }) => headers['x-secret'] === 'abc')).toBe(true);
    expect(site.requests[0]?.headers.cookie).toContain('session=xyz');
    expect(other.requests.filter(({ headers }) => headers['x-secret'] !== undefined)).toEqual([]);
  });

  it('keeps pages and their scripts off private addresses on the platform', async () => {
    const secret = await start({ '/': page('Secret') }, '127.0.0.2');
    // Of this computer's addresses one plays the public internet.
    vi.spyOn(AddressGuard.prototype, 'allowsAddress').mockImplementation((address) => address === '127.0.0.1');
    const site = await start({
      '/': page('Home', [secret.url('/')]).replace(
        '</main>',
        `<ul id="tried"></ul><iframe src="${secret.url('/')}"></iframe><script>
          const say = (words) => document.getElementById('tried').insertAdjacentHTML('beforeend', '<li>' + words + '</li>');
          fetch('${secret.url('/')}', {mode: 'no-cors'}).finally(() => say('fetched'));
          fetch('/on', {mode: 'no-cors'}).finally(() => say('redirected'));
          new WebSocket('${secret.url('/').replace('http', 'ws')}').onerror = () => say('called');
        </script></main>`,
      ),
      '/on': { status: 302, headers: { location: secret.url('/') } },
    });
    const run = await crawl(
      { startUrls: [site.url('/'), secret.url('/')], respectRobotsTxtFile: false },
      { allowPrivateAddresses: false },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 1, skipped: { privateAddress: 1 } });
    for (const tried of ['fetched', 'redirected', 'called']) expect(item(run, site.url('/')).text).toContain(tried);
    expect(secret.requests).toEqual([]);
  });

  it.each(['cheerio', 'playwright:chrome'] as const)(
    'sends nothing to a name that leads to a private address only when it is connected to: %s',
    async (crawlerType) => {
      vi.spyOn(AddressGuard.prototype, 'allowsUrl').mockResolvedValue(true);
      const secret = await start({ '/': page('Secret') });
      const run = await crawl(
        { startUrls: [secret.url('/').replace('127.0.0.1', 'localhost')], crawlerType, respectRobotsTxtFile: false },
        { allowPrivateAddresses: false },
      );
      expect(run.report.skipped).toEqual({ privateAddress: 1 });
      expect(secret.requests).toEqual([]);
    },
  );

  it('keeps scripts off the live view', async () => {
    const liveView = await start({ '/': page('Live view') });
    const site = await start({
      '/': page('Home').replace(
        '</main>',
        `<p id="said">nothing</p><script>
          fetch('${liveView.url('/')}', {mode: 'no-cors'}).then(
            () => { document.getElementById('said').textContent = 'reached'; },
            () => { document.getElementById('said').textContent = 'refused'; });
        </script></main>`,
      ),
    });
    const run = await crawl({ startUrls: [site.url('/')] }, { ownOrigin: liveView.origin });
    expect(liveView.requests).toEqual([]);
    expect(item(run, site.url('/')).text).not.toContain('nothing');
  });

  it('lets no service worker answer for later pages', async () => {
    const site = await start({
      '/': page('Home', ['/a']).replace(
        '</main>',
        `<p id="sw">waiting</p><script>
          const say = (words) => { document.getElementById('sw').textContent = words; };
          (navigator.serviceWorker?.register('/sw.js') ?? Promise.reject()).then(() => say('registered'), () => say('blocked'));
        </script></main>`,
      ),
      '/sw.js': {
        headers: { 'content-type': 'text/javascript' },
        body: `self.addEventListener('install', () => self.skipWaiting());
          self.addEventListener('activate', (e) => e.waitUntil(clients.claim()));
          self.addEventListener('fetch', (e) => e.respondWith(new Response('<h1>poison</h1>', {headers: {'content-type': 'text/html'}})));`,
      },
      '/a': page('A'),
    });
    const run = await crawl({ startUrls: [site.url('/')], maxConcurrency: 1 });
    expect(item(run, site.url('/a')).markdown).toContain('# A');
    expect(site.paths()).not.toContain('/sw.js');
  });

  it('closes the browser when it is stopped midway', async () => {
    const site = await start({ '/': page('Home', ['/hang']), '/hang': () => undefined });
    const stop = new AbortController();
    const run = await crawl(
      { startUrls: [site.url('/')] },
      { signal: stop.signal, onItem: async () => void setTimeout(() => stop.abort(), 300) },
    );
    expect(run.report).toMatchObject({ pagesLoaded: 1, pagesFailed: 0, complete: false });
    expect(browserProcesses()).toEqual([]);
  });
});
