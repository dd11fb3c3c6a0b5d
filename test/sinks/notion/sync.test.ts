import { describe, expect, it } from 'vitest';
import { startNotion } from '../../../sandbox/notion/server.js';
import { notionForEachTest, syncWith } from './each-test.js';
import { MemoryStore, page, pages, record, rig, sync } from './harness.js';

const at = notionForEachTest();

const run = syncWith(at);

const posts = (path: string) => at.notion.requests.filter((entry) => entry.method === 'POST' && entry.path === path);
const writes = () =>
  at.notion.requests.filter(
    ({ method, path }) =>
      method === 'PATCH' || method === 'DELETE' || (method === 'POST' && !/query$|search$/.test(path)),
  );
const rowsOf = (dataSourceId: string) => at.notion.world.liveRows(dataSourceId);
const values = (dataSourceId: string) => rowsOf(dataSourceId).map((row) => at.notion.world.plainValues(row));

describe('a first sync', () => {
  it('makes a private database and one request per row', async () => {
    const { report, results } = await run(pages(30));
    expect(report).toMatchObject({ total: 30, done: 30, created: 30, failed: 0, finished: true });
    expect(posts('/v1/pages')).toHaveLength(30);
    expect(posts('/v1/databases')).toHaveLength(1);
    expect(writes()).toHaveLength(31);
    expect(report.requests).toBe(at.notion.requests.length);
    expect(at.notion.requests.length).toBeLessThan(31 + 6);
    expect(results).toHaveLength(30);
    expect(new Set(results.map((row) => row.notionPageId)).size).toBe(30);
    expect(results.every((row) => row.action === 'created' && row.notionUrl !== null)).toBe(true);
    const [database] = [...at.notion.world.databases.values()];
    expect(database?.parent).toMatchObject({ type: 'workspace' });
  });

  it('fills the columns and the body', async () => {
    const { report } = await run([page('a')]);
    const [row] = rowsOf(report.destination!.dataSourceId);
    expect(at.notion.world.plainValues(row!)).toMatchObject({
      Name: 'Page a',
      URL: 'https://site.example/docs/a',
      Description: 'About a',
      Author: '',
      Language: 'en',
      Published: '2026-09-01T10:00:00+02:00',
      Status: 'Active',
      Source: 'https://site.example/docs',
      'Sync key': 'https://site.example/docs/a',
      'Sync hash': expect.stringMatching(/^v1:[0-9a-f]{32}:[0-9a-f]{32}:l[0-9a-f]{16}$/) as unknown,
    });
    expect(Date.parse(String(at.notion.world.plainValues(row!)['Changed']))).toBeGreaterThan(Date.now() - 60_000);
    const body = at.notion.world.markdownOf(row!.id);
    expect(body).toContain('Words of a.');
    expect(body).toContain('## More');
    expect(body).not.toContain('# Page a');
  });

  it('leaves bodies out where they are not wanted', async () => {
    const { report } = await run([page('a')], { input: { syncContent: false } });
    const [row] = rowsOf(report.destination!.dataSourceId);
    expect(at.notion.world.markdownOf(row!.id)).toBe('');
  });

  it('gives records their typed columns', async () => {
    const recordFields = [
      { name: 'name', type: 'text' },
      { name: 'Price', type: 'number' },
      { name: 'In stock', type: 'boolean' },
      { name: 'Photo', type: 'image' },
      { name: 'Status', type: 'text' },
    ].map((field) => ({ selector: 'x', attribute: null, multiple: false, ...field })) as never;
    const fields = { name: 'Lamp', Price: 12.5, 'In stock': true, Photo: 'https://site.example/a.png', Status: 'new' };
    const { report } = await run([record('1', fields)], { input: { recordFields } });
    expect(values(report.destination!.dataSourceId)[0]).toMatchObject({
      Name: 'Lamp',
      Price: 12.5,
      'In stock': true,
      Photo: 'https://site.example/a.png',
      'Status (record)': 'new',
      Status: 'Active',
    });
  });

  it('writes nothing in a dry run and reports the plan', async () => {
    const { report, results } = await run(pages(3), { input: { dryRun: true } });
    expect(report).toMatchObject({ created: 3, done: 3, destination: null });
    expect(results.map((row) => row.action)).toEqual(['created', 'created', 'created']);
    expect(writes()).toHaveLength(0);
    expect(at.memory.writes).toBe(0);
  });
});

