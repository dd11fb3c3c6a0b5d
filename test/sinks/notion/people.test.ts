import { beforeEach, describe, expect, it } from 'vitest';
import type { Authorship } from '../../../sandbox/notion/records.js';
import type { PageItem } from '../../../src/collect/item.js';
import { notionForEachTest, rowsOf, syncWith } from './each-test.js';
import { page, pages } from './harness.js';

const MODELS: Authorship[] = ['blocks-keep-author', 'all-blocks-last-writer', 'token-writes-as-person'];

const at = notionForEachTest();

const run = syncWith(at);
const rowOf = (name: string) => rowsOf(at, name).find((row) => !row.in_trash)!;
const body = (name: string) => at.notion.world.markdownOf(rowOf(name).id);
const status = (name: string) => at.notion.world.plainValues(rowOf(name))['Status'];
/** The person is the one who gave the token, so that the third model cannot tell them from us. */
const edit = (name: string, how: Omit<Parameters<typeof at.notion.world.editAsPerson>[1], 'user'>) =>
  at.notion.world.editAsPerson(rowOf(name).id, { user: 'Anna', ...how });
const changed = (name: string, words = 'New words.'): PageItem => page(name, { markdown: words });
const described = (item: PageItem, description: string): PageItem => ({
  ...item,
  metadata: { ...item.metadata, description },
});
const requestsPerItem = () =>
  at.notion.requests
    .filter(({ path }) => /^\/v1\/pages/.test(path))
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{32,}/, 'ID').replace('/v1/', '')}`);

describe.each(MODELS)('where Notion says of authors: %s', (authorship) => {
  beforeEach(() => {
    at.notion.world.authorship = authorship;
  });

  it.each([
    ['adds words', (present: string) => `${present}\nMy own note`],
    ['changes a word', (present: string) => present.replace('Words of', 'My words of')],
    ['only deletes words', (present: string) => present.replace(/- two$/, '')],
    ['deletes everything', () => ''],
  ])('never overwrites the words of a person who %s, in this run and later ones', async (_name, markdown) => {
    await run([page('1')]);
    edit('1', { markdown });
    const mine = body('1');
    for (const words of ['New words.', 'Newer words.']) {
      const { results } = await run([changed('1', words)]);
      expect(results[0]).toMatchObject({ action: 'kept', reason: 'edited' });
      expect(body('1')).toBe(mine);
      expect(status('1')).toBe('Edited in Notion');
    }
    at.notion.requests.length = 0;
    await run([changed('1', 'Newer words.')]);
    expect(requestsPerItem()).toEqual([]);
    const told = await run([changed('1')], { input: { onUserEdit: 'overwrite' } });
    expect(told.report.updated).toBe(1);
    expect(body('1')).toBe('New words.');
    expect(status('1')).toBe('Active');
    // What was overwritten on demand is ours again.
    expect((await run([changed('1', 'Last words.')])).report.updated).toBe(1);
    expect(body('1')).toBe('Last words.');
  });

  it('never overwrites them after columns were written in between, nor after the body was ours for a while', async () => {
    await run([page('1')]);
    await run([changed('1', 'Ours.')]);
    edit('1', { markdown: (present) => `${present}\nMine.` });
    const columns = await run([described(changed('1', 'Ours.'), 'Other')]);
    expect(columns.report.updated).toBe(1);
    const { results } = await run([described(changed('1'), 'Third')]);
    expect(results[0]).toMatchObject({ action: 'kept', reason: 'edited' });
    expect(body('1')).toBe('Ours.\nMine.');
    expect(at.notion.world.plainValues(rowOf('1'))['Description']).toBe('Third');
  });

  it('never overwrites them after the row was marked as removed and came back', async () => {
    await run(pages(4));
    edit('1', { markdown: (present) => `${present}\nMine.` });
    const mine = body('1');
    const removed = await run(pages(4).slice(1), { input: { onRemoved: 'mark' } });
    expect(removed.report).toMatchObject({ removed: 1, unchanged: 3 });
    expect(status('1')).toBe('Removed');
    const back = await run([changed('1'), ...pages(4).slice(1)], { input: { onRemoved: 'mark' } });
    expect(back.results.find(({ key }) => key === page('1').key)).toMatchObject({
      action: 'restored',
      reason: 'edited',
    });
    expect(body('1')).toBe(mine);
    expect(status('1')).toBe('Edited in Notion');
  });

  it('updates the body when a person edited a property only, and keeps their column', async () => {
    await run([page('1')]);
    edit('1', { properties: { Author: { rich_text: [{ text: { content: 'Me' } }] } } });
    at.notion.requests.length = 0;
    const { report } = await run([changed('1')]);
    expect(report.updated).toBe(1);
    expect(body('1')).toBe('New words.');
    expect(requestsPerItem()).toEqual(['GET pages/ID/markdown', 'PATCH pages/ID/markdown', 'PATCH pages/ID']);
  });

  it('takes the body back when the person undid their edit and cleared the status', async () => {
    await run([page('1')]);
    const ours = body('1');
    edit('1', { markdown: 'Mine.' });
    await run([changed('1')]);
    edit('1', { markdown: ours, properties: { Status: { select: { name: 'Active' } } } });
    expect((await run([changed('1')])).report.updated).toBe(1);
    expect(body('1')).toBe('New words.');
  });

  it('brings every body up to date that nobody touched, whatever the markdown holds', async () => {
    const rich = [
      '3. three\n4. four',
      '| a | b |\n| - | - |\n| `1` | **2** |',
      '```js\nconst a = "<b>" // `x` *y*\n```\n\n1\\. not a list',
      '> quote\n> more\n\n- [ ] open\n- [x] done\n\n![alt](https://site.example/a.png)',
      'Costs $5 and $6 :smile: {x} [a](https://site.example/?q=1_2) <div>raw</div>\n\n# Not a title',
    ];
    const items = rich.map((markdown, index) => page(String(index), { markdown }));
    expect((await run(items)).report.created).toBe(rich.length);
    const again = await run(items.map((item) => ({ ...item, markdown: `${item.markdown}\n\nMore.` })));
    expect(again.report).toMatchObject({ updated: rich.length, kept: 0 });
    const third = await run(items);
    expect(third.report).toMatchObject({ updated: rich.length, kept: 0 });
  });

  it('brings a body up to date that an earlier run had written when it was cut', async () => {
    await run([page('1')]);
    at.notion.faults.add({ match: { method: 'PATCH', path: /pages\/[^/]+$/ }, effect: '500' });
    expect((await run([changed('1')])).report.failed).toBe(1);
    expect(body('1')).toBe('New words.');
    at.notion.faults.clear();
    expect((await run([changed('1')])).report).toMatchObject({ updated: 1, kept: 0 });
    expect((await run([changed('1')])).report.unchanged).toBe(1);
  });
});

