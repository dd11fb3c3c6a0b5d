import type { ConnectionStatus } from '../consent.js';
import type { OperatorError } from '../errors.js';
import type { Connector } from './connectors.js';
import type { ConnectionState } from './contract.js';
import type { AccountReading } from './scalekit.js';
import { sharedSentence, unverifiedSentence } from './words.js';

/** Polls in a row that fail before the status says so: one lost answer is nobody's business. */
const FAILURES_UNTIL_UNAVAILABLE = 2;
/** Polls in a row that find a given consent unverified before we suspect the operator's settings. */
const UNVERIFIED_UNTIL_PROBLEM = 3;

/**
 * What is known of one account, and what follows from it. Everything that learns something (polls, token reads, the
 * browser's return) reports here; listeners hear of each change.
 */
export class AccountState {
  #status: ConnectionStatus = 'UNSPECIFIED';
  #settled = false;
  #failures = 0;
  #unverified = 0;
  #lastAttempt: ConnectionState['lastAttempt'] = 'none';
  #linkUntil: number | null = null;
  #operatorError: OperatorError | null = null;
  #earlierSync = false;
  #wasActive = false;
  /** Why an ACTIVE account is not enough: the input asks for a new consent, or its token was refused. */
  #renewal: 'none' | 'reconnect' | 'lost';
  /** When the account had last changed as the new consent began, or the token was refused. */
  #renewalSince: number | null = null;
  #leftActive = false;
  #lastUpdate: number | null = null;
  #closed = false;
  /** The run writes through the account, so no consent may put another one in its place. */
  #kept = false;
  #epoch = 0;
  readonly #connector: Connector;
  readonly #listeners = new Set<() => void>();

  constructor(connector: Connector, reconnect: boolean) {
    this.#connector = connector;
    this.#renewal = reconnect && connector.mode === 'per-user' ? 'reconnect' : 'none';
  }

  /**
   * An answer of Scalekit.
   * @param epoch `epoch` as it was when the question was sent; an answer that a verification overtook is dropped
   */
  seen(reading: AccountReading, epoch: number): void {
    if (epoch !== this.#epoch) return;
    this.#failures = 0;
    this.#operatorError = null;
    this.#settled = true;
    this.#status = reading.status;
    if (reading.status === 'ACTIVE') this.#wasActive = true;
    this.#unverified = reading.status === 'PENDING_VERIFICATION' ? this.#unverified + 1 : 0;
    if (this.#renewalSince !== null) {
      // A refresh changes an ACTIVE account too. It may bring a good token in place of a refused one, but no consent.
      const changed = this.#renewal === 'lost' && (reading.updatedAt ?? 0) > this.#renewalSince;
      if (reading.status !== 'ACTIVE') this.#leftActive = true;
      else if (this.#leftActive || changed) this.#endRenewal();
    }
    this.#lastUpdate = reading.updatedAt ?? this.#lastUpdate;
    this.#changed();
  }

  /** Scalekit did not answer. */
  unanswered(): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_UNTIL_UNAVAILABLE) {
      this.#settled = true;
      this.#status = 'UNAVAILABLE';
    }
    this.#changed();
  }

  /** Only the operator can go on from here. */
  blocked(error: OperatorError): void {
    this.#settled = true;
    this.#status = 'UNAVAILABLE';
    this.#operatorError = error;
    this.#changed();
  }

  /** The verify call succeeded: more certain than any poll, whose answers may be minutes old. */
  verified(): void {
    this.#epoch += 1;
    this.#status = 'ACTIVE';
    this.#wasActive = true;
    this.#failures = 0;
    this.#operatorError = null;
    this.#settled = true;
    this.#endRenewal();
    this.attempted('verified');
  }

  attempted(attempt: ConnectionState['lastAttempt']): void {
    this.#lastAttempt = attempt;
    this.#linkUntil = null;
    this.#unverified = 0;
    this.#changed();
  }

  /**
   * A link was minted.
   * @param reading the account after that
   * @param linkUntil when the link stops working, epoch ms
   */
  consentStarted(reading: AccountReading, linkUntil: number | null): void {
    if (this.#renewal !== 'none') {
      this.#renewalSince = reading.updatedAt ?? 0;
      this.#leftActive = reading.status !== 'ACTIVE';
    }
    this.attempted('started');
    this.#linkUntil = linkUntil;
    this.#changed();
  }

  /** The run goes on with the account as it is; until `refused` nobody is asked for anything. */
  keep(): void {
    this.#kept = true;
    this.#endRenewal();
    this.#changed();
  }

  /** The service refuses the token although Scalekit calls the account ACTIVE. */
  refused(): void {
    this.#kept = false;
    if (this.#connector.mode === 'per-user') {
      this.#renewal = 'lost';
      this.#renewalSince = this.#lastUpdate ?? 0;
      this.#leftActive = this.#status !== 'ACTIVE';
    }
    this.#changed();
  }

  rememberEarlierSync(): void {
    this.#earlierSync = true;
    this.#changed();
  }

  close(): void {
    this.#closed = true;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** True once the first answer is in, or it is clear that there is none. */
  get settled(): boolean {
    return this.#settled;
  }

  /** True when a token can be read and no new consent is wanted. */
  get satisfied(): boolean {
    return this.#status === 'ACTIVE' && this.#renewal === 'none';
  }

  /** True when a new consent may replace an account that is ACTIVE. */
  get renewing(): boolean {
    return this.#renewal !== 'none';
  }

  get unavailable(): boolean {
    return this.#status === 'UNAVAILABLE';
  }

  get operatorError(): OperatorError | null {
    return this.#operatorError;
  }

  get(): ConnectionState {
    return {
      status: this.#status,
      need: this.#need(),
      offersConsent:
        this.#connector.mode === 'per-user' &&
        !this.#closed &&
        !this.#kept &&
        this.#operatorError === null &&
        !this.satisfied,
      lastAttempt: this.#lastAttempt,
      linkUntil: this.#linkUntil,
      problem: this.#problem(),
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #need(): ConnectionState['need'] {
    if (this.#connector.mode === 'shared' || !this.#settled || this.satisfied || this.#kept) return 'nothing';
    // These two can only follow a connection that once worked; the others need a memory of one.
    const workedBefore =
      this.#status === 'EXPIRED' || this.#status === 'DISCONNECTED' || this.#earlierSync || this.#wasActive;
    const isLost = workedBefore && this.#status !== 'ACTIVE' && this.#status !== 'UNAVAILABLE';
    // A new consent that was begun and not finished may have taken the old connection with it.
    if (this.#renewal === 'reconnect') return isLost ? 'lost' : 'reconnect';
    return this.#renewal === 'lost' || workedBefore ? 'lost' : 'first';
  }

  #problem(): string | null {
    if (this.#operatorError !== null) return this.#operatorError.message;
    if (this.#connector.mode === 'shared')
      return this.#settled && !this.satisfied && !this.unavailable ? sharedSentence(this.#connector) : null;
    return this.#unverified >= UNVERIFIED_UNTIL_PROBLEM ? unverifiedSentence(this.#connector) : null;
  }

  #endRenewal(): void {
    this.#renewal = 'none';
    this.#renewalSince = null;
    this.#leftActive = false;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
