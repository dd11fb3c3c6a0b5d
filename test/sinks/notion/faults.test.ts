import { describe, expect, it, vi } from 'vitest';
import { ConnectionLostError, DestinationError } from '../../../src/errors.js';
import { CONCURRENCY, SAVE_EVERY } from '../../../src/sinks/notion/limits.js';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { Effect } from '../../../sandbox/notion/faults.js';
import { refusing } from './refusing.js';
import { notionForEachTest, syncWith } from './each-test.js';
import { itemSource, MemoryStore, page, pages, rig } from './harness.js';

const at = notionForEachTest();

const run = syncWith(at);
const liveRows = () => [...at.notion.world.pages.values()].filter((row) => !row.in_trash);
const keys = () => liveRows().map((row) => at.notion.world.plainValues(row)['Sync key']);
const PAGES = { method: 'POST', path: /^\/v1\/pages$/ };

const PASSING: Effect[] = [
  '429',
  '529',
  '409',
  '500',
  '502',
  '503',
  '503-committed',
  '503-uncommitted',
  '504',
  'drop-before',
  'drop-after',
  'html-error',
];

describe('a create that fails once', () => {
  it.each(PASSING)('by %s ends as one row', async (effect) => {
    at.notion.faults.add({ match: PAGES, times: 2, effect, retryAfterSecs: 0 });
    const { report } = await run(pages(4));
    expect(report).toMatchObject({ created: 4, failed: 0, finished: true });
    expect(new Set(keys()).size).toBe(4);
    expect(liveRows()).toHaveLength(4);
    for (const row of liveRows()) expect(at.notion.world.markdownOf(row.id)).toContain('## More');
    at.notion.faults.clear();
    expect((await run(pages(4))).report.unchanged).toBe(4);
  });

  it.each(['500', '502', '504', 'html-error'] as const)('by %s after it was saved ends as one row', async (effect) => {
    at.notion.faults.add({ match: PAGES, times: 3, effect, committed: true });
    const { report } = await run(pages(3));
    expect(report).toMatchObject({ created: 3, failed: 0 });
    expect(liveRows()).toHaveLength(3);
  });

  it('by a timeout after which Notion saves it late ends as one row', async () => {
    await run([]);
    at.notion.faults.add({ match: PAGES, times: 1, effect: 'slow', delayMs: 1200 });
    const { report } = await run(pages(2), { timeoutMs: 1000, waits: { lookupMs: [10, 20, 600] } });
    expect(report.created).toBe(2);
    expect(liveRows()).toHaveLength(2);
  });

  it('and whose row only the last look-up sees is not sent again, and that row is reported', async () => {
    at.notion.world.staleness = { ms: 200, queries: 0 };
    at.notion.faults.add({ match: PAGES, times: 1, effect: 'drop-after' });
    const { report, results } = await run(pages(1), { waits: { lookupMs: [5, 10, 250] } });
    expect(report.created).toBe(1);
    expect([...at.notion.world.pages.keys()]).toEqual([results[0]?.notionPageId]);
    expect(results).toHaveLength(1);
  });

  it('and is sent again before the first shows up leaves one live row', async () => {
    at.notion.world.staleness = { ms: 60_000, queries: 0 };
    at.notion.faults.add({ match: PAGES, times: 1, effect: 'drop-after' });
    const checkpoint = new MemoryStore();
    const { report, results } = await run(pages(1), { checkpoint, waits: { lookupMs: [5, 10, 20] } });
    expect(report.created).toBe(1);
    expect(results).toHaveLength(1);
    expect(liveRows()).toHaveLength(2);
    at.notion.world.staleness = { ms: 0, queries: 0 };
    // The look-ups were too early; the run that goes on settles what the journal remembers.
    await run(pages(1), { checkpoint });
    expect(liveRows()).toHaveLength(1);
  });
});

