import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeOf, kept } from '../../../src/sinks/notion/change.js';
import { Snapshots } from '../../../src/sinks/notion/snapshots.js';
import type { Store } from '../../../src/store.js';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { MemoryStore, page, pages, record, sync } from './harness.js';

describe('what changed', () => {
  it('is told by fields, headings and lines, each as often as it is more', () => {
    const before = { fields: { Price: '10', Gone: 'x' }, lines: ['## Old', 'same', 'twice', 'left out'] };
    const after = { fields: { Price: '12', New: 'y' }, lines: ['same', 'twice', 'twice', '## New', 'added'] };
    expect(changeOf(before, after)).toEqual({
      fields: [
        { name: 'Price', before: '10', after: '12' },
        { name: 'Gone', before: 'x', after: null },
        { name: 'New', before: null, after: 'y' },
      ],
      headings: { added: ['New'], removed: ['Old'] },
      lines: { added: ['twice', 'added'], removed: ['left out'], addedCount: 2, removedCount: 1 },
      summary:
        'Price: 10 → 12; Gone: x → nothing; New: nothing → y; new section "New"; section "Old" removed; 2 lines added; ' +
        '1 line removed',
    });
  });
  it('of a body that was not written is nothing', () => {
    const change = changeOf({ fields: {}, lines: null }, { fields: {}, lines: ['a'] });
    expect(change.lines).toEqual({ added: [], removed: [], addedCount: 0, removedCount: 0 });
  });
  it('tells nothing of what may have stood beyond the part that is kept', () => {
    const text = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
    const whole = [...text(0, 299), '## Pricing', ...text(299, 320)];
    const before = kept({ fields: {}, lines: whole });
    const change = (lines: string[]) => changeOf(before, { fields: {}, lines }).summary;
    expect(change(['News!', ...whole])).toBe('1 line added');
    expect(change(whole)).toBe('');
    expect(change(whole.filter((line) => line !== 'line 7'))).toBe('1 line removed');
    expect(change(whole.filter((line) => line !== '## Pricing'))).toBe('section "Pricing" removed');
    expect(change(['## All new', 'Words.'])).toBe(
      'new section "All new"; section "Pricing" removed; 1 line added; 299 lines removed',
    );
  });
  it('stays short', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
    const change = changeOf({ fields: {}, lines: [] }, { fields: { A: '😀'.repeat(100) }, lines });
    expect(change.lines.added).toHaveLength(5);
    expect(change.lines.addedCount).toBe(200);
    expect(/\p{Surrogate}/u.test(change.summary)).toBe(false);
  });
});

describe('the last states of rows', () => {
  const state = (index: number) => ({ fields: { Name: String(index) }, lines: [`line ${index}`] });

  it('are written as they come, a hundred in a record, and not held', async () => {
    const store = new MemoryStore();
    const of = { userId: 'u', dataSourceId: 'd' };
    const snapshots = await Snapshots.open(store, of);
    const chunks: number[] = [];
    for (let index = 0; index < 1000; index++) chunks.push(await snapshots.put(String(index), 0, state(index)));
    expect(new Set(chunks).size).toBe(10);
    // All but the few that are kept at hand are in the store before the end.
    expect([...store.values.values()].filter((value) => value.includes('packed')).length).toBeGreaterThanOrEqual(5);
    await snapshots.save();
    const again = await Snapshots.open(store, of);
    for (const [index, chunk] of chunks.entries())
      expect(await again.before(String(index), chunk)).toEqual(state(index));
  });

  it('put by several at once are all there', async () => {
    const store = new MemoryStore();
    const of = { userId: 'u', dataSourceId: 'd' };
    const snapshots = await Snapshots.open(store, of);
    const put = (from: number) =>
      Promise.all(
        Array.from(
          { length: 8 },
          async (_, at) => [from + at, await snapshots.put(String(from + at), 0, state(from + at))] as const,
        ),
      );
    const chunks: (readonly [number, number])[] = [];
    for (let from = 0; from < 800; from += 8) chunks.push(...(await put(from)));
    // In no order, so that records are put away and fetched again.
    await Promise.all(chunks.map(([index, chunk]) => snapshots.put(String(index), chunk, state(index + 1))));
    await snapshots.save();
    const again = await Snapshots.open(store, of);
    for (const [index, chunk] of chunks) expect(await again.before(String(index), chunk)).toEqual(state(index + 1));
  });
});

