import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLostError, OperatorError } from '../errors.js';
import type { AccountState } from './account-state.js';
import type { Connector } from './connectors.js';
import type { TokenSource } from '../token-source.js';
import { ScalekitFailure } from './scalekit-failure.js';
import type { AccountRef, ScalekitGateway } from './scalekit.js';
import { lostSentence, sharedSentence, unreachableSentence } from './words.js';

export interface ScalekitTokensOptions {
  gateway: ScalekitGateway;
  account: AccountRef;
  connector: Connector;
  state: AccountState;
  /** For the sentence when it cannot be reached. */
  host: string;
  tokenBudgetMs: number;
  tokenCacheMs: number;
  now: () => number;
  /** Told of each token before it is used, so that the logger can keep it out. */
  onSecret: (secret: string) => void;
}

const FIRST_RETRY_MS = 1_000;

/** Reads the account's access token when it is needed, and keeps it in memory for a minute at most. */
export class ScalekitTokens implements TokenSource {
  readonly #options: ScalekitTokensOptions;
  #cached: { token: string; until: number } | null = null;
  #reading: Promise<string> | null = null;

  constructor(options: ScalekitTokensOptions) {
    this.#options = options;
  }

  async get(): Promise<string> {
    const { now } = this.#options;
    if (this.#cached !== null && now() < this.#cached.until) return this.#cached.token;
    return this.#readOnce();
  }

  async renew(rejected: string): Promise<string | null> {
    // Many requests fail at once on one token; the first of them already fetched another.
    if (this.#cached !== null && this.#cached.token !== rejected) return this.#cached.token;
    this.#cached = null;
    try {
      const token = await this.#readOnce();
      if (token !== rejected) return token;
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
    }
    this.#cached = null;
    return null;
  }

  /** Another account may stand behind the identifier now. */
  forget(): void {
    this.#cached = null;
  }

  #readOnce(): Promise<string> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<string> {
    const { gateway, account, state, host, tokenBudgetMs, tokenCacheMs, now, onSecret } = this.#options;
    const deadline = now() + tokenBudgetMs;
    for (let pause = FIRST_RETRY_MS; ; pause *= 2) {
      try {
        const { epoch } = state;
        const { reading, accessToken } = await gateway.readToken(account);
        state.seen(reading, epoch);
        if (reading.status !== 'ACTIVE' || accessToken === '') throw this.#lost(reading.status);
        onSecret(accessToken);
        this.#cached = { token: accessToken, until: now() + tokenCacheMs };
        return accessToken;
      } catch (error) {
        if (!(error instanceof ScalekitFailure)) throw error;
        if (error.kind === 'not-found') throw this.#lost('UNSPECIFIED');
        if (now() + pause >= deadline) throw new OperatorError(unreachableSentence(host), { detail: error.detail });
        await sleep(pause);
      }
    }
  }

  #lost(status: string): ConnectionLostError | OperatorError {
    const { connector } = this.#options;
    const detail = `scalekit status ${status}`;
    return connector.mode === 'shared'
      ? new OperatorError(sharedSentence(connector), { detail })
      : new ConnectionLostError(lostSentence(connector), { detail });
  }
}
