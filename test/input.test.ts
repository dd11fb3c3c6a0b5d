import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../src/errors.js';
import { parseInput, type RunInput } from '../src/input.js';
import { inputFields } from '../src/input/schema.js';
import { RECORD_FIELD_TYPES } from '../src/record-field.js';

const START = { startUrls: [{ url: 'https://www.example.com/docs' }] };
const ID = '0123456789abcdef0123456789abcdef';

function parse(extra: Record<string, unknown> = {}): RunInput {
  return parseInput({ ...START, ...extra }).input;
}

function refusal(raw: unknown): InvalidInputError {
  try {
    parseInput(raw);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(raw)}`);
}

describe('defaults', () => {
  it('fills in every field', () => {
    expect(parse()).toEqual({
      startUrls: ['https://www.example.com/docs'],
      maxCrawlPages: 100,
      maxCrawlDepth: 20,
      includeUrlGlobs: [],
      excludeUrlGlobs: [],
      useSitemaps: false,
      respectRobotsTxtFile: true,
      keepUrlFragments: false,
      ignoreCanonicalUrl: false,
      crawlerType: 'playwright:adaptive',
      waitForSelector: null,
      dynamicContentWaitSecs: 10,
      keepElementsCssSelector: null,
      removeElementsCssSelector: null,
      removeCookieWarnings: true,
      blockMedia: true,
      recordSelector: null,
      recordFields: [],
      recordKeyFields: [],
      notionParentPage: null,
      notionDatabase: null,
      notionDatabaseTitle: 'example.com',
      propertyMapping: {},
      syncContent: true,
      onRemoved: 'keep',
      onUserEdit: 'keep',
      restoreTrashed: false,
      dryRun: false,
      reconnectNotion: false,
      authorizationWaitSecs: null,
      datasetId: null,
      datasetName: null,
      proxyConfiguration: null,
      maxConcurrency: null,
      maxRequestRetries: 3,
      requestTimeoutSecs: 60,
      initialCookies: [],
      customHttpHeaders: {},
      debugLog: false,
    } satisfies RunInput);
  });

  it.each([null, '', '   '])('stand for %j in any field', (empty) => {
    const emptied = Object.fromEntries(
      Object.keys(inputFields())
        .filter((field) => field !== 'startUrls')
        .map((field) => [field, empty]),
    );
    expect(parse(emptied)).toEqual(parse());
  });

  it('keep what was switched off or set to zero', () => {
    const given = { blockMedia: false, maxCrawlDepth: 0, authorizationWaitSecs: 0, maxRequestRetries: 0 };
    expect(parse(given)).toMatchObject(given);
  });
});

describe('accepted forms', () => {
  it('takes start URLs as objects and as plain strings, in their order', () => {
    const { startUrls } = parse({ startUrls: [' https://b.example/x ', { url: 'http://A.example', method: 'GET' }] });
    expect(startUrls).toEqual(['https://b.example/x', 'http://a.example/']);
  });

  it('takes patterns as objects and as plain strings and drops empty rows', () => {
    const { includeUrlGlobs } = parse({
      includeUrlGlobs: [{ glob: 'https://a.example/**' }, 'https://b.example/*', ''],
    });
    expect(includeUrlGlobs).toEqual(['https://a.example/**', 'https://b.example/*']);
  });

  it('completes record fields', () => {
    const { recordFields } = parse({
      recordSelector: 'article',
      recordFields: [
        { name: ' name ', selector: ':scope > h2' },
        { name: 'tags', selector: 'a.tag', attribute: 'href', type: 'url', multiple: true },
      ],
      recordKeyFields: ['name'],
    });
    expect(recordFields).toEqual([
      { name: 'name', selector: ':scope > h2', attribute: null, type: 'text', multiple: false },
      { name: 'tags', selector: 'a.tag', attribute: 'href', type: 'url', multiple: true },
    ]);
  });

  it.each([
    ID,
    '01234567-89ab-cdef-0123-456789abcdef',
    `https://www.notion.so/acme/Research-${ID}?v=${ID}`,
    `https://acme.notion.site/${ID}`,
  ])('takes the Notion reference %s as it is', (reference) => {
    expect(parse({ notionDatabase: reference, notionParentPage: reference })).toMatchObject({
      notionDatabase: reference,
      notionParentPage: reference,
    });
  });

  it.each(['main article', 'a:has(> img), .x', ':is(h1, h2):nth-child(2n + 1)', '[data-x="a b"]', '.md\\:flex'])(
    'takes the selector %s',
    (selector) => {
      expect(parse({ keepElementsCssSelector: selector }).keepElementsCssSelector).toBe(selector);
    },
  );

  it('takes a selector that only browsers know where only a browser needs it', () => {
    expect(parse({ waitForSelector: 'h1:nth-child(2 of .y)' }).waitForSelector).toBe('h1:nth-child(2 of .y)');
  });

  it('takes secrets, mapping and proxy as they are', () => {
    const given = {
      initialCookies: [{ name: 'session', value: 'x', domain: '.example.com' }],
      customHttpHeaders: { 'accept-language': 'en' },
      propertyMapping: { Price: 'record.price', Summary: 'metadata.description' },
      proxyConfiguration: { useApifyProxy: true, apifyProxyGroups: ['RESIDENTIAL'], apifyProxyCountry: 'DE' },
    };
    expect(parse(given)).toMatchObject(given);
  });

  it('takes header names in any case, and a header of cookies as cookies', () => {
    const given = {
      customHttpHeaders: { 'X-Key': 'A', Cookie: 'a=1; b=2=3;' },
      initialCookies: [{ name: 'c', value: '4' }],
    };
    expect(parse(given)).toMatchObject({
      customHttpHeaders: { 'x-key': 'A' },
      initialCookies: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2=3' },
        { name: 'c', value: '4' },
      ],
    });
    expect(parse(given).customHttpHeaders).not.toHaveProperty('cookie');
  });

  it('names the database after the first start URL, port included', () => {
    expect(parse({ startUrls: ['http://127.0.0.1:8080/x', 'https://b.example'] }).notionDatabaseTitle).toBe(
      '127.0.0.1:8080',
    );
    expect(parse({ notionDatabaseTitle: ' Docs ' }).notionDatabaseTitle).toBe('Docs');
  });
});