describe('the last states of rows in a store that fails', () => {
  const of = { userId: 'u', dataSourceId: 'd' };
  const state = (words: string) => ({ fields: { Name: words }, lines: [words] });
  const failing = (store: MemoryStore, fails: (key: string) => boolean): Store => ({
    get: (key) => (fails(key) ? Promise.reject(new Error('502')) : store.get(key)),
    set: (key, value) => store.set(key, value),
  });
  let store: MemoryStore;
  let chunkKey: string;
  let headKey: string;
  beforeEach(async () => {
    store = new MemoryStore();
    const snapshots = await Snapshots.open(store, of);
    for (const name of ['a', 'b']) expect(await snapshots.put(name, 0, state(name))).toBe(1);
    await snapshots.save();
    chunkKey = [...store.values].find(([, value]) => value.includes('packed'))![0];
    headKey = [...store.values].find(([, value]) => value.includes('last'))![0];
  });

  it('are not overwritten where their record could not be read: a row that is written moves to another', async () => {
    const broken = await Snapshots.open(
      failing(store, (key) => key === chunkKey),
      of,
    );
    expect(await broken.before('a', 1)).toBeNull();
    expect(await broken.put('a', 1, state('new'))).toBe(2);
    await broken.save();
    const again = await Snapshots.open(store, of);
    expect(await again.before('a', 2)).toEqual(state('new'));
    expect(await again.before('b', 1)).toEqual(state('b'));
  });

  it('are not overwritten where nobody can tell which records there are', async () => {
    const broken = await Snapshots.open(
      failing(store, (key) => key === headKey),
      of,
    );
    expect(await broken.put('c', 0, state('c'))).toBe(0);
    await broken.save();
    expect(await (await Snapshots.open(store, of)).before('b', 1)).toEqual(state('b'));
  });

  it.each(['null', '{"fields":null,"lines":[]}', '{"fields":{"Name":1},"lines":null}', '{"fields":{}}', '7'])(
    'count as absent where they are %s',
    async (text) => {
      const { packed } = JSON.parse(store.values.get(chunkKey)!) as { packed: string };
      const entries = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as [string, unknown][];
      entries[0]![1] = JSON.parse(text);
      const value = { version: 1, packed: gzipSync(JSON.stringify([...entries, 5, ['x']])).toString('base64') };
      store.values.set(chunkKey, JSON.stringify(value));
      const again = await Snapshots.open(store, of);
      expect(await again.before('a', 1)).toBeNull();
      expect(await again.before('b', 1)).toEqual(state('b'));
    },
  );
});

