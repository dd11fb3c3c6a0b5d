import { crawlFacts } from '../../src/collect/crawl-facts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordItem } from '../../src/collect/item.js';
import type { RunInput } from '../../src/input.js';
import { recordWarnings } from '../../src/collect/record-warnings.js';
import { field } from './extract/page.js';
import { removeFolder, runCollect, runFolder, type Collected } from './run-collect.js';
import { TestSite, type Route } from './site.js';

const sites: TestSite[] = [];
const folders: Collected[] = [];
afterAll(async () => {
  await Promise.all(sites.map((site) => site.close()));
  folders.forEach(removeFolder);
});

async function start(routes: Record<string, Route>): Promise<TestSite> {
  const site = await TestSite.start(routes);
  sites.push(site);
  return site;
}

const FIELDS = [field('name', 'b'), field('price', 'i', { type: 'number' })];

async function collect(site: TestSite, path: string, input: Partial<RunInput> = {}): Promise<Collected> {
  const run = await runCollect({ startUrls: [site.url(path)], recordSelector: '.r', recordFields: FIELDS, ...input });
  folders.push(run);
  return run;
}

const card = (name: string, price: string, link = `/item/${name}`): string =>
  `<li class="r"><a href="${link}"><b>${name}</b></a><i>${price}</i></li>`;
const listPage = (cards: string, after = '', lang = 'en'): string =>
  `<!doctype html><html lang="${lang}"><head><title>List</title></head><body><main><ul>${cards}</ul>${after}</main></body></html>`;
const names = (run: Collected): unknown[] => run.items.map((item) => (item as RecordItem).record['name']).sort();