describe('an existing dataset', () => {
  it('is enough without start URLs', () => {
    expect(parseInput({ datasetId: 'abc' })).toMatchObject({
      input: { datasetId: 'abc', startUrls: [], notionDatabaseTitle: 'Website to Notion' },
      warnings: [],
    });
  });

  it('comes from the run that started this one, unless the field names another', () => {
    const payload = { resource: { defaultDatasetId: 'fromPayload' } };
    expect(parseInput({ payload })).toMatchObject({ input: { datasetId: 'fromPayload' }, warnings: [] });
    expect(parseInput({ payload, datasetId: 'fromField' }).input.datasetId).toBe('fromField');
  });

  it('replaces the crawl, which a warning says', () => {
    const { warnings } = parseInput({ ...START, datasetId: 'abc' });
    expect(warnings).toEqual(['The items come from the dataset in `datasetId`; `startUrls` is not crawled.']);
  });
});

describe('unknown fields', () => {
  it('are ignored with one warning for all of them', () => {
    const { input, warnings } = parseInput({ ...START, saveHtml: true, constructor: 1, maxResults: 5 });
    expect(input).toEqual(parse());
    expect(warnings).toEqual([
      'The input has unknown fields, which are ignored: "saveHtml", "constructor", "maxResults".',
    ]);
  });

  it('are counted where there are many', () => {
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`x${index}`, 1]));
    expect(parseInput({ ...START, ...many }).warnings[0]).toMatch(/"x9" and 3 more\.$/);
  });
});

