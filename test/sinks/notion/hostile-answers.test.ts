import { expect, it } from 'vitest';
import { notionForEachTest } from './each-test.js';
import { FAST, MemoryStore, page, pages, rig, itemSource, sync } from './harness.js';
import { refusing } from './refusing.js';

const at = notionForEachTest();

const rows = () => [...at.notion.world.pages.values()].filter((row) => !row.in_trash);

it('a refusal that echoes a page’s own words is that page’s, not the database’s', async () => {
  const words = ['Our archived posts', 'What a child page is'];
  for (const word of words) {
    const message = `body failed validation: "${word}" is not valid.`;
    const proxy = await refusing(at.notion.url, message, (body) => body.markdown?.includes(word) === true);
    const { report, results } = await sync(
      { notion: proxy, token: at.token, memory: new MemoryStore(), userId: word },
      [page('1'), page('2', { markdown: word }), page('3')],
    );
    await proxy.close();
    expect(report).toMatchObject({ created: 2, failed: 1, kept: 0, finished: true });
    expect(results.find(({ action }) => action === 'failed')).toMatchObject({ key: page('2').key, reason: 'invalid' });
    expect(results.find(({ action }) => action === 'failed')?.error).toContain(word);
  }
});

it('a database that goes to the trash meanwhile still ends the sync', async () => {
  const { report } = await sync({ ...at }, pages(1));
  const made = rig({
    ...at,
    onResult: (count) => {
      if (count === 1) at.notion.world.databases.get(report.destination!.databaseId)!.in_trash = true;
    },
  });
  await expect(made.sink.sync(itemSource(pages(40)))).rejects.toThrow(/database was moved to the trash/);
});

it('a reply without an id is in doubt: the row is looked up, not made twice', async () => {
  const proxy = await refusing(
    at.notion.url,
    '',
    () => false,
    (method, path) => method === 'POST' && path === '/v1/pages',
  );
  const { report } = await sync({ notion: proxy, token: at.token, memory: at.memory }, pages(2));
  await proxy.close();
  expect(report).toMatchObject({ created: 2, failed: 0 });
  expect(rows()).toHaveLength(2);
});

it('pauses as long as the floor says where Notion says "0 seconds"', async () => {
  const paused: number[] = [];
  const started = Date.now();
  at.notion.faults.add({
    match: { method: 'POST', path: /^\/v1\/pages$/ },
    times: 1,
    effect: '429',
    retryAfterSecs: 0,
  });
  const { report } = await sync(
    {
      ...at,
      waits: { ...FAST, minPauseMs: 200 },
      onPause: (until) => void (until !== null && paused.push(until)),
    },
    pages(1),
  );
  expect(report.created).toBe(1);
  expect(paused[0]! - started).toBeGreaterThanOrEqual(200);
});
