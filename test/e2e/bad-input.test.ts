import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSampleSite } from '../../sandbox/sample-site/server.js';
import { createStorage, runActor } from './actor.js';

/** Each input is wrong in one way; the sentence has to name the field. */
const MALFORMED: { name: string; field: string; input: unknown }[] = [
  { name: 'no start URL', field: 'startUrls', input: {} },
  { name: 'an empty list of start URLs', field: 'startUrls', input: { startUrls: [] } },
  { name: 'a start URL that is no address', field: 'startUrls', input: { startUrls: [{ url: 'not an address' }] } },
  {
    name: 'a start URL of another protocol',
    field: 'startUrls',
    input: { startUrls: [{ url: 'ftp://example.com/' }] },
  },
  { name: 'a number as a word', field: 'maxCrawlPages', input: { startUrls: ['SITE'], maxCrawlPages: 'ten' } },
  { name: 'a number as a string', field: 'maxCrawlPages', input: { startUrls: ['SITE'], maxCrawlPages: '10' } },
  { name: 'a number out of bounds', field: 'maxCrawlDepth', input: { startUrls: ['SITE'], maxCrawlDepth: 101 } },
  { name: 'a fraction', field: 'maxConcurrency', input: { startUrls: ['SITE'], maxConcurrency: 1.5 } },
  { name: 'an unknown choice', field: 'crawlerType', input: { startUrls: ['SITE'], crawlerType: 'lynx' } },
  { name: 'a switch as a word', field: 'dryRun', input: { startUrls: ['SITE'], dryRun: 'yes' } },
  { name: 'a broken selector', field: 'recordSelector', input: { startUrls: ['SITE'], recordSelector: 'div[' } },
  {
    name: 'a database that is no id',
    field: 'notionDatabase',
    input: { startUrls: ['SITE'], notionDatabase: 'my pages' },
  },
  {
    name: 'a record field of an unknown type',
    field: 'recordFields',
    input: { startUrls: ['SITE'], recordSelector: 'li', recordFields: [{ name: 'a', selector: 'b', type: 'money' }] },
  },
  { name: 'a list instead of an object', field: 'input', input: [] },
  { name: 'broken JSON', field: 'input', input: '{ "startUrls": [' },
];

describe('bad input', () => {
  let site: Awaited<ReturnType<typeof startSampleSite>>;
  beforeAll(async () => {
    site = await startSampleSite();
  });
  afterAll(() => site.close());

  it.each(MALFORMED)('$name: one sentence, nothing crawled', async ({ field, input }) => {
    const storage = await createStorage();
    const text = typeof input === 'string' ? input : JSON.stringify(input).replaceAll('SITE', site.url);
    const before = site.requests.length;
    const run = await runActor({ storageDir: storage.dir, input: text });
    await storage.remove();

    expect(run.exitCode).not.toBe(0);
    expect(run.exitCode).not.toBeNull();
    expect(run.output.status).toBe('FAILED');
    expect(run.output.message).toMatch(field === 'input' ? /input/i : new RegExp(`\`${field}`));
    expect(run.output.message.split('\n')).toHaveLength(1);
    expect(run.log).toContain(run.output.message);
    expect(run.log).not.toMatch(/\n\s+at .*:\d+/);
    expect(site.requests.length).toBe(before);
    expect(run.items).toEqual([]);
    expect(run.output.crawl ?? null).toBeNull();
  });
});