describe('malformed input', () => {
  const field = (name: string, value: unknown) => ({ ...START, [name]: value });
  const record = (entry: unknown, more = {}) => ({
    ...START,
    recordSelector: 'article',
    recordFields: [entry],
    ...more,
  });
  const title = { name: 'title', selector: 'h2' };

  it.each<[string, unknown, string]>([
    ['input', 'https://example.com', 'The input must be a JSON object; it is "https://example.com".'],
    ['input', [], 'The input must be a JSON object; it is an empty list.'],
    ['startUrls', null, '`startUrls` must hold at least one address, or `datasetId` name a dataset; both are empty.'],
    [
      'startUrls',
      { startUrls: [] },
      '`startUrls` must hold at least one address, or `datasetId` name a dataset; both are empty.',
    ],
    ['startUrls', { startUrls: 'https://example.com' }, '`startUrls` must be a list; it is "https://example.com".'],
    [
      'startUrls',
      { startUrls: ['https://a.example', 'example.com'] },
      '`startUrls` entry 2 must be an address that begins with http:// or https://; it is "example.com".',
    ],
    [
      'startUrls',
      { startUrls: [{ url: 'ftp://example.com' }] },
      '`startUrls` entry 1 must be an address that begins with http:// or https://; it is "ftp://example.com".',
    ],
    [
      'startUrls',
      { startUrls: [{}] },
      '`startUrls` entry 1 must be an address that begins with http:// or https://; it is missing.',
    ],
    [
      'startUrls',
      { startUrls: [7] },
      '`startUrls` entry 1 must be an address that begins with http:// or https://; it is 7.',
    ],
    [
      'startUrls',
      { startUrls: [{ requestsFromUrl: 'https://a.example/list.txt' }] },
      '`startUrls` entry 1 refers to a list elsewhere (`requestsFromUrl`), which is not read; put its addresses into the list.',
    ],
    [
      'startUrls',
      { startUrls: [{ url: 'https://a.example', method: 'POST' }] },
      '`startUrls` entry 1 has a method other than GET; pages are only ever read.',
    ],
    [
      'maxCrawlPages',
      field('maxCrawlPages', 'ten'),
      '`maxCrawlPages` must be a whole number from 1 to 1,000,000; it is "ten".',
    ],
    [
      'maxCrawlPages',
      field('maxCrawlPages', '10'),
      '`maxCrawlPages` must be a whole number from 1 to 1,000,000; it is "10".',
    ],
    [
      'maxCrawlPages',
      field('maxCrawlPages', 0),
      '`maxCrawlPages` must be a whole number from 1 to 1,000,000; it is 0.',
    ],
    [
      'maxCrawlPages',
      field('maxCrawlPages', 1_000_001),
      '`maxCrawlPages` must be a whole number from 1 to 1,000,000; it is 1000001.',
    ],
    ['maxCrawlDepth', field('maxCrawlDepth', 1.5), '`maxCrawlDepth` must be a whole number from 0 to 100; it is 1.5.'],
    [
      'authorizationWaitSecs',
      field('authorizationWaitSecs', 3601),
      '`authorizationWaitSecs` must be a whole number from 0 to 3,600; it is 3601.',
    ],
    [
      'maxConcurrency',
      field('maxConcurrency', [5]),
      '`maxConcurrency` must be a whole number from 1 to 200; it is a list.',
    ],
    ['dryRun', field('dryRun', 'yes'), '`dryRun` must be true or false; it is "yes".'],
    [
      'crawlerType',
      field('crawlerType', 'firefox'),
      '`crawlerType` must be "playwright:adaptive", "playwright:chrome" or "cheerio"; it is "firefox".',
    ],
    ['onRemoved', field('onRemoved', 'delete'), '`onRemoved` must be "keep", "mark" or "trash"; it is "delete".'],
    [
      'includeUrlGlobs',
      field('includeUrlGlobs', [{ glob: 5 }]),
      '`includeUrlGlobs` entry 1 must be a URL pattern such as "https://example.com/docs/**"; it is 5.',
    ],
    [
      'waitForSelector',
      field('waitForSelector', 'div['),
      '`waitForSelector` must be a CSS selector such as "main article"; it is "div[".',
    ],
    [
      'keepElementsCssSelector',
      field('keepElementsCssSelector', '> main'),
      '`keepElementsCssSelector` must be a CSS selector such as "main article"; it is "> main".',
    ],
    [
      'recordSelector',
      field('recordSelector', 'text=Price'),
      '`recordSelector` must be a CSS selector such as "main article"; it is "text=Price".',
    ],
    [
      'recordSelector',
      field('recordSelector', 'li:visible'),
      '`recordSelector` must be a CSS selector such as "main article"; it is "li:visible". It uses a part of CSS, or of another tool, that cannot be used here.',
    ],
    [
      'recordFields',
      record({ ...title, selector: 'p::first-line' }),
      '`recordFields` entry 1 has a `selector` that must be a CSS selector such as ".price"; it is "p::first-line". It uses a part of CSS, or of another tool, that cannot be used here.',
    ],
    [
      'recordFields',
      field('recordSelector', 'article'),
      '`recordFields` must hold at least one field when `recordSelector` is set; it is empty.',
    ],
    [
      'recordSelector',
      field('recordFields', [title]),
      '`recordSelector` must say which element is a record when `recordFields` is set; it is empty.',
    ],
    ['recordFields', record('title'), '`recordFields` entry 1 must be an object; it is "title".'],
    ['recordFields', record({ name: 'title' }), '`recordFields` entry 1 needs a `selector`.'],
    [
      'recordFields',
      record({ ...title, type: 'money' }),
      '`recordFields` entry 1 has a `type` that must be "text", "number", "url", "date", "boolean", "email" or "image"; it is "money".',
    ],
    [
      'recordFields',
      record({ ...title, atribute: 'href' }),
      '`recordFields` entry 1 has a property "atribute"; it can have `name`, `selector`, `attribute`, `type`, `multiple`.',
    ],
    [
      'recordFields',
      record({ ...title, selector: 'a,,b' }),
      '`recordFields` entry 1 has a `selector` that must be a CSS selector such as ".price"; it is "a,,b".',
    ],
    [
      'recordFields',
      { ...START, recordSelector: 'li', recordFields: [title, title] },
      '`recordFields` entry 2 has the name "title", which an earlier entry has; names must differ.',
    ],
    [
      'recordKeyFields',
      record(title, { recordKeyFields: ['sku'] }),
      '`recordKeyFields` must name one of "title"; it names "sku".',
    ],
    ['recordKeyFields', record(title, { recordKeyFields: [1] }), '`recordKeyFields` entry 1 must be text; it is 1.'],
    [
      'notionDatabase',
      field('notionDatabase', 'My database'),
      '`notionDatabase` must be the URL or the 32-character ID of a Notion database; it is "My database".',
    ],
    [
      'notionParentPage',
      field('notionParentPage', 'https://www.notion.so/acme'),
      '`notionParentPage` must be the URL or the 32-character ID of a Notion page; it is "https://www.notion.so/acme".',
    ],
    [
      'propertyMapping',
      field('propertyMapping', 'metadata.title'),
      '`propertyMapping` must be an object; it is "metadata.title".',
    ],
    [
      'propertyMapping',
      field('propertyMapping', { Price: 5 }),
      '`propertyMapping` must give column "Price" a path in the item such as "metadata.title"; it is 5.',
    ],
    [
      'propertyMapping',
      field('propertyMapping', { Price: 'record..price' }),
      '`propertyMapping` must give column "Price" a path in the item such as "metadata.title"; it is "record..price".',
    ],
    [
      'propertyMapping',
      field('propertyMapping', { ' ': 'url' }),
      '`propertyMapping` has a column without a name; give it one.',
    ],
    ['datasetId', field('datasetId', 42), '`datasetId` must be text; it is 42.'],
    [
      'proxyConfiguration',
      field('proxyConfiguration', { useApifyProxy: 'yes' }),
      '`proxyConfiguration` must set `useApifyProxy` to true or false; it is text.',
    ],
    [
      'proxyConfiguration',
      field('proxyConfiguration', { apifyProxyCountry: 'Germany' }),
      '`proxyConfiguration` must give `apifyProxyCountry` as a two-letter code such as "DE"; it is "Germany".',
    ],
  ])('%s: %j', (name, raw, sentence) => {
    const error = refusal(raw);
    expect(error.message).toBe(sentence);
    expect(error.field).toBe(name);
  });

  it('is reported in the order of the form', () => {
    expect(refusal({ ...START, debugLog: 1, maxCrawlPages: 0, crawlerType: 'x' }).field).toBe('maxCrawlPages');
  });

  it('is repeated shortened and on one line', () => {
    const { message } = refusal(field('crawlerType', `a\n${'b'.repeat(5000)}`));
    expect(message).toContain('it is "a\\nbbb');
    expect(message.length).toBeLessThan(200);
  });
});