describe('a body of several requests', () => {
  it('is completed after a cut, but not over a person’s words', async () => {
    at.notion.world.authorship = 'token-writes-as-person';
    const markdown = Array.from({ length: 900 }, (_, index) => `Paragraph ${index} ${'x'.repeat(900)}`).join('\n\n');
    const items = [page('1', { markdown }), page('2', { markdown })];
    at.notion.faults.add({ match: { method: 'PATCH', path: /markdown$/ }, effect: '413' });
    expect((await run(items)).report.failed).toBe(2);
    at.notion.faults.clear();
    expect(body('1').split('\n').length).toBeLessThan(900);
    edit('2', { markdown: 'Mine.' });
    const { results } = await run(items);
    const outcome = (name: string) => results.find(({ key }) => key === page(name).key);
    expect(outcome('1')).toMatchObject({ action: 'updated' });
    expect(outcome('2')).toMatchObject({ action: 'kept', reason: 'edited' });
    expect(body('1').split('\n')).toHaveLength(900);
    expect(body('2')).toBe('Mine.');
  });
});

describe('requests per item', () => {
  it.each<[Authorship, string[]]>([
    ['blocks-keep-author', []],
    ['all-blocks-last-writer', []],
    // A token that writes as the person leaves no other way to tell their words from ours.
    ['token-writes-as-person', ['GET pages/ID/markdown']],
  ])('are those of the design where authors are: %s', async (authorship, reads) => {
    at.notion.world.authorship = authorship;
    await run([page('1')]);
    expect(requestsPerItem()).toEqual(['POST pages']);
    at.notion.requests.length = 0;
    await run([page('1')]);
    expect(requestsPerItem()).toEqual([]);
    await run([described(page('1'), 'Other')]);
    expect(requestsPerItem()).toEqual(['PATCH pages/ID']);
    at.notion.requests.length = 0;
    await run([changed('1')]);
    expect(requestsPerItem()).toEqual([...reads, 'PATCH pages/ID/markdown', 'PATCH pages/ID']);
  });
});
