import { describe, expect, it } from 'vitest';
import { notionForEachTest, syncWith } from './each-test.js';
import { MemoryStore, page, pages } from './harness.js';

describe('two runs of one user at once', () => {
  const at = notionForEachTest();

  const run = syncWith(at);
  const live = () => [...at.notion.world.pages.values()].filter((row) => !row.in_trash);
  const keys = () => live().map((row) => String(at.notion.world.plainValues(row)['Sync key']));
  const changed = (count: number) => pages(count).map((item) => ({ ...item, markdown: 'Changed.' }));

  it('that make the same rows leave one of each, healed by the next run', async () => {
    await run([page('0')]);
    at.notion.world.staleness = { ms: 100, queries: 0 };
    const both = await Promise.all([run(pages(30)), run(pages(30))]);
    for (const { report } of both) expect(report).toMatchObject({ done: 30, failed: 0, finished: true });
    // The premise: neither could know of the other.
    expect(keys().length).toBeGreaterThan(31);
    at.notion.world.staleness = { ms: 0, queries: 0 };
    const { report, results } = await run(changed(30));
    expect(report).toMatchObject({ updated: 30, created: 0, failed: 0 });
    expect(results.filter(({ action }) => action === 'removed').every(({ reason }) => reason === 'duplicate')).toBe(
      true,
    );
    expect(keys().sort()).toEqual([page('0'), ...pages(30)].map(({ key }) => key).sort());
    for (const row of live().slice(1)) expect(at.notion.world.markdownOf(row.id)).toBe('Changed.');
    expect((await run(changed(30))).report).toMatchObject({ unchanged: 30, removed: 0, kept: 0 });
  });

  it('leave a further row alone that a person wrote into meanwhile', async () => {
    await run([page('0')]);
    at.notion.world.staleness = { ms: 100, queries: 0 };
    await Promise.all([run(pages(3)), run(pages(3))]);
    at.notion.world.staleness = { ms: 0, queries: 0 };
    for (const row of live()) at.notion.world.editAsPerson(row.id, { markdown: (present) => `${present}\nMine.` });
    const before = live().length;
    const { report } = await run(pages(3));
    expect(live()).toHaveLength(before);
    expect(report.notes.join()).toMatch(/\d further rows of a page that has one already/);
  });

  it('leave a further row alone whose status says so, although a sync was the last to write it', async () => {
    await run([page('0')]);
    at.notion.world.staleness = { ms: 100, queries: 0 };
    await Promise.all([run(pages(3)), run(pages(3))]);
    at.notion.world.staleness = { ms: 0, queries: 0 };
    for (const row of live()) {
      const ours = row.last_edited_by.id;
      const properties = { Status: { select: { name: 'Edited in Notion' } } };
      at.notion.world.editAsPerson(row.id, { markdown: 'Mine.', properties });
      at.notion.world.touch(row, ours);
    }
    const before = live().length;
    expect(before).toBeGreaterThan(4);
    await run(pages(3));
    expect(live()).toHaveLength(before);
  });

  it('that update the same rows end with what both wanted', async () => {
    await run(pages(30));
    const both = await Promise.all([run(changed(30)), run(changed(30))]);
    for (const { report } of both) expect(report).toMatchObject({ done: 30, failed: 0, kept: 0 });
    expect(live()).toHaveLength(30);
    expect((await run(changed(30))).report.unchanged).toBe(30);
  });

  it('that are its first under one page end in one database, although neither is told of the other', async () => {
    const parent = at.notion.world.addPageAsPerson({ workspace: 'Anna’s', user: 'Anna', title: 'Team' });
    at.notion.world.share(parent.id, [...at.notion.world.bots.keys()][0]!);
    const input = { notionParentPage: parent.id };
    const databases = () => [...at.notion.world.databases.values()].filter(({ in_trash: gone }) => !gone);
    const forgetful = () => run(pages(3), { input, memory: new MemoryStore() });
    const both = await Promise.all([forgetful(), forgetful()]);
    // The premise: both made one.
    expect(at.notion.world.databases.size).toBe(2);
    for (const { report } of both) expect(report).toMatchObject({ done: 3, failed: 0 });
    expect(new Set(both.map(({ report }) => report.destination?.databaseId))).toEqual(new Set([databases()[0]!.id]));
    expect(databases()).toHaveLength(1);
  });

  it('that are its first make one database', async () => {
    const both = await Promise.all([run(pages(5)), run(pages(5), { waits: { lookupMs: [20, 40, 80] } })]);
    for (const { report } of both) expect(report).toMatchObject({ done: 5, failed: 0 });
    const databases = [...at.notion.world.databases.values()].filter(({ in_trash: gone }) => !gone);
    expect(databases).toHaveLength(1);
    expect((await run(pages(5))).report).toMatchObject({ unchanged: 5, created: 0 });
    expect(new Set(keys()).size).toBe(5);
    expect(keys()).toHaveLength(5);
  });
});