describe.each(['in the same run', 'by the next run'])('what was posted twice and healed %s', (when) => {
  it('goes to the trash with its page and comes back with it', async () => {
    const input = { onRemoved: 'trash' } as const;
    const others = Array.from({ length: 8 }, (_, index) => page(`other-${index}`));
    const all = [...others, ...pages(5)];
    await run(others, { input });
    const show = (): void => void (at.notion.world.staleness = { ms: 0, queries: 0 });
    const checkpoint = new MemoryStore();
    const set = checkpoint.set.bind(checkpoint);
    checkpoint.set = async (key, value) => {
      await set(key, value);
      // All keys are in doubt by then, so that each is posted once more.
      if (when === 'in the same run' && (value as { twice: unknown[] }).twice.length === 5) show();
    };
    at.notion.world.staleness = { ms: 60_000, queries: 0 };
    at.notion.faults.add({ match: PAGES, times: 5, effect: 'drop-after' });
    await run(all, { input, checkpoint, waits: { lookupMs: [20] } });
    show();
    await run(all, { input });
    const posts = at.notion.requests.filter(({ method, path }) => method === 'POST' && PAGES.path.test(path));
    expect(posts).toHaveLength(18);
    expect(liveRows()).toHaveLength(13);
    expect((await run(others, { input })).report.removed).toBe(5);
    expect((await run(all, { input })).report).toMatchObject({ restored: 5, kept: 0 });
    expect(liveRows()).toHaveLength(13);
  });
});

describe('a sync that ends while creates are in doubt', () => {
  /** Rows are made and nobody is told; the sync is ended while its writers wait to look for them. */
  const abort = async (count: number) => {
    at.notion.faults.add({ match: PAGES, effect: 'drop-after' });
    const made = rig({ ...at, waits: { lookupMs: [60_000] } });
    const ended = made.sink.sync(itemSource([page('0'), ...pages(count)]));
    await vi.waitFor(() => expect(liveRows()).toHaveLength(1 + Math.min(count, CONCURRENCY)), { timeout: 5000 });
    made.abort.abort();
    expect((await ended).finished).toBe(false);
    at.notion.faults.clear();
  };

  it('leaves no duplicates, although a fresh run comes before queries show its rows', async () => {
    await run([page('0')]);
    at.notion.world.staleness = { ms: 400, queries: 0 };
    await abort(3);
    const { report } = await run([page('0'), ...pages(3)], { waits: { lookupMs: [20, 600] } });
    expect(report).toMatchObject({ created: 0, unchanged: 4, kept: 0 });
    expect(liveRows()).toHaveLength(4);
    // What is settled is not looked for again.
    at.notion.requests.length = 0;
    expect((await run([page('0'), ...pages(3)])).report.unchanged).toBe(4);
    expect(at.notion.requests.filter(({ path }) => path.endsWith('/query'))).toHaveLength(1);
  });

  it('leaves nothing to look for of what it had not sent yet', async () => {
    await run([page('0')]);
    await abort(CONCURRENCY + 20);
    const journal = [...at.memory.values].find(([key]) => key.startsWith('notion-journal'))![1];
    const { batches } = JSON.parse(journal) as { batches: { keys: string[] }[] };
    expect(batches.flatMap((batch) => batch.keys)).toHaveLength(CONCURRENCY);
  });
});

it('a row whose body could not be finished is known to the next run before queries show it', async () => {
  await run([page('0')]);
  at.notion.world.staleness = { ms: 60_000, queries: 0 };
  const large = page('1', { markdown: `${'x'.repeat(1900)}\n\n`.repeat(270) });
  at.notion.faults.add({ match: { method: 'PATCH', path: /markdown$/ }, effect: '500' });
  expect((await run([page('0'), large])).report.failed).toBe(1);
  at.notion.faults.clear();
  expect((await run([page('0'), large])).report).toMatchObject({ created: 0, updated: 1 });
  expect(liveRows()).toHaveLength(2);
});

