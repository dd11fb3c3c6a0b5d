/** What of Crawlee's pool decides how many requests are worked on at once. */
export interface Pool {
  minConcurrency: number;
  maxConcurrency: number;
  desiredConcurrency: number;
  readonly currentConcurrency: number;
  /** Looks for work now. */
  notify(): Promise<void>;
}

/** How often it is looked whether a slot is free for one that comes back, ms. */
const LOOK_MS = 20;

/**
 * A request that only waits gives its slot to another one: Crawlee's pool counts whatever is running, so its numbers are
 * raised by one for each that waits.
 */
export class SlotLender {
  readonly #pool: () => Pool | undefined;
  #lent = 0;
  #waiting = 0;
  #returning = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(pool: () => Pool | undefined) {
    this.#pool = pool;
  }

  /** Requests that are really being worked on. */
  get active(): number {
    return (this.#pool()?.currentConcurrency ?? 0) - this.#lent;
  }

  /** Requests that are being worked on or wait for their turn to be. */
  get unread(): number {
    return (this.#pool()?.currentConcurrency ?? 0) - this.#waiting;
  }

  /** True while requests that waited want a slot again: nothing new should be started before them. */
  get isReturning(): boolean {
    return this.#returning > 0;
  }

  /** Waits for `until`; what is left to do then is so little that it needs no slot. */
  async wait<T>(until: Promise<T>): Promise<T> {
    const giveBack = this.#lend();
    this.#waiting += 1;
    try {
      return await until;
    } finally {
      this.#waiting -= 1;
      giveBack();
    }
  }

  /** Waits for `until` and then for a free slot, in the order of coming back. */
  async park(until: Promise<void>): Promise<void> {
    const giveBack = this.#lend();
    try {
      await until;
      this.#returning += 1;
      const turn = this.#last.then(() => this.#freeSlot(giveBack));
      this.#last = turn.catch(() => undefined);
      await turn;
    } finally {
      giveBack();
    }
  }

  async #freeSlot(giveBack: () => void): Promise<void> {
    const isFree = (): boolean => {
      const pool = this.#pool();
      return pool === undefined || this.active < pool.desiredConcurrency - this.#lent;
    };
    while (!isFree()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    this.#returning -= 1;
    giveBack();
  }

  #lend(): () => void {
    const pool = this.#pool();
    let isLent = true;
    this.#lent += 1;
    shift(pool, 1);
    // Crawlee looks by itself only when a task ends: its interval waits for the task that it started last.
    void pool?.notify();
    return () => {
      if (!isLent) return;
      isLent = false;
      this.#lent -= 1;
      shift(pool, -1);
    };
  }
}

function shift(pool: Pool | undefined, by: 1 | -1): void {
  if (pool === undefined) return;
  // In this order the least is never above the most.
  if (by === 1) pool.maxConcurrency += by;
  pool.desiredConcurrency += by;
  pool.minConcurrency += by;
  if (by === -1) pool.maxConcurrency += by;
}