describe('a further sync', () => {
  it('writes nothing when nothing changed', async () => {
    await run(pages(120));
    at.notion.requests.length = 0;
    const { report, results } = await run(pages(120));
    expect(report).toMatchObject({ unchanged: 120, created: 0, updated: 0 });
    expect(results).toHaveLength(120);
    expect(writes()).toHaveLength(0);
    expect(at.notion.requests.length).toBeLessThan(8);
  });

  it('updates exactly the changed body, with two requests', async () => {
    const first = await run(pages(10));
    const before = values(first.report.destination!.dataSourceId);
    at.notion.requests.length = 0;
    const changed = pages(10);
    changed[3] = page('4', { markdown: '# Page 4\n\nOther words.' });
    const { report, results } = await run(changed);
    expect(report).toMatchObject({ unchanged: 9, updated: 1 });
    expect(writes().map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{32,}/, 'ID')}`)).toEqual([
      'PATCH /v1/pages/ID/markdown',
      'PATCH /v1/pages/ID',
    ]);
    const row = results.find((result) => result.action === 'updated');
    expect(at.notion.world.markdownOf(row!.notionPageId!)).toContain('Other words.');
    const after = values(report.destination!.dataSourceId);
    expect(after.filter((value, index) => JSON.stringify(value) !== JSON.stringify(before[index]))).toHaveLength(1);
    at.notion.requests.length = 0;
    expect((await run(changed)).report.unchanged).toBe(10);
    expect(writes()).toHaveLength(0);
  });

  it('updates changed columns with one request and leaves the body alone', async () => {
    await run(pages(2));
    at.notion.requests.length = 0;
    const one = page('1');
    const { report } = await run([{ ...one, metadata: { ...one.metadata, description: 'New' } }, page('2')]);
    expect(report.updated).toBe(1);
    expect(writes()).toHaveLength(1);
    expect(values(report.destination!.dataSourceId)[0]).toMatchObject({ Description: 'New' });
  });

  it('brings a heading back that repeated the title before, when only the title changes', async () => {
    const item = page('1', { markdown: '# Page 1\n\nWords.' });
    const body = () => at.notion.world.markdownOf([...at.notion.world.pages.values()][0]!.id);
    await run([item]);
    expect(body()).toBe('Words.');
    const renamed = { ...item, metadata: { ...item.metadata, title: 'Buy now' } };
    expect((await run([renamed])).report.updated).toBe(1);
    expect(body()).toBe('# Page 1\nWords.');
    expect((await run([renamed])).report.unchanged).toBe(1);
    expect((await run([item])).report.updated).toBe(1);
    expect(body()).toBe('Words.');
    await run([item], { input: { propertyMapping: { Name: 'metadata.description' } } });
    expect(body()).toBe('# Page 1\nWords.');
  });

  it('finds the rows of other sources, and leaves rows without a key alone', async () => {
    const first = await run(pages(2));
    const { dataSourceId } = first.report.destination!;
    at.notion.world.addRowAsPerson(dataSourceId, { properties: { Name: { title: [{ text: { content: 'Mine' } }] } } });
    const { report } = await run(pages(2), { input: { startUrls: ['https://site.example/'] } });
    expect(report).toMatchObject({ unchanged: 2, created: 0 });
    expect(rowsOf(dataSourceId)).toHaveLength(3);
  });

  it('reports duplicates that a person made and writes the oldest row only', async () => {
    const first = await run([page('1')]);
    const { dataSourceId } = first.report.destination!;
    const [row] = rowsOf(dataSourceId);
    const rich = (content: string) => ({ rich_text: [{ text: { content } }] });
    const copied = at.notion.world.plainValues(row!);
    at.notion.world.addRowAsPerson(dataSourceId, {
      properties: {
        Name: { title: [{ text: { content: 'Copy' } }] },
        'Sync key': rich(String(copied['Sync key'])),
        'Sync hash': rich(String(copied['Sync hash'])),
      },
    });
    const { report, results, warnings } = await run([page('1', { markdown: 'Changed.' })]);
    expect(report).toMatchObject({ total: 1, done: 1, updated: 1, kept: 1 });
    expect(results.map(({ action, reason }) => [action, reason])).toContainEqual(['kept', 'duplicate']);
    expect(warnings.join()).toContain('repeat the key');
    expect(at.notion.world.markdownOf(row!.id)).toContain('Changed.');
    expect(rowsOf(dataSourceId)).toHaveLength(2);
  });

  it('reads past the cap of one query', async () => {
    let now = Date.parse('2026-11-22T10:00:00Z');
    await at.notion.close();
    at.notion = await startNotion({ budget: 100_000, clock: () => (now += 10_000) });
    at.token = at.notion.authorize({ workspace: 'Anna’s' }).accessToken;
    await run(pages(60));
    at.notion.world.caps.queryResults = 25;
    const { report } = await run(pages(60));
    expect(report).toMatchObject({ unchanged: 60, created: 0 });
  });
});

it('every link in the results and in the report opens what it names', async () => {
  const recorded = [...(await run(pages(4))).results];
  const [, second] = [...at.notion.world.pages.values()];
  at.notion.world.editAsPerson(second!.id, { markdown: 'Mine.' });
  const items = [...pages(3).map((item) => ({ ...item, markdown: 'New.' })), page('5')];
  const { report, results } = await run(items, { input: { onRemoved: 'mark' } });
  recorded.push(...results, ...(await run(items)).results);
  expect(new Set(recorded.map(({ action }) => action))).toEqual(
    new Set(['created', 'updated', 'kept', 'removed', 'unchanged']),
  );
  for (const { key, notionUrl } of recorded) {
    const shown = await fetch(notionUrl!);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain(`Page ${key.split('/').at(-1)}`);
  }
  const database = await fetch(report.destination!.databaseUrl);
  expect(database.status).toBe(200);
  expect(await database.text()).toContain('site.example');
});

describe('a person’s edits', () => {
  it('keeps a body that a person edited, now and later, and says so', async () => {
    const first = await run(pages(2));
    const { dataSourceId } = first.report.destination!;
    const [row] = rowsOf(dataSourceId);
    at.notion.world.editAsPerson(row!.id, { markdown: (present) => `${present}\nMy own note` });
    const key = at.notion.world.plainValues(row!)['Sync key'];
    const name = String(key).split('/').pop()!;
    const changed = [page(name, { markdown: 'New words.' })];
    const second = await run(changed);
    expect(second.results[0]).toMatchObject({ action: 'kept', reason: 'edited' });
    expect(at.notion.world.markdownOf(row!.id)).toContain('My own note');
    expect(at.notion.world.plainValues(row!)['Status']).toBe('Edited in Notion');
    at.notion.requests.length = 0;
    const third = await run(changed);
    expect(third.results[0]).toMatchObject({ action: 'kept', reason: 'edited' });
    expect(writes()).toHaveLength(0);
    const fourth = await run(changed, { input: { onUserEdit: 'overwrite' } });
    expect(fourth.report.updated).toBe(1);
    expect(at.notion.world.markdownOf(row!.id)).toBe('New words.');
  });

  it('still updates the body when a person edited a property, and keeps that column', async () => {
    const first = await run([page('1')]);
    const { dataSourceId } = first.report.destination!;
    const [row] = rowsOf(dataSourceId);
    at.notion.world.editAsPerson(row!.id, { properties: { Author: { rich_text: [{ text: { content: 'Me' } }] } } });
    const { report } = await run([page('1', { markdown: 'New words.' })]);
    expect(report.updated).toBe(1);
    expect(at.notion.world.markdownOf(row!.id)).toBe('New words.');
  });

  it('never deletes a nested page: told to overwrite it replaces the text around it, else it leaves the text', async () => {
    const first = await run([page('1'), page('2')]);
    const [one, two] = rowsOf(first.report.destination!.dataSourceId);
    for (const row of [one!, two!]) at.notion.world.editAsPerson(row.id, { nestedPage: 'Mine' });
    const changed = [page('1', { markdown: 'New.' }), page('2', { markdown: 'New.' })];
    const { results } = await run(changed);
    expect(results.map(({ action, reason }) => [action, reason])).toEqual([
      ['kept', 'edited'],
      ['kept', 'edited'],
    ]);
    for (const row of [one!, two!]) expect(at.notion.world.markdownOf(row.id)).toContain('Words of');
    const told = await run(changed, { input: { onUserEdit: 'overwrite' } });
    expect(told.report.updated).toBe(2);
    for (const row of [one!, two!]) {
      expect(at.notion.world.markdownOf(row.id)).toMatch(/^New\.\n<page url="[^"]+">Mine<\/page>$/);
    }
    expect([...at.notion.world.pages.values()].filter((found) => found.in_trash)).toHaveLength(0);
    expect((await run(changed)).report.unchanged).toBe(2);
  });
});

describe('users', () => {
  it('never see each other’s workspace, one after the other and at once', async () => {
    const other = at.notion.authorize({ workspace: 'Ben’s', user: 'Ben' }).accessToken;
    const [a, b] = await Promise.all([
      run(pages(5)),
      sync({ notion: at.notion, token: other, memory: new MemoryStore(), userId: 'user-b' }, pages(3)),
    ]);
    expect(a.report.destination!.databaseId).not.toBe(b.report.destination!.databaseId);
    expect(rowsOf(a.report.destination!.dataSourceId)).toHaveLength(5);
    expect(rowsOf(b.report.destination!.dataSourceId)).toHaveLength(3);
    const workspaces = [...at.notion.world.pages.values()].map((row) => row.workspaceId);
    expect(new Set(workspaces).size).toBe(2);
    expect((await rig({ notion: at.notion, token: other }).sink.check()).workspace).toMatchObject({
      name: 'Ben’s',
      userName: 'Ben',
    });
  });
});

describe('bodies over one request', () => {
  it('are written in pieces, the hash last', async () => {
    const markdown = Array.from({ length: 900 }, (_, index) => `Paragraph ${index} ${'x'.repeat(900)}`).join('\n\n');
    const { report } = await run([page('big', { markdown })]);
    expect(report.created).toBe(1);
    const [row] = rowsOf(report.destination!.dataSourceId);
    const body = at.notion.world.markdownOf(row!.id);
    expect(body.split('\n')).toHaveLength(900);
    expect(body).toContain('Paragraph 899 ');
    const paths = writes().map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{32,}/, 'ID')}`);
    expect(paths).toEqual([
      'POST /v1/databases',
      'POST /v1/pages',
      'PATCH /v1/pages/ID/markdown',
      'PATCH /v1/pages/ID',
    ]);
    expect((await run([page('big', { markdown })])).report.unchanged).toBe(1);
  });
});
