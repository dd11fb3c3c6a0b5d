import { describe, expect, it } from 'vitest';
import type { PageMetadata } from '../../../src/collect/item.js';
import { handle } from './page.js';

const URL_OF_PAGE = 'https://www.example.com/docs/page';

function metadata(head: string, body = '<p>x</p>', { lang = 'en', url = URL_OF_PAGE } = {}): PageMetadata {
  const { page } = handle(
    `<!doctype html><html lang="${lang}"><head>${head}</head><body>${body}</body></html>`,
    {},
    url,
  );
  if (page === null) throw new Error('no page item');
  return page.metadata;
}
const jsonLd = (value: unknown): string =>
  `<script type="application/ld+json">${typeof value === 'string' ? value : JSON.stringify(value)}</script>`;
const meta = (name: string, content: string): string => `<meta name="${name}" content="${content}">`;

describe('JSON-LD', () => {
  it('is followed through a graph: authors, publisher, picture and site by reference', () => {
    const graph = {
      '@context': 'https://schema.org',
      '@graph': [
        {
          '@type': 'Article',
          '@id': '#article',
          isPartOf: { '@id': '#page' },
          author: { '@id': '#ann', name: 'Ann' },
          image: { '@id': '#image' },
          datePublished: '2024-01-02T03:04:05+00:00',
          dateModified: '2024-01-03',
        },
        { '@type': 'WebPage', '@id': '#page', name: 'Title of the page', isPartOf: { '@id': '#site' } },
        { '@type': 'WebSite', '@id': '#site', name: 'The Site' },
        { '@type': 'Person', '@id': '#ann', name: 'Ann Other', url: 'https://example.com/ann' },
        { '@type': 'ImageObject', '@id': '#image', url: '/lead.jpg' },
      ],
    };
    expect(metadata(jsonLd(graph))).toMatchObject({
      author: 'Ann',
      image: 'https://www.example.com/lead.jpg',
      publishedTime: '2024-01-02T03:04:05+00:00',
      modifiedTime: '2024-01-03',
      siteName: 'The Site',
    });
  });

  it.each<[string, unknown, string | null]>([
    ['a text', 'Ann', 'Ann'],
    ['an object', { '@type': 'Person', name: 'Ann' }, 'Ann'],
    ['a list', [{ name: 'Ann' }, 'Bo', { name: 'Ann' }], 'Ann, Bo'],
    ['a byline', 'By Ann', 'Ann'],
    ['an address', 'https://example.com/ann', null],
    ['nothing', [], null],
  ])('reads the author from %s', (_, author, expected) => {
    expect(metadata(jsonLd([{ '@type': ['BlogPosting'], author }])).author).toBe(expected);
  });

  it.each([
    ['line breaks in texts', '{"@type":"Article","description":"One\ntwo","author":"Ann"}'],
    ['a comma too many', '{"@type":"Article","author":"Ann",}'],
    ['comment marks', '<!-- {"@type":"Article","author":"Ann"} -->'],
    ['CDATA marks', '//<![CDATA[\n{"@type":"Article","author":"Ann"}\n//]]>'],
    ['a semicolon', '{"@type":"Article","author":"Ann"};'],
    [
      'a broken script before it',
      `{"@type":</script>${jsonLd({ '@type': 'https://schema.org/Article', author: 'Ann' })}<script>`,
    ],
  ])('is read in spite of %s', (_, source) => {
    expect(metadata(jsonLd(source)).author).toBe('Ann');
  });

  it('that cannot be read is as if it were not there', () => {
    expect(metadata(jsonLd('{"@type": Article') + meta('author', 'Bo')).author).toBe('Bo');
    expect(metadata(jsonLd('[[[[[null, 1, "x"]]]]]') + meta('author', 'Bo')).author).toBe('Bo');
  });

  it('of other pages is not taken for the page: only what names its address', () => {
    const post = (path: string, author: string) => ({
      '@type': 'BlogPosting',
      url: `https://example.com${path}`,
      author,
    });
    expect(metadata(jsonLd([post('/a', 'Ann'), post('/docs/page/', 'Bo')])).author).toBe('Bo');
    expect(metadata(jsonLd([post('/a', 'Ann'), post('/b', 'Bo')])).author).toBeNull();
    expect(metadata(jsonLd({ '@type': 'Blog', blogPost: [post('/a', 'Ann')] })).author).toBeNull();
  });

  it('tells more of an article than of the page around it', () => {
    const both = [
      { '@type': 'WebPage', dateModified: '2020-01-01', description: 'The page.' },
      { '@type': 'NewsArticle', dateModified: '2024-01-01' },
    ];
    expect(metadata(jsonLd(both))).toMatchObject({ modifiedTime: '2024-01-01', description: 'The page.' });
  });
});

