import { DestinationError } from '../../errors.js';

/**
 * What can go wrong with one request, as plain values that `retry.ts` decides on. Only `DestinationError` and
 * `ConnectionLostError` (src/errors.ts) leave the sink; the classes here end inside it.
 */

/** One failed attempt. Messages echo user content: never log them above debug. */
export type Failure =
  | {
      kind: 'http';
      status: number;
      /** Notion's own code, or `unknown` when the reply was not Notion's JSON. */
      code: string;
      message: string;
      additional: Record<string, unknown>;
      /** From the header, else from the body; `null` when neither says. */
      retryAfterMs: number | null;
      requestId: string | null;
    }
  /** `sent` is false when no connection was made, so that Notion cannot have seen the request. */
  | { kind: 'network'; sent: boolean; message: string }
  | { kind: 'timeout' }
  /** 2xx whose body was cut or is not JSON. */
  | { kind: 'garbled' };

/** One request failed; thrown by `client.ts`, consumed by `send.ts`. */
export class NotionFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(describe(failure));
    this.name = 'NotionFailure';
    this.failure = failure;
  }
}

/** A write that must not be repeated may or may not have happened. */
export class InDoubtError extends Error {
  /** What Notion says it committed, if it does. */
  readonly committedId: string | null;
  readonly failure: Failure;

  constructor(failure: Failure, committedId: string | null) {
    super(`Unknown whether Notion saved the request (${describe(failure)})`);
    this.name = 'InDoubtError';
    this.failure = failure;
    this.committedId = committedId;
  }
}

export type ItemReason =
  /** Notion does not take a URL or an image in the body. */
  | 'bad-link'
  | 'too-large'
  | 'invalid'
  /** The row is gone from where we saw it: trashed, moved or unshared. */
  | 'trashed'
  /** A nested page or database would be deleted. */
  | 'nested'
  | 'row-limit'
  /** Its owner keeps the connection from changing it. */
  | 'restricted'
  | 'blocked'
  /** Notion kept failing. */
  | 'unavailable'
  /** Nobody knows whether the row exists; the next run looks again. */
  | 'unknown';

/** One item cannot be written; the sync goes on. `message` is a sentence for a person. */
export class ItemError extends Error {
  readonly reason: ItemReason;
  readonly failure: Failure | null;

  constructor(reason: ItemReason, message: string, failure: Failure | null = null) {
    super(message);
    this.name = 'ItemError';
    this.reason = reason;
    this.failure = failure;
  }
}

/** A write waited so long that a person may have changed its page since it was decided on: look again, then decide anew. */
export class HeldUpError extends Error {
  constructor() {
    super('The write was held up; its page has to be looked at again');
    this.name = 'HeldUpError';
  }
}

/** The connection may not do this: to one page whose owner restricts it, or because it lacks a capability. */
export class RestrictedError extends DestinationError {}

/** The run's signal ended the sync; nothing new is started. */
export class StoppedError extends Error {
  constructor() {
    super('The sync was ended');
    this.name = 'StoppedError';
  }
}

/** Notion has no such object, or does not share it with this connection. */
export class NotFoundError extends Error {
  constructor() {
    super('Notion does not know this object, or it is not shared with the connection');
    this.name = 'NotFoundError';
  }
}

/** Notion refuses the request as it stands (400); for calls whose caller knows a second way. */
export class RefusedError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(describe(failure));
    this.name = 'RefusedError';
    this.failure = failure;
  }
}

/** Vendor words for support: status, code, request id; no message, because that echoes content. */
export function describe(failure: Failure): string {
  switch (failure.kind) {
    case 'http':
      return [`HTTP ${failure.status} ${failure.code}`, failure.requestId].filter(Boolean).join(', request ');
    case 'network':
      return failure.sent ? 'connection lost' : 'no connection';
    case 'timeout':
      return 'no answer in time';
    case 'garbled':
      return 'unreadable answer';
  }
}
