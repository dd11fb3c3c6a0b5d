/**
 * Errors, sorted by what the run does next. Every message is written for the person who reads the run: what happened,
 * to which thing, and the one next step. Vendor words (status names, codes) go into `detail`, which is shown small.
 * Sinks and the crawler keep further, private error classes for what is retried or skipped; only these reach `run.ts`.
 */

/** Ends the run as FAILED with `message`; the base of all classes below. */
export class RunError extends Error {
  /** Vendor-internal words for support: a code, a status, a request id. Never a secret, never page content. */
  readonly detail: string | null;

  constructor(message: string, options: { detail?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.detail = options.detail ?? null;
  }
}

/** The input cannot be used. `message` names the field, what was found and what is expected. Nothing was crawled. */
export class InvalidInputError extends RunError {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** The place to write to cannot be used: not shared, missing, several data sources, a capability or block limit. */
export class DestinationError extends RunError {}

/** The service does not answer. It may do so again, so this ends a sync but never keeps a crawl from starting. */
export class NotAnsweringError extends RunError {}

/** Scalekit is unreachable or refuses the operator's credentials or connection name: only the operator can act. */
export class OperatorError extends RunError {}

/** A connection that worked before is lost, or Notion refuses the token. `message` says how to reconnect. */
export class ConnectionLostError extends RunError {}

/** Connected to another Notion bot than the remembered one, and `reconnectNotion` is not set. Nothing was written. */
export class OtherWorkspaceError extends RunError {}

/** The sentence for a person from anything thrown: the message of a `RunError`, a plain sentence for all else. */
export function messageFor(error: unknown): string {
  if (error instanceof RunError) return error.message;
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `The run stopped on an unexpected error: ${reason}. Start it again; if it happens again, report it with the run's id.`;
}