describe('microdata, Dublin Core and <time>', () => {
  it('reads an item of microdata with what is nested in it', () => {
    const body = `<article itemscope itemtype="http://schema.org/BlogPosting"><h1 itemprop="headline">Story</h1>
      <p itemprop="author" itemscope itemtype="http://schema.org/Person"><a itemprop="name url" href="/ann">Ann</a></p>
      <p itemprop="author" itemscope><span itemprop="name">Bo</span></p><img itemprop="image" src="/i.png">
      <meta itemprop="description" content="In short."><time itemprop="datePublished" datetime="2024-03-12">12 March</time>
      <div itemprop="comment" itemscope><span itemprop="author">Troll</span><time itemprop="datePublished" datetime="2025-01-01"></time></div></article>`;
    expect(metadata('', body)).toMatchObject({
      author: 'Ann, Bo',
      image: 'https://www.example.com/i.png',
      description: 'In short.',
      publishedTime: '2024-03-12',
    });
  });

  it('reads Dublin Core, with a point or a colon', () => {
    const head =
      meta('DC.title', 'Cored') +
      meta('dc:creator', 'Ann') +
      meta('DC.creator', 'Bo') +
      meta('DCTERMS.issued', '2024-03-12') +
      meta('dcterms:modified', '2024-03-13') +
      meta('DC.Description', 'In short.');
    expect(metadata(head)).toMatchObject({
      title: 'Cored',
      author: 'Ann, Bo',
      publishedTime: '2024-03-12',
      modifiedTime: '2024-03-13',
      description: 'In short.',
    });
  });

  it.each<[string, string, Partial<PageMetadata>]>([
    [
      'the one article',
      '<article><h1>A</h1><time datetime="2024-03-12">x</time></article>',
      { publishedTime: '2024-03-12' },
    ],
    ['words', '<article><h1>A</h1><time>March 12, 2024</time></article>', { publishedTime: '2024-03-12' }],
    [
      'the article that the heading stands in',
      '<article><time datetime="2020-01-01"></time></article><article><h1>A</h1><time datetime="2024-03-12"></time></article>',
      { publishedTime: '2024-03-12' },
    ],
    [
      'no article of a list',
      '<h1>Blog</h1><article><time datetime="2020-01-01"></time></article><article><time datetime="2021-01-01"></time></article>',
      { publishedTime: null },
    ],
    ['the header', '<header><time datetime="2024-03-12"></time></header>', { publishedTime: '2024-03-12' }],
    [
      'classes for both times',
      '<article><h1>A</h1><time class="updated" datetime="2024-03-13"></time><time class="entry-date published" datetime="2024-03-12"></time></article>',
      { publishedTime: '2024-03-12', modifiedTime: '2024-03-13' },
    ],
    ['a relative time, which is none', '<article><h1>A</h1><time>3 days ago</time></article>', { publishedTime: null }],
  ])('reads <time> of %s', (_, body, expected) => {
    expect(metadata('', body)).toMatchObject(expected);
  });
});

describe('dates', () => {
  it.each<[string, string, string | null]>([
    ['2024-03-12T10:30:00+0200', 'en', '2024-03-12T10:30:00+02:00'],
    ['2024-03-12 10:30:00', 'en', '2024-03-12T10:30:00'],
    // As Ruby prints a time.
    ['2024-03-12 23:30:00 UTC', 'en', '2024-03-12T23:30:00Z'],
    ['Tue, 12 Mar 2024 10:30:00 +0100', 'en', '2024-03-12T10:30:00+01:00'],
    ['Tue, 12 Mar 2024 10:30:00 GMT', 'en', '2024-03-12T10:30:00Z'],
    ['12. März 2024', 'de', '2024-03-12'],
    ['03/12/2024', 'en-US', '2024-03-12'],
    ['03/12/2024', 'fr', '2024-12-03'],
    ['20240312', 'en', '2024-03-12'],
    ['1710237000', 'en', '2024-03-12T09:50:00Z'],
    ['0001-01-01T00:00:00', 'en', null],
    ['1970-01-01T00:00:00Z', 'en', null],
    ['yesterday', 'en', null],
    ['2024', 'en', null],
  ])('%s on a page in %s', (text, lang, expected) => {
    expect(metadata(meta('date', text), '<p>x</p>', { lang }).publishedTime).toBe(expected);
  });

  it('that cannot be read give way to the next source', () => {
    expect(metadata(meta('article:published_time', 'soon') + meta('dc.date', '2024-03-12')).publishedTime).toBe(
      '2024-03-12',
    );
  });
});