describe('an update that fails', () => {
  it.each(PASSING)('by %s is repeated', async (effect) => {
    await run(pages(2));
    at.notion.faults.add({ match: { method: 'PATCH' }, times: 3, effect, retryAfterSecs: 0 });
    const { report } = await run([page('1', { markdown: 'Changed.' }), page('2', { markdown: 'Changed.' })]);
    expect(report).toMatchObject({ updated: 2, failed: 0 });
    for (const row of liveRows()) expect(at.notion.world.markdownOf(row.id)).toBe('Changed.');
  });
});

describe('rate limits', () => {
  it('cost no window more than the requests need: each is spent to the last one, then all wait for Retry-After once', async () => {
    await at.notion.close();
    // No time passes for Notion but while the sync waits, so that each pause is one window.
    let windows = 0;
    at.notion = await startNotion({ budget: 20, windowMs: 1000, clock: () => 1_800_000_000_000 + windows * 1000 });
    at.token = at.notion.authorize({ workspace: 'Anna’s' }).accessToken;
    const { report, pauses, infos } = await run(pages(45), {
      onPause: (until) => {
        if (until === null) windows += 1;
      },
    });
    expect(report).toMatchObject({ created: 45, failed: 0 });
    const refused = at.notion.requests.filter(({ status }) => status === 429).length;
    const accepted = at.notion.requests.length - refused;
    expect(report.requests).toBe(at.notion.requests.length);
    // The floor of design §7, in windows.
    expect(windows).toBe(Math.ceil(accepted / 20) - 1);
    expect(windows).toBeGreaterThanOrEqual(2);
    expect(pauses.at(-1)).toBeNull();
    // Whoever is on the way when the window is spent; nobody knocks while all wait.
    expect(refused).toBeLessThanOrEqual(CONCURRENCY * windows);
    expect(infos.filter((line) => line.includes('this connection has used up its requests'))).toHaveLength(windows);
  });

  it('of 150 pages cost no pause: all requests fit one window of the smallest budget', async () => {
    await at.notion.close();
    at.notion = await startNotion({ clock: () => 1_800_000_000_000 });
    at.token = at.notion.authorize({ workspace: 'Anna’s' }).accessToken;
    const { report, pauses } = await run(pages(150));
    expect(report).toMatchObject({ created: 150, failed: 0 });
    expect(pauses).toEqual([]);
  });

  it.each([
    ['public_api_space_request_rate_limit', 'all connections of the workspace together'],
    ['public_api_endpoint_rate_limit', 'too many requests of this kind'],
    ['something_new', 'there were too many requests'],
  ])('are told apart: %s', async (rateLimitReason, words) => {
    at.notion.faults.add({ match: PAGES, times: 1, effect: '429', retryAfterSecs: 0, rateLimitReason });
    const { report, infos } = await run(pages(2));
    expect(report.created).toBe(2);
    expect(infos.join()).toContain(words);
  });

  it('end at once when the run must end', async () => {
    at.notion.faults.add({ match: PAGES, effect: '429', retryAfterSecs: 600 });
    const told = Date.now();
    const made = rig({ ...at, onPause: () => made.abort.abort() });
    expect(await made.sink.sync(itemSource(pages(3)))).toMatchObject({ finished: false, created: 0 });
    // The client's own cap would be a minute.
    expect(made.pauses[0]! - told).toBeGreaterThanOrEqual(600_000);
  });

  it('stop the sync when access is blocked', async () => {
    at.notion.faults.add({ match: PAGES, effect: 'blocked' });
    await expect(run(pages(3))).rejects.toThrow(/blocked this connection/);
    expect(at.notion.requests.filter(({ path }) => path === '/v1/pages').length).toBeLessThanOrEqual(8);
  });
});

