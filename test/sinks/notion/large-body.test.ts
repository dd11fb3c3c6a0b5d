import { expect, it } from 'vitest';
import { notionForEachTest } from './each-test.js';
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
