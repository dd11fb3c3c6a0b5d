import { describe, expect, it } from 'vitest';
import { Poller, pauseMs } from '../../src/connect/poller.js';
import { CONNECT_TIMING } from '../../src/connect/timing.js';

const { pollMs, pollMaxMs } = CONNECT_TIMING;

describe('pause between polls', () => {
  it('is 3 to 5 seconds at first, spread by chance', () => {
    expect(pauseMs(0, pollMs, pollMaxMs, 0)).toBe(3_000);
    expect(pauseMs(0, pollMs, pollMaxMs, 0.5)).toBe(4_000);
    expect(pauseMs(0, pollMs, pollMaxMs, 1)).toBe(5_000);
  });

  it('grows while nothing happens, up to its bound', () => {
    const pauses = [0, 1, 2, 3, 10, 1_000].map((quiet) => pauseMs(quiet, pollMs, pollMaxMs, 0.5));
    expect(pauses).toEqual([4_000, 6_000, 9_000, 13_500, 30_000, 30_000]);
  });
});

describe('poller', () => {
  it('asks once where nothing is wanted, again when poked, and never after its end', async () => {
    let polls = 0;
    let polled = (): void => undefined;
    const next = (): Promise<void> => new Promise((resolve) => (polled = resolve));
    const poller = new Poller({
      poll: async () => {
        polls += 1;
        polled();
      },
      wanted: () => false,
      unhurried: () => false,
      pollMs: 1,
      pollMaxMs: 1,
    });
    const first = next();
    poller.start();
    await first;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(polls).toBe(1);
    const second = next();
    poller.poke();
    await second;
    expect(polls).toBe(2);
    poller.stop();
    poller.poke();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(polls).toBe(2);
  });
});