describe('what ends the sync', () => {
  it('a used-up block limit', async () => {
    at.notion.faults.add({ match: PAGES, effect: 'block-limit' });
    await expect(run(pages(3))).rejects.toThrow(DestinationError);
  });

  it('a full database, after the updates', async () => {
    await run(pages(2));
    at.notion.faults.add({ match: PAGES, effect: 'row-limit' });
    const made = rig({ ...at });
    const items = itemSource([page('3'), page('1', { markdown: 'Changed.' }), page('2', { markdown: 'Changed.' })]);
    await expect(made.sink.sync(items)).rejects.toThrow(/as many rows as Notion allows.+notionDatabaseTitle/);
    expect(made.sink.partialReport()).toMatchObject({ updated: 2, failed: 1 });
    const input = { notionDatabase: [...at.notion.world.databases.keys()][0]! };
    await expect(run([page('3')], { input })).rejects.toThrow(/Give another database in notionDatabase, /);
  });

  it('a missing capability, named', async () => {
    const weak = at.notion.authorize({ workspace: 'Weak', capabilities: ['read_content'] }).accessToken;
    await expect(run(pages(1), { token: weak, input: { notionDatabase: null } })).rejects.toThrow(DestinationError);
  });

  it('a revoked token, with the way to reconnect and the counts of what was written', async () => {
    const made = rig({
      notion: at.notion,
      token: { get: async () => at.token, renew: async () => null },
      memory: at.memory,
      onResult: (count) => count === 20 && at.notion.revoke(at.token),
    });
    const syncing = made.sink.sync(itemSource(pages(60)));
    await expect(syncing).rejects.toThrow(ConnectionLostError);
    await expect(syncing).rejects.toThrow(/Reconnect/);
    const partial = made.sink.partialReport();
    expect(partial?.created).toBe(made.results.length);
    expect(partial?.created).toBe(liveRows().length);
    expect(partial?.finished).toBe(false);
  });

  it('not a token that was renewed: it is read once for all writers', async () => {
    let current = at.token;
    let renewals = 0;
    const made = rig({
      notion: at.notion,
      token: {
        get: async () => current,
        renew: async () => {
          renewals += 1;
          current = at.notion.authorize({ workspace: 'Anna’s', user: 'Anna' }).accessToken;
          return current;
        },
      },
      memory: at.memory,
      onResult: (count) => count === 20 && at.notion.revoke(at.token),
    });
    expect((await made.sink.sync(itemSource(pages(60)))).created).toBe(60);
    expect(renewals).toBe(1);
    expect(liveRows()).toHaveLength(60);
  });

  it('an outage, before every item has waited for it', async () => {
    await run(pages(1));
    at.notion.faults.add({ match: PAGES, effect: 'drop-before' });
    await expect(run(pages(200))).rejects.toThrow(/does not answer/);
  });
});

describe('one bad item', () => {
  it('is recorded and the others are written', async () => {
    at.notion.faults.add({ match: PAGES, times: 1, effect: '413' });
    const { report, results } = await run(pages(3));
    expect(report).toMatchObject({ created: 2, failed: 1, done: 3 });
    const bad = results.find((row) => row.action === 'failed');
    expect(bad).toMatchObject({ reason: 'too-large' });
    expect(bad?.error).toMatch(/too large/);
  });

  it.each([
    ['Invalid image url.', 'images-as-links', '[A cat](https://site.example/cat.png)'],
    ['Invalid URL for link.', 'links-as-text', 'A cat'],
  ])('that Notion refuses with "%s" is written once more without', async (message, reason, kept) => {
    // The stand-in refuses by its own rules; this one refuses a URL that passes ours.
    const proxy = await refusing(at.notion.url, message, ({ markdown = '' }) =>
      markdown.includes(reason === 'images-as-links' ? '![A cat]' : '](https://site.example/cat.png)'),
    );
    const items = [page('1', { markdown: 'Before\n\n![A cat](https://site.example/cat.png)\n\nAfter' })];
    const { report, results } = await run(items, { notion: proxy });
    await proxy.close();
    expect(report).toMatchObject({ created: 1, failed: 0 });
    expect(results[0]).toMatchObject({ action: 'created', reason });
    const [row] = liveRows();
    expect(at.notion.world.markdownOf(row!.id)).toBe(`Before\n${kept}\nAfter`);
  });
});

