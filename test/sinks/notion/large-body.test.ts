import { describe, expect, it } from 'vitest';
import type { Page } from '../../../sandbox/notion/records.js';
import { notionForEachTest, syncWith } from './each-test.js';
import { MemoryStore, page, sync } from './harness.js';
import { refusing } from './refusing.js';

const at = notionForEachTest();

it('an image that Notion refuses in a later part of a body makes no second row', async () => {
  const token = at.notion.authorize({ workspace: 'Anna’s' }).accessToken;
  const memory = new MemoryStore();
  const proxy = await refusing(at.notion.url, 'Invalid image url.', (body) =>
    JSON.stringify(body).includes('![A cat]'),
  );
  const lines = Array.from({ length: 640 }, (_, index) => `Paragraph ${index} ${'x'.repeat(990)}`);
  const items = [page('1', { markdown: [...lines, '![A cat](https://site.example/cat.png)'].join('\n\n') })];
  const { report, results } = await sync({ notion: proxy, token, memory }, items);
  await proxy.close();
  expect(report).toMatchObject({ created: 1, failed: 0 });
  expect(results).toMatchObject([{ action: 'created', reason: 'images-as-links' }]);
  const rows = [...at.notion.world.pages.values()];
  expect(rows.map(({ id }) => id)).toEqual([results[0]?.notionPageId]);
  const body = at.notion.world.markdownOf(rows[0]!.id);
  expect(body.split('\n')).toHaveLength(641);
  expect(body).toMatch(/\n\[A cat\]\(https:\/\/site\.example\/cat\.png\)$/);
  expect((await sync({ notion: at.notion, token, memory }, items)).report.unchanged).toBe(1);
});

describe('a body whose second request fails', () => {
  const run = syncWith(at);
  const PATCHED = { method: 'PATCH', path: /markdown$/ };
  const large = page('1', { markdown: Array.from({ length: 1100 }, (_, n) => `Line ${n}.`).join('\n\n') });
  const row = (): Page => [...at.notion.world.pages.values()].find((one) => cellsOf(one)['Name'] === 'Page 1')!;
  const cellsOf = (one: Page) => at.notion.world.plainValues(one);

  it.each(['new', 'known'])('leaves no page that looks whole, and the result names it (%s)', async (which) => {
    if (which === 'known') {
      await run([page('1')]);
      expect(cellsOf(row())['Status']).toBe('Active');
      at.notion.faults.add({ match: PATCHED, times: 1, effect: 'slow', delayMs: 1 });
    }
    at.notion.faults.add({ match: PATCHED, effect: '413' });
    const { results } = await run([large]);
    expect(results).toMatchObject([{ action: 'failed', reason: 'too-large', notionPageId: row().id }]);
    expect(results[0]?.notionUrl).toContain(row().id.replaceAll('-', ''));
    expect(at.notion.world.markdownOf(row().id)).toContain('Line 10.');
    expect(cellsOf(row())['Status'] ?? null).toBeNull();
    at.notion.faults.clear();
    expect((await run([large])).report).toMatchObject({ updated: 1, failed: 0 });
    expect(cellsOf(row())['Status']).toBe('Active');
    expect(at.notion.world.markdownOf(row().id).split('\n')).toHaveLength(1100);
    expect((await run([large])).report.unchanged).toBe(1);
  });

  it('keeps the status that a person chose', async () => {
    await run([page('1')]);
    at.notion.world.editAsPerson(row().id, { properties: { Status: { select: { name: 'Read' } } } });
    await run([large]);
    expect(cellsOf(row())['Status']).toBe('Read');
  });
});
