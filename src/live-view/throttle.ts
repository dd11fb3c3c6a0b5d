/** Lets something happen a few times at once and then only every now and then. */
export class Throttle {
  readonly #burst: number;
  readonly #everyMs: number;
  #spare: number;
  #since: number | null = null;

  /**
   * @param burst how often it may happen at once
   * @param everyMs after this time it may happen once more
   */
  constructor(burst: number, everyMs: number) {
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#spare = burst;
  }

  /**
   * Takes one turn, if there is one.
   * @param now epoch ms
   * @returns 0 when it may happen now, else the whole seconds until it may
   */
  take(now: number): number {
    const passed = Math.max(0, now - (this.#since ?? now));
    this.#since = now;
    this.#spare = Math.min(this.#burst, this.#spare + passed / this.#everyMs);
    if (this.#spare >= 1) {
      this.#spare -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#spare) * this.#everyMs) / 1000);
  }

  /** Gives a turn back that was taken and not used. */
  giveBack(): void {
    this.#spare = Math.min(this.#burst, this.#spare + 1);
  }
}