describe('secrets', () => {
  const secret = 'hunter2-hunter2';

  it.each<[string, Record<string, unknown>]>([
    ['initialCookies', { initialCookies: secret }],
    ['initialCookies', { initialCookies: [secret] }],
    ['initialCookies', { initialCookies: [{ name: 'session', value: [secret] }] }],
    ['customHttpHeaders', { customHttpHeaders: secret }],
    ['customHttpHeaders', { customHttpHeaders: [secret] }],
    ['customHttpHeaders', { customHttpHeaders: { Authorization: [secret] } }],
    ['customHttpHeaders', { customHttpHeaders: { Authorization: `${secret}\r\nX: y` } }],
    ['customHttpHeaders', { customHttpHeaders: { [`${secret} ${secret}`]: 'x' } }],
    ['customHttpHeaders', { customHttpHeaders: { cookie: secret } }],
    ['customHttpHeaders', { customHttpHeaders: { 'X-Key': 'x', 'x-key': secret } }],
    ['proxyConfiguration', { proxyConfiguration: { proxyUrls: [`gopher://user:${secret}@host`] } }],
    ['proxyConfiguration', { proxyConfiguration: { useApifyProxy: secret } }],
    ['startUrls', { startUrls: [`https://user:${secret}@example.com`] }],
    ['startUrls', { startUrls: [`ftp://user:${secret}@example.com`] }],
    ['startUrls', { startUrls: [{ url: 'nowhere', headers: { Authorization: secret } }] }],
  ])('never appear in the message: %s', (name, extra) => {
    const error = refusal({ ...START, ...extra });
    expect(error.field).toBe(name);
    expect(error.message).not.toContain(secret);
    expect(error.message).toMatch(new RegExp(`^\`${name}\` .*\\.$`));
  });
});

