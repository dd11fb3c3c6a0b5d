import { ProxyConfiguration } from 'crawlee';
import { RequestError, Server } from 'proxy-chain';
import { afterEach, expect, it } from 'vitest';
import { Trackers } from '../../src/collect/trackers.js';
import { crawlsForEachTest, pageItem } from './each-test.js';
import { page } from './site.js';

const { crawl } = crawlsForEachTest({ crawlerType: 'playwright:chrome', maxCrawlDepth: 0, maxRequestRetries: 0 });
const proxies: Server[] = [];

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close(true);
});

/** A proxy that answers for every host; `asked` has the hosts and paths. */
async function everyHost(routes: Record<string, string>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ request, hostname, isHttp }) => {
      const name = isHttp ? `${hostname}${new URL(request.url ?? '').pathname}` : hostname;
      asked.push(name);
      if (!isHttp) throw new RequestError('No tunnels.', 404);
      return {
        customResponseFunction: () => {
          const body = routes[name];
          if (body === undefined) return { statusCode: 404, body: 'Not found' };
          return { headers: { 'content-type': 'text/html' }, body };
        },
      };
    },
  });
  proxies.push(server);
  await server.listen();
  return { url: `http://127.0.0.1:${server.port}`, asked };
}

const asking = (title: string, host: string, more = ''): string =>
  page(title).replace(
    '</main>',
    `<p id="said"></p>${more}</main><script>
      const say = (word) => () => { document.getElementById('said').textContent = 'The counter ' + word + '.'; parent.postMessage('done', '*'); };
      fetch('http://${host}/count', { mode: 'no-cors' }).then(say('answered'), say('was kept off'));
    </script>`,
  );

it('trackers are asked nothing by a page, nor by a frame of another site in it', async () => {
  const { url, asked } = await everyHost({
    'site.example/': asking(
      'Site',
      'www.google-analytics.com',
      `<iframe src="http://frame.example/"></iframe><p id="frame"></p>
       <script>addEventListener('message', () => { document.getElementById('frame').textContent = 'The frame is done.'; });</script>`,
    ),
    'frame.example/': asking('Frame', 'stats.doubleclick.net').replace(
      '<script>',
      `<script>
      fetch('http://elsewhere.example/count', { mode: 'no-cors' });
      for (const host of ['elsewhere.example', 'ws.doubleclick.net']) new WebSocket('ws://' + host + '/');`,
    ),
  });
  const run = await crawl(
    { startUrls: ['http://site.example/'], respectRobotsTxtFile: false },
    { proxyConfiguration: new ProxyConfiguration({ proxyUrls: [url] }) },
  );
  expect(pageItem(run, '/').text).toContain('The counter was kept off.');
  expect(pageItem(run, '/').text).toContain('The frame is done.');
  expect(asked).toEqual(expect.arrayContaining(['elsewhere.example/count', 'elsewhere.example']));
  expect(asked.filter((path) => /google-analytics|doubleclick/.test(path))).toEqual([]);
});

it('a service that counts visits is read when the crawl is about its own pages', async () => {
  const { url, asked } = await everyHost({
    'www.chartbeat.com/': asking('Service', 'static.chartbeat.com'),
    'static.chartbeat.com/count': 'counted',
  });
  const run = await crawl(
    { startUrls: ['http://www.chartbeat.com/'], respectRobotsTxtFile: false },
    { proxyConfiguration: new ProxyConfiguration({ proxyUrls: [url] }) },
  );
  expect(pageItem(run, '/').text).toContain('The counter answered.');
  expect(asked).toContain('static.chartbeat.com/count');
});

it('a service counts as the crawl’s own by a start URL, a glob or a page that led there', () => {
  const trackers = new Trackers(['https://www.criteo.com/blog', 'https://docs.fullstory.com/**']);
  for (const host of ['criteo.com', 'static.criteo.com', 'fullstory.com']) expect(trackers.has(host)).toBe(false);
  expect(trackers.has('edge.mouseflow.com')).toBe(true);
  trackers.admit('mouseflow.com');
  expect(trackers.has('edge.mouseflow.com')).toBe(false);
  expect(trackers.has('notmouseflow.com')).toBe(false);
});
