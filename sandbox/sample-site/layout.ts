import { html, raw } from 'hono/html';
import { markupText } from '../markup.js';
import { SCRIPTED_PAGE, type CataloguePage } from './catalogue.js';

/** What the layout needs to know of a page. */
export type PageHead = Pick<
  CataloguePage,
  'path' | 'title' | 'description' | 'kind' | 'author' | 'published' | 'modified' | 'image'
>;

const NAV = [
  ['/', 'Tonight'],
  ['/visit/', 'Visit'],
  ['/articles/', 'Articles'],
  ['/handbook/', 'Handbook'],
  ['/shop/', 'Shop'],
] as const;

const HANDBOOK_NAV = [
  ['/handbook/getting-started', 'Your first evening'],
  ['/handbook/calibrating-images', 'Calibrating images'],
  ['/handbook/log-format', 'The log format'],
  ['/handbook/glossary', 'Glossary'],
  [SCRIPTED_PAGE.path, SCRIPTED_PAGE.title],
] as const;

/**
 * Puts a body into the site's frame: metadata, navigation, cookie banner, footer.
 * @param origin the site's address without a slash at the end
 * @param body trusted HTML, written by us
 */
export function layout(origin: string, page: PageHead, body: string): string {
  const canonical = origin + page.path;
  const title = page.path === '/' ? page.title : `${page.title} · Fernhill Observatory`;
  const current = (path: string) =>
    (path === '/' ? page.path === '/' : page.path.startsWith(path)) ? raw('aria-current="page"') : '';
  const document = html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <meta name="description" content="${page.description}" />
        ${page.author ? html`<meta name="author" content="${page.author}" />` : ''}
        <link rel="canonical" href="${canonical}" />
        <link rel="icon" href="/images/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/site.css" />
        <meta property="og:site_name" content="Fernhill Observatory" />
        <meta property="og:type" content="${page.kind === 'article' ? 'article' : 'website'}" />
        <meta property="og:title" content="${page.title}" />
        <meta property="og:description" content="${page.description}" />
        <meta property="og:url" content="${canonical}" />
        ${page.image ? html`<meta property="og:image" content="${origin}${page.image}" />` : ''}
        ${page.published ? html`<meta property="article:published_time" content="${page.published}" />` : ''}
        ${page.modified ? html`<meta property="article:modified_time" content="${page.modified}" />` : ''}
        <script type="application/ld+json">
          ${raw(jsonLd(origin, page))}
        </script>
      </head>
      <body class="${page.kind}">
        <header class="site-header">
          <a class="brand" href="/">Fernhill <span>Observatory</span></a>
          <nav class="site-nav" aria-label="Site">
            ${NAV.map(([path, name]) => html`<a href="${path}" ${current(path)}>${name}</a>`)}
          </nav>
        </header>
        <div class="columns">
          ${
            page.kind === 'handbook'
              ? html`<nav class="side-nav" aria-label="Handbook">
                  <p>Handbook</p>
                  <ul>
                    ${HANDBOOK_NAV.map(([path, name]) => html`<li><a href="${path}" ${current(path)}>${name}</a></li>`)}
                  </ul>
                </nav>`
              : ''
          }
          <main id="content">${raw(body)}</main>
        </div>
        <footer class="site-footer">
          <p>
            Fernhill Observatory · Beacon Lane, Upper Fernhill · <a href="mailto:dome@fernhill.example">Write to us</a>
          </p>
          <p>An invented place: this sample site comes with Website to Notion.</p>
        </footer>
        <aside class="cookie-banner" id="cookie-consent" aria-label="Cookies">
          <p>We use cookies to remember whether you have read this notice about cookies.</p>
          <p><button type="button">Accept all</button> <button type="button">Only the needed ones</button></p>
        </aside>
      </body>
    </html>`;
  return markupText(document);
}

function jsonLd(origin: string, page: PageHead): string {
  const data = {
    '@context': 'https://schema.org',
    '@type': page.kind === 'article' ? 'Article' : 'WebPage',
    headline: page.title,
    description: page.description,
    url: origin + page.path,
    author: page.author ? { '@type': 'Person', name: page.author } : undefined,
    datePublished: page.published,
    dateModified: page.modified,
    image: page.image ? origin + page.image : undefined,
    publisher: { '@type': 'Organization', name: 'Fernhill Observatory' },
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
