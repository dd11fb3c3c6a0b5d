import type { ConnectorName, ConsentFinish, ConsentFlow, ConsentStart } from '../consent.js';
import { OperatorError } from '../errors.js';
import type { AccountState } from './account-state.js';
import type { ConsentStates } from './consent-state.js';
import type { Connector } from './connectors.js';
import { ScalekitFailure } from './scalekit-failure.js';
import type { AccountReading, AccountRef, ScalekitGateway } from './scalekit.js';

export interface ScalekitConsentOptions {
  connector: Connector;
  gateway: ScalekitGateway;
  account: AccountRef;
  states: ConsentStates;
  state: AccountState;
  /** Reads the account and reports to `state`; throws as the gateway does. */
  read: () => Promise<AccountReading>;
  /** Finds out whether a missing account is really a missing connection; throws `OperatorError` then. */
  checkConnection: () => Promise<void>;
  /** Resolves when the account is known, or it is clear that it cannot be: a quick click comes before the first answer. */
  ready: () => Promise<void>;
  /** A browser is on its way to consent: look often. */
  onStarted: () => void;
  /** Another grant may stand behind the identifier now. */
  onVerified: () => void;
  onSecret: (secret: string) => void;
}

/** `auth_request_id` has at most this many characters. */
const MAX_REQUEST_ID = 1000;
const UNEXPECTED = 'Connecting did not work. Try again in a minute.';

/**
 * Takes a browser to consent and back (design §4). The identifier always comes from our own memory, and an ACTIVE
 * account is never touched unless the run was told to renew it.
 */
