import type { ConnectorName, ConsentFlow } from '../consent.js';
import type { OperatorError } from '../errors.js';
import type { RunSnapshot } from '../progress.js';
import type { TokenSource } from '../token-source.js';

/** The part of the run's snapshot that a connection knows. */
export type ConnectionState = Pick<
  RunSnapshot['connect'],
  'status' | 'need' | 'offersConsent' | 'lastAttempt' | 'linkUntil' | 'problem'
>;

/** A run's connection to one product: its state, the way to consent, and the token. */
export interface Connection extends ConsentFlow {
  readonly connector: ConnectorName;
  readonly mode: RunSnapshot['connect']['mode'];
  readonly tokens: TokenSource;
  /** Begins to look up the account; does not wait. Call once. */
  start(): void;
  /** Ends polling; consent is no longer offered. */
  stop(): Promise<void>;
  state(): ConnectionState;
  /** Calls `listener` after each change. Returns a function that ends the subscription. */
  onChange(listener: () => void): () => void;
  /** Resolves when status and need are known, or it is clear that they cannot be. Never rejects. */
  ready(): Promise<void>;
  /**
   * Waits for a usable account and, where one was asked for, for the new consent. Ends early when only the operator
   * can help, or Scalekit stays silent; a silent Scalekit is asked once more even when `signal` is aborted already.
   * @returns true when a token can be read and nothing more is asked of a person
   */
  waitUntilActive(signal: AbortSignal): Promise<boolean>;
  /** The run writes through the account from here on: no consent is offered or accepted until `reportLost`. */
  keep(): void;
  /** The service refuses the token for good: the account counts as lost until somebody connects again. */
  reportLost(): void;
  /** Why only the operator can help, or `null`. */
  failure(): OperatorError | null;
}
