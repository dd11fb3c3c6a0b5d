/** A page that takes longer than this no longer keeps the others waiting, ms. */
const PATIENCE_MS = 30_000;

interface Waiting {
  turn: number;
  go: () => void;
}

/**
 * Lets work that ends in any order go on in the order in which it was planned: pages queue their links in the order of the
 * queue, whichever is read first, so that a crawl that a limit cuts short reads the same pages in each run.
 */
export class Turns {
  readonly #patienceMs: number;
  /** The first turn that is not over. */
  #first = 0;
  #given = 0;
  readonly #over = new Set<number>();
  readonly #waiting = new Set<Waiting>();

  constructor(patienceMs: number = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** The next turn; `end` must be called for it. */
  give(): number {
    this.#given += 1;
    return this.#given - 1;
  }

  /** True when all turns before this one are over. */
  isNext(turn: number): boolean {
    return turn <= this.#first;
  }

  /** Resolves when all turns before this one are over: `false` when they took too long and it goes on without them. */
  async wait(turn: number): Promise<boolean> {
    if (this.isNext(turn)) return true;
    let hadPatience = true;
    await new Promise<void>((resolve) => {
      const waiting = { turn, go: resolve };
      const timer = setTimeout(() => {
        hadPatience = false;
        waiting.go();
      }, this.#patienceMs);
      waiting.go = () => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve();
      };
      this.#waiting.add(waiting);
    });
    return hadPatience;
  }

  /** The turn is over, or was given up. */
  end(turn: number): void {
    if (turn < this.#first) return;
    this.#over.add(turn);
    while (this.#over.delete(this.#first)) this.#first += 1;
    for (const waiting of [...this.#waiting]) if (this.isNext(waiting.turn)) waiting.go();
  }

  /** Nobody waits any longer: the crawl ends. */
  open(): void {
    for (const waiting of [...this.#waiting]) waiting.go();
  }
}