export class ScalekitConsent implements ConsentFlow {
  readonly #options: ScalekitConsentOptions;
  /** Uses of states, by id. A state is spent by the first answer that is not "try again". */
  readonly #uses = new Map<string, Promise<ConsentFinish>>();
  /** The account as it was before a verification whose answer never came, by the state's id. */
  readonly #unanswered = new Map<string, AccountReading>();
  /** The last verification that was asked for. */
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: ScalekitConsentOptions) {
    this.#options = options;
  }

  async begin(connector: ConnectorName, callbackUrl: string): Promise<ConsentStart> {
    const { state, states, read, onSecret, onStarted } = this.#options;
    const { name, mode } = this.#options.connector;
    if (connector !== name || mode === 'shared') return { kind: 'not-offered' };
    await this.#options.ready();
    if (state.satisfied) return { kind: 'already-connected' };
    if (!state.get().offersConsent) return this.#notOffered();
    try {
      const reading = await read();
      if (reading.status === 'ACTIVE' && !state.renewing) return { kind: 'already-connected' };
      if (!state.get().offersConsent) return this.#notOffered();
      const issued = states.issue();
      const { link, expiresAt } = await this.#mint(reading, issued.state, callbackUrl);
      for (const secret of [link, issued.state, issued.cookie]) onSecret(secret);
      // Whether the link took an ACTIVE account out of service tells later whether consent was given: look before anybody
      // can follow it.
      const minted = state.renewing ? await read().catch(() => reading) : reading;
      state.consentStarted(minted, expiresAt);
      onStarted();
      return { kind: 'redirect', link, cookie: issued.cookie, maxAgeSecs: issued.maxAgeSecs };
    } catch (error) {
      state.attempted('unavailable');
      return { kind: 'unavailable', message: this.#reasonFor(error) };
    }
  }

  async finish(connector: ConnectorName, query: URLSearchParams, cookie: string | undefined): Promise<ConsentFinish> {
    const { states } = this.#options;
    const presented = query.get('state') ?? '';
    const requestId = query.get('auth_request_id') ?? '';
    const declined = query.has('error') && requestId === '';
    if (connector !== this.#options.connector.name) return { kind: 'bogus' };
    // Without a state nothing proves that this browser started here: say what the address says, and change nothing.
    if (presented === '') return { kind: declined ? 'cancelled' : 'bogus' };
    if (!declined && (requestId === '' || requestId.length > MAX_REQUEST_ID)) return { kind: 'bogus' };

    const check = states.check(presented, cookie);
    // Anybody who sees the page can get a state of ours: only with its cookie does a return change what others see.
    if (check.kind === 'forged' || check.kind === 'foreign') return { kind: 'other-browser' };
    await this.#options.ready();
    if (this.#uses.has(check.id)) return this.#replay(check.id);
    if (check.kind === 'expired') return this.#ended('expired');
    // What an unanswered verification of this browser did, the run may have used long since: it is told, not refused.
    const refusal = this.#unanswered.has(check.id) && !declined ? null : this.#refusal();
    if (refusal !== null) return declined ? { kind: 'cancelled' } : refusal;
    const use = declined
      ? Promise.resolve(this.#ended('cancelled'))
      : this.#inTurn(() => this.#verify(check.id, requestId));
    this.#uses.set(check.id, use);
    const outcome = await use;
    // Nothing was decided: a reload of the same address may try again.
    if (outcome.kind === 'unavailable') this.#uses.delete(check.id);
    return outcome;
  }

  /** One verification at a time: each looks at the account as the one before it left it, so that the first one counts. */
  #inTurn(verify: () => Promise<ConsentFinish>): Promise<ConsentFinish> {
    const turn = this.#lastTurn.then(verify);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #verify(id: string, requestId: string): Promise<ConsentFinish> {
    const { gateway, account, state, read } = this.#options;
    try {
      const before = await read();
      const earlier = this.#unanswered.get(id);
      if (earlier !== undefined && isPromoted(earlier, before)) return this.#verified(id, requestId);
      if (before.status === 'ACTIVE' && !state.renewing) return { kind: 'already-connected' };
      const refusal = this.#refusal();
      if (refusal !== null) return refusal;
      try {
        await gateway.verify(requestId, account.identifier);
      } catch (error) {
        if (error instanceof OperatorError) return this.#undecided(error.message);
        if (!(error instanceof ScalekitFailure)) throw error;
        if (error.kind === 'mismatch') return this.#ended('mismatch');
        if (error.kind === 'rejected') return { kind: 'bogus' };
        // It may have taken effect all the same. The SDK repeats some calls whose reply was lost, and then finds the
        // authorization used up: by ourselves, or long ago?
        if (error.kind === 'transient') this.#unanswered.set(id, earlier ?? before);
        if (!isPromoted(before, await read())) {
          if (error.kind === 'transient') throw error;
          return this.#ended('expired');
        }
      }
      return this.#verified(id, requestId);
    } catch (error) {
      return this.#undecided(this.#reasonFor(error));
    }
  }

  #verified(id: string, requestId: string): ConsentFinish {
    const { state, onVerified, onSecret } = this.#options;
    this.#unanswered.delete(id);
    // Not before: anybody can make up an id, and common words would be missing from the log.
    onSecret(requestId);
    state.verified();
    onVerified();
    return { kind: 'verified' };
  }

  /** A verification never blocks the run, whatever it meets: whether the operator must act, the reads will tell. */
  #undecided(message: string): ConsentFinish {
    this.#options.state.attempted('unavailable');
    return { kind: 'unavailable', message };
  }

  /** Why an authorization is not used: what is ACTIVE stays as it is, and a run that asks no more gets nothing. */
  #refusal(): ConsentFinish | null {
    const { state } = this.#options;
    if (state.get().offersConsent) return null;
    if (state.satisfied) return { kind: 'already-connected' };
    return state.operatorError === null
      ? { kind: 'expired' }
      : { kind: 'unavailable', message: state.operatorError.message };
  }

  /** The same return again, by a reload or a second tab. */
  async #replay(id: string): Promise<ConsentFinish> {
    const first = await this.#uses.get(id);
    if (first?.kind === 'unavailable') return first;
    return first?.kind === 'verified' && this.#options.state.get().status === 'ACTIVE'
      ? { kind: 'verified' }
      : { kind: 'expired' };
  }

  async #mint(reading: AccountReading, state: string, userVerifyUrl: string): ReturnType<ScalekitGateway['mintLink']> {
    const { gateway, account, checkConnection } = this.#options;
    try {
      if (!reading.exists) await gateway.ensureAccount(account);
      return await gateway.mintLink(account, { state, userVerifyUrl });
    } catch (error) {
      if (!(error instanceof ScalekitFailure && error.kind === 'not-found')) throw error;
      await checkConnection();
      await gateway.ensureAccount(account);
      return gateway.mintLink(account, { state, userVerifyUrl });
    }
  }

  #notOffered(): ConsentStart {
    const { operatorError } = this.#options.state;
    return operatorError === null ? { kind: 'not-offered' } : { kind: 'unavailable', message: operatorError.message };
  }

  #ended(kind: 'cancelled' | 'expired' | 'mismatch'): ConsentFinish {
    this.#options.state.attempted(kind);
    return { kind };
  }

  #reasonFor(error: unknown): string {
    if (error instanceof OperatorError) this.#options.state.blocked(error);
    return error instanceof OperatorError || error instanceof ScalekitFailure ? error.message : UNEXPECTED;
  }
}

/** True when an account that was not usable, or had another grant, is ACTIVE by now. */
function isPromoted(before: AccountReading, after: AccountReading): boolean {
  return after.status === 'ACTIVE' && (before.status !== 'ACTIVE' || (after.updatedAt ?? 0) > (before.updatedAt ?? 0));
}
