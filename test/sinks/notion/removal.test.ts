import { describe, expect, it } from 'vitest';
import type { CrawlFacts } from '../../../src/crawl-facts.js';
import { crawlFacts } from '../../../src/collect/crawl-facts.js';
import type { RunInput } from '../../../src/input.js';
import { planRemoval } from '../../../src/sinks/notion/removal.js';
import { RowTable } from '../../../src/sinks/notion/row-table.js';
import { notionForEachTest, rowsOf } from './each-test.js';
import { MemoryStore, page, pages, sync, WHOLE_CRAWL } from './harness.js';

describe('which rows are gone', () => {
  const key = (name: string) => page(name).key;
  const table = (known: string[], seen: string[], over: Partial<Parameters<RowTable['setRow']>[1]> = {}) => {
    const rows = new RowTable();
    for (const name of known) {
      rows.setRow(rows.add(key(name)), {
        pageId: '01234567-89ab-cdef-0123-456789abcdef',
        url: 'https://notion.example/0123456789abcdef0123456789abcdef',
        hash: null,
        source: 'own',
        status: 'Active',
        createdAt: 0,
        editedAt: 0,
        createdByUs: true,
        touched: false,
        ...over,
      });
    }
    for (const name of seen) rows.see(rows.add(key(name)));
    return rows;
  };
  const removed = (rows: RowTable, facts: Partial<CrawlFacts> | null = {}, records = false) => {
    const removal = planRemoval(rows, facts === null ? null : { ...WHOLE_CRAWL, ...facts }, records);
    return 'rows' in removal ? removal.rows.map((id) => rows.keyOf(id)) : removal.refused;
  };

  it('those that a complete crawl did not come by', () => {
    expect(removed(table(['a', 'b', 'c'], ['a', 'b']))).toEqual([key('c')]);
  });
  it('none without a complete crawl', () => {
    expect(removed(table(['a', 'b', 'c'], ['a', 'b']), { complete: false })).toMatch(/did not read the whole site/);
    expect(removed(table(['a', 'b', 'c'], ['a', 'b']), null)).toMatch(/nothing was crawled/);
  });
  it('none when fewer than half of the known rows were seen again', () => {
    expect(removed(table(['a', 'b', 'c', 'd'], ['a', 'b']))).toEqual([key('c'), key('d')]);
    expect(removed(table(['a', 'b', 'c', 'd'], ['a', 'new']))).toMatch(/only 1 of the 4 known pages/);
  });
  it('404 and 410, while what was left out stays with all below it', () => {
    const rows = table(['a', 'b', 'c', 'd', 'guide', 'guide/x', 'guides'], ['a', 'b', 'c', 'guides']);
    expect(removed(rows, { gone: [key('d')], unread: [`${key('guide')}/`] })).toEqual([key('d')]);
    expect(removed(rows, { gone: [key('guide')], unread: [] })).toHaveLength(3);
  });
  it('404 and 410 only while any page failed: its row may have another address, and so may what it leads to', () => {
    const rows = table(['a', 'b', 'c', 'gone', 'product/5'], ['a', 'b', 'c']);
    expect(removed(rows, { gone: [key('gone')], unknown: [`${key('p')}?id=5`] })).toEqual([key('gone')]);
    expect(removed(rows, { gone: [key('gone')] })).toEqual([key('gone'), key('product/5')]);
  });
  it('no records while a page that may hold them was not read', () => {
    const other = ['https://site.example/other'];
    expect(removed(table(['a', 'b', 'c'], ['a', 'b']), { unknown: other }, true)).toEqual([]);
    expect(removed(table(['a', 'b', 'c'], ['a', 'b']), { unread: other }, true)).toEqual([]);
  });
  it('neither rows of other sources, nor outside a changed scope, nor removed before', () => {
    expect(removed(table(['a'], [], { source: 'other' }))).toEqual([]);
    expect(removed(table(['a'], [], { status: 'Removed' }))).toEqual([]);
    expect(removed(table(['a', 'b'], ['b']), { inScope: (url) => url !== key('a') })).toEqual([]);
  });

  it('none that was made or changed since the crawl began, as far as two clocks and whole minutes can tell', () => {
    const startedAt = Date.parse('2026-11-22T12:00:30Z');
    const changed = (time: string) => removed(table(['a', 'b'], ['a'], { editedAt: Date.parse(time) }), { startedAt });
    expect(changed('2026-11-22T11:58:00Z')).toEqual([key('b')]);
    // May have been changed at 11:59:59 by a clock that is a minute behind.
    expect(changed('2026-11-22T11:59:00Z')).toEqual([]);
    expect(changed('2026-11-22T12:05:00Z')).toEqual([]);
    // What this run wrote itself counts as seen.
    const rows = table(['a', 'b', 'c'], ['a', 'b'], { editedAt: startedAt });
    const gone = rows.find(key('c'));
    rows.setRow(gone, { ...rows.row(gone)!, editedAt: 0 });
    expect(removed(rows, { startedAt })).toEqual([key('c')]);
  });

  it('the crawl tells them from what it could not read', () => {
    const facts = crawlFacts(
      {
        complete: true,
        startedAt: 1_000,
        pagesFailed: 2,
        skipped: { robotsTxt: 1, filters: 1 },
        gone: ['https://a.example/docs/gone'],
        failures: [
          { url: 'https://a.example/docs/gone', reason: 'httpStatus', message: '' },
          { url: 'https://a.example/docs/down', reason: 'httpStatus', message: '' },
        ],
        skippedUrls: [
          { url: 'https://a.example/docs/robots', reason: 'robotsTxt' },
          { url: 'https://a.example/other', reason: 'filters' },
        ],
      },
      { startUrls: ['https://a.example/docs'], includeUrlGlobs: [], excludeUrlGlobs: ['**/private/**'] },
    );
    expect(facts.startedAt).toBe(1_000);
    expect(facts.gone).toEqual(['https://a.example/docs/gone']);
    expect(facts.unknown).toEqual(['https://a.example/docs/down']);
    expect(facts.unread).toEqual(['https://a.example/docs/robots']);
    expect(facts.inScope('https://a.example/docs/x')).toBe(true);
    expect(facts.inScope('https://a.example/docs/private/x')).toBe(false);
    expect(facts.inScope('https://a.example/blog')).toBe(false);
  });
});

