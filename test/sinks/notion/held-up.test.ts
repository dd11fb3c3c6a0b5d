import { describe, expect, it } from 'vitest';
import { HeldUpError } from '../../../src/sinks/notion/errors.js';
import { Gate } from '../../../src/sinks/notion/gate.js';
import { DEFAULT_WAITS, LOOKS } from '../../../src/sinks/notion/limits.js';
import { Look } from '../../../src/sinks/notion/look.js';
import { Sender } from '../../../src/sinks/notion/send.js';
import { closedAfterEach, notionForEachTest, rowsOf, syncWith } from './each-test.js';
import { itemSource, page, pages, rig } from './harness.js';
import type { RigOptions } from './harness.js';
import { refusing } from './refusing.js';

const at = notionForEachTest();
const run = syncWith(at);

const refuse = closedAfterEach(refusing);

const rowOf = (name: string) => rowsOf(at, name)[0]!;
const body = (name: string) => at.notion.world.markdownOf(rowOf(name).id);
const annaWrites = (name: string, markdown = 'An hour of Anna.') =>
  at.notion.world.editAsPerson(rowOf(name).id, { user: 'Anna', markdown });
const BODY = { method: 'PATCH', path: /pages\/[^/]+\/markdown$/ };
const COLUMNS = { method: 'PATCH', path: /pages\/[^/]+$/ };
const changed = (name: string) => page(name, { markdown: 'New words.' });
/** Each pause and each back-off is longer than a write may be held up. */
const HELD = { heldMs: 20, minPauseMs: 60, retryMs: [120, 120, 120, 120, 120] };

/** Notion, with Anna at work as soon as it has answered the first request that fits `match`. */
async function whileAnna(match: typeof BODY, act: () => void): Promise<Pick<RigOptions, 'notion' | 'waits'>> {
  let isDone = false;
  const proxy = await refuse(
    at.notion.url,
    '',
    () => false,
    (method, path) => {
      if (!isDone && method === match.method && match.path.test(path)) {
        isDone = true;
        act();
      }
      return false;
    },
  );
  return { notion: proxy, waits: HELD };
}

