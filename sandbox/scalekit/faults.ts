import { setTimeout as sleep } from 'node:timers/promises';
import { Code } from '@connectrpc/connect';

/** Switches that make the stand-in misbehave like a real service under stress. */
export class ScalekitFaults {
  #unavailable = 0;
  #rateLimited = 0;
  #delayMs = 0;
  #lostVerifyReply: Code | null = null;
  #refused: { method: string; code: Code } | null = null;
  readonly #forgetBearers: () => void;
  readonly #closing = new AbortController();

  constructor(forgetBearers: () => void) {
    this.#forgetBearers = forgetBearers;
  }

  /** The next `count` calls answer UNAVAILABLE; `Infinity` until set to 0. */
  unavailable(count: number): void {
    this.#unavailable = count;
  }

  /** The next `count` calls answer RESOURCE_EXHAUSTED with the code RATE_LIMITED. */
  rateLimited(count: number): void {
    this.#rateLimited = count;
  }

  /** Every call, and the login, waits this long before it is looked at; 0 ends it. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** The next verification takes effect, and its reply is lost: UNAVAILABLE is repeated by the SDK, INTERNAL is not. */
  loseNextVerifyReply(seen: Code.Unavailable | Code.Internal = Code.Unavailable): void {
    this.#lostVerifyReply = seen;
  }

  /** Every bearer handed out so far stops working, as when it expires. */
  revokeBearers(): void {
    this.#forgetBearers();
  }

  /** Every call of this RPC name answers `code`; `null` ends it. */
  refuse(method: string | null, code: Code = Code.Internal): void {
    this.#refused = method === null ? null : { method, code };
  }

  refusalOf(method: string): Code | null {
    return this.#refused?.method === method ? this.#refused.code : null;
  }

  /** What the next call should run into. Consumes one count. */
  next(): 'unavailable' | 'rate-limited' | null {
    if (this.#unavailable > 0) {
      this.#unavailable -= 1;
      return 'unavailable';
    }
    if (this.#rateLimited > 0) {
      this.#rateLimited -= 1;
      return 'rate-limited';
    }
    return null;
  }

  takeLostVerifyReply(): Code | null {
    const seen = this.#lostVerifyReply;
    this.#lostVerifyReply = null;
    return seen;
  }

  async wait(): Promise<void> {
    if (this.#delayMs > 0)
      await sleep(this.#delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Ends all waits. */
  close(): void {
    this.#closing.abort();
  }
}
