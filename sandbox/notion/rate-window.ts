import { NotionError } from './errors.js';

/**
 * The budget of one connection: so many requests in each window, which opens with the first request after the last one
 * ended. The whole budget may be spent at once. Refused requests cost nothing.
 */
export class RateWindow {
  #opened = -Infinity;
  #spent = 0;

  constructor(
    private readonly budget: number,
    private readonly windowMs: number,
    /** What the wait is rounded up to; windows that are scaled down scale the second along. */
    private readonly secondMs = 1000,
  ) {}

  /**
   * Counts one request at `now` (epoch ms).
   * @throws NotionError 429 with the seconds until the next window
   */
  spend(now: number): void {
    if (now - this.#opened >= this.windowMs) {
      this.#opened = now;
      this.#spent = 0;
    }
    if (this.#spent >= this.budget) {
      const ticks = Math.max(1, Math.ceil((this.#opened + this.windowMs - now) / this.secondMs));
      throw rateLimited((ticks * this.secondMs) / 1000);
    }
    this.#spent += 1;
  }
}

/** https://developers.notion.com/reference/request-limits; `reason` is one of the documented ones. */
export function rateLimited(retryAfterSecs: number, reason = 'public_api_request_rate_limit'): NotionError {
  return new NotionError(429, 'rate_limited', 'You have been rate limited. Please try again in a few minutes.', {
    rate_limit_reason: reason,
    retry_after: String(retryAfterSecs),
  });
}
