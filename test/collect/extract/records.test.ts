import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunInput } from '../../../src/input.js';
import type { RecordFieldInput } from '../../../src/record-field.js';
import { field, handle } from './page.js';

/** The value that one field gets from one element. */
function value(html: string, more: Partial<RecordFieldInput>, lang = 'en', head = ''): unknown {
  const page = `<html lang="${lang}"><head>${head}</head><body><div class="r">${html}</div></body></html>`;
  const { records } = handle(page, { recordSelector: '.r', recordFields: [field('v', '.r > *', more)] });
  return records[0]?.record['v'];
}

describe('values of a record', () => {
  it.each<[string, Partial<RecordFieldInput>, unknown]>([
    // Words.
    ['<p>One<br>two</p>', {}, 'One two'],
    ['<div><h3>Title</h3><p>Text</p></div>', {}, 'Title Text'],
    ['<p>Wa<b>ter</b></p>', {}, 'Water'],
    ['<p>A<script>x()</script><style>b{}</style></p>', {}, 'A'],
    ['<meta content="M-1">', {}, 'M-1'],
    ['<img alt="A lamp">', {}, 'A lamp'],
    ['<p title="T">x</p>', { attribute: 'title' }, 'T'],
    ['<p> </p>', {}, null],
    // Numbers.
    ['<b>$12<sup>99</sup></b>', { type: 'number' }, 12.99],
    ['<b>12<sup>1</sup> pieces</b>', { type: 'number' }, 12],
    ['<meta itemprop="price" content="1.299">', { type: 'number' }, 1.299],
    ['<data value="1299">about 1,3 thousand</data>', { type: 'number' }, 1299],
    ['<b data-price="1.299">x</b>', { type: 'number', attribute: 'data-price' }, 1.299],
    ['<b title="1,299 pieces">x</b>', { type: 'number', attribute: 'title' }, 1299],
    ['<b>soon</b>', { type: 'number' }, null],
    // Dates.
    ['<time datetime="2024-03-12T10:00+01:00">last week</time>', { type: 'date' }, '2024-03-12T10:00:00+01:00'],
    ['<p>On <time datetime="2024-03-12">12 March</time></p>', { type: 'date' }, '2024-03-12'],
    ['<p>March 12, 2024</p>', { type: 'date' }, '2024-03-12'],
    ['<p data-at="1710237000">x</p>', { type: 'date', attribute: 'data-at' }, '2024-03-12T09:50:00Z'],
    ['<p>yesterday</p>', { type: 'date' }, null],
    // Addresses.
    ['<a href="../b?x=1">b</a>', { type: 'url' }, 'https://example.com/b?x=1'],
    ['<p><a href="/b">b</a></p>', { type: 'url' }, 'https://example.com/b'],
    ['<p data-href="b">x</p>', { type: 'url', attribute: 'data-href' }, 'https://example.com/docs/b'],
    ['<p>https://other.example/a</p>', { type: 'url' }, 'https://other.example/a'],
    ['<p>www.other.example/a</p>', { type: 'url' }, 'https://www.other.example/a'],
    ['<p>some words</p>', { type: 'url' }, null],
    ['<a href="#">open</a>', { type: 'url' }, null],
    ['<a href="javascript:void(0)">open</a>', { type: 'url' }, null],
    ['<a href="//cdn.example/x">x</a>', { type: 'url' }, 'https://cdn.example/x'],
    // Pictures.
    ['<img src="/i.png">', { type: 'image' }, 'https://example.com/i.png'],
    ['<img src="data:image/gif;base64,R0" data-src="/real.png">', { type: 'image' }, 'https://example.com/real.png'],
    ['<img src="/s.png" srcset="/s.png 1x, /l.png 2x">', { type: 'image' }, 'https://example.com/l.png'],
    [
      '<p><picture><source srcset="/a.webp 400w, /b.webp 900w"><img src="/c.png"></picture></p>',
      { type: 'image' },
      'https://example.com/b.webp',
    ],
    ['<a href="/full.jpg">view</a>', { type: 'image' }, 'https://example.com/full.jpg'],
    [`<p style="background-image: url('/bg.jpg')"></p>`, { type: 'image' }, 'https://example.com/bg.jpg'],
    ['<img src="data:image/gif;base64,R0">', { type: 'image' }, null],
    // E-mails.
    ['<a href="mailto:ann%40example.com?subject=Hi">write</a>', { type: 'email' }, 'ann@example.com'],
    ['<p>Write to <a href="mailto:ann@example.com">us</a></p>', { type: 'email' }, 'ann@example.com'],
    ['<p>Mail: ann.b+c@mail.example.co.uk.</p>', { type: 'email' }, 'ann.b+c@mail.example.co.uk'],
    ['<p>info@müller.de</p>', { type: 'email' }, 'info@müller.de'],
    ['<a href="/contact">contact</a>', { type: 'email' }, null],
    // Yes and no.
    ['<b>Yes</b>', { type: 'boolean' }, true],
    ['<b>✓ In stock</b>', { type: 'boolean' }, true],
    ['<b>Sold out!</b>', { type: 'boolean' }, false],
    ['<b>nicht verfügbar</b>', { type: 'boolean' }, false],
    ['<b>En stock</b>', { type: 'boolean' }, true],
    ['<input type="checkbox" checked>', { type: 'boolean' }, true],
    ['<input type="checkbox">', { type: 'boolean' }, false],
    ['<i aria-checked="true"></i>', { type: 'boolean' }, true],
    ['<link itemprop="availability" href="https://schema.org/OutOfStock">', { type: 'boolean' }, false],
    ['<button disabled>Buy</button>', { type: 'boolean', attribute: 'disabled' }, true],
    ['<button>Buy</button>', { type: 'boolean', attribute: 'disabled' }, false],
    ['<b>maybe</b>', { type: 'boolean' }, null],
  ])('reads %s as %o', (html, more, expected) => {
    expect(value(html, more)).toBe(expected);
  });

  it('resolves addresses by <base href>', () => {
    expect(value('<a href="x">x</a>', { type: 'url' }, 'en', '<base href="/other/">')).toBe(
      'https://example.com/other/x',
    );
  });

  it('takes the language of the nearest element that says one, and the country from the domain', () => {
    expect(value('<b>1.299</b>', { type: 'number' }, 'de')).toBe(1299);
    const part = '<html lang="en"><body><section lang="de"><p class="r">1.299</p></section></body></html>';
    const recordFields = [field('v', ':scope', { type: 'number' })];
    expect(handle(part, { recordSelector: '.r', recordFields }).records[0]?.record).toEqual({ v: 1299 });
    const british = '<html lang="en"><body><p class="r">03/12/2024</p></body></html>';
    const days = [field('v', ':scope', { type: 'date' })];
    const read = (url: string): unknown =>
      handle(british, { recordSelector: '.r', recordFields: days }, url).records[0]?.record['v'];
    expect(read('https://shop.co.uk/')).toBe('2024-12-03');
    expect(read('https://shop.com/')).toBe('2024-03-12');
  });

  it('reads several values where asked to, and else the first that says anything', () => {
    const html = '<ul class="r"><li></li><li>1</li><li>two</li><li>3</li></ul>';
    const one = handle(html, { recordSelector: '.r', recordFields: [field('v', 'li', { type: 'number' })] });
    expect(one.records[0]?.record).toEqual({ v: 1 });
    expect(one.fields).toEqual({ v: { found: 1, unreadable: 0, example: null } });
    const all = handle(html, {
      recordSelector: '.r',
      recordFields: [field('v', 'li', { type: 'number', multiple: true })],
    });
    expect(all.records[0]?.record).toEqual({ v: [1, 3] });
    expect(all.fields).toEqual({ v: { found: 1, unreadable: 1, example: 'two' } });
    const none = handle(html, { recordSelector: '.r', recordFields: [field('v', 'b', { multiple: true })] });
    expect(none.records[0]?.record).toEqual({ v: [] });
  });

  it('tells missing from unreadable: both are null, only what stands there unread is counted', () => {
    const html = '<p class="r"><b>soon</b></p><p class="r"><b></b></p><p class="r"></p><p class="r"><b>9</b></p>';
    const { records, fields } = handle(html, {
      recordSelector: '.r',
      recordFields: [field('price', 'b', { type: 'number' })],
    });
    expect(records.map(({ record }) => record['price'])).toEqual([null, 9]);
    expect(fields).toEqual({ price: { found: 2, unreadable: 1, example: 'soon' } });
  });

  it('keeps a field whose name means something to JavaScript', () => {
    const { records } = handle('<p class="r">x</p>', {
      recordSelector: '.r',
      recordFields: [field('__proto__', ':scope'), field('constructor', 'b')],
    });
    expect(JSON.stringify(records[0]?.record)).toBe('{"__proto__":"x","constructor":null}');
  });
});

