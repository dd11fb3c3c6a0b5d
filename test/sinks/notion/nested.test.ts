import { expect, it } from 'vitest';
import { notionForEachTest } from './each-test.js';
import { MemoryStore, page, sync } from './harness.js';

const at = notionForEachTest();

it('tags that a crawled page shows in its code move no other page, also where text around nested pages is replaced', async () => {
  const { accessToken: token, botId } = at.notion.authorize({ workspace: 'Anna’s', user: 'Anna' });
  const memory = new MemoryStore();
  const own = at.notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Own', user: 'Anna' });
  at.notion.world.share(own.id, botId);
  const tag = `<page url="${own.url}">Gift</page>`;
  const code = `\`\`\`\n${tag}\n\`\`\``;
  await sync({ notion: at.notion, token, memory }, [page('1', { markdown: `First.\n\n${code}` })]);
  const row = [...at.notion.world.pages.values()].find(({ parent }) => parent.type === 'data_source_id')!;
  expect(at.notion.world.markdownOf(row.id)).toContain(tag);
  at.notion.world.editAsPerson(row.id, {
    markdown: (present) => `${present}\n<details>\n<summary>More</summary>\n\tHere:\n</details>`,
    nestedPage: 'Mine',
  });
  const before = structuredClone(own.parent);
  const items = [page('1', { markdown: `Second.\n\n${code}` })];
  const { results } = await sync({ notion: at.notion, token, memory, input: { onUserEdit: 'overwrite' } }, items);
  expect(results).toMatchObject([{ action: 'updated' }]);
  expect(own.parent).toEqual(before);
  expect(own.in_trash).toBe(false);
  const body = at.notion.world.markdownOf(row.id);
  expect(body).toContain('Second.');
  expect(body.match(/<page url=/g)).toHaveLength(2);
  expect(body).toMatch(/^<page url="[^"]*">Mine<\/page>$/m);
});
