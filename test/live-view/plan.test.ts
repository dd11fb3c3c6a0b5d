import { afterEach, expect, it } from 'vitest';
import { notionForEachTest, syncWith } from '../sinks/notion/each-test.js';
import { page, pages } from '../sinks/notion/harness.js';
import { COLLECTED, CONNECTED, progressWith, stage, stopAll } from './support.js';

const at = notionForEachTest();

afterEach(stopAll);

it('shows the plan of a dry run, page by page', async () => {
  const run = syncWith(at);
  await run(pages(5));
  const items = [page('1', { markdown: 'New words.' }), page('2'), page('3'), page('6')];
  const dry = await run(items, { input: { dryRun: true, onRemoved: 'mark' } });
  const changes = dry.results.flatMap(({ url, action, reason, notionUrl }, index) =>
    action === 'unchanged' ? [] : [{ title: dry.titles[index]!, url, action, reason: reason ?? null, notionUrl }],
  );
  const sync = { ...dry.report, state: 'done' as const };
  const { view } = await stage(
    progressWith({ run: { dryRun: true }, collect: COLLECTED, connect: CONNECTED, sync, changes }),
  );
  const html = await (await fetch(view.url)).text();
  const text = html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  expect(text).toContain('The plan');
  for (const [title, word] of [
    ['Page 1', 'Update'],
    ['Page 6', 'Create'],
    ['Page 4', 'Remove'],
    ['Page 5', 'Remove'],
  ] as const) {
    const row = html.split('<tr>').find((part) => part.includes(`<bdi>${title}</bdi>`));
    expect(row, title).toMatch(new RegExp(`<span class="action[^>]*>${word}</span>`));
  }
  expect(html).not.toContain('<bdi>Page 2</bdi>');
});