describe('a write that Notion holds up', () => {
  it.each([
    ['by 429', { effect: '429', retryAfterSecs: 0 }],
    ['by 503', { effect: '503' }],
  ] as const)('%s never replaces what a person wrote meanwhile', async (_name, fault) => {
    await run(pages(2));
    at.notion.faults.add({ match: BODY, times: 1, ...fault });
    const { notion, waits } = await whileAnna(BODY, () => annaWrites('1'));
    const { results } = await run([changed('1'), page('2')], { notion, waits });
    expect(results.find(({ key }) => key === page('1').key)).toMatchObject({ action: 'kept', reason: 'edited' });
    expect(body('1')).toBe('An hour of Anna.');
    const next = await run([changed('1'), page('2')]);
    expect(next.report.kept).toBe(1);
    expect(body('1')).toBe('An hour of Anna.');
  });

  it('is done all the same where nobody came', async () => {
    await run(pages(20));
    at.notion.faults.add({ match: BODY, times: 5, effect: '429', retryAfterSecs: 0 });
    at.notion.faults.add({ match: COLUMNS, times: 5, effect: '503' });
    const items = pages(20).map((item) => ({ ...item, markdown: 'New words.' }));
    at.notion.requests.length = 0;
    const { report } = await run(items, { waits: HELD });
    expect(report).toMatchObject({ updated: 20, failed: 0, kept: 0 });
    for (const item of items) expect(body(item.url.split('/').pop()!)).toBe('New words.');
    expect(report.requests).toBe(at.notion.requests.length);
  });

  it('of columns does not hide from the next run what a person wrote meanwhile', async () => {
    await run([page('1')]);
    const described = (over: Partial<ReturnType<typeof page>> = {}) =>
      page('1', { ...over, metadata: { ...page('1').metadata, description: 'Other' } });
    at.notion.faults.add({ match: COLUMNS, times: 1, effect: '429', retryAfterSecs: 0 });
    const first = await run([described()], await whileAnna(COLUMNS, () => annaWrites('1')));
    expect(first.report).toMatchObject({ updated: 1, failed: 0 });
    expect(at.notion.world.plainValues(rowOf('1'))['Description']).toBe('Other');
    expect((await run([described({ markdown: 'New words.' })])).report.kept).toBe(1);
    expect(body('1')).toBe('An hour of Anna.');
  });

  it('after the body was written does not hide it either', async () => {
    await run([page('1')]);
    at.notion.faults.add({ match: COLUMNS, times: 1, effect: '429', retryAfterSecs: 0 });
    await run([changed('1')], await whileAnna(COLUMNS, () => annaWrites('1')));
    expect(body('1')).toBe('An hour of Anna.');
    expect((await run([page('1', { markdown: 'Newer words.' })])).report.kept).toBe(1);
    expect(body('1')).toBe('An hour of Anna.');
  });

  it('in the midst of a body of several requests leaves what a person wrote meanwhile', async () => {
    const long = Array.from({ length: 9 }, (_, index) => `\`\`\`\n${index} ${'x'.repeat(60_000)}\n\`\`\``).join('\n\n');
    await run([page('1')]);
    let count = 0;
    const proxy = await refuse(
      at.notion.url,
      '',
      () => false,
      (method, path) => {
        // The second request of the body is the one that is held up.
        if (method === 'PATCH' && BODY.path.test(path) && ++count === 1)
          at.notion.faults.add({ match: BODY, times: 1, effect: '429', retryAfterSecs: 0 });
        else if (count === 2) annaWrites('1');
        return false;
      },
    );
    const waits = { heldMs: 2000, minPauseMs: 2100 };
    const { results } = await run([page('1', { markdown: long })], { notion: proxy, waits });
    expect(results[0]).toMatchObject({ action: 'kept', reason: 'edited' });
    expect(body('1')).toBe('An hour of Anna.');
    expect((await run([page('1', { markdown: long })])).report.kept).toBe(1);
    expect(body('1')).toBe('An hour of Anna.');
  });

  it('puts no page into the trash that a person wrote into meanwhile', async () => {
    await run(pages(4));
    at.notion.faults.add({ match: COLUMNS, times: 1, effect: '429', retryAfterSecs: 0 });
    const over = await whileAnna(COLUMNS, () => annaWrites('4'));
    const { results } = await run(pages(3), { ...over, input: { onRemoved: 'trash' } });
    expect(results.at(-1)).toMatchObject({ action: 'removed', reason: 'edited' });
    expect(rowOf('4').in_trash).toBe(false);
    expect(body('4')).toBe('An hour of Anna.');
  });

  it('again and again is left to the next run, and nothing is written', async () => {
    await run([page('1')]);
    const before = body('1');
    at.notion.requests.length = 0;
    const { results } = await run([changed('1')], { waits: { heldMs: -1 } });
    expect(results).toMatchObject([{ action: 'failed', reason: 'unavailable' }]);
    expect(body('1')).toBe(before);
    expect(at.notion.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    expect(at.notion.requests.filter(({ path }) => path.endsWith('/query'))).toHaveLength(LOOKS);
    expect((await run([changed('1')])).report.updated).toBe(1);
  });

  it('by a pause that began before it was sent is not sent', async () => {
    const gate = new Gate(new AbortController().signal, () => undefined);
    const log = { debug: () => undefined, info: () => undefined, warning: () => undefined };
    const tokens = { get: async () => 'token', renew: async () => null };
    const sender = new Sender({ tokens, gate, waits: { ...DEFAULT_WAITS, heldMs: 20 }, log });
    let sent = 0;
    const send = (look: Look | null) => sender.send('repeatable', 'update content', async () => void (sent += 1), look);
    gate.pause(60);
    await expect(send(new Look())).rejects.toThrow(HeldUpError);
    expect(sent).toBe(0);
    gate.pause(60);
    await send(null);
    expect(sent).toBe(1);
  });
});

describe('a row that is taken out of the trash', () => {
  const input = { restoreTrashed: true };
  const RESTORED = { method: 'GET', path: /markdown$/ };

  async function editedAndTrashed(): Promise<void> {
    await run(pages(2));
    annaWrites('1');
    at.notion.world.editAsPerson(rowOf('1').id, { user: 'Anna', trashed: true });
  }

  it('keeps what a person wrote into it, also when its body could not be read', async () => {
    await editedAndTrashed();
    at.notion.faults.add({ match: RESTORED, effect: '500' });
    const first = await run([changed('1'), page('2')], { input });
    expect(first.report).toMatchObject({ failed: 1, unchanged: 1 });
    expect(rowOf('1').in_trash).toBe(false);
    at.notion.faults.clear();
    const { results } = await run([changed('1'), page('2')]);
    expect(results).toContainEqual(expect.objectContaining({ action: 'kept', reason: 'edited' }));
    expect(body('1')).toBe('An hour of Anna.');
  });

  it('keeps it when the run is ended before it has looked', async () => {
    await editedAndTrashed();
    at.notion.faults.add({ match: RESTORED, effect: '429', retryAfterSecs: 600 });
    const made = rig({ ...at, input, onPause: () => made.abort.abort() });
    expect((await made.sink.sync(itemSource([changed('1'), page('2')]))).finished).toBe(false);
    expect(rowOf('1').in_trash).toBe(false);
    at.notion.faults.clear();
    expect((await run([changed('1'), page('2')])).report).toMatchObject({ kept: 1, unchanged: 1 });
    expect(body('1')).toBe('An hour of Anna.');
  });

  it('is told as restored, also when what follows is held up', async () => {
    await run(pages(2));
    at.notion.world.editAsPerson(rowOf('1').id, { trashed: true });
    at.notion.faults.add({ match: BODY, times: 1, effect: '429', retryAfterSecs: 0 });
    const { results } = await run([changed('1'), page('2')], { waits: HELD, input });
    expect(results.find(({ key }) => key === page('1').key)).toMatchObject({ action: 'restored' });
    expect(body('1')).toBe('New words.');
    expect((await run([changed('1'), page('2')])).report.unchanged).toBe(2);
  });
});
