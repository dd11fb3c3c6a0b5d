import type { Failure, ItemReason } from './errors.js';

/**
 * How often a request may be sent. `read`: as often as needed. `repeatable`: a write that has the same effect twice.
 * `once`: a create or an append, which must be looked up before it is sent again.
 */
export type Safety = 'read' | 'repeatable' | 'once';

/** What a connection must be allowed to do; Notion's own words for it. */
export type Capability = 'read content' | 'insert content' | 'update content';

/** What to do after a failed attempt. */
export type Verdict =
  /** Notion asks everyone to wait; `null`: it does not say how long. Never given up. */
  | { do: 'pause'; ms: number | null }
  /** Send this request again after a back-off; given up when the back-offs are used up. */
  | { do: 'wait' }
  /** It may have been saved. */
  | { do: 'lookup'; committedId: string | null }
  /** The token is refused: read it again once. */
  | { do: 'renew' }
  | { do: 'not-found' }
  /** Something in the body is refused: send it once more without images and links. */
  | { do: 'degrade' }
  /** This item cannot be written. */
  | { do: 'skip'; reason: ItemReason; message: string }
  /** Notion refuses the request as it stands. */
  | { do: 'refused' }
  /** Nothing more can be written. */
  | { do: 'stop'; because: StopReason };

export type StopReason = 'connection' | 'blocked' | 'block-limit' | 'capability';

/**
 * The retry table: status × code × safety → what to do. Pure.
 * Source: https://developers.notion.com/reference/request-limits and /reference/status-codes.
 */
export function decide(failure: Failure, safety: Safety): Verdict {
  if (failure.kind === 'network' && !failure.sent) return { do: 'wait' };
  if (failure.kind !== 'http') return again(safety, null);

  const { status, code, message, additional } = failure;
  if (status === 429 || status === 529) {
    if (additional['rate_limit_reason'] === 'public_api_request_blocked') return { do: 'stop', because: 'blocked' };
    return { do: 'pause', ms: failure.retryAfterMs };
  }
  if (status === 401 || code === 'invalid_grant') return { do: 'renew' };
  if (status === 403) return forbidden(failure);
  if (status === 404) return { do: 'not-found' };
  if (code === 'row_limit_exceeded') {
    return { do: 'skip', reason: 'row-limit', message: ROW_LIMIT };
  }
  if (status === 413) return { do: 'skip', reason: 'too-large', message: TOO_LARGE };
  if (status === 409) return again(safety, null);
  if (status >= 500) return again(safety, committedId(additional));
  if (status === 400) return badRequest(message, additional);
  return { do: 'refused' };
}

export const ROW_LIMIT = 'The Notion database holds as many rows as Notion allows.';
const TOO_LARGE = 'Notion says that the page is too large.';

/** Ambiguous for what must not be repeated, a plain wait for all else. */
function again(safety: Safety, committed: string | null): Verdict {
  return safety === 'once' ? { do: 'lookup', committedId: committed } : { do: 'wait' };
}

function committedId(additional: Record<string, unknown>): string | null {
  const id = additional['committed_resource_id'];
  return typeof id === 'string' && id !== '' ? id : null;
}

function forbidden(failure: Extract<Failure, { kind: 'http' }>): Verdict {
  if (failure.additional['block_limit'] !== undefined) return { do: 'stop', because: 'block-limit' };
  // Without Notion's own code this comes from the edge in front of it, which judges the words of one body.
  if (failure.code === 'unknown') {
    return { do: 'skip', reason: 'blocked', message: 'The network in front of Notion refused this page’s content.' };
  }
  return { do: 'stop', because: 'capability' };
}

/**
 * Notion tells these apart only in words, which echo the page's own: they decide what is tried next, never what becomes of
 * the page. Whether it lies in the trash or holds nested pages is asked (`refusal.ts`, `body-writer.ts`).
 */
function badRequest(message: string, additional: Record<string, unknown>): Verdict {
  if (/invalid image url|invalid url for link|invalid url/i.test(message)) return { do: 'degrade' };
  if (
    additional['limit_kind'] !== undefined ||
    /too large|too heavily formatted|exceeds? the (size|limit)/i.test(message)
  ) {
    return { do: 'skip', reason: 'too-large', message: TOO_LARGE };
  }
  return { do: 'refused' };
}