describe('the schema and the types', () => {
  it('have the same fields', () => {
    expect(Object.keys(parse()).sort()).toEqual(Object.keys(inputFields()).sort());
  });

  it('have the same choices', () => {
    const choices = {
      crawlerType: { 'playwright:adaptive': true, 'playwright:chrome': true, cheerio: true },
      onRemoved: { keep: true, mark: true, trash: true },
      onUserEdit: { keep: true, overwrite: true },
    } satisfies { [F in 'crawlerType' | 'onRemoved' | 'onUserEdit']: Record<RunInput[F], true> };
    for (const [name, values] of Object.entries(choices))
      expect(inputFields()[name]?.enum).toEqual(Object.keys(values));
    expect(inputFields().recordFields?.items?.properties?.type?.enum).toEqual([...RECORD_FIELD_TYPES]);
  });

  it('have the same kinds of values', () => {
    const kinds = { integer: 'number', boolean: 'boolean', string: 'string', array: 'object', object: 'object' };
    const input = parse() as unknown as Record<string, unknown>;
    for (const [name, schema] of Object.entries(inputFields())) {
      const value = input[name];
      if (value === null) continue;
      expect(typeof value, name).toBe(kinds[schema.type as keyof typeof kinds]);
      expect(Array.isArray(value), name).toBe(schema.type === 'array');
    }
  });
});
