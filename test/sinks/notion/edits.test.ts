import { expect, it } from 'vitest';
import { notionForEachTest } from './each-test.js';
import { MemoryStore, page, sync } from './harness.js';

const at = notionForEachTest();

const BODY = 'The ratio is 1.5 here, see [docs](https://site.example/a).\n\nSecond paragraph.\n\n- one\n- two';

const EDITS: Record<string, (present: string) => string> = {
  'adds an image without a caption': (present) => `${present}\n![](https://site.example/mine.png)`,
  'adds a date mention': (present) => `${present} <mention-date start="2026-12-01"/>`,
  'adds a divider': (present) => `${present}\n---`,
  'makes a word bold': (present) => present.replace('Second', '**Second**'),
  'makes a link': (present) => present.replace('paragraph', '[paragraph](https://mine.example/)'),
  'leads a link elsewhere': (present) => present.replace('site.example/a', 'mine.example/b'),
  'corrects a number': (present) => present.replace('1.5', '15'),
  'joins two words': (present) => present.replace('Second paragraph', 'Secondparagraph'),
  'ticks off what was a point': (present) => present.replace('- one', '- [x] one'),
  'colors a line': (present) => present.replace('Second paragraph.', 'Second paragraph. {color="red"}'),
};

it('each small edit of a person in a row that was only created is kept', async () => {
  const token = at.notion.authorize({ workspace: 'Anna’s', user: 'Anna' }).accessToken;
  const memory = new MemoryStore();
  const names = Object.keys(EDITS);
  await sync(
    { notion: at.notion, token, memory },
    [...names, 'untouched'].map((name) => page(name, { markdown: BODY })),
  );
  const rows = new Map(
    [...at.notion.world.pages.values()].map((row) => [String(at.notion.world.plainValues(row)['Sync key']), row.id]),
  );
  for (const [name, markdown] of Object.entries(EDITS)) {
    const before = at.notion.world.markdownOf(rows.get(page(name).key)!);
    at.notion.world.editAsPerson(rows.get(page(name).key)!, { markdown });
    expect(at.notion.world.markdownOf(rows.get(page(name).key)!), name).not.toBe(before);
  }
  // A column is no body.
  at.notion.world.editAsPerson(rows.get(page('untouched').key)!, {
    properties: { Author: { rich_text: [{ text: { content: 'Me' } }] } },
  });
  const { results } = await sync(
    { notion: at.notion, token, memory },
    [...names, 'untouched'].map((name) => page(name, { markdown: 'New.' })),
  );
  const outcome = results.map(({ url, action }) => [decodeURI(url.split('/').at(-1) ?? ''), action]);
  expect(outcome.sort()).toEqual([...names.map((name) => [name, 'kept']), ['untouched', 'updated']].sort());
});
