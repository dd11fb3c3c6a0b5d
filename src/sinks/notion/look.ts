import { HeldUpError, ItemError } from './errors.js';
import { LOOKS } from './limits.js';

/**
 * A look at a page, by which its next writes are decided: how long they were kept from Notion since. A write that comes
 * long after the look could take away, or hide, what a person did meanwhile.
 */
export class Look {
  #heldMs: number;

  /** @param heldMs how long ago it was, where it was not right now */
  constructor(heldMs = 0) {
    this.#heldMs = heldMs;
  }

  /** Milliseconds that writes have waited since the look: in pauses, back-offs and attempts that failed. */
  get heldMs(): number {
    return this.#heldMs;
  }

  /** A write waited for `ms`, and did not come through. */
  wait(ms: number): void {
    this.#heldMs += ms;
  }

  /** A write came through: the page is known again as it is now. */
  renew(): void {
    this.#heldMs = 0;
  }
}

/**
 * Looks and writes, and begins anew when the write was held up since the look.
 * @param attempt ends with the write; `again` from the second time on
 * Throws `ItemError` when that goes on and on, and what `attempt` throws.
 */
export async function whileFresh<T>(attempt: (again: boolean) => Promise<T>): Promise<T> {
  for (let looks = 1; looks <= LOOKS; looks++) {
    try {
      return await attempt(looks > 1);
    } catch (error) {
      if (!(error instanceof HeldUpError)) throw error;
    }
  }
  throw new ItemError('unavailable', 'Notion held this page up again and again; run again to write it.');
}
