import { describe, expect, it } from 'vitest';
import { handleHtml, type PageResult } from '../../src/collect/handle-page.js';
import { isRecordItem, type PageItem } from '../../src/collect/item.js';
import type { RunInput } from '../../src/input.js';
import { testInput } from './run-collect.js';

function handle(html: string, input: Partial<RunInput> = {}, url = 'https://example.com/docs/page'): PageResult {
  const crawl = {
    loadedUrl: url,
    loadedTime: '2026-01-01T00:00:00.000Z',
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http' as const,
  };
  return handleHtml({ url, html, pdf: null, crawl }, testInput(input));
}

function pageItem(html: string, input: Partial<RunInput> = {}, url?: string): PageItem {
  const { page } = handle(html, input, url);
  if (page === null) throw new Error('no page item');
  return page;
}

function markdown(body: string): string {
  return pageItem(`<html><body><main>${body}</main></body></html>`).markdown;
}

describe('markdown', () => {
  it('keeps headings, lists and emphasis', () => {
    expect(markdown('<h1>T</h1><h2>A <em>b</em></h2><ul><li>x<ul><li>y</li></ul></li><li>z</li></ul>')).toBe(
      '# T\n\n## A _b_\n\n- x\n  - y\n- z',
    );
  });

  it.each([
    ['class on code', '<pre><code class="language-python">a = 1\n  b</code></pre>', 'python'],
    [
      'Sphinx',
      '<div class="highlight-python3 notranslate"><div class="highlight"><pre><span>a = 1</span>\n  b\n</pre></div></div>',
      'python3',
    ],
    ['data-lang', '<div data-lang="go"><pre>a = 1\n  b</pre></div>', 'go'],
    ['GitHub', '<div class="highlight highlight-source-shell"><pre>a = 1\n  b</pre></div>', 'shell'],
    ['brush', '<pre class="brush: js; toolbar: false">a = 1\n  b</pre>', 'js'],
    [
      'pandoc',
      '<div class="sourceCode"><pre class="sourceCode haskell"><code>a = 1\n  b</code></pre></div>',
      'haskell',
    ],
    ['default highlighting', '<div class="highlight-default"><pre>a = 1\n  b</pre></div>', ''],
    ['lines as blocks', '<pre class="language-ts"><code><div>a = 1</div><div>  b</div></code></pre>', 'ts'],
    ['line breaks', '<pre>a = 1<br>  b</pre>', ''],
    [
      'line numbers beside',
      '<table><tr><td class="linenos"><pre>1\n2</pre></td><td class="code"><div class="highlight-c"><pre>a = 1\n  b</pre></div></td></tr></table>',
      'c',
    ],
  ])('writes code as a fenced block with its language: %s', (_, html, language) => {
    expect(markdown(`<p>Before</p>${html}`)).toBe(`Before\n\n\`\`\`${language}\na = 1\n  b\n\`\`\``);
  });

  it('makes a fence longer than any in the code', () => {
    expect(markdown('<pre>```\nx\n```</pre>')).toBe('````\n```\nx\n```\n````');
  });

  it('writes tables, with or without a head, spans and blocks in cells', () => {
    expect(markdown('<table><thead><tr><th>A</th><th>B</th></tr></thead><tr><td>1</td><td>x|y</td></tr></table>')).toBe(
      '| A | B |\n| - | - |\n| 1 | x\\|y |',
    );
    expect(markdown('<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>')).toContain(
      '| 3 | 4 |',
    );
    const blocks = markdown(
      '<table><tr><th colspan="2">Head</th></tr><tr><td><p>a</p><p>b</p></td><td><ul><li>c</li><li>d</li></ul><pre>x\ny</pre></td></tr></table>',
    );
    expect(blocks.split('\n')).toHaveLength(3);
    expect(blocks).toContain('| a b | • c • d `x y` |');
  });

  it('makes links and images absolute, by <base> when there is one', () => {
    expect(
      markdown('<p><a href="../x?a=1&amp;b=2">x</a> <a href="#part">p</a> <img src="i.png" alt="An *image*"></p>'),
    ).toBe(
      '[x](https://example.com/x?a=1\\&b=2) [p](https://example.com/docs/page#part) ![An \\*image\\*](https://example.com/docs/i.png)',
    );
    const based = pageItem('<html><head><base href="/other/"></head><body><p><a href="x">x</a></p></body></html>');
    expect(based.markdown).toBe('[x](https://example.com/other/x)');
  });

  it('takes lazy images from where they wait and leaves out what is no web image', () => {
    expect(markdown('<p>a<img src="data:image/gif;base64,R0" data-src="/real.png" alt="r"></p>')).toContain(
      '/real.png',
    );
    expect(markdown('<p>a<img srcset="/s.png 100w, /l.png 900w" alt="r"></p>')).toContain('/l.png');
    expect(markdown('<p>a<img src="data:image/gif;base64,R0"></p>')).toBe('a');
  });

  it('keeps the words of links that lead nowhere safe', () => {
    expect(markdown('<p><a href="javascript:alert(1)">click</a> <a href="data:text/html,x">here</a></p>')).toBe(
      'click here',
    );
  });

  it('escapes what would become formatting and decodes entities once', () => {
    expect(markdown('<p>&amp;lt; *not* _em_ `code` # [x](y) &lt;b&gt;</p>')).toBe(
      '\\&lt; \\*not\\* \\_em\\_ \\`code\\` # \\[x]\\(y) \\<b>',
    );
  });

  it('writes definition lists as bold terms with their descriptions', () => {
    expect(markdown('<p>Terms:</p><dl><dt>Term <code>x</code></dt><dd><p>What it is</p><pre>y</pre></dd></dl>')).toBe(
      'Terms:\n\n**Term `x`**\n\nWhat it is\n\n```\ny\n```',
    );
  });

  it('leaves out permalinks, copy buttons and scripts', () => {
    expect(
      markdown(
        '<h2>Part<a class="headerlink" href="#part">¶</a></h2><div><button class="copybtn">Copy</button><pre>x</pre></div><script>1</script>',
      ),
    ).toBe('## Part\n\n```\nx\n```');
  });
});

