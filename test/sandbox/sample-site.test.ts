import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, type Browser } from 'playwright';
import { startSampleSite, type SampleSite } from '../../sandbox/sample-site/server.js';

let site: SampleSite;
let browser: Browser;

beforeAll(async () => {
  site = await startSampleSite();
  browser = await chromium.launch({
    executablePath: process.env['CRAWLEE_DEFAULT_BROWSER_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const get = (path: string) => fetch(new URL(path, site.url), { redirect: 'manual' });
const text = async (path: string) => (await get(path)).text();

describe('the sample site', () => {
  it('leads from the front page to every page, and to nothing that is missing but the lost plate', async () => {
    const seen = new Map<string, number>();
    const queue = [site.url];
    for (let address; (address = queue.shift()) !== undefined;) {
      const url = new URL(address);
      url.hash = '';
      url.search = '';
      if (seen.has(url.href) || url.origin !== new URL(site.url).origin) continue;
      const response = await fetch(url);
      seen.set(url.href, response.status);
      if (response.headers.get('content-type')?.startsWith('text/html') !== true) continue;
      const html = await response.text();
      for (const [, href] of html.matchAll(/<a [^>]*?href="([^"]+)"/g)) queue.push(new URL(href ?? '', url).href);
    }
    const reached = [...seen.keys()].map((address) => new URL(address).pathname);
    const outside = ['/elsewhere'];
    expect([...site.pages.keys()].filter((path) => !outside.includes(path) && !reached.includes(path))).toEqual([]);
    expect([...seen].filter(([, status]) => status !== 200).map(([address]) => new URL(address).pathname)).toEqual([
      '/articles/the-lost-plate',
    ]);
    expect(reached.length).toBeGreaterThan(17);
  });

  it('has what a crawler must leave alone', async () => {
    expect(await text('/robots.txt')).toContain('Disallow: /staff/');
    const visit = await text('/visit/');
    expect(visit).toContain('href="/staff/rota"');
    expect(visit).toMatch(/href="\/visit\/sponsored-tour" rel="nofollow/);
    expect(visit).toContain('href="mailto:');
    expect((await get('/files/site-map.pdf')).headers.get('content-type')).toBe('application/pdf');
    expect((await get('/files/visitors.csv')).headers.get('content-type')).toContain('text/csv');
    expect((await get('/articles/the-lost-plate')).status).toBe(404);
    expect(await text('/handbook/glossary')).toContain(`href="http://localhost:${new URL(site.url).port}/elsewhere"`);
    expect(await text('/handbook/glossary')).toContain('href="https://glossary.example/');
  });

  it('names one canonical address for links with tracking parameters, and redirects a moved page', async () => {
    expect(await text('/')).toContain('/articles/counting-the-geminids?utm_source=home');
    expect(await text('/articles/counting-the-geminids?utm_source=home')).toContain(
      `<link rel="canonical" href="${site.url}articles/counting-the-geminids" />`,
    );
    const moved = await get('/handbook/quickstart');
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/handbook/getting-started']);
  });

  it('says who wrote an article and when, in JSON-LD and OpenGraph', async () => {
    const html = await text('/articles/first-light-of-the-moss-telescope');
    const data = JSON.parse(/<script type="application\/ld\+json">([^<]+)</.exec(html)?.[1] ?? '') as object;
    expect(data).toMatchObject({
      '@type': 'Article',
      author: { name: 'Ines Harrow' },
      datePublished: '2025-03-14T21:40:00+00:00',
      dateModified: '2025-04-02T09:15:00+01:00',
    });
    expect(html).toContain('<meta property="og:title" content="First light of the Moss telescope" />');
    expect(html).toContain('<html lang="en-GB">');
  });

  it('has every kind of content that a converter meets', async () => {
    const all = [...site.pages.values()].join('\n');
    const kinds = [
      '<table>',
      '<dl>',
      '<blockquote>',
      '<figcaption>',
      'class="language-python"',
      '<ol>',
      '<hr',
      '<del>',
    ];
    expect(kinds.filter((kind) => !all.includes(kind))).toEqual([]);
    const tricky = await text('/handbook/log-format');
    const traps = [
      'between $5 and $6',
      '{color="red"}</p>',
      '&lt;T&gt;',
      '{a, b | a &lt; b}',
      '2 * 3 * 4',
      '&lt;page url=',
    ];
    expect(traps.filter((trap) => !tricky.includes(trap))).toEqual([]);
    const shop = await text('/shop/');
    expect(shop.match(/class="product"/g)).toHaveLength(4);
    expect(shop).toContain('£1,149.00');
  });

  it('serves an edit and a removal that a test makes', async () => {
    const path = '/articles/a-year-of-dark-skies';
    const before = site.pages.get(path) ?? '';
    site.pages.set(path, before.replace('214 street lamps', '215 street lamps'));
    expect(await text(path)).toContain('215 street lamps');
    site.pages.delete(path);
    expect((await get(path)).status).toBe(404);
    site.pages.set(path, before);
    expect(site.requests.filter((request) => request === path)).not.toHaveLength(0);
  });

  it('shows in a browser without errors; the seeing page only there', async () => {
    expect(await text('/handbook/seeing-now')).not.toContain('Call your friends');
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    for (const path of ['/', '/articles/counting-the-geminids', '/articles/a-year-of-dark-skies', '/shop/']) {
      await page.goto(new URL(path, site.url).href, { waitUntil: 'load' });
      const broken = await page
        .locator('img')
        .evaluateAll(
          (images) => images.filter((image) => image instanceof HTMLImageElement && image.naturalWidth === 0).length,
        );
      expect(broken, path).toBe(0);
    }
    await page.goto(new URL('/handbook/seeing-now', site.url).href);
    await page.getByText('Call your friends').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });
});