it('a cover that Notion refuses is left out, and the page is written once more', async () => {
  const proxy = await refusing(at.notion.url, 'Invalid image url.', ({ cover }) => cover !== undefined);
  const one = page('1');
  const items = [{ ...one, metadata: { ...one.metadata, image: 'https://site.example/cover' } }];
  const { report, results } = await run(items, { notion: proxy });
  await proxy.close();
  expect(report).toMatchObject({ created: 1, failed: 0 });
  expect(results[0]).toMatchObject({ action: 'created', reason: 'without-cover' });
  expect(liveRows()).toMatchObject([{ cover: null, icon: { emoji: '🌐' } }]);
  expect(at.notion.world.markdownOf(liveRows()[0]!.id)).toContain('## More');
});

it('a body that Notion does not show whole is told, and not taken for a person’s later', async () => {
  await run([page('1')]);
  at.notion.world.caps.markdownBlocks = 2;
  const items = [page('1', { markdown: 'One.\n\nTwo.\n\nThree.' })];
  const { report, results } = await run(items);
  expect(report).toMatchObject({ updated: 1, failed: 0 });
  expect(results[0]).toMatchObject({ action: 'updated', reason: 'truncated' });
  expect(report.notes.join()).toContain('1 page holds text that Notion does not show whole');
  expect((await run(items)).report.unchanged).toBe(1);
});

