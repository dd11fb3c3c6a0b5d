import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { png } from '../sandbox/png.js';

/** A site on loopback, and what each of its pages must have given when it was read. */
export interface BenchSite {
  name: string;
  start: string;
  /** Path → words that only this page says. */
  marks: Map<string, string>;
  close(): Promise<void>;
}

const WORDS = 'The queue keeps each task until a worker takes it, and gives it back when the worker is lost. ';

function made(index: number, pages: number): string {
  const links = [index * 2 + 1, index * 2 + 2, (index + 7) % pages].filter((to) => to < pages);
  const section = (
    part: number,
  ): string => `<section id="s${part}"><h2>Part ${part}<a class="headerlink" href="#s${part}">¶</a></h2>
    ${`<p>${WORDS.repeat(3)}See <a href="p${(index + part) % pages}.html"><code>Task.${part}</code></a>.</p>`.repeat(4)}
    <div class="highlight-python notranslate"><div class="highlight"><pre><span class="kn">import</span> <span class="nn">queue</span>\n<span class="n">queue</span><span class="o">.</span><span class="n">push</span><span class="p">(</span><span class="mi">${part}</span><span class="p">)</span>\n</pre></div></div>
    <table class="docutils"><thead><tr><th>Name</th><th>Meaning</th></tr></thead><tbody>${`<tr><td><code>size</code></td><td>how many</td></tr>`.repeat(5)}</tbody></table></section>`;
  return `<section id="top"><h1>Page ${index}</h1><p>Only page number${index}mark says this.</p>
    <ul>${links.map((to) => `<li><a href="p${to}.html">Page ${to}</a></li>`).join('')}</ul>${[1, 2, 3, 4, 5, 6, 7, 8].map(section).join('')}</section>`;
}

/** Documentation as Sphinx writes it, some 20 KB a page, whole as served, with a script that changes nothing of it. */
export async function documentationSite(pages: number): Promise<BenchSite> {
  const page = (
    index: number,
  ): string => `<!doctype html><html lang="en"><head><title>Page ${index} — Manual 1.0</title>
    <meta name="generator" content="Docutils"><script src="/_static/theme.js"></script></head><body>
    <div class="related"><ul><li><a href="p0.html">index</a></li></ul></div>
    <div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main">${made(index, pages)}</div></div></div>
    <div class="sphinxsidebar"><h3>Contents</h3>${`<a href="p0.html">Home</a>`.repeat(10)}</div></div></body></html>`;
  return serve('documentation', pages, (url) => {
    if (url === '/_static/theme.js') return ['text/javascript', 'document.documentElement.dataset.theme = "light";'];
    const index = indexOf(url, pages);
    return index === null ? null : ['text/html; charset=utf-8', page(index)];
  });
}

/**
 * The same pages, of which the server sends an empty shell: a script asks for the content and writes it.
 * @param pictures in each page, some 200 KB each, as on most pages people read; none for the bare work of rendering
 */
export async function clientRenderedSite(pages: number, pictures = 0): Promise<BenchSite> {
  const shell =
    '<!doctype html><html lang="en"><head><title>App</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>';
  const script = `fetch('/content' + location.pathname).then((r) => r.text()).then((html) => {
    document.getElementById('root').innerHTML = '<main>' + html + '</main>';
    document.title = document.querySelector('h1').textContent;
  });`;
  const shown = Array.from({ length: pictures }, (_, at) => `<img src="/picture${at}.png" width="480" height="320">`);
  const bytes = pictures === 0 ? null : picture(480, 320);
  return serve(pictures === 0 ? 'client-rendered' : `client-rendered, ${pictures} pictures a page`, pages, (url) => {
    if (url === '/app.js') return ['text/javascript', script];
    if (bytes !== null && url.startsWith('/picture')) return ['image/png', bytes];
    const index = indexOf(url.replace(/^\/content/, ''), pages);
    if (index === null) return null;
    const content = made(index, pages).replace('</h1>', `</h1>${shown.join('')}`);
    return ['text/html; charset=utf-8', url.startsWith('/content') ? content : shell];
  });
}

/** A PNG in which hardly a pixel is like the one before, so that it is as large and as much work as a photograph. */
function picture(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let seed = 1;
  for (let at = 0; at < rows.length; at += 1) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    // Each row begins with the number of its filter: none.
    rows[at] = at % (1 + width * 3) === 0 ? 0 : 96 + (seed >>> 26);
  }
  return png(width, height, 'rgb', rows);
}

function indexOf(url: string, pages: number): number | null {
  const index = /^\/p(\d+)\.html$/.exec(url)?.[1];
  return index !== undefined && Number(index) < pages ? Number(index) : null;
}

async function serve(
  name: string,
  pages: number,
  answer: (url: string) => [type: string, body: string | Buffer] | null,
): Promise<BenchSite> {
  const server: Server = createServer((request, response) => {
    const found = answer((request.url ?? '/').split('?')[0] ?? '/');
    if (found === null) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': found[0] }).end(found[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    name,
    start: `${origin}/p0.html`,
    marks: new Map(Array.from({ length: pages }, (_, index) => [`/p${index}.html`, `number${index}mark`])),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
