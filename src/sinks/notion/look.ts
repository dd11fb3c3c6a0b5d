import { HeldUpError, ItemError } from './errors.js';
import { LOOKS } from './limits.js';

/**
 * When a page was last known to be as its next write takes it to be: it was looked at, or we wrote it ourselves. A write
 * that is sent long after that could take away, or hide, what a person did meanwhile.
 */
export class Look {
  #at: number;

  /** @param at when it was looked at, epoch ms */
  constructor(at = Date.now()) {
    this.#at = at;
  }

  /** Milliseconds since then. */
  get age(): number {
    return Date.now() - this.#at;
  }

  /** The page is known again as of now. */
  renew(): void {
    this.#at = Date.now();
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