describe('the shape of a record', () => {
  it('is what the dataset schema and its view of records say', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../.actor/dataset_schema.json', import.meta.url), 'utf8'),
    ) as {
      fields: { properties: Record<string, unknown> };
      views: { records: { transformation: { fields: string[] } } };
    };
    const { records } = handle('<p class="r">x</p>', { recordSelector: '.r', recordFields: [field('v', ':scope')] });
    const item = records[0] as unknown as Record<string, unknown>;
    expect(Object.keys(schema.fields.properties)).toEqual(expect.arrayContaining(Object.keys(item)));
    for (const path of schema.views.records.transformation.fields) expect(item).toHaveProperty(path);
  });
});

describe('keys of records', () => {
  const keys = (html: string, input: Partial<RunInput>) => {
    const result = handle(html, {
      recordSelector: '.r',
      recordFields: [field('name', 'b'), field('no', 'i')],
      ...input,
    });
    return { keys: result.records.map(({ key }) => key), repeated: result.repeated, without: result.withoutOwnLink };
  };

  it('stay the same when only the order or the other records of the page change', () => {
    const [a, b] = ['<p class="r"><b>A</b></p>', '<p class="r"><a href="/b"><b>B</b></a></p>'];
    const [ofA, ofB] = keys(a + b, {}).keys;
    const more = keys(`${b}<p class="r"><b>C</b></p>${a}`, {}).keys;
    expect([more[0], more[2]]).toEqual([ofB, ofA]);
    expect(new Set(more).size).toBe(3);
  });

  it('are what the key fields say, in their order, where a record has all of them', () => {
    const html =
      '<p class="r"><b>A</b><i>1</i><a href="/x"></a></p><p class="r"><b>A</b><a href="/y"></a></p><p class="r"><a href="/z"></a></p>';
    expect(keys(html, { recordKeyFields: ['name', 'no'] }).keys).toEqual([
      '["A","1"]',
      'https://example.com/y',
      'https://example.com/z',
    ]);
  });

  it('are not the link when records of other content share it: none is lost, and how many is told', () => {
    const job = (name: string) => `<p class="r"><b>${name}</b><a href="/company">Company</a></p>`;
    const shared = keys(job('Cook') + job('Baker') + '<p class="r"><b>C</b><a href="/c"></a></p>', {});
    expect(new Set(shared.keys).size).toBe(3);
    expect(shared.keys[0]).toMatch(/^https:\/\/example\.com\/docs\/page#record-[0-9a-f]{16}$/);
    expect(shared.keys[2]).toBe('https://example.com/c');
    expect(shared.without).toBe(2);
    expect(shared.repeated).toEqual([]);
  });

  it('that two records of a page share are told, with whether something is lost', () => {
    const html = '<p class="r"><b>A</b><i>1</i></p><p class="r"><b>A</b><i>1</i></p><p class="r"><b>A</b><i>2</i></p>';
    const found = keys(html, { recordKeyFields: ['name'] });
    expect(found.keys).toEqual(['A']);
    expect(found.repeated).toEqual([
      { key: 'A', differs: false },
      { key: 'A', differs: true },
    ]);
  });
});

describe('the next page of a list', () => {
  const next = (body: string, head = '') =>
    handle(`<html><head>${head}</head><body><p class="r">x</p>${body}</body></html>`, {
      recordSelector: '.r',
      recordFields: [field('v', ':scope')],
    }).next;

  it.each<[string, string | null]>([
    ['<a rel="next" href="?page=2">more</a>', 'https://example.com/docs/page?page=2'],
    ['<a href="/p2">Next</a>', 'https://example.com/p2'],
    ['<a href="/p2">Next page »</a>', 'https://example.com/p2'],
    ['<a href="/p2">Weiter ›</a>', 'https://example.com/p2'],
    ['<a href="/p2" aria-label="Next page"><svg></svg></a>', 'https://example.com/p2'],
    ['<a href="/p2">Siguiente</a>', 'https://example.com/p2'],
    ['<nav class="pagination"><a href="/p1">‹</a><a href="/p2">›</a></nav>', 'https://example.com/p2'],
    ['<ul class="pager"><li class="next"><a href="/p2#top"><i></i></a></li></ul>', 'https://example.com/p2'],
    ['<nav aria-label="Breadcrumb"><a href="/a">›</a></nav>', null],
    ['<a class="next" href="/slide">slide</a>', null],
    ['<a href="/next-steps">Next steps for you</a>', null],
    ['<a rel="next nofollow" href="/p2">Next</a>', null],
    ['<a href="#">Next</a>', null],
    ['<a href="/p2" aria-disabled="true">Next</a>', null],
    ['<a rel="next" href="javascript:go()">Next</a>', null],
  ])('of %s', (body, expected) => expect(next(body)).toBe(expected));

  it('may be declared in the head', () => {
    expect(next('', '<link rel="next" href="/list/2">')).toBe('https://example.com/list/2');
  });
});