describe('rows in Notion', () => {
  const at = notionForEachTest();

  const run = (items: Parameters<typeof sync>[1], input: Parameters<typeof sync>[0]['input'] = {}, over = {}) =>
    sync({ ...at, ...over, input }, items);
  const all = (name: string) => rowsOf(at, name);
  const live = () => [...at.notion.world.pages.values()].filter((row) => !row.in_trash);
  const status = (name: string) => at.notion.world.plainValues(all(name)[0]!)['Status'];
  const outcomes = (results: { action: string; reason?: string }[]) =>
    results.filter(({ action }) => action !== 'unchanged').map(({ action, reason }) => [action, reason]);

  it('stay without onRemoved', async () => {
    await run(pages(4));
    expect((await run(pages(3))).report).toMatchObject({ removed: 0, unchanged: 3 });
    expect(live()).toHaveLength(4);
  });

  it('are marked once with one request, keep what the user has in them, and are restored as the same row', async () => {
    await run(pages(4));
    const [row] = all('4');
    at.notion.world.editAsPerson(row!.id, {
      nestedPage: 'Mine',
      properties: { Author: { rich_text: [{ text: { content: 'Me' } }] } },
    });
    at.notion.requests.length = 0;
    const gone = await run(pages(3), { onRemoved: 'mark' });
    expect(gone.report).toMatchObject({ removed: 1, unchanged: 3, total: 3, done: 3 });
    expect(gone.results.at(-1)).toMatchObject({ key: page('4').key, action: 'removed', notionPageId: row!.id });
    expect(gone.titles.at(-1)).toBe('Page 4');
    expect(at.notion.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
    expect(status('4')).toBe('Removed');
    expect((await run(pages(3), { onRemoved: 'mark' })).report.removed).toBe(0);
    const back = await run(pages(4), { onRemoved: 'mark' });
    expect(back.report).toMatchObject({ restored: 1, created: 0, unchanged: 3 });
    expect(all('4').map(({ id }) => id)).toEqual([row!.id]);
    expect(status('4')).toBe('Active');
    expect(at.notion.world.markdownOf(row!.id)).toContain('Mine</page>');
  });

  it('are marked with all further rows of the page, also when the first was marked before', async () => {
    const { report } = await run(pages(6));
    const copies = ['5', '6'].map((name) => {
      const { 'Sync key': key, Source: source } = at.notion.world.plainValues(all(name)[0]!);
      return at.notion.world.addRowAsPerson(report.destination!.dataSourceId, {
        properties: {
          Name: { title: [{ text: { content: `Copy of ${name}` } }] },
          'Sync key': { rich_text: [{ text: { content: String(key) } }] },
          Source: { rich_text: [{ text: { content: String(source) } }] },
          Status: { select: { name: 'Active' } },
        },
      });
    });
    const statuses = () => copies.map((row) => at.notion.world.plainValues(row)['Status']);
    const gone = await run(pages(5), { onRemoved: 'mark' });
    expect(outcomes(gone.results).filter(([action]) => action === 'removed')).toHaveLength(2);
    expect(statuses()).toEqual(['Active', 'Removed']);
    at.notion.world.editAsPerson(copies[1]!.id, { properties: { Status: { select: { name: 'Active' } } } });
    expect((await run(pages(5), { onRemoved: 'mark' })).report.removed).toBe(1);
    expect(statuses()).toEqual(['Active', 'Removed']);
    expect((await run(pages(5), { onRemoved: 'mark' })).report.removed).toBe(0);
  });

  it('go to the trash with one request, and come back as the same row', async () => {
    await run(pages(4));
    at.notion.requests.length = 0;
    const gone = await run(pages(3), { onRemoved: 'trash' });
    expect(outcomes(gone.results)).toEqual([['removed', 'trashed']]);
    expect(at.notion.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
    expect(live()).toHaveLength(3);
    expect((await run(pages(3), { onRemoved: 'trash' })).report).toMatchObject({ removed: 0, unchanged: 3 });
    const back = await run([...pages(3), page('4', { markdown: 'Back.' })], { onRemoved: 'trash' });
    expect(outcomes(back.results)).toEqual([['restored', undefined]]);
    expect(all('4')).toHaveLength(1);
    expect(all('4')[0]!.in_trash).toBe(false);
    expect(at.notion.world.markdownOf(all('4')[0]!.id)).toBe('Back.');
    expect((await run([...pages(3), page('4', { markdown: 'Back.' })])).report.unchanged).toBe(4);
  });

  it('come back from the trash also when the run that put them there was killed before it could remember it', async () => {
    await run(pages(4));
    const before = new Map(at.memory.values);
    await run(pages(3), { onRemoved: 'trash' });
    expect(live()).toHaveLength(3);
    at.memory.values.clear();
    for (const [key, value] of before) at.memory.values.set(key, value);
    const back = await run(pages(4), { onRemoved: 'trash' });
    expect(outcomes(back.results)).toEqual([['restored', undefined]]);
    expect(live()).toHaveLength(4);
  });

  it('stay in the trash when a person put them there after they were marked', async () => {
    await run(pages(4));
    await run(pages(3), { onRemoved: 'mark' });
    at.notion.world.editAsPerson(all('4')[0]!.id, { trashed: true });
    expect(outcomes((await run(pages(4), { onRemoved: 'mark' })).results)).toEqual([['kept', 'trashed']]);
    expect(live()).toHaveLength(3);
  });

  it.each(['drop-after', '500', '503-committed'] as const)(
    'go to the trash also when the reply is %s',
    async (effect) => {
      await run(pages(4));
      at.notion.faults.add({ match: { method: 'PATCH' }, times: 1, effect, committed: true });
      expect((await run(pages(3), { onRemoved: 'trash' })).report).toMatchObject({ removed: 1, failed: 0, kept: 0 });
      expect(live()).toHaveLength(3);
    },
  );

  it('stay when another run made them after this crawl had begun, with what a person wrote into them', async () => {
    const startedAt = Date.now();
    await run(pages(10));
    await run(pages(11));
    at.notion.world.editAsPerson(all('11')[0]!.id, {
      properties: { Author: { rich_text: [{ text: { content: 'Mine' } }] } },
    });
    const slow = await run(pages(10), { onRemoved: 'trash' }, { crawl: { ...WHOLE_CRAWL, startedAt } });
    expect(slow.report).toMatchObject({ removed: 0, unchanged: 10 });
    expect(live()).toHaveLength(11);
    expect((await run(pages(10), { onRemoved: 'trash' })).report.removed).toBe(1);
  });

  describe('that something else brought', () => {
    const others: [string, Partial<RunInput>, Partial<RunInput>][] = [
      ['a dataset', { startUrls: [], datasetId: 'abc' }, { onRemoved: 'mark' }],
      [
        'fewer start URLs',
        {},
        { onRemoved: 'mark', startUrls: ['https://site.example/docs', 'https://site.example/blog'] },
      ],
    ];

    it.each(others)(
      '(%s) belong to the crawl that comes by their pages, by one request once',
      async (_, first, crawl) => {
        await run(pages(4), first);
        at.notion.world.editAsPerson(all('2')[0]!.id, { markdown: 'Mine.' });
        at.notion.requests.length = 0;
        const adopting = await run(pages(3), crawl);
        // Nothing to pay for: the pages are what they were.
        expect(adopting.report).toMatchObject({ unchanged: 3, updated: 0, removed: 0, kept: 0 });
        expect(adopting.results.map(({ reason }) => reason)).toEqual(['adopted', 'adopted', 'adopted']);
        expect(adopting.report.notes.join(' ')).toMatch(/brought them: 1\. .*belong to this crawl from now on: 3\./);
        expect(at.notion.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(3);
        at.notion.requests.length = 0;
        const next = await run(pages(2), crawl);
        expect(outcomes(next.results)).toEqual([['removed', 'marked']]);
        expect(at.notion.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
        expect(['3', '4'].map(status)).toEqual(['Removed', 'Active']);
        // The person's words are still known to be theirs.
        const changed = await run([page('1'), page('2', { markdown: 'Changed.' })], crawl);
        expect(outcomes(changed.results)).toEqual([['kept', 'edited']]);
      },
    );

    it('is not taken from each other by two crawls that share pages', async () => {
      const wide = { startUrls: ['https://site.example/docs', 'https://site.example/blog'] };
      await run(pages(2));
      await run(pages(2), wide);
      at.notion.requests.length = 0;
      for (const input of [{}, wide, {}, wide]) expect((await run(pages(2), input)).report.unchanged).toBe(2);
      expect(at.notion.requests.some(({ method }) => method === 'PATCH')).toBe(false);
    });

    it('is planned in a dry run as the sync does it', async () => {
      await run(pages(2), { startUrls: [], datasetId: 'abc' });
      at.notion.requests.length = 0;
      const dry = await run(pages(2), { dryRun: true });
      expect(dry.results.map(({ action, reason }) => [action, reason])).toEqual(
        Array(2).fill(['unchanged', 'adopted']),
      );
      expect(at.notion.requests.some(({ method }) => method === 'PATCH')).toBe(false);
    });

    it('belongs to the crawl also where a person keeps the text', async () => {
      const dataset = { startUrls: [], datasetId: 'abc' };
      await run(pages(3), dataset);
      at.notion.world.editAsPerson(all('3')[0]!.id, { markdown: 'Mine.' });
      const third = page('3', { markdown: 'Changed.' });
      await run([...pages(2), third], dataset);
      expect(outcomes((await run([...pages(2), third])).results)).toEqual([['kept', 'edited']]);
      expect(outcomes((await run(pages(2), { onRemoved: 'mark' })).results)).toEqual([['removed', 'marked']]);
    });
  });

  it('are marked instead of trashed where a person wrote into them', async () => {
    await run(pages(4));
    at.notion.world.editAsPerson(all('4')[0]!.id, { markdown: (present) => `${present}\nMine.` });
    const gone = await run(pages(3), { onRemoved: 'trash' });
    expect(outcomes(gone.results)).toEqual([['removed', 'edited']]);
    expect(status('4')).toBe('Removed');
    expect(live()).toHaveLength(4);
  });

  it('of two sites in one database are never touched by the other, also with trash', async () => {
    const a = { startUrls: ['https://site.example/docs'], onRemoved: 'trash' as const };
    const b = { startUrls: ['https://other.example/'], onRemoved: 'trash' as const };
    const others = pages(6).map((item) => {
      const url = item.url.replace('site.example/docs', 'other.example');
      return { ...item, url, key: url };
    });
    await run(pages(6), a);
    await run(others, b);
    expect(live()).toHaveLength(12);
    expect((await run(pages(5), a)).report.removed).toBe(1);
    expect((await run(others.slice(2), b)).report.removed).toBe(2);
    expect(live()).toHaveLength(9);
    // Not even when a site shows nothing any more.
    expect((await run(pages(1), a)).report).toMatchObject({ removed: 0 });
    expect(live()).toHaveLength(9);
    expect(live().filter((row) => String(at.notion.world.plainValues(row)['Sync key']).includes('other'))).toHaveLength(
      4,
    );
  });

  it('without a key are never touched', async () => {
    const { report } = await run(pages(4));
    at.notion.world.addRowAsPerson(report.destination!.dataSourceId, {
      properties: { Name: { title: [{ text: { content: 'Mine' } }] } },
    });
    await run(pages(3), { onRemoved: 'trash' });
    expect(live()).toHaveLength(4);
  });

  it('stay when the crawl is not complete, and the report says so', async () => {
    await run(pages(4));
    const crawl = { ...WHOLE_CRAWL, complete: false };
    const { report } = await run(pages(2), { onRemoved: 'trash' }, { crawl });
    expect(report.removed).toBe(0);
    expect(report.notes.join()).toMatch(/No row was taken for removed, because the crawl did not read the whole site/);
    expect(live()).toHaveLength(4);
  });

  it('are planned in a dry run, which prints a table', async () => {
    await run(pages(4));
    at.notion.requests.length = 0;
    const items = [page('1', { markdown: 'New.' }), page('2'), page('5')];
    const dry = await run(items, { onRemoved: 'mark', dryRun: true });
    expect(dry.report).toMatchObject({ updated: 1, created: 1, unchanged: 1, removed: 2 });
    expect(at.notion.requests.some(({ method }) => method === 'PATCH')).toBe(false);
    const table = dry.infos.find((line) => line.startsWith('Planned'))!;
    expect(table).toMatch(/^updated {2}text +Page 1 +https:\/\/site\.example\/docs\/1 +section "Page 1" removed/m);
    expect(table).toMatch(/^created +Page 5/m);
    expect(table).toMatch(/^removed {2}marked +Page 3 /m);
    expect(dry.titles.slice(0, 3)).toEqual(['Page 1', 'Page 2', 'Page 5']);
    expect(dry.titles.slice(3).sort()).toEqual(['Page 3', 'Page 4']);
    expect(table).toContain('1 unchanged');
  });

  describe('that a person trashed', () => {
    it('stay in the trash, are not made again, and cost nothing once that is known', async () => {
      await run(pages(3));
      at.notion.world.editAsPerson(all('2')[0]!.id, { trashed: true });
      const second = await run(pages(3));
      expect(outcomes(second.results)).toEqual([['kept', 'trashed']]);
      at.notion.requests.length = 0;
      const third = await run([page('1'), page('2', { markdown: 'New.' }), page('3')]);
      expect(outcomes(third.results)).toEqual([['kept', 'trashed']]);
      expect(at.notion.requests.filter(({ path }) => path.startsWith('/v1/pages'))).toEqual([]);
      expect(all('2')).toHaveLength(1);
      expect(live()).toHaveLength(2);
    });

    it('come back with restoreTrashed', async () => {
      await run(pages(3));
      at.notion.world.editAsPerson(all('2')[0]!.id, { trashed: true });
      await run(pages(3));
      const told = await run(pages(3), { restoreTrashed: true });
      expect(outcomes(told.results)).toEqual([['restored', undefined]]);
      expect(live()).toHaveLength(3);
      expect((await run(pages(3))).report.unchanged).toBe(3);
    });

    it('are made again when nothing remembers them, one row per key', async () => {
      await run(pages(3));
      at.notion.world.editAsPerson(all('2')[0]!.id, { trashed: true });
      const { report } = await run(pages(3), {}, { memory: new MemoryStore() });
      expect(report).toMatchObject({ created: 1, unchanged: 2 });
      expect(live()).toHaveLength(3);
    });

    it('and took back out are what they were', async () => {
      await run(pages(3));
      at.notion.world.editAsPerson(all('2')[0]!.id, { trashed: true });
      await run(pages(3));
      at.notion.world.editAsPerson(all('2')[0]!.id, { trashed: false });
      expect((await run(pages(3))).report.unchanged).toBe(3);
      at.notion.world.editAsPerson(all('2')[0]!.id, { trashed: true });
      expect(outcomes((await run(pages(3))).results)).toEqual([['kept', 'trashed']]);
    });
  });
});
