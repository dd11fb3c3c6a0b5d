import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ConnectorName } from '../consent.js';

export interface ConsentStateOptions {
  /** The key is derived from it, so that another container of the same run can check what this one signed. */
  clientSecret: string;
  connector: ConnectorName;
  userId: string;
  runId: string | null;
  ttlMs: number;
  now: () => number;
}

export interface IssuedState {
  /** Travels through the browser's address bar; at most 512 characters, Scalekit's limit. */
  state: string;
  /** Stays in the browser that started; only its hash is in `state`. */
  cookie: string;
  maxAgeSecs: number;
}

/** `id` names one use of one state. `foreign` is a state of ours that another browser brought. */
export type StateCheck = { kind: 'valid' | 'expired'; id: string } | { kind: 'foreign' } | { kind: 'forged' };

const MAX_STATE = 512;

/**
 * Binds the return from consent to the browser, run, user and connector that it started from. Nothing is stored: the
 * state is an HMAC over all of them and an expiry, and the cookie is the preimage of a hash in it.
 */
export class ConsentStates {
  readonly #key: Buffer;
  readonly #options: ConsentStateOptions;

  constructor(options: ConsentStateOptions) {
    this.#options = options;
    const key = hkdfSync('sha256', options.clientSecret, '', 'website-to-notion consent state v1', 32);
    this.#key = Buffer.from(key);
  }

  issue(): IssuedState {
    const { now, ttlMs } = this.#options;
    const cookie = randomBytes(32).toString('base64url');
    const body = `${(now() + ttlMs).toString(36)}.${hash(cookie)}`;
    return { state: `${body}.${this.#sign(body)}`, cookie, maxAgeSecs: Math.ceil(ttlMs / 1000) };
  }

  /** @param cookie the cookie that the browser sent, if any */
  check(state: string, cookie: string | undefined): StateCheck {
    const [expiry = '', cookieHash = '', mac = '', ...rest] = state.length > MAX_STATE ? [] : state.split('.');
    if (rest.length > 0 || !same(mac, this.#sign(`${expiry}.${cookieHash}`))) return { kind: 'forged' };
    if (cookie === undefined || !same(hash(cookie), cookieHash)) return { kind: 'foreign' };
    return { kind: this.#options.now() < Number.parseInt(expiry, 36) ? 'valid' : 'expired', id: cookieHash };
  }

  #sign(body: string): string {
    const { connector, userId, runId } = this.#options;
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([connector, userId, runId, body]))
      .digest('base64url');
  }
}

function hash(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url');
}

/** Compares in a time that depends on neither value: hashes have one length. */
function same(left: string, right: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(left), digest(right));
}