describe('a schedule', () => {
  let notion: NotionStandIn;
  let token: string;
  let botId: string;
  let memory: MemoryStore;
  beforeEach(async () => {
    notion = await startNotion({ budget: 100_000 });
    ({ accessToken: token, botId } = notion.authorize({ workspace: 'Anna’s', user: 'Anna' }));
    memory = new MemoryStore();
  });
  afterEach(() => notion.close());
  const run = (items: Parameters<typeof sync>[1], over: Partial<Parameters<typeof sync>[0]> = {}) =>
    sync({ notion, token, memory, ...over }, items);

  it('tells what changed in each updated item, without a further request to Notion', async () => {
    await run(pages(250));
    for (const version of ['first', 'second']) {
      notion.requests.length = 0;
      const items = pages(250);
      const markdown = `${items[200]!.markdown}\n\n## Dates\n\nThe ${version} date.`;
      items[200] = { ...items[200]!, markdown };
      const { results, report } = await run(items);
      expect(report.updated).toBe(1);
      expect(notion.requests.filter(({ path }) => path.startsWith('/v1/pages'))).toHaveLength(2);
      const row = results.find(({ action }) => action === 'updated');
      const first = version === 'first';
      expect(row?.changes).toMatchObject({
        fields: [],
        headings: { added: first ? ['Dates'] : [], removed: [] },
        lines: { added: [`The ${version} date.`], removed: first ? [] : ['The first date.'] },
      });
    }
  });

  it('says it in the column "Last change" where the user has one', async () => {
    const recordFields = [{ name: 'Price', type: 'number', selector: 'x', attribute: null, multiple: false }] as never;
    const { database, dataSource } = notion.world.addDatabaseAsPerson({
      workspace: 'Anna’s',
      title: 'Prices',
      properties: { Name: { title: {} }, 'Last change': { rich_text: {} } },
    });
    notion.world.share(database.id, botId);
    const input = { recordFields, notionDatabase: database.id };
    await run([record('lamp', { Price: 10 })], { input });
    await run([record('lamp', { Price: 12 })], { input });
    const [row] = notion.world.liveRows(dataSource.id);
    expect(notion.world.plainValues(row!)['Last change']).toBe('Price: 10 → 12');
    expect((await run([record('lamp', { Price: 12 })], { input })).report.unchanged).toBe(1);
  });

  it('tells it in a dry run too, and which pages would be kept because a person edited them', async () => {
    await run(pages(3));
    const [, second] = [...notion.world.pages.values()];
    const name = String(notion.world.plainValues(second!)['Name']);
    notion.world.editAsPerson(second!.id, { markdown: 'Mine.' });
    notion.requests.length = 0;
    const changed = pages(3).map((item) => ({ ...item, markdown: `${item.markdown}\n\nNew line.` }));
    const { report, results, titles, infos } = await run(changed, { input: { dryRun: true } });
    expect(report).toMatchObject({ updated: 2, kept: 1, done: 3 });
    expect(report.notes).toContain('Kept as they are: 1 edited in Notion.');
    expect(notion.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    for (const [index, row] of results.entries()) {
      if (titles[index] === name) expect(row).toMatchObject({ action: 'kept', reason: 'edited' });
      else expect(row.changes).toMatchObject({ summary: '1 line added', lines: { added: ['New line.'] } });
    }
    expect(infos.find((line) => line.startsWith('Planned'))).toMatch(/^updated +text +Page \d .+ 1 line added$/m);
  });

  describe('tells only what changed since', () => {
    const version = (description: string, text: string) => {
      const item = page('1');
      return { ...item, metadata: { ...item.metadata, description }, markdown: text };
    };
    const others = pages(4).slice(1);
    const next = async (item: ReturnType<typeof version>, over: Parameters<typeof run>[1] = {}) =>
      (await run([item, ...others], over)).results.find(({ key }) => key === item.key)!;

    it('a row was restored', async () => {
      await next(version('A', 'One.'));
      await run(others, { input: { onRemoved: 'mark' } });
      expect(await next(version('B', 'Two.'))).toMatchObject({ action: 'restored' });
      const { changes } = await next(version('B', 'Three.'));
      expect(changes).toMatchObject({ fields: [], lines: { added: ['Three.'], removed: ['Two.'] } });
    });

    it.each([[['B']], [['B', 'C']]])('the columns of a row were written whose text stayed (%j)', async (kept) => {
      await next(version('A', 'One.'));
      const mine = [...notion.world.pages.values()].find((row) => notion.world.plainValues(row)['Name'] === 'Page 1')!;
      notion.world.editAsPerson(mine.id, { markdown: 'Mine.' });
      for (const description of kept)
        expect(await next(version(description, 'Two.'))).toMatchObject({ action: 'kept', reason: 'edited' });
      const { changes } = await next(version('D', 'Three.'), { input: { onUserEdit: 'overwrite' } });
      expect(changes).toMatchObject({
        fields: [{ name: 'Description', before: kept.at(-1), after: 'D' }],
        lines: { added: ['Three.'], removed: ['One.'] },
      });
    });
  });

  it('goes on without what it cannot remember', async () => {
    await run(pages(2));
    for (const [key, value] of memory.values)
      if (value.includes('packed')) memory.values.set(key, '{"version":1,"packed":"?"}');
    const { results } = await run([page('1', { markdown: 'New.' }), page('2')]);
    const row = results.find(({ key }) => key === page('1').key);
    expect(row).toMatchObject({ action: 'updated' });
    expect(row).not.toHaveProperty('changes');
  });
});