describe('a run that goes on after a kill', () => {
  it('makes no second row of what was in the air, and does not count twice', async () => {
    const checkpoint = new MemoryStore();
    await run([]);
    at.notion.world.staleness = { ms: 150, queries: 0 };
    const first = rig({
      ...at,
      checkpoint,
      onResult: (count) => count === 12 && first.abort.abort(),
    });
    const report = await first.sink.sync(itemSource(pages(40)));
    expect(report.finished).toBe(false);
    expect(first.results.length).toBeLessThan(40);
    const second = await run(pages(40), { checkpoint, waits: { lookupMs: [50, 100, 200] } });
    expect(second.report).toMatchObject({ total: 40, done: 40, created: 40, finished: true });
    expect(liveRows()).toHaveLength(40);
    expect(first.results.length + second.results.length).toBe(40);
  });

  it('looks up what was made and not yet recorded, without a memory of earlier runs', async () => {
    const { report } = await run([]);
    const input = { notionDatabase: report.destination!.databaseId };
    const saved: string[] = [];
    const first = await run(pages(150), {
      input,
      memory: new MemoryStore(),
      checkpoint: {
        get: async () => null,
        set: async (key, value) => void (key === 'NOTION-SYNC' && saved.push(JSON.stringify(value))),
      },
      // What is made waits a little for its record, so that the second hundred is announced meanwhile.
      onResult: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    expect(first.report.created).toBe(150);
    // The process died right after the second announcement, and queries show what it made two queries later.
    const checkpoint = new MemoryStore();
    checkpoint.values.set('NOTION-SYNC', saved[1] ?? '');
    at.notion.world.staleness = { ms: 0, queries: 2 };
    for (const source of at.notion.world.dataSources.values()) source.queries = 0;
    for (const row of liveRows()) row.queriesBefore = 0;
    const second = await run(pages(150), { input, memory: new MemoryStore(), checkpoint });
    expect(second.report).toMatchObject({ total: 150, done: 150, created: 150, failed: 0 });
    expect(liveRows()).toHaveLength(150);
  });

  it('looks up what it had announced when the process died without a word', async () => {
    const checkpoint = new MemoryStore();
    await run([]);
    const frozen = new MemoryStore();
    const first = rig({
      ...at,
      checkpoint: {
        get: (key) => checkpoint.get(key),
        // The announcement is the last thing that is written.
        set: async (key, value) => {
          await checkpoint.set(key, value);
          for (const [name, text] of checkpoint.values) if (!frozen.values.has(name)) frozen.values.set(name, text);
        },
      },
    });
    await first.sink.sync(itemSource(pages(10)));
    const second = await run(pages(10), { checkpoint: frozen });
    expect(second.report).toMatchObject({ total: 10, done: 10, created: 10 });
    expect(liveRows()).toHaveLength(10);
  });

  it('knows nearly all that it had updated, which is what it may be charged for', async () => {
    await run(pages(60));
    const changed = pages(60).map((item) => ({ ...item, markdown: 'Changed.' }));
    const checkpoint = new MemoryStore();
    let isDead = false;
    const dying = rig({
      ...at,
      checkpoint: {
        get: (key) => checkpoint.get(key),
        set: async (key, value) => {
          if (!isDead) await checkpoint.set(key, value);
        },
      },
      onResult: (count) => {
        if (count < 45) return;
        isDead = true;
        dying.abort.abort();
      },
    });
    await dying.sink.sync(itemSource(changed));
    const { report } = await run(changed, { checkpoint });
    expect(report).toMatchObject({ total: 60, done: 60, failed: 0 });
    expect(report.updated).toBeGreaterThanOrEqual(60 - SAVE_EVERY - 2 * CONCURRENCY);
    expect(report.updated + report.unchanged).toBe(60);
  });

  it('tries again what had failed, and the later outcome counts', async () => {
    const checkpoint = new MemoryStore();
    at.notion.faults.add({ match: PAGES, effect: '413' });
    const first = await run(pages(5), { checkpoint });
    expect(first.report).toMatchObject({ created: 0, failed: 5, done: 5 });
    at.notion.faults.clear();
    at.notion.faults.add({ match: PAGES, times: 1, effect: '413' });
    const second = await run(pages(5), { checkpoint });
    expect(second.report).toMatchObject({ total: 5, created: 4, failed: 1, done: 5 });
    at.notion.faults.clear();
    const third = await run(pages(5), { checkpoint });
    expect(third.report).toMatchObject({ total: 5, created: 5, failed: 0, done: 5 });
    expect(third.results).toHaveLength(1);
    expect(liveRows()).toHaveLength(5);
  });

  it('makes no second row of a create that nobody knew the outcome of, also without a memory', async () => {
    await run([]);
    const input = { notionDatabase: [...at.notion.world.databases.keys()][0]! };
    const checkpoint = new MemoryStore();
    at.notion.world.staleness = { ms: 60_000, queries: 0 };
    // Both attempts are saved by Notion, and neither shows in time.
    at.notion.faults.add({ match: PAGES, times: 2, effect: 'drop-after' });
    const first = await run(pages(1), { input, checkpoint, memory: new MemoryStore() });
    expect(first.report).toMatchObject({ failed: 1 });
    expect(liveRows()).toHaveLength(2);
    at.notion.world.staleness = { ms: 0, queries: 0 };
    const second = await run(pages(1), { input, checkpoint, memory: new MemoryStore() });
    expect(second.report).toMatchObject({ created: 1, failed: 0, done: 1 });
    expect(liveRows()).toHaveLength(1);
  });

  it('begins anew where what was saved has no times for what was posted twice', async () => {
    const checkpoint = new MemoryStore();
    await run(pages(2), { checkpoint });
    const saved = JSON.parse(checkpoint.values.get('NOTION-SYNC')!) as Record<string, unknown>;
    checkpoint.values.set('NOTION-SYNC', JSON.stringify({ ...saved, twice: [[page('1').key, null]] }));
    const { report } = await run(pages(2), { checkpoint });
    expect(report).toMatchObject({ unchanged: 2, created: 0, done: 2 });
  });
});
