import { describe, expect, it } from 'vitest';
import { Progress } from '../src/progress.js';
import { clock } from '../src/numbers.js';
import { statusLine } from '../src/status.js';

const LIVE_VIEW = 'https://abc.runs.example';
const line = (change: (progress: Progress) => void): string => {
  const progress = new Progress({
    runId: 'r',
    userId: 'u',
    startUrls: ['https://a.example'],
    dryRun: false,
    destination: null,
  });
  change(progress);
  return statusLine(progress.get(), 0, LIVE_VIEW);
};

describe('the status message', () => {
  it('counts pages while collecting', () => {
    const collecting = { state: 'running', pagesLoaded: 42, pagesExpected: 1200 } as const;
    expect(line((p) => p.update('collect', collecting))).toBe('Collecting: 42 of about 1,200 pages, 0 failed.');
  });

  it('counts down and names the page while it waits for a person', () => {
    const text = line((p) => {
      p.update('collect', { state: 'done', itemsStored: 42 });
      p.update('connect', { waitingUntil: 252_000 });
    });
    expect(text).toBe(`Waiting 4:12 more for you to connect Notion at ${LIVE_VIEW}. 42 pages are ready.`);
  });

  it('tells a rate-limit wait apart', () => {
    const text = line((p) => p.update('sync', { state: 'running', total: 300, done: 180, pausedUntil: 41_000 }));
    expect(text).toBe('Writing to Notion: 180 of 300 pages; Notion asks to wait 0:41.');
  });

  it('writes durations as m:ss and never below zero', () => {
    expect([clock(0), clock(0.999), clock(61), clock(-5)]).toEqual(['0:00', '0:01', '1:01', '0:00']);
  });
});