describe('text', () => {
  it('has one line per block and no glued words', () => {
    const { text } = pageItem(
      '<html><body><main><h1>Title</h1><p>One<br>two</p><ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr></table></main></body></html>',
    );
    expect(text).toBe('Title\nOne\ntwo\na\nb\n1\t2');
  });

  it('says which footnote is meant, by the number that the page gives it', () => {
    const { text } = pageItem(
      '<html><body><main><p>Known.<a href="#n">[7]</a></p><ol class="references"><li id="n">A book.</li></ol></main></body></html>',
    );
    expect(text).toBe('Known.[7]\nA book.');
  });
});

const sentence = 'This sentence belongs to the article, has commas, and is long enough to count as content. ';

describe('main content', () => {
  it('takes an article out of its page and keeps its first heading', () => {
    const html = `<html><head><title>Big news - The Paper</title></head><body><nav><a href="/a">Home</a> <a href="/b">Sport</a></nav>
      <div class="layout"><div class="story"><h1>Big news</h1>${`<p>${sentence.repeat(3)}</p>`.repeat(6)}<h2>More</h2><p>${sentence}</p></div>
      <div class="sidebar related"><a href="/c">Something else</a></div></div><footer>© The Paper</footer></body></html>`;
    const { report, page } = handle(html, { debugLog: true });
    expect(report?.route).toBe('readability');
    expect(page?.markdown).toMatch(/^# Big news\n/);
    expect(page?.markdown).toContain('## More');
    expect(page?.markdown).not.toMatch(/Sport|Something else|The Paper/);
    expect(page?.metadata.title).toBe('Big news');
  });

  it('keeps an h2 that stands in for the title', () => {
    const html = `<html><head><title>Release 1.2</title></head><body><h2>Release 1.2</h2>${`<p>${sentence.repeat(3)}</p>`.repeat(6)}</body></html>`;
    expect(pageItem(html).markdown).toMatch(/^## Release 1\.2\n/);
  });

  it('keeps all headings, tables and code of documentation', () => {
    const html = `<html><head><title>Fields — Manual 3.2</title></head><body><div class="related"><a href="i">index</a></div>
      <div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main">
      <section><h1>Fields<a class="headerlink" href="#f">¶</a></h1><section><h2>Options</h2><p>Short.</p>
      <div class="highlight-python"><pre>x = 1</pre></div><table class="docutils"><tr><th>a</th></tr><tr><td>b</td></tr></table></section></section>
      </div></div></div><div class="sphinxsidebar"><h3>Contents</h3><a href="#f">Fields</a></div></div></body></html>`;
    const { report, page } = handle(html, { debugLog: true });
    expect(report?.route).toBe('documentation');
    expect(page?.markdown).toBe('# Fields\n\n## Options\n\nShort.\n\n```python\nx = 1\n```\n\n| a |\n| - |\n| b |');
    expect(page?.metadata.title).toBe('Fields');
  });

  it('never gives an empty item for a page that has text', () => {
    for (const body of [
      'Hello',
      '<a href="/x">Only a link</a>',
      '<nav>Only navigation</nav>',
      '<footer><p>Only this</p></footer>',
    ]) {
      expect(pageItem(`<html><body>${body}</body></html>`).text).not.toBe('');
    }
    expect(pageItem('Just words').text).toBe('Just words');
  });

  it('keeps and removes what the input names', () => {
    const html = '<html><body><div class="a">Alpha</div><div class="b">Beta <i>cut</i></div></body></html>';
    const item = pageItem(html, { keepElementsCssSelector: '.b', removeElementsCssSelector: 'i' });
    expect(item.markdown).toBe('Beta');
  });

  it('removes cookie banners unless told not to', () => {
    const html = '<html><body><main>Words</main><div id="cookie-banner">We use cookies</div></body></html>';
    expect(pageItem(html, { keepElementsCssSelector: 'body' }).text).toBe('Words');
    expect(pageItem(html, { keepElementsCssSelector: 'body', removeCookieWarnings: false }).text).toContain('cookies');
  });
});

describe('metadata', () => {
  it('reads what a page says about itself', () => {
    const { metadata } = pageItem(`<html lang="en-GB"><head><title>A page | Site</title>
      <meta property="og:site_name" content="Site"><meta name="description" content=" About  it ">
      <meta property="og:image" content="/i.png"><link rel="canonical" href="/docs/page?x=1">
      <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": [{"name": "Ann"}, {"name": "Bob"}],
        "datePublished": "2024-05-01T10:00:00+02:00", "dateModified": "2024-05-02"}]}</script></head><body><p>x</p></body></html>`);
    expect(metadata).toEqual({
      canonicalUrl: 'https://example.com/docs/page?x=1',
      title: 'A page',
      description: 'About it',
      author: 'Ann, Bob',
      publishedTime: '2024-05-01T10:00:00+02:00',
      modifiedTime: '2024-05-02',
      languageCode: 'en-GB',
      siteName: 'Site',
      image: 'https://example.com/i.png',
    });
  });

  it.each([
    ['Settings — Manual 3.2', '<h1>Manual 3.2</h1><div class="body"><h1>Settings¶</h1></div>', 'Settings'],
    ['Manual: Settings', '<h1>Settings</h1>', 'Settings'],
    ['A - B', '<h1>Else</h1>', 'A - B'],
    ['Well-known things', '<h1>Well</h1>', 'Well-known things'],
    ['Well-known C: a guide', '<h1>Something</h1>', 'Well-known C: a guide'],
  ])('takes the site off the title "%s"', (title, body, expected) => {
    expect(pageItem(`<html><head><title>${title}</title></head><body>${body}</body></html>`).metadata.title).toBe(
      expected,
    );
  });

  it('says null, never an empty string, and believes no contradicting canonical links', () => {
    const { metadata } = pageItem(`<html lang=""><head><title> </title><meta name="author" content="">
      <link rel="canonical" href="/a"><link rel="canonical" href="/b"></head><body>x</body></html>`);
    expect(new Set(Object.values(metadata))).toEqual(new Set([null]));
  });
});

describe('records', () => {
  const html = `<html lang="en"><body><ul>
    <li class="p"><a href="/p/1">Lamp</a><b>$1,299.00</b><time datetime="2024-05-01">1 May</time><i>yes</i><s>me@example.com</s><img src="/1.png"><u>red</u><u>blue</u></li>
    <li class="p"><a href="/p/2">Chair</a><b>soon</b></li></ul></body></html>`;
  const field = (name: string, selector: string, type: RunInput['recordFields'][number]['type'], multiple = false) => ({
    name,
    selector,
    type,
    multiple,
    attribute: null,
  });
  const recordFields = [
    field('name', 'a', 'text'),
    field('price', 'b', 'number'),
    field('link', 'a', 'url'),
    field('date', 'time', 'date'),
    field('sold', 'i', 'boolean'),
    field('mail', 's', 'email'),
    field('photo', 'img', 'image'),
    field('colours', 'u', 'text', true),
  ];

  it('reads typed values, null for what is missing or unreadable', () => {
    const result = handle(html, { recordSelector: '.p', recordFields });
    expect(result.page).toBeNull();
    expect(result.records.map(({ record }) => record)).toEqual([
      {
        name: 'Lamp',
        price: 1299,
        link: 'https://example.com/p/1',
        date: '2024-05-01',
        sold: true,
        mail: 'me@example.com',
        photo: 'https://example.com/1.png',
        colours: ['red', 'blue'],
      },
      {
        name: 'Chair',
        price: null,
        link: 'https://example.com/p/2',
        date: null,
        sold: null,
        mail: null,
        photo: null,
        colours: [],
      },
    ]);
    expect(result.fields['price']).toEqual({ found: 2, unreadable: 1, example: 'soon' });
    expect(result.records.map(({ key }) => key)).toEqual(['https://example.com/p/1', 'https://example.com/p/2']);
    expect(result.records.every(isRecordItem)).toBe(true);
  });

  it('keys records by the named fields, else by their link, else by page and content', () => {
    const keyed = (input: Partial<RunInput>): string[] =>
      handle(html, { recordSelector: '.p', ...input }).records.map(({ key }) => key);
    expect(keyed({ recordFields, recordKeyFields: ['name'] })).toEqual(['Lamp', 'Chair']);
    expect(keyed({ recordFields: recordFields.slice(0, 2) })).toEqual([
      'https://example.com/p/1',
      'https://example.com/p/2',
    ]);
    const linkless = handle('<p class="p">a</p><p class="p">b</p>', {
      recordSelector: '.p',
      recordFields: [field('words', ':scope', 'text')],
    }).records.map(({ key }) => key);
    expect(new Set(linkless).size).toBe(2);
    expect(linkless.every((key) => key.startsWith('https://example.com/docs/page#record-'))).toBe(true);
  });

  it.each([
    ['1.299,00 €', 'de', 1299],
    ['1.299', 'de-AT', 1299],
    ['1.299', 'en', 1.299],
    ['1,299', 'en-US', 1299],
    ['1 299,50', 'fr', 1299.5],
    ['−5 °C', 'en', -5],
    ['Price: USD 12.5 each', 'en', 12.5],
    ['1’299.90', 'de-CH', 1299.9],
    ['none', 'en', null],
  ])('reads the number %s on a page in %s', (words, lang, expected) => {
    const result = handle(`<html lang="${lang}"><body><p class="p">${words}</p></body></html>`, {
      recordSelector: '.p',
      recordFields: [field('n', ':scope', 'number')],
    });
    expect(result.records[0]?.record).toEqual({ n: expected });
  });
});