describe('titles', () => {
  const title = (full: string, { head = '', body = '<p>x</p>', url = URL_OF_PAGE } = {}): string | null =>
    metadata(`<title>${full}</title>${head}`, body, { url }).title;
  const site = '<meta property="og:site_name" content="The Paper">';

  it.each([
    'Story | The Paper',
    'Story - The Paper',
    'Story – The Paper',
    'Story — The Paper',
    'Story · The Paper',
    'Story • The Paper',
    'Story « The Paper',
    'Story » The Paper',
    'Story › The Paper',
    'Story :: The Paper',
    'Story: The Paper',
    'Story / The Paper',
    'Story ~ The Paper',
    'Story｜The Paper',
    'The Paper: Story',
    'The Paper | Story',
    'STORY | the paper',
  ])('lose the site that the page declares: %s', (full) => expect(title(full, { head: site })).toMatch(/^story$/i));

  it.each<[string, string, string]>([
    ['Story | Example', URL_OF_PAGE, 'Story'],
    ['Story - The Example', 'https://theexample.org/a', 'Story'],
    ['Story | Example.com', URL_OF_PAGE, 'Story'],
    ['Example - Story: a tale', URL_OF_PAGE, 'Story: a tale'],
    ['Guide | Section | Example', 'https://docs.example.com/a', 'Guide | Section'],
    ['Settings - Docs', 'https://docs.example.com/a', 'Settings - Docs'],
    ['Story | Elsewhere', URL_OF_PAGE, 'Story | Elsewhere'],
    ['A-B', 'https://b.example/a', 'A-B'],
    ['1 - 127', 'http://127.0.0.1/a', '1 - 127'],
  ])('lose the name of the domain and nothing else: %s', (full, url, expected) => {
    expect(title(full, { url })).toBe(expected);
  });

  it('are not emptied, and a home page keeps its own', () => {
    expect(title('The Paper', { head: site })).toBe('The Paper');
    expect(title('The Paper | News from here', { head: site, url: 'https://example.com/' })).toBe(
      'The Paper | News from here',
    );
    expect(title('The Paper | News from here', { head: site })).toBe('News from here');
  });

  it('of any length are taken at once', () => {
    expect(title('|'.repeat(200_000))).toHaveLength(200_000);
  });

  it('come from elsewhere when there is none', () => {
    expect(metadata('<meta property="og:title" content="Story | The Paper">' + site).title).toBe('Story');
    expect(metadata(jsonLd({ '@type': 'Article', headline: 'Story' })).title).toBe('Story');
    expect(metadata('', '<svg><title>Icon</title></svg><h1>Story</h1>').title).toBe('Story');
  });
});

describe('addresses, language and the rest', () => {
  it.each<[string, string | null]>([
    ['<link rel="canonical" href="/docs/page">', 'https://www.example.com/docs/page'],
    ['<link rel="canonical" href="?a=1">', 'https://www.example.com/docs/page?a=1'],
    ['<base href="/other/"><link rel="CANONICAL nofollow" href="page">', 'https://www.example.com/other/page'],
    ['<link rel="canonical" href="https://elsewhere.example/page">', 'https://elsewhere.example/page'],
    ['<link rel="canonical" href="/a"><link rel="canonical" href="/a">', 'https://www.example.com/a'],
    ['<link rel="canonical" href="/a"><link rel="canonical" href="/b">', null],
    ['<link rel="canonical" href="javascript:0">', null],
    ['<link rel="canonical" href="">', null],
  ])('canonical of %s', (head, expected) => expect(metadata(head).canonicalUrl).toBe(expected));

  it('that names another site is told but is not the key', () => {
    const head = '<html><head><link rel="canonical" href="https://elsewhere.example/page"></head><body>x</body></html>';
    expect(handle(head)).toMatchObject({ claimedKey: null, page: { key: 'https://example.com/docs/page' } });
  });

  it.each<[string, string, string | null]>([
    ['en_US', '', 'en_US'],
    ['{{lang}}', meta('content-language', 'de, en'), 'de'],
    ['', '<meta property="og:locale" content="pt_BR">', 'pt-BR'],
    ['', jsonLd({ '@type': 'WebPage', inLanguage: 'fr-CA' }), 'fr-CA'],
    ['zh-Hant-TW', '', 'zh-Hant-TW'],
    ['', '', null],
  ])('language of <html lang="%s">%s', (lang, head, expected) => {
    expect(metadata(head, '<p>x</p>', { lang }).languageCode).toBe(expected);
  });

  it.each<[string, string | null]>([
    [
      '<meta property="og:image" content="/og.png"><meta name="twitter:image" content="/t.png">',
      'https://www.example.com/og.png',
    ],
    [
      '<meta property="og:image" content="data:image/png;base64,x"><meta name="twitter:image" content="/t.png">',
      'https://www.example.com/t.png',
    ],
    [
      jsonLd({ '@type': 'Article', image: { '@type': 'ImageObject', contentUrl: 'a.png' } }),
      'https://www.example.com/docs/a.png',
    ],
    ['<link rel="image_src" href="/l.png">', 'https://www.example.com/l.png'],
    ['', null],
  ])('image of %s', (head, expected) => expect(metadata(head).image).toBe(expected));

  it('authors: all that the page names, no addresses', () => {
    expect(metadata(meta('author', 'Ann') + meta('author', 'Bo') + meta('author', 'Ann')).author).toBe('Ann, Bo');
    expect(metadata('<meta property="article:author" content="https://social.example/ann">').author).toBeNull();
    expect(metadata('', '<p>By <a rel="author" href="/ann">Ann</a></p>').author).toBe('Ann');
    expect(metadata(meta('twitter:creator', '@ann')).author).toBe('@ann');
  });
});
