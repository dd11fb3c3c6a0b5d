import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenForStop, type StopReason } from '../src/platform/stop-events.js';
import { collectDeadline, createStopping } from '../src/stopping.js';

describe('ending a run before its time', () => {
  it('leaves the sink a fifth of the run, within bounds', () => {
    const hour = 3_600_000;
    expect(collectDeadline(0, hour)).toBe(hour - 10_000 - 600_000);
    expect(collectDeadline(0, 1_000_000)).toBe(1_000_000 - 10_000 - 200_000);
    expect(collectDeadline(0, 60_000)).toBe(60_000 - 10_000 - 20_000);
  });

  it('gives the crawl of a run that is resurrected days later half of its new time', () => {
    const day = 86_400_000;
    expect(collectDeadline(0, day + 300_000, day)).toBe(day + 300_000 - 10_000 - 150_000);
    // A run that is merely moved keeps its deadline.
    expect(collectDeadline(0, 1_000_000, 400_000)).toBe(collectDeadline(0, 1_000_000));
  });

  it('an abort ends collecting and waiting at once and leaves time to write', () => {
    let stop: (reason: StopReason) => void = () => undefined;
    const stopping = createStopping((listener) => (stop = listener), { startedAt: Date.now(), timeoutAt: null });
    expect(stopping.cause()).toBeNull();
    stop('aborted');
    expect(stopping.collecting.aborted).toBe(true);
    expect(stopping.waiting.aborted).toBe(true);
    expect(stopping.writing.aborted).toBe(false);
    expect(stopping.cause()).toBe('aborted');
    stopping.dispose();
  });

  it('an abort while the run still starts up counts, as soon as there is something to stop', () => {
    const events = new EventEmitter();
    const onStop = listenForStop({
      event: (name, heard) => events.on(name, heard),
      signal: (name, heard) => events.on(name, heard),
    });
    events.emit('aborting');
    const stopping = createStopping(onStop, { startedAt: Date.now(), timeoutAt: null });
    expect(stopping.collecting.aborted).toBe(true);
    expect(stopping.cause()).toBe('aborted');
    events.emit('migrating');
    expect(stopping.cause()).toBe('migrating');
    stopping.dispose();
  });

  it('a migration ends everything at once', () => {
    let stop: (reason: StopReason) => void = () => undefined;
    const stopping = createStopping((listener) => (stop = listener), { startedAt: Date.now(), timeoutAt: null });
    stop('migrating');
    expect(stopping.writing.aborted).toBe(true);
    expect(stopping.cause()).toBe('migrating');
    stopping.dispose();
  });

  it('a timeout that is near ends collecting', async () => {
    const now = Date.now();
    const stopping = createStopping(() => undefined, { startedAt: now - 60_000, timeoutAt: now + 30_050 });
    await new Promise((resolve) => stopping.collecting.addEventListener('abort', resolve));
    expect(stopping.cause()).toBe('timeout');
    expect(stopping.writing.aborted).toBe(false);
    stopping.dispose();
  });
});
