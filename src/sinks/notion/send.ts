import type { StageLog } from '../../log.js';
import type { TokenSource } from '../../token-source.js';
import { ConnectionLostError, DestinationError } from '../../errors.js';
import { toFailure } from './client.js';
import {
  describe,
  HeldUpError,
  InDoubtError,
  ItemError,
  NotFoundError,
  RefusedError,
  RestrictedError,
} from './errors.js';
import type { Failure } from './errors.js';
import type { Gate } from './gate.js';
import type { Waits } from './limits.js';
import type { Look } from './look.js';
import { decide } from './retry.js';
import type { Capability, Safety, StopReason } from './retry.js';

/** How a request is sent: the gate, the token, the retry table. */
export class Sender {
  readonly #tokens: TokenSource;
  readonly #gate: Gate;
  readonly #waits: Waits;
  readonly #log: StageLog;
  #token: Promise<string> | null = null;
  #renewal: { rejected: string; done: Promise<string> } | null = null;

  constructor(options: { tokens: TokenSource; gate: Gate; waits: Waits; log: StageLog }) {
    this.#tokens = options.tokens;
    this.#gate = options.gate;
    this.#waits = options.waits;
    this.#log = options.log;
  }

  /** Forgets the token, so that the next request reads it again. */
  forgetToken(): void {
    this.#token = null;
  }

  /**
   * Sends one request until it has an outcome.
   * @param needs what the connection must be allowed to do, for the message when it is not
   * @param attempt sends it once with the given token; called again as `safety` and the retry table allow
   * @param look of the page that it writes; renewed when the write is done
   * Throws `HeldUpError` (with `look` only: nothing is sent), `InDoubtError` (`once` only), `ItemError`, `NotFoundError`,
   * `RefusedError`, `RestrictedError`, `StoppedError`, and what nothing more can be written after: `DestinationError`,
   * `ConnectionLostError`.
   */
  async send<T>(
    safety: Safety,
    needs: Capability,
    attempt: (token: string) => Promise<T>,
    look: Look | null = null,
  ): Promise<T> {
    const began = Date.now();
    const waited = (): number => Date.now() - began;
    const isHeldUp = (): boolean => look !== null && look.heldMs + waited() > this.#waits.heldMs;
    try {
      const reply = await this.#send(safety, needs, attempt, isHeldUp);
      look?.renew();
      return reply;
    } catch (error) {
      look?.wait(waited());
      throw error;
    }
  }

  async #send<T>(
    safety: Safety,
    needs: Capability,
    attempt: (token: string) => Promise<T>,
    isHeldUp: () => boolean,
  ): Promise<T> {
    let failures = 0;
    let renewed = false;
    for (;;) {
      await this.#gate.passed();
      const token = await (this.#token ??= this.#tokens.get());
      if (isHeldUp()) throw new HeldUpError();
      try {
        return await attempt(token);
      } catch (error) {
        const { failure } = toFailure(error);
        const verdict = decide(failure, safety);
        this.#log.debug(`Notion: ${describe(failure)} → ${verdict.do}`);
        switch (verdict.do) {
          case 'pause': {
            const ms = Math.max(verdict.ms ?? this.#waits.overloadMs, this.#waits.minPauseMs);
            if (this.#gate.pause(ms)) this.#log.info(`${slowDown(failure)}: goes on in ${Math.ceil(ms / 1000)} s.`);
            break;
          }
          case 'wait': {
            const ms = this.#waits.retryMs[failures++];
            if (ms === undefined) throw new ItemError('unavailable', UNAVAILABLE, failure);
            // Jitter keeps writers that failed together from coming back together.
            await this.#gate.sleep(ms * (0.5 + Math.random() / 2));
            break;
          }
          case 'renew':
            if (renewed) throw connectionLost(failure);
            renewed = true;
            await this.#renew(token, failure);
            break;
          case 'lookup':
            throw new InDoubtError(failure, verdict.committedId);
          case 'not-found':
            throw new NotFoundError();
          case 'degrade':
            throw new ItemError('bad-link', 'Notion refused a link or an image of this page.', failure);
          case 'skip':
            throw new ItemError(verdict.reason, verdict.message, failure);
          case 'refused':
            throw new RefusedError(failure);
          case 'stop':
            throw stop(verdict.because, needs, failure);
        }
      }
    }
  }

  /** Reads the token again once per refused token, however many requests were refused with it. */
  async #renew(rejected: string, failure: Failure): Promise<void> {
    if (this.#renewal?.rejected !== rejected) {
      const done = this.#tokens.renew(rejected).then((token) => {
        if (token === null || token === rejected) throw connectionLost(failure);
        this.#token = Promise.resolve(token);
        return token;
      });
      this.#renewal = { rejected, done };
    }
    await this.#renewal.done;
  }
}

/** Whose limit it is. Source: https://developers.notion.com/reference/request-limits */
const LIMIT_OF: Record<string, string> = {
  public_api_request_rate_limit: 'this connection has used up its requests for now',
  public_api_space_request_rate_limit: 'all connections of the workspace together have used up their requests for now',
  public_api_endpoint_rate_limit: 'there were too many requests of this kind',
};

function slowDown(failure: Failure): string {
  if (failure.kind !== 'http' || failure.status === 529) return 'Notion asks to wait, because it is overloaded';
  const reason = failure.additional['rate_limit_reason'];
  return `Notion asks to wait, because ${LIMIT_OF[String(reason)] ?? 'there were too many requests'}`;
}

const UNAVAILABLE = 'Notion kept failing on this page; run again to write it.';

function connectionLost(failure: Failure): ConnectionLostError {
  return new ConnectionLostError(
    'Notion no longer accepts this connection: it was removed or has expired. Reconnect: start the run from the Apify ' +
      'Console, open its live view and press Authorize.',
    { detail: describe(failure) },
  );
}

function stop(because: StopReason, needs: Capability, failure: Failure): DestinationError | ConnectionLostError {
  const detail = describe(failure);
  switch (because) {
    case 'connection':
      return connectionLost(failure);
    case 'blocked':
      return new DestinationError(
        'Notion has blocked this connection’s access to its API. Ask Notion support why before you run again.',
        { detail },
      );
    case 'block-limit':
      return new DestinationError(
        'The Notion workspace has used up the blocks of its free plan, so that nothing can be added. Upgrade the plan, ' +
          'or connect a workspace with a single member.',
        { detail: `${detail}, block_limit` },
      );
    case 'capability':
      return new RestrictedError(
        `Notion does not let this connection ${needs} here. The connection needs the capabilities “Read content”, ` +
          `“Insert content” and “Update content”, and you need full access to the page or database: allow ${needs}, or share ` +
          'it with the connection (••• → Connections), then run again.',
        { detail },
      );
  }
}
