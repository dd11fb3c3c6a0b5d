import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { siteAssets, type Asset } from './assets.js';
import { CATALOGUE, SCRIPTED_PAGE } from './catalogue.js';
import { layout } from './layout.js';
import { shopPages } from './shop.js';

export interface SampleSite {
  /** Address of the front page on 127.0.0.1, with a slash at the end. */
  url: string;
  /** Path → HTML as it is served; a test sets one to stand for an edit, deletes one for a removal. */
  pages: Map<string, string>;
  /** Path and query of each request so far, in order. */
  requests: string[];
  close(): Promise<void>;
}

/** A page moved once; the old address still leads there. */
const REDIRECTS = new Map([['/handbook/quickstart', '/handbook/getting-started']]);

/**
 * Serves the invented Fernhill Observatory on loopback: what a real site has, and what a crawler must get right.
 * @param options.port 0 or absent: any free one
 * @throws when the port is taken
 */
export async function startSampleSite(options: { port?: number } = {}): Promise<SampleSite> {
  const pages = new Map<string, string>();
  const requests: string[] = [];
  const assets = siteAssets();
  assets.set('/site.css', { contentType: 'text/css; charset=utf-8', body: await readText('site.css') });
  assets.set('/seeing.js', { contentType: 'text/javascript; charset=utf-8', body: await readText('seeing.js') });

  const server = createServer((request, response) => {
    requests.push(request.url ?? '/');
    answer(request, response, pages, assets);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  for (const [path, html] of await renderPages(origin, port)) pages.set(path, html);
  assets.set('/robots.txt', {
    contentType: 'text/plain; charset=utf-8',
    body: `User-agent: *\nDisallow: /staff/\n\nSitemap: ${origin}/sitemap.xml\n`,
  });
  assets.set('/sitemap.xml', { contentType: 'application/xml', body: sitemap(origin) });

  return {
    url: `${origin}/`,
    pages,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: ReadonlyMap<string, string>,
  assets: ReadonlyMap<string, Asset>,
): void {
  const send = (status: number, contentType: string, body: string | Buffer): void => {
    response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'text/plain', 'Only GET and HEAD.');
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  const target = REDIRECTS.get(path);
  if (target !== undefined) {
    response.writeHead(301, { location: target }).end();
    return;
  }
  const page = pages.get(path) ?? pages.get(`${path}/`);
  if (page !== undefined) return send(200, 'text/html; charset=utf-8', page);
  const asset = assets.get(path);
  if (asset !== undefined) return send(200, asset.contentType, asset.body);
  const gone = { path, title: 'Nothing here', description: 'This page does not exist.', kind: 'page' } as const;
  send(404, 'text/html; charset=utf-8', layout('', gone, '<h1>Nothing here</h1><p>Not even a faint smudge.</p>'));
}

async function renderPages(origin: string, port: number): Promise<[string, string][]> {
  // The same server under another host name: outside of the crawl's scope.
  const elsewhere = `http://localhost:${port}/elsewhere`;
  const written = await Promise.all(
    CATALOGUE.map(async (page): Promise<[string, string]> => {
      const body = (await readText(`pages/${page.file}`)).replaceAll('{{elsewhere}}', elsewhere);
      return [page.path, layout(origin, page, body)];
    }),
  );
  const shop = shopPages().map(({ head, body }): [string, string] => [head.path, layout(origin, head, body)]);
  const scripted =
    '<div id="seeing"><noscript>This page needs JavaScript.</noscript></div><script type="module" src="/seeing.js"></script>';
  const outside = { path: '/elsewhere', title: 'Elsewhere', description: 'On another host.', kind: 'page' } as const;
  return [
    ...written,
    ...shop,
    [SCRIPTED_PAGE.path, layout(origin, SCRIPTED_PAGE, scripted)],
    ['/elsewhere', layout(origin, outside, '<h1>Elsewhere</h1><p>A crawl of Fernhill does not come here.</p>')],
  ];
}

function sitemap(origin: string): string {
  const listed = CATALOGUE.filter((page) => !page.path.startsWith('/staff/') && page.path !== '/visit/sponsored-tour');
  const entries = [...listed, SCRIPTED_PAGE, ...shopPages().map(({ head }) => head)].map((page) => {
    const date = 'modified' in page ? page.modified : undefined;
    return `<url><loc>${origin}${page.path}</loc>${date === undefined ? '' : `<lastmod>${date}</lastmod>`}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('')}</urlset>`;
}

function readText(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
