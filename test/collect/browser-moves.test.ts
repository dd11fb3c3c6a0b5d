import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, runCollect, type Collected } from './run-collect.js';
import { page, TestSite } from './site.js';

/** One crawl with one browser; each test looks at some of its pages. */
let site: TestSite;
let run: Collected;
/** A host where nobody listens any longer. */
let dead: string;

const moves = (to: string): string =>
  page('Moves').replace(
    '</main>',
    `</main><script>setTimeout(() => location.replace(${JSON.stringify(to)}), 30)</script>`,
  );

beforeAll(async () => {
  const closed = await TestSite.start({});
  dead = new URL(closed.origin).host;
  await closed.close();
  site = await TestSite.start({
    '/to-missing': moves('/missing'),
    '/missing': { status: 404, body: page('Missing') },
    '/to-dead': moves(`http://${dead}/`),
    '/to-dead-tls': moves(`https://${dead}/`),
    '/to-metadata': moves('http://169.254.169.254/latest/'),
    '/to-metadata-tls': moves('https://169.254.169.254/latest/'),
    '/to-there': moves('/there'),
    '/there': page('There'),
    // As pages do that set the next story below the one that was read.
    '/to-next-story': page('First story', ['/next-story']).replace(
      '</main>',
      `<div style="height: 2500px"></div></main><script>addEventListener('scroll', () => {
        history.pushState({}, '', '/next-story');
        document.title = 'Next story';
        document.querySelector('main').insertAdjacentHTML('beforeend', '<h2>Set in below</h2>');
      }, { once: true });</script>`,
    ),
    '/next-story': page('Next story'),
    // As routers do that send their reader on at first.
    '/to-route': page('Wait').replace(
      '</main>',
      `<div style="height: 2500px"></div></main><script>fetch('/who').then(() => {
        history.replaceState({}, '', '/route');
        document.title = 'Route';
      });</script>`,
    ),
    '/who': (_, response) => void setTimeout(() => response.end('you'), 300),
    '/to-data': page('Data', [], '<meta http-equiv="refresh" content="0; url=data:text/html,hello">'),
    '/to-disk': page('Disk', [], '<meta http-equiv="refresh" content="0; url=file:///etc/hostname">'),
    '/to-file': moves('/file.zip'),
    '/file.zip': { headers: { 'content-type': 'application/zip' }, body: 'PK' },
    // As sites do that want to see a browser first.
    '/to-itself': (request) =>
      request.headers.cookie?.includes('seen') === true
        ? { status: 410, body: page('Gone') }
        : {
            body: page('Wait').replace(
              '</main>',
              '<script>document.cookie = "seen=1"; location.reload();</script></main>',
            ),
          },
  });
  const paths = Object.keys(site.routes).filter((path) => path.startsWith('/to-'));
  run = await runCollect({
    startUrls: ['http://nosuch.invalid/', 'https://nosuch.invalid/', ...paths.map((path) => site.url(path))].concat(
      site.url('/next-story'),
    ),
    crawlerType: 'playwright:chrome',
    maxCrawlDepth: 0,
    requestTimeoutSecs: 30,
    maxRequestRetries: 0,
    respectRobotsTxtFile: false,
    dynamicContentWaitSecs: 5,
  });
}, 180_000);

afterAll(async () => {
  await site.close();
  removeFolder(run);
});

const failure = (url: string): unknown => run.report.failures.find((failed) => failed.url === url);

describe('a host name that does not resolve, in the browser', () => {
  it.each(['http', 'https'])('fails as such and is not taken for a page that is gone: %s', (scheme) => {
    expect(failure(`${scheme}://nosuch.invalid/`)).toMatchObject({
      reason: 'dns',
      message: 'The host name nosuch.invalid could not be resolved. Check its spelling.',
    });
    expect(run.report.gone).not.toContain(`${scheme}://nosuch.invalid/`);
  });
});

describe('a page whose script moves it on', () => {
  it('is the page where it arrives', () => {
    expect(run.items.map(({ key }) => key)).toContain(site.url('/there'));
  });

  it('fails with the answer that it arrives at', () => {
    for (const [path, httpStatusCode] of [
      ['/to-missing', 404],
      ['/to-itself', 410],
    ] as const) {
      expect(failure(site.url(path))).toMatchObject({ reason: 'httpStatus', httpStatusCode });
    }
  });

  it('fails in words when nothing answers there', () => {
    expect(failure(site.url('/to-dead'))).toMatchObject({
      reason: 'network',
      message: expect.stringContaining(`${dead} refuses connections`) as string,
    });
    expect(failure(site.url('/to-dead-tls'))).toMatchObject({
      reason: 'network',
      message: expect.stringContaining(dead) as string,
    });
  });

  it('is left out when the address there is not crawled', () => {
    const leftOut = run.report.skippedUrls.filter(({ reason }) => reason === 'privateAddress').map(({ url }) => url);
    expect(leftOut.sort()).toEqual([site.url('/to-metadata'), site.url('/to-metadata-tls')]);
  });

  it('stays the page that it is when the script only asks for a file', () => {
    expect(run.items.map(({ key }) => key)).toContain(site.url('/to-file'));
  });

  it('is left out when it is sent on to what is no page', () => {
    const leftOut = run.report.skippedUrls.filter(({ reason }) => reason === 'protocol').map(({ url }) => url);
    expect(leftOut.sort()).toEqual(['data:text/html,hello', 'file:///etc/hostname']);
  });

  it('is what its router makes of it at first', () => {
    expect(run.byUrl(site.url('/to-route'))).toMatchObject({
      key: site.url('/route'),
      metadata: { title: 'Route' },
      crawl: { loadedUrl: site.url('/route') },
    });
  });

  it('stays itself when it takes the address and the title of another page on being scrolled', () => {
    expect(run.byUrl(site.url('/to-next-story'))).toMatchObject({
      key: site.url('/to-next-story'),
      metadata: { title: 'First story' },
      crawl: { loadedUrl: site.url('/to-next-story') },
      markdown: expect.stringContaining('Set in below') as string,
    });
    expect(run.byUrl(site.url('/next-story'))).toMatchObject({ metadata: { title: 'Next story' } });
  });

  it('stores nothing else', () => {
    const stored = ['/there', '/to-file', '/route', '/to-next-story', '/next-story'];
    expect(run.keys()).toEqual(stored.map((path) => site.url(path)).sort());
  });
});
