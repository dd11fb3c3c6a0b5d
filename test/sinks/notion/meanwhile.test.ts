import { beforeEach, describe, expect, it } from 'vitest';
import type { Authorship } from '../../../sandbox/notion/records.js';
import type { PageItem } from '../../../src/collect/item.js';
import { ItemError } from '../../../src/sinks/notion/errors.js';
import { FreshRows } from '../../../src/sinks/notion/fresh-rows.js';
import type { Row } from '../../../src/sinks/notion/row.js';
import { notionForEachTest } from './each-test.js';
import { pages, sync } from './harness.js';

const MODELS: Authorship[] = ['blocks-keep-author', 'all-blocks-last-writer', 'token-writes-as-person'];

describe('while a sync is under way', () => {
  const at = notionForEachTest();

  const rowOf = (item: PageItem) =>
    [...at.notion.world.pages.values()].find((row) => at.notion.world.plainValues(row)['Sync key'] === item.key)!;
  const body = (item: PageItem) => at.notion.world.markdownOf(rowOf(item).id);
  const changed = (item: PageItem) => ({ ...item, markdown: `New words of ${item.metadata.title}.` });
  const described = (item: PageItem) => ({ ...item, metadata: { ...item.metadata, description: 'Other' } });
  /** Syncs `items`; when the eighth has its outcome a person does `act`. No row counts as just read. */
  const syncWith = (items: PageItem[], act: () => void, input: Parameters<typeof sync>[0]['input'] = {}) =>
    sync({ ...at, input, waits: { freshMs: 0 }, onResult: (count) => count === 8 && act() }, items);
  /** Far enough behind the eighth that none of them is being written then. */
  const later = pages(40).slice(24);

  describe.each(MODELS)('where Notion says of authors: %s', (authorship) => {
    beforeEach(() => {
      at.notion.world.authorship = authorship;
    });

    it('a body that a person edits after the index was read is not overwritten', async () => {
      await sync({ ...at }, pages(40));
      const { results } = await syncWith(pages(40).map(changed), () => {
        for (const item of later) at.notion.world.editAsPerson(rowOf(item).id, { user: 'Anna', markdown: 'Mine.' });
      });
      for (const item of later) {
        expect(body(item)).toBe('Mine.');
        expect(results.find(({ key }) => key === item.key)).toMatchObject({ action: 'kept', reason: 'edited' });
      }
      expect(results.filter(({ action }) => action === 'updated')).toHaveLength(24);
    });
  });

  it('such an edit is not hidden from the next run when only columns are written', async () => {
    await sync({ ...at }, pages(40));
    await syncWith(pages(40).map(described), () => {
      for (const item of later) at.notion.world.editAsPerson(rowOf(item).id, { user: 'Anna', markdown: 'Mine.' });
    });
    const { report } = await sync({ ...at }, pages(40).map(described).map(changed));
    expect(report).toMatchObject({ kept: later.length, updated: 24 });
    for (const item of later) expect(body(item)).toBe('Mine.');
  });

  it('a row that a person puts into the trash stays there', async () => {
    await sync({ ...at }, pages(40));
    const { results } = await syncWith(pages(40).map(changed), () => {
      for (const item of later) at.notion.world.editAsPerson(rowOf(item).id, { trashed: true });
    });
    for (const item of later) {
      expect(rowOf(item).in_trash).toBe(true);
      expect(results.find(({ key }) => key === item.key)).toMatchObject({ action: 'kept', reason: 'trashed' });
    }
  });

  it('a row that a person writes into is marked as removed, not put into the trash', async () => {
    await sync({ ...at }, pages(40));
    await syncWith(
      pages(24),
      () => {
        for (const item of later) at.notion.world.editAsPerson(rowOf(item).id, { markdown: 'Mine.' });
      },
      { onRemoved: 'trash' },
    );
    for (const item of later) {
      expect(rowOf(item).in_trash).toBe(false);
      expect(at.notion.world.plainValues(rowOf(item))['Status']).toBe('Removed');
    }
  });

  it('what another run has written meanwhile is not written again', async () => {
    await sync({ ...at }, pages(40));
    const items = pages(40).map(changed);
    let other: Promise<unknown> = Promise.resolve();
    const first = await syncWith(items, () => {
      other = sync({ ...at }, items);
    });
    await other;
    expect(first.report).toMatchObject({ done: 40, failed: 0, kept: 0 });
    expect((await sync({ ...at }, items)).report.unchanged).toBe(40);
    for (const item of items) expect(body(item)).toBe(item.markdown);
  });
});

describe('rows right before they are written', () => {
  const row = (pageId: string, touched = false): Row => ({
    pageId,
    url: '',
    hash: null,
    source: 'own',
    status: 'Active',
    createdAt: 0,
    editedAt: 0,
    createdByUs: true,
    touched,
  });
  const keys = Array.from({ length: 150 }, (_, index) => String(index));
  function fresh(read = (wanted: readonly string[]) => wanted.map((key) => ({ row: row(key, true), title: '' }))) {
    const asked: string[][] = [];
    const time = { now: 0 };
    const rows = new FreshRows({
      read: async (wanted) => {
        asked.push([...wanted]);
        return read(wanted);
      },
      freshMs: 2000,
      indexedAt: 0,
      clock: () => time.now,
    });
    rows.expect(keys);
    return { rows, asked, time };
  }

  it('are those of the index while that is young', async () => {
    const { rows, asked, time } = fresh();
    const known = row('1');
    time.now = 1999;
    expect(await rows.read('1', known)).toBe(known);
    expect(asked).toEqual([]);
  });

  it('cost one request per hundred, whoever asks first, and one more when that is old', async () => {
    const { rows, asked, time } = fresh();
    time.now = 5000;
    const read = (from: number, to: number) =>
      Promise.all(keys.slice(from, to).map(async (key) => (await rows.read(key, row(key)))?.touched));
    expect(await read(0, 8)).toEqual(Array(8).fill(true));
    await read(8, 50);
    expect(asked.map((wanted) => wanted.length)).toEqual([100]);
    time.now = 7000;
    await read(50, 150);
    expect(asked.map((wanted) => wanted.length)).toEqual([100, 100]);
    expect(asked[1]).toEqual(keys.slice(50));
  });

  it('are unknown, not unchanged, when queries do not show them or fail', async () => {
    const gone = fresh(() => []);
    gone.time.now = 5000;
    expect(await gone.rows.read('1', row('1'))).toBeNull();
    const failing = fresh(() => {
      throw new ItemError('unavailable', 'down');
    });
    failing.time.now = 5000;
    expect(await failing.rows.read('1', row('1'))).toBeNull();
  });
});
