import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/collect/item.js';
import { toSinkItem } from '../../../src/sinks/notion/sink-item.js';
import { notionForEachTest } from './each-test.js';
import { MemoryStore, page, sync } from './harness.js';
import { refusing } from './refusing.js';

describe('an item of any dataset', () => {
  const key = (raw: object, fields: string[] = []) => toSinkItem(raw, fields).key;
  it('has a key: the given fields, its URL without a fragment, its id, else its content', () => {
    expect(key({ sku: 'A1', url: 'https://a.example/' }, ['sku'])).toBe('A1');
    expect(key({ a: 1, b: 'x' }, ['a', 'b'])).toBe('[1,"x"]');
    expect(key({ url: 'https://A.example#top' })).toBe('https://a.example/');
    expect(key({ id: 7 })).toBe('id:7');
    expect(key({ name: 'x' })).toBe(key({ name: 'x' }));
    expect(key({ name: 'x' })).not.toBe(key({ name: 'y' }));
  });
  it('has its own key where it is a page or a record of ours; beside other people’s fields a key is one of them', () => {
    const crawled = { key: 'k', url: 'https://a.example/' };
    expect(key({ ...crawled, metadata: {}, markdown: '' }, ['url'])).toBe('k');
    expect(key({ ...crawled, record: { sku: 'A1', shop: { no: 7 } } })).toBe('k');
    expect(key({ ...crawled, record: { sku: 'A1' } }, ['sku'])).toBe('A1');
    expect(key({ ...crawled, record: { sku: 'A1' } }, ['url'])).toBe('k');
    expect(key({ ...crawled, record: { shop: { no: 7 } } }, ['shop.no'])).toBe('[7]');
    expect(key(crawled)).toBe('https://a.example/');
    expect(key({ key: 'price', id: 1 })).toBe('id:1');
    expect(key({ key: 'price', id: 1 }, ['id'])).toBe('[1]');
    expect(key({ key: 'price', id: 1 }, ['key'])).toBe('price');
    expect(key({ key: 'price', id: '' }, ['id'])).toMatch(/^[0-9a-f]{64}$/);
    expect(toSinkItem({ key: 'price', id: 1 }, []).record).toEqual({ key: 'price', id: 1 });
  });
  it('survives whatever it holds', () => {
    for (const raw of [null, 'text', 3, [], { url: 5, markdown: {}, metadata: 'x', record: [] }]) {
      expect(toSinkItem(raw, []).key).not.toBe('');
    }
  });
});

