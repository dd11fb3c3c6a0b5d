import { StoppedError } from './errors.js';

/**
 * The pause that all writers share: whoever is told to wait closes it for everyone. Waiting ends early, with
 * `StoppedError`, when `signal` is aborted.
 */
export class Gate {
  readonly #signal: AbortSignal;
  readonly #onPause: (until: number | null) => void;
  #until = 0;
  #pausedMs = 0;
  #opening: Promise<void> | null = null;

  /** @param onPause told the epoch ms at which the pause ends, and `null` when it has ended */
  constructor(signal: AbortSignal, onPause: (until: number | null) => void) {
    this.#signal = signal;
    this.#onPause = onPause;
  }

  /** Time spent paused up to now, in seconds. */
  get pausedSeconds(): number {
    return this.#pausedMs / 1000;
  }

  /**
   * Closes the gate for `ms` from now; a longer pause that is running stays.
   * @returns true when it was open before
   */
  pause(ms: number): boolean {
    const until = Date.now() + ms;
    const wasOpen = this.#opening === null;
    if (until <= this.#until) return false;
    this.#until = until;
    this.#onPause(until);
    this.#opening ??= this.#open();
    return wasOpen;
  }

  /** Resolves when nobody is asked to wait. Throws `StoppedError`. */
  async passed(): Promise<void> {
    while (this.#opening !== null) await this.#opening;
    if (this.#signal.aborted) throw new StoppedError();
  }

  /** Waits for one request only. Throws `StoppedError`. */
  async sleep(ms: number): Promise<void> {
    await sleepUntil(Date.now() + ms, this.#signal);
    if (this.#signal.aborted) throw new StoppedError();
  }

  async #open(): Promise<void> {
    const started = Date.now();
    // Waits at least one turn, so that the field which holds this promise is set before it is cleared.
    do await sleepUntil(this.#until, this.#signal);
    while (Date.now() < this.#until && !this.#signal.aborted);
    this.#pausedMs += Date.now() - started;
    this.#opening = null;
    this.#onPause(null);
  }
}

/** Resolves at `time` (epoch ms), or when `signal` is aborted. Waits longer than a timer can hold are cut: call again. */
async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(0, time - Date.now()), 2 ** 31 - 1));
    signal.addEventListener('abort', done);
  });
}
