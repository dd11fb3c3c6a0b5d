import { setTimeout as sleep } from 'node:timers/promises';

export interface PollerOptions {
  /** Asks once. Never throws. */
  poll: () => Promise<void>;
  /** False while there is nothing to wait for; then only `poke` leads to another poll. */
  wanted: () => boolean;
  /** True while only the operator can help: then the longest pauses are short enough. */
  unhurried: () => boolean;
  pollMs: number;
  pollMaxMs: number;
}

const GROWTH = 1.5;
/** Pauses spread over ± a quarter, so that many runs of one operator do not ask in step. */
const JITTER = 0.25;

/**
 * The pause before the next poll.
 * @param quiet polls since something last happened
 * @param random 0 ≤ x < 1
 */
export function pauseMs(quiet: number, pollMs: number, pollMaxMs: number, random = Math.random()): number {
  return Math.min(pollMs * GROWTH ** quiet, pollMaxMs) * (1 - JITTER + random * 2 * JITTER);
}

/** Asks again and again, ever more slowly while nothing happens, and at once when poked. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #quiet = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Begins; call once. */
  start(): void {
    void this.#run();
  }

  /** Something happened: ask now, and often for a while. */
  poke(): void {
    this.#quiet = 0;
    this.#wake.abort();
  }

  /** Ends the loop; a request that is on its way is not waited for. */
  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // Made before the poll, so that a poke during it is not lost.
      this.#wake = new AbortController();
      await this.#options.poll();
      await this.#pause();
    }
  }

  /** Waits for the next moment to ask: when it is due and still wanted, or when poked. */
  async #pause(): Promise<void> {
    const signal = AbortSignal.any([this.#wake.signal, this.#stop.signal]);
    const { wanted, unhurried, pollMs, pollMaxMs } = this.#options;
    while (!signal.aborted) {
      if (!wanted()) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        return;
      }
      const quiet = unhurried() ? Infinity : this.#quiet;
      await sleep(pauseMs(quiet, pollMs, pollMaxMs), undefined, { signal }).catch(() => undefined);
      this.#quiet += 1;
      if (wanted()) return;
    }
  }
}
