/** Who looks at the live view: the run waits longer for a person who does, and stays a moment at the end. */
export class Audience {
  readonly #pageWatchMs: number;
  readonly #streams: () => number;
  readonly #listeners = new Set<() => void>();
  #visited = false;
  /** When pages were loaded that have not opened an event stream (scripts off), epoch ms, oldest first. */
  #loads: number[] = [];

  /**
   * @param streams number of open event streams
   * @param pageWatchMs a page without a stream counts as open for this long after it was loaded
   */
  constructor(streams: () => number, pageWatchMs: number) {
    this.#streams = streams;
    this.#pageWatchMs = pageWatchMs;
  }

  /** True once somebody opened a page. */
  get visited(): boolean {
    return this.#visited;
  }

  /** Calls `listener` at the first visit, or at once when it was before. */
  onVisit(listener: () => void): void {
    if (this.#visited) listener();
    else this.#listeners.add(listener);
  }

  /** A page was loaded; `final` when it shows the outcome, so that its reader needs nothing more. */
  pageLoaded(final: boolean, now: number): void {
    this.#visit();
    if (final) this.#loads.shift();
    else this.#loads.push(now);
  }

  /** An event stream was opened by one of the pages loaded before. */
  streamOpened(): void {
    this.#visit();
    this.#loads.pop();
  }

  /** Open streams, and one more if a page without a stream was loaded lately. */
  watchers(now: number): number {
    this.#loads = this.#loads.filter((at) => now - at < this.#pageWatchMs);
    return this.#streams() + (this.#loads.length > 0 ? 1 : 0);
  }

  #visit(): void {
    if (this.#visited) return;
    this.#visited = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
