/**
 * What the live view needs from `connect/` to take a person through consent. `connect/` implements it, `live-view/`
 * calls it, `run.ts` joins the two.
 */

export type ConnectorName = 'notion' | 'youtube' | 'gmail';

/** The products behind the connectors, as a person knows them. */
export const CONNECTOR_LABELS: Readonly<Record<ConnectorName, string>> = {
  notion: 'Notion',
  youtube: 'YouTube',
  gmail: 'Gmail',
};

/** Scalekit's own status names, and UNAVAILABLE when Scalekit cannot be asked. */
export type ConnectionStatus =
  'UNSPECIFIED' | 'ACTIVE' | 'EXPIRED' | 'PENDING_AUTH' | 'PENDING_VERIFICATION' | 'DISCONNECTED' | 'UNAVAILABLE';

/** What came of a click on "Continue to Notion". */
export type ConsentStart =
  /** Send the browser to `link` (never store, log or render it) and set `cookie` for `maxAgeSecs`. */
  | { kind: 'redirect'; link: string; cookie: string; maxAgeSecs: number }
  /** The account is ACTIVE and the input does not ask to reconnect: nothing on a public page may re-point it. */
  | { kind: 'already-connected' }
  /** No consent is being asked for (token from the environment, shared connector, run over). */
  | { kind: 'not-offered' }
  /** Scalekit does not answer or refuses us; `message` is a sentence for a person. */
  | { kind: 'unavailable'; message: string };

/** What came of the browser's return from consent. Each has its own screen with one action. */
export type ConsentFinish =
  | { kind: 'verified' }
  /** The person declined at Notion. */
  | { kind: 'cancelled' }
  /** Somebody else finished first, or the run went on without: this browser's authorization was not used. */
  | { kind: 'already-connected' }
  /** The state or the link is too old, was used already, or the run no longer asks. */
  | { kind: 'expired' }
  /** State and cookie do not belong together: another browser, or a forged address. Nothing was changed. */
  | { kind: 'other-browser' }
  /** Scalekit says that the authorization belongs to another account. */
  | { kind: 'mismatch' }
  /** The address is not one that Scalekit makes (no state, no request id). Nothing was changed. */
  | { kind: 'bogus' }
  | { kind: 'unavailable'; message: string };

export interface ConsentFlow {
  /**
   * Mints a fresh link for this run's user. Called by the confirmation page's POST only.
   * @param callbackUrl absolute address of `/callback/<connector>` on the live view, without a query
   */
  begin(connector: ConnectorName, callbackUrl: string): Promise<ConsentStart>;

  /**
   * Checks state against cookie, then verifies the authorization with the identifier from our own memory.
   * @param query the callback's query: `auth_request_id`, `state`, or `error`
   * @param cookie the cookie value that `begin` handed out, if the browser sent one
   */
  finish(connector: ConnectorName, query: URLSearchParams, cookie: string | undefined): Promise<ConsentFinish>;
}
