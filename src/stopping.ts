import type { StopReason } from './platform/stop-events.js';

/** Time the sink keeps for itself when a timeout is near: a fifth of the run, between 20 s and 10 minutes. */
const SINK_SHARE = { part: 0.2, minMs: 20_000, maxMs: 600_000 } as const;
/** Time for the report and the exit. */
const CLOSING_MS = 10_000;
/** A graceful abort gives 30 s; this much of it is for writing. Source: Apify docs, "system events". */
const ABORT_WRITING_MS = 18_000;

export type StopCause = StopReason | 'timeout' | 'limit';

/** Ends stages in order when the run's time is up, so that what was collected is still written. */
export interface Stopping {
  /** Aborted: collect no more. */
  readonly collecting: AbortSignal;
  /** Aborted: wait no longer for a person. */
  readonly waiting: AbortSignal;
  /** Aborted: start no new write. */
  readonly writing: AbortSignal;
  /** Why a stage was ended; `null` while none was. A stage that was over by then was not cut. */
  cause(): StopCause | null;
  /** The spending limit has no room for another item; a sync still writes what is stored. */
  limitReached(stage: 'collecting' | 'writing'): void;
  /** Collects no more, for a reason that the run itself will tell. */
  stopCollecting(): void;
  /** Ends the timers. */
  dispose(): void;
}

/**
 * When the crawl has to end so that the sink keeps its share of a run that ends at `timeoutAt`; epoch ms. Pure.
 * @param now when this part of the run began: a run that is resurrected long after its start has a new time window, and
 *   the crawl gets half of it at least
 */
export function collectDeadline(startedAt: number, timeoutAt: number, now = startedAt): number {
  const whole = Math.min(SINK_SHARE.maxMs, (timeoutAt - startedAt) * SINK_SHARE.part);
  const share = Math.max(SINK_SHARE.minMs, Math.min(whole, (timeoutAt - now) / 2));
  return timeoutAt - CLOSING_MS - share;
}

/**
 * @param onStop registers a listener for the platform's own stop events
 * @param times `timeoutAt` in epoch ms, or `null` when the run has none
 */
export function createStopping(
  onStop: (listener: (reason: StopReason) => void) => void,
  times: { startedAt: number; timeoutAt: number | null },
): Stopping {
  const collecting = new AbortController();
  const waiting = new AbortController();
  const writing = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let cause: ReturnType<Stopping['cause']> = null;

  const at = (time: number, act: () => void): void => {
    // setTimeout counts in 32 bits: a longer wait would fire at once, so such a run simply gets no timer.
    const delay = Math.max(0, time - Date.now());
    if (delay < 2 ** 31) timers.push(setTimeout(act, delay).unref());
  };
  const stopFor = (why: StopCause): void => {
    // A run that is moved goes on elsewhere, whatever had cut it here.
    cause = why === 'migrating' ? why : (cause ?? why);
    collecting.abort();
    waiting.abort();
  };

  if (times.timeoutAt !== null) {
    at(collectDeadline(times.startedAt, times.timeoutAt, Date.now()), () => stopFor('timeout'));
    at(times.timeoutAt - CLOSING_MS, () => writing.abort());
  }
  onStop((reason) => {
    stopFor(reason);
    if (reason === 'migrating') writing.abort();
    else at(Date.now() + ABORT_WRITING_MS, () => writing.abort());
  });

  return {
    collecting: collecting.signal,
    waiting: waiting.signal,
    writing: writing.signal,
    cause: () => cause,
    limitReached: (stage) => {
      cause ??= 'limit';
      // The sink ends by itself; its signal would also cut the waits of pages that are being written.
      if (stage === 'collecting') collecting.abort();
    },
    stopCollecting: () => collecting.abort(),
    dispose: () => timers.forEach(clearTimeout),
  };
}