describe('a dataset', () => {
  const at = notionForEachTest();
  const run = (items: object[], input: object = {}) =>
    sync({ ...at, input: { startUrls: [], datasetId: 'abc', ...input } }, items as Item[]);
  const rows = () => [...at.notion.world.pages.values()];
  const values = () => rows().map((row) => at.notion.world.plainValues(row));

  it('of another crawler’s pages keeps titles, columns and bodies', async () => {
    const crawled = {
      url: 'https://a.example/one',
      crawl: { depth: 1, loadedUrl: 'https://a.example/one' },
      metadata: { title: 'One', description: 'About', languageCode: 'en', canonicalUrl: null },
      screenshotUrl: null,
      text: 'Words.',
      markdown: '# One\n\nWords.',
    };
    const { report } = await run([crawled, { ...crawled, url: 'https://a.example/two', markdown: undefined }]);
    expect(report).toMatchObject({ created: 2, failed: 0 });
    expect(values()[0]).toMatchObject({
      Name: 'One',
      URL: 'https://a.example/one',
      Description: 'About',
      Language: 'en',
    });
    expect(rows().map((row) => at.notion.world.markdownOf(row.id))).toEqual(['Words.', 'Words.']);
    expect(
      (await run([crawled, { ...crawled, url: 'https://a.example/two', markdown: undefined }])).report.unchanged,
    ).toBe(2);
  });

  it('of url and markdown alone, with further fields beside, maps those to columns', async () => {
    const { report } = await run([
      {
        url: 'https://a.example/1',
        markdown: 'Body *here*.',
        title: 'First',
        price: 3.5,
        tags: ['a', 'b'],
        shop: { city: 'Bonn' },
      },
    ]);
    expect(report.created).toBe(1);
    expect(values()[0]).toMatchObject({ Name: 'First', price: 3.5, tags: 'a, b', 'shop.city': 'Bonn' });
    expect(at.notion.world.markdownOf(rows()[0]!.id)).toBe('Body *here*.');
  });

  it('of plain rows maps their top-level fields, typed by their values', async () => {
    const plain = [
      {
        id: 1,
        name: 'Lamp',
        price: 10,
        inStock: true,
        link: 'https://a.example/lamp',
        since: '2026-01-02',
        note: null,
      },
      { id: 2, name: 'Desk', price: 'on request', inStock: false, link: null, since: null, note: { deep: { er: 1 } } },
    ];
    const { report, warnings } = await run(plain);
    expect(report).toMatchObject({ created: 2, failed: 0 });
    expect(values()).toMatchObject([
      { Name: 'Lamp', id: 1, price: '10', inStock: true, link: 'https://a.example/lamp', since: '2026-01-02' },
      { Name: 'Desk', id: 2, price: 'on request', inStock: false, 'note.deep': '{"er":1}' },
    ]);
    expect(warnings).toEqual([]);
    expect((await run(plain)).report.unchanged).toBe(2);
    const one = await run([{ ...plain[0], price: 11 }, plain[1]!]);
    expect(one.report).toMatchObject({ updated: 1, unchanged: 1 });
  });

  it('with more fields than a database should hold says how many were left out', async () => {
    const wide = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`f${index}`, index]));
    const { report } = await run([{ id: 1, ...wide }]);
    expect(report.created).toBe(1);
    expect(report.notes.join()).toMatch(/31 fields of the dataset got no column/);
  });

  it('clears what no item says any more, and fits today’s values to the columns that are there', async () => {
    const items = (sale: unknown, price: unknown) => [
      { id: 1, name: 'Lamp', price: 10, sale },
      { id: 2, name: 'Desk', price, sale },
    ];
    await run(items(5, 20));
    const over = await run(items(null, 21));
    expect(over.report).toMatchObject({ updated: 2 });
    expect(values()).toMatchObject([
      { price: 10, sale: null },
      { price: 21, sale: null },
    ]);
    const asked = await run(items('7', 'on request'));
    expect(asked.report).toMatchObject({ updated: 2 });
    expect(asked.warnings).toEqual(['Column "price": 1 value left out: not a number.']);
    expect(values()).toMatchObject([
      { price: 10, sale: 7 },
      { price: null, sale: 7 },
    ]);
    expect((await run(items('7', 'on request'))).report).toMatchObject({ unchanged: 2 });
    expect(Object.keys(values()[0]!)).toEqual([
      ...['Name', 'URL', 'id', 'price', 'sale', 'Changed', 'Status', 'Source', 'Sync key', 'Sync hash'],
    ]);
    // A field that never had a value has no type, so that it gets no column; a renamed column stays its field's.
    const { properties } = [...at.notion.world.dataSources.values()][0]!;
    [...properties.values()].find(({ name }) => name === 'sale')!.name = 'Angebot';
    await run(items(undefined, 20).map((item) => ({ ...item, name: 'x', later: null })));
    expect((await run(items(null, 20))).report).toMatchObject({ updated: 2 });
    expect(values()[0]).toMatchObject({ Angebot: null });
    expect(properties.size).toBe(10);
    // Not so much as named: perhaps it came from another dataset.
    const named = await run([{ id: 1, name: 'Lamp', price: 30 }]);
    expect(named.report.notes.join()).toContain('No item of the dataset has a field for Angebot; what stands');
    expect(over.report.notes.join()).not.toContain('left as it is');
  });

  it('fills the columns of a person’s own table by their types, and leaves those that it cannot write', async () => {
    const { database, dataSource } = at.notion.world.addDatabaseAsPerson({
      workspace: 'Anna’s',
      title: 'Own',
      properties: {
        Name: { title: {} },
        price: { number: {} },
        tag: { select: { options: [{ name: 'new' }] } },
        who: { people: {} },
      },
    });
    for (const { id } of at.notion.world.bots.values()) at.notion.world.share(database.id, id);
    const items = [{ id: 1, name: 'Lamp', price: '12', tag: 'New', who: 'Anna' }];
    const { report, warnings } = await run(items, { notionDatabase: database.id });
    expect(report).toMatchObject({ created: 1 });
    const [row] = at.notion.world.liveRows(dataSource.id);
    expect(at.notion.world.plainValues(row!)).toMatchObject({ Name: 'Lamp', price: 12, tag: 'new' });
    expect(warnings.join()).toMatch(/"who" has the type "people".+It is left as it is/);
  });

  it('with fields without a name, or with names that Notion takes for one, gives each a column', async () => {
    const items = [
      { id: 1, name: 'Lamp', '': 'row 0', ' ': 'blank', Color: 'red', color: 'blue', COLOR: 'green', status: 'x' },
    ];
    const { report } = await run(items);
    expect(report).toMatchObject({ created: 1, failed: 0 });
    expect(values()[0]).toMatchObject({
      ...{ Name: 'Lamp', Unnamed: 'row 0', 'Unnamed (record)': 'blank', 'status (record)': 'x' },
      ...{ Color: 'red', 'color (record)': 'blue', 'COLOR (record 2)': 'green' },
    });
    expect(report.notes.join()).toContain('has a field without a name; its column is called "Unnamed"');
    expect((await run(items)).report).toMatchObject({ unchanged: 1 });
  });

  it('with names so long that the columns are over Notion’s 50 KB leaves columns out, and says so', async () => {
    const wide = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index} ${'n'.repeat(600)}`, index]));
    const { report } = await run([{ id: 1, ...wide }]);
    expect(report.created).toBe(1);
    const { properties } = [...at.notion.world.dataSources.values()][0]!;
    expect(JSON.stringify([...properties.values()]).length).toBeLessThan(50_000);
    expect(properties.size).toBeGreaterThan(30);
    expect(report.notes.join()).toMatch(/\d+ fields of the dataset got no column/);
  });

  it('with shapes that nobody foresaw is written', async () => {
    const odd = { toString: 1 };
    const { report } = await run([
      { id: 1, record: { a: odd, b: [odd], c: { deep: { er: odd } } } },
      { url: 'https://a.example/', markdown: 'x', metadata: { title: odd, image: odd } },
      { url: 'https://a.example/2', markdown: 'x', metadata: { title: 't', image: ['https://a.example/i.png'] } },
    ]);
    expect(report).toMatchObject({ created: 3, failed: 0 });
  });

  it('holds web addresses only in columns for addresses', async () => {
    const { report, warnings } = await run([{ url: 'javascript:alert(document.domain)', markdown: 'x', title: 't' }]);
    expect(report).toMatchObject({ created: 1 });
    expect(values()[0]).toMatchObject({ Name: 't', URL: null });
    expect(warnings).toEqual(['Column "URL": 1 value left out: not a web address of at most 2000 characters.']);
  });

  it('with several items of one key keeps the first, never two rows, and says so', async () => {
    const items = [
      { id: 1, name: 'First' },
      { id: 2, name: 'Other' },
      { id: 1, name: 'Second' },
      { id: 1, name: 'Third' },
    ];
    const { report, results } = await run(items);
    expect(report).toMatchObject({ total: 4, done: 4, created: 2, kept: 2 });
    expect(report.notes.join()).toMatch(/2 items with the key of an earlier item, which counts \(recordKeyFields can/);
    expect(results.filter(({ reason }) => reason === 'repeated').map(({ key }) => key)).toEqual(['id:1', 'id:1']);
    expect(
      values()
        .map(({ Name }) => Name)
        .sort(),
    ).toEqual(['First', 'Other']);
    expect((await run(items)).report).toMatchObject({ unchanged: 2, kept: 2, created: 0, updated: 0 });
  });

  it('removes nothing: it is no crawl', async () => {
    await run([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const made = await sync({ ...at, input: { startUrls: [], datasetId: 'abc', onRemoved: 'trash' }, crawl: null }, [
      { id: 1 },
      { id: 2 },
    ] as never);
    expect(made.report.removed).toBe(0);
    expect(made.report.notes.join()).toMatch(/nothing was crawled/);
  });
});

describe('columns', () => {
  const at = notionForEachTest();

  it('say per column what could not stand as it came, and never lose it in silence', async () => {
    const token = at.notion.authorize({ workspace: 'A' }).accessToken;
    const recordFields = [
      ['name', 'text'],
      ['Price', 'number'],
      ['Since', 'date'],
      ['Mail', 'email'],
      ['Photo', 'image'],
    ].map(([name, type]) => ({ name, type, selector: 'x', attribute: null, multiple: false })) as never;
    const items = [
      {
        key: 'a',
        url: 'https://a.example/',
        record: { name: '😀'.repeat(1500), Price: 'x', Since: 'soon', Mail: 'a@b.example' },
      },
      {
        key: 'b',
        url: 'https://a.example/',
        record: { name: 'b', Price: [1, 2], Photo: ['data:x', 'https://a.example/b.png'] },
      },
    ] as never;
    const { report, warnings } = await sync({ notion: at.notion, token, input: { recordFields } }, items);
    expect(report).toMatchObject({ created: 2, failed: 0 });
    expect(warnings.sort()).toEqual([
      'Column "Name": 1 value shortened: to 2000 characters.',
      'Column "Photo": 1 value left out: not a web address.',
      'Column "Price": 1 value adjusted: the first of several values.',
      'Column "Price": 1 value left out: not a number.',
      'Column "Since": 1 value left out: not an ISO 8601 date.',
    ]);
    expect(report.notes.at(-1)).toBe(
      '5 values of column "Name" and 3 others could not be written as they came; the log says what became of them.',
    );
    const [a, b] = [...at.notion.world.pages.values()].map((row) => at.notion.world.plainValues(row));
    expect(a).toMatchObject({ Name: '😀'.repeat(1000), Price: null, Mail: 'a@b.example' });
    expect(b).toMatchObject({ Price: 1, Photo: 'https://a.example/b.png' });
  });

  it('of every type can be mapped onto, in a database that somebody else designed', async () => {
    const { accessToken: token, botId } = at.notion.authorize({ workspace: 'A' });
    const { database, dataSource } = at.notion.world.addDatabaseAsPerson({
      workspace: 'A',
      title: 'Own',
      properties: {
        Titel: { title: {} },
        Preis: { number: {} },
        Telefon: { phone_number: {} },
        Post: { email: {} },
        Bild: { files: {} },
        Da: { checkbox: {} },
        Art: { select: { options: [{ name: 'Lampe' }] } },
        Marken: { multi_select: { options: [{ name: 'neu' }, { name: 'rot' }] } },
        Tag: { date: {} },
        Web: { url: {} },
      },
    });
    at.notion.world.share(database.id, botId);
    const record = {
      titel: 'L',
      preis: '3.5',
      tel: '+49 1',
      mail: 'a@b.example',
      bild: 'https://a.example/a.png',
      da: 'yes',
    };
    const more = { art: 'lampe', marken: ['Neu', 'alt'], tag: '2026-01-02', web: 'https://a.example/' };
    const propertyMapping = {
      Titel: 'record.titel', Preis: 'record.preis', Telefon: 'record.tel', Post: 'record.mail', Bild: 'record.bild',
      Da: 'record.da', Art: 'record.art', Marken: 'record.marken', Tag: 'record.tag', Web: 'record.web',
    }; // prettier-ignore
    const input = { notionDatabase: database.id, propertyMapping, datasetId: 'x', startUrls: [] };
    const { warnings } = await sync({ notion: at.notion, token, input }, [
      { key: 'k', url: '', record: { ...record, ...more } },
    ] as never);
    expect(at.notion.world.plainValues(at.notion.world.liveRows(dataSource.id)[0]!)).toMatchObject({
      Titel: 'L', Preis: 3.5, Telefon: '+49 1', Post: 'a@b.example', Bild: 'https://a.example/a.png', Da: true,
      Art: 'Lampe', Marken: 'neu', Tag: '2026-01-02', Web: 'https://a.example/',
    }); // prettier-ignore
    expect(warnings).toEqual(['Column "marken": 1 value left out: not an option of the column.']);
    // Crawled words never become options.
    const options = [...dataSource.properties.values()].find(({ name }) => name === 'Marken')?.options;
    expect(options?.map(({ name }) => name)).toEqual(['neu', 'rot']);
  });
});

describe('icon and cover', () => {
  const at = notionForEachTest();
  const image = (name: string, url: string | null) => {
    const one = page(name);
    return { ...one, metadata: { ...one.metadata, image: url } };
  };

  it('come with the row, the cover is the page’s own picture, and afterwards they are the user’s', async () => {
    const { world } = at.notion;
    await sync(at, [image('1', 'https://site.example/a b.png')]);
    const [row] = [...world.pages.values()];
    expect(row).toMatchObject({
      icon: { emoji: '🌐' },
      cover: { external: { url: 'https://site.example/a%20b.png' } },
    });
    row!.cover = null;
    await sync(at, [{ ...image('1', 'https://site.example/c.png'), markdown: 'New.' }]);
    expect(row!.cover).toBeNull();
    const { results } = await sync({ ...at, memory: new MemoryStore(), userId: 'b' }, [
      image('1', 'javascript:alert(1)'),
    ]);
    expect(results[0]).toMatchObject({ action: 'created' });
  });

  it.each([
    ['icon', 'body failed validation: body.icon.emoji should be a known emoji.', 'no icon'],
    ['icon', 'Invalid image url. Fix the icon.', 'no icon'],
    ['cover', 'Invalid image url.', 'no cover'],
    ['cover', 'body failed validation: body.cover.external.url should be a valid URL.', 'no cover'],
  ] as const)(
    'are left out when Notion refuses them (%s: %s), and the row is made all the same',
    async (part, message, words) => {
      const proxy = await refusing(at.notion.url, message, (body) => body[part] !== undefined);
      const { report, results } = await sync({ ...at, notion: proxy }, [image('1', 'https://site.example/a.png')]);
      await proxy.close();
      expect(results).toMatchObject([{ action: 'created', reason: `without-${part}` }]);
      expect(report.notes.join()).toContain(`1 page has ${words}, because Notion refused it`);
      const [row] = [...at.notion.world.pages.values()];
      expect(at.notion.world.markdownOf(row!.id)).toContain('Words of 1.');
      expect(row!.icon === null).toBe(part === 'icon');
      expect(row!.cover === null).toBe(part === 'cover');
      expect(at.notion.world.pages.size).toBe(1);
    },
  );
});
