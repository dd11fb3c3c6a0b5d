import { describe, expect, it } from 'vitest';
import { notionForEachTest, rowsOf, syncWith } from './each-test.js';
import { page, pages } from './harness.js';

const at = notionForEachTest();

const run = syncWith(at);
const rowOf = (name: string) => rowsOf(at, name)[0]!;
const changed = (name: string) => page(name, { markdown: 'New words.' });

describe('a dry run', () => {
  it('plans what a sync does: the same action for each page, and nothing written', async () => {
    const onRemoved = 'trash' as const;
    await run(pages(14), { input: { onRemoved } });
    const mine = (present: string) => `${present}\nMine.`;
    at.notion.world.editAsPerson(rowOf('2').id, { markdown: mine });
    at.notion.world.editAsPerson(rowOf('3').id, { markdown: mine });
    at.notion.world.editAsPerson(rowOf('4').id, { trashed: true });
    // Marked, because a person wrote into it, and back again with other words; and one that lay in the trash.
    at.notion.world.editAsPerson(rowOf('5').id, { markdown: mine });
    const between = pages(14).filter(({ key }) => key !== page('5').key && key !== page('6').key);
    await run(between, { input: { onRemoved } });
    expect(rowOf('6').in_trash).toBe(true);

    // 1 and 7 are gone from the site, 3 and 8 too; a person wrote into 3.
    const items = [
      changed('2'),
      page('4'),
      changed('5'),
      changed('6'),
      changed('9'),
      page('15'),
      ...pages(14).slice(9),
    ];
    at.notion.requests.length = 0;
    const written = at.memory.writes;
    const dry = await run(items, { input: { onRemoved, dryRun: true } });
    expect(at.notion.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    expect(
      at.notion.requests.filter(({ method, path }) => method === 'POST' && /pages$|databases$/.test(path)),
    ).toEqual([]);
    expect(at.memory.writes).toBe(written);
    const real = await run(items, { input: { onRemoved } });
    const said = (results: typeof real.results) =>
      results.map(({ key, action, notionPageId }) => [key, action, action === 'created' ? null : notionPageId]).sort();
    expect(said(dry.results)).toEqual(said(real.results));
    const reasons = (results: typeof real.results) =>
      results.filter(({ action }) => action === 'kept' || action === 'removed' || action === 'restored');
    const told = (results: typeof real.results) =>
      reasons(results)
        .map(({ key, reason }) => [key, reason])
        .sort();
    expect(told(dry.results)).toEqual(told(real.results));
    expect(dry.results).toContainEqual(
      expect.objectContaining({ key: page('3').key, action: 'removed', reason: 'edited' }),
    );
    expect(dry.results).toContainEqual(
      expect.objectContaining({ key: page('5').key, action: 'restored', reason: 'edited' }),
    );
    expect(dry.report).toMatchObject({ kept: 2, created: 1, restored: 2, updated: 1, removed: 4, unchanged: 5 });
    // In what order the reasons come, depends on what was written first.
    const parts = (notes: string[]): string[] => notes.flatMap((note) => note.split(/[:,.] ?/)).sort();
    expect(parts(dry.report.notes)).toEqual(parts(real.report.notes));
  });

  it('says of a page that cannot be read what a sync says, and goes on with the others', async () => {
    await run(pages(3));
    for (const name of ['1', '2']) at.notion.world.editAsPerson(rowOf(name).id, { markdown: 'Mine.' });
    const items = [changed('1'), changed('2'), changed('3')];
    at.notion.faults.add({ match: { method: 'GET', path: /markdown$/ }, times: 1, effect: '413' });
    const dry = await run(items, { input: { dryRun: true } });
    expect(dry.report).toMatchObject({ failed: 1, kept: 1, updated: 1, done: 3, finished: true });
    at.notion.faults.add({ match: { method: 'GET', path: /markdown$/ }, times: 1, effect: '413' });
    const real = await run(items);
    const failed = (results: typeof real.results) => results.find(({ action }) => action === 'failed');
    for (const { results } of [dry, real]) {
      const error = expect.stringMatching(/^Notion says that the page is too large\. \(HTTP 413/) as unknown;
      expect(failed(results)).toMatchObject({ reason: 'too-large', error });
    }
    expect(real.report).toMatchObject({ failed: 1, kept: 1, updated: 1 });
  });

  it('sees what a person did since the rows were read', async () => {
    await run(pages(3));
    const dry = await run(
      pages(3).map((item) => ({ ...item, markdown: 'New words.' })),
      {
        input: { dryRun: true },
        waits: { freshMs: 0 },
        onResult: (count) => {
          if (count === 1)
            for (const name of ['1', '2', '3']) at.notion.world.editAsPerson(rowOf(name).id, { markdown: 'Mine.' });
        },
      },
    );
    expect(dry.report).toMatchObject({ updated: 1, kept: 2 });
  });

  it('knows the rows of a database that lacks columns as a sync does', async () => {
    const { report } = await run(pages(3));
    const source = at.notion.world.dataSources.get(report.destination!.dataSourceId)!;
    const drop = (name: string): void => {
      for (const [id, property] of source.properties) if (property.name === name) source.properties.delete(id);
    };
    drop('Description');
    const input = { dryRun: true };
    expect((await run(pages(3), { input })).report).toMatchObject({ created: 0, unchanged: 3 });
    expect((await run([changed('1'), ...pages(3).slice(1)], { input })).report).toMatchObject({
      updated: 1,
      unchanged: 2,
    });
    drop('Status');
    expect((await run(pages(3), { input })).report).toMatchObject({ created: 0, unchanged: 3 });
    drop('Sync hash');
    expect((await run(pages(3), { input })).report).toMatchObject({ created: 0, updated: 3 });
    drop('Sync key');
    await expect(run(pages(3), { input })).rejects.toThrow(/has lost its column "Sync key"/);
    expect(at.notion.requests.some(({ method, path }) => method === 'PATCH' && path.includes('data_sources'))).toBe(
      false,
    );
  });
});