describe('lists of several pages', () => {
  it('are followed to their end, outside the path of the start URL and beyond the depth of a site', async () => {
    const last = 6;
    const routes: Record<string, Route> = {};
    for (let at = 1; at <= last; at += 1) {
      const next = at < last ? `<a rel="next" href="/list/${at + 1}">more</a>` : '';
      routes[`/list/${at}`] = listPage(card(`n${at}`, String(at)), next);
    }
    const site = await start(routes);
    const run = await collect(site, '/list/1', { maxCrawlDepth: 2 });
    expect(names(run)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
    expect(run.report).toMatchObject({ pagesLoaded: last, complete: true });
    expect(run.items.map(({ crawl }) => crawl.depth)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('belong to the scope afterwards, so that a record that goes missing from them is known as gone', async () => {
    const plain = (name: string, next = ''): string => listPage(`<li class="r"><b>${name}</b><i>1</i></li>`, next);
    const link = (to: string): string => `<a rel="next" href="${to}">Next</a>`;
    const site = await start({
      '/list/1': plain('n1', link('/list/2')),
      '/list/2': plain('n2', link('/list/3')),
      '/list/3': plain('n3'),
    });
    const run = await collect(site, '/list/1');
    const facts = crawlFacts(run.report, {
      startUrls: [site.url('/list/1')],
      includeUrlGlobs: [],
      excludeUrlGlobs: [],
    });
    expect(run.keys()).toEqual([1, 2, 3].map((at) => expect.stringContaining(`/list/${at}#record-`) as string));
    expect(run.keys().map((key) => facts.inScope(key))).toEqual([true, true, true]);
    expect(facts.inScope(site.url('/list/4#record-0'))).toBe(false);
  });

  it('are not followed where only start URLs are read, or the next page is excluded or on another site', async () => {
    const next = (href: string): string => listPage(card(href, '1'), `<a rel="next" href="${href}">Next</a>`);
    const site = await start({
      '/a': next('/a2'),
      '/b': next('/b2'),
      '/c': next('http://localhost:1/c2'),
      '/a2': next('/a3'),
      '/b2': next('/b3'),
    });
    expect((await collect(site, '/a', { maxCrawlDepth: 0 })).report).toMatchObject({
      pagesLoaded: 1,
      skipped: { depth: 1 },
    });
    const excluded = await collect(site, '/b', { excludeUrlGlobs: ['**/b2'] });
    expect(excluded.report).toMatchObject({ pagesLoaded: 1, skipped: { filters: 2 } });
    expect((await collect(site, '/c')).report).toMatchObject({ pagesLoaded: 1, pagesFailed: 0 });
  });

  it('without end are left when they bring nothing new', async () => {
    const site = await start({
      '/list/1': listPage(card('n1', '1'), '<a rel="next" href="/list/2">Next</a>'),
      // What is beyond the end shows the last page again, and a link to one more.
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, at): [string, Route] => [
          `/list/${at + 2}`,
          listPage(card('n2', '2'), `<a rel="next" href="/list/${at + 3}">Next</a>`),
        ]),
      ),
    });
    const run = await collect(site, '/list/1');
    expect(names(run)).toEqual(['n1', 'n2']);
    expect(run.report).toMatchObject({ pagesLoaded: 3, skipped: { duplicate: 1 } });
    expect(run.warnings).toEqual([]);
  });

  it('end at the limit of pages', async () => {
    const routes = Object.fromEntries(
      Array.from({ length: 20 }, (_, at): [string, Route] => [
        `/list/${at}`,
        listPage(card(`n${at}`, '1'), `<a rel="next" href="/list/${at + 1}">Next</a>`),
      ]),
    );
    const run = await collect(await start(routes), '/list/0', { maxCrawlPages: 4 });
    expect(run.report).toMatchObject({ pagesLoaded: 4, itemsStored: 4, complete: false });
  });
});

describe('what a person is told', () => {
  it('of values that cannot be read: field, count, an example and its page, also after a resumed run', async () => {
    const site = await start({
      '/list/': listPage(card('a', 'on request') + card('b', '1,299.00'), '<a href="/list/2">2</a>'),
      '/list/2': listPage(card('c', 'soon') + card('d', '')),
    });
    const folder = runFolder();
    const input = {
      startUrls: [site.url('/list/')],
      recordSelector: '.r',
      recordFields: [...FIELDS, field('sku', '.sku')],
    };
    const first = await runCollect({ ...input, maxCrawlPages: 1 }, {}, folder);
    expect(first.report).toMatchObject({ unreadableValues: 1 });
    folder.warnings.length = 0;
    const run = await runCollect(input, {}, folder);
    folders.push(run);
    expect(run.report.unreadableValues).toBe(2);
    expect(run.report.records).toEqual({
      records: 4,
      fields: [
        { name: 'name', found: 4, unreadable: 0, example: null },
        { name: 'price', found: 3, unreadable: 2, example: { value: 'on request', url: site.url('/list/') } },
        { name: 'sku', found: 0, unreadable: 0, example: null },
      ],
      conflicts: 0,
      conflicting: [],
      withoutOwnLink: 0,
    });
    expect(run.warnings).toEqual([
      `Field "price": 2 values could not be read as type number and stayed empty, for example "on request" on ${site.url('/list/')}. ` +
        'Name a closer selector or an `attribute`, or read the field as text.',
      'Field "sku" is empty in all of 4 records: nothing in them matches ".sku". ' +
        "A field's selector is looked for inside the record; inspect one in a browser and correct it in `recordFields`.",
    ]);
    expect(run.items.map((item) => (item as RecordItem).record)).toEqual([
      { name: 'a', price: null, sku: null },
      { name: 'b', price: 1299, sku: null },
      { name: 'c', price: null, sku: null },
      { name: 'd', price: null, sku: null },
    ]);
  });

  it('of records with one key: the same again is a duplicate, other content is named; the first stays', async () => {
    const site = await start({
      '/list/': listPage(card('a', '1') + card('a', '2', '/item/x'), '<a href="/list/2">2</a>'),
      '/list/2': listPage(card('a', '3') + card('b', '1') + card('b', '1')),
    });
    const run = await collect(site, '/list/', { recordKeyFields: ['name'] });
    expect(run.items.map((item) => [item.key, (item as RecordItem).record['price']])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(run.report.skipped.duplicate).toBe(3);
    expect(run.report.records).toMatchObject({
      conflicts: 2,
      conflicting: [
        { key: 'a', url: site.url('/list/') },
        { key: 'a', url: site.url('/list/2') },
      ],
    });
    expect(run.warnings).toEqual([
      '2 records left out: another record has the same values of `recordKeyFields` but other content, ' +
        `for example "a" on ${site.url('/list/')}. Name fields in \`recordKeyFields\` that tell all records apart.`,
    ]);
  });

  it('of records that share a link: all are kept', async () => {
    const site = await start({ '/list/': listPage(card('a', '1', '/company') + card('b', '2', '/company')) });
    const run = await collect(site, '/list/');
    expect(names(run)).toEqual(['a', 'b']);
    expect(run.warnings).toEqual([
      '2 records had the same link as others of the page and were told apart by their content, so one that changes becomes ' +
        'a new row. Name fields in `recordKeyFields` that identify a record.',
    ]);
  });

  it('but no value or address of a private dataset', () => {
    const example = { value: 'secret price', url: 'https://example.com/list' };
    const conflicting = [{ key: 'secret key', url: 'https://example.com/list' }];
    const fields = [{ name: 'price', found: 1, unreadable: 1, example }];
    const report = { records: 2, fields, conflicts: 1, conflicting, withoutOwnLink: 1 };
    const input = { recordFields: FIELDS.slice(1), recordKeyFields: [], datasetName: 'mine' };
    expect(recordWarnings(report, input)).toHaveLength(3);
    expect(recordWarnings(report, input).join(' ')).not.toMatch(/secret|example\.com/);
    expect(recordWarnings(report, { ...input, datasetName: null }).join(' ')).toMatch(/secret price.*secret key/);
  });
});

describe('records that scripts write', () => {
  let site: TestSite;
  beforeAll(async () => {
    const app = (
      next: string,
    ): string => `<!doctype html><html lang="de"><head><title>App</title></head><body><div id="app"></div><script>
      setTimeout(() => { document.getElementById('app').innerHTML = '<ul>' + ['a', 'b'].map((name) =>
        '<li class="r"><a href="/item/' + name + location.pathname + '"><b>' + name + '</b></a><i>1.299,00 €</i></li>').join('') + '</ul>${next}'; }, 50);
      </script></body></html>`;
    site = await start({ '/app/1': app('<a rel="next" href="/app/2">Weiter</a>'), '/app/2': app('') });
  });

  it('are read in a browser, page after page', async () => {
    const run = await collect(site, '/app/1', { crawlerType: 'playwright:adaptive', requestTimeoutSecs: 30 });
    expect(names(run)).toEqual(['a', 'a', 'b', 'b']);
    expect(run.items.map((item) => (item as RecordItem).record['price'])).toEqual([1299, 1299, 1299, 1299]);
    expect(run.keys()).toEqual(['a/app/1', 'a/app/2', 'b/app/1', 'b/app/2'].map((path) => site.url(`/item/${path}`)));
    expect(run.report).toMatchObject({ browserPages: 2, complete: true });
  });

  it('are not there for plain HTTP, and the run says so', async () => {
    const run = await collect(site, '/app/1');
    expect(run.report.nothingFound).toContain('set `crawlerType` to "playwright:adaptive"');
  });
}, 120_000);
