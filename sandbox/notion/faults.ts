import { NotionError } from './errors.js';
import { rateLimited } from './rate-window.js';

export const EFFECTS = [
  '429',
  '529',
  '409',
  'row-limit',
  '413',
  '500',
  '502',
  '503',
  '503-committed',
  '503-uncommitted',
  '504',
  'drop-before',
  'drop-after',
  'slow',
  'blocked',
  'block-limit',
  'html-error',
] as const;
export type Effect = (typeof EFFECTS)[number];

export interface Fault {
  /** Both must fit; left out fits everything. `path` is tested on the path without the query. */
  match?: { method?: string; path?: RegExp };
  /** How often it strikes; default: for ever. */
  times?: number;
  /** From 0 to 1; default 1. */
  probability?: number;
  effect: Effect;
  /** For 500, 502, 503, 504 and html-error: the request is carried out before the reply fails. Default: it is not. */
  committed?: boolean;
  /** For 429, 529 and 503; default 1. */
  retryAfterSecs?: number;
  /** For 429; default `public_api_request_rate_limit`. */
  rateLimitReason?: string;
  /** For slow; default 100. */
  delayMs?: number;
}

/** A script of things that go wrong. The first fault that fits a request strikes. */
export class Faults {
  #faults: { fault: Fault; left: number }[] = [];
  #random: () => number;

  /** @param seed makes probabilities repeatable */
  constructor(seed = 1) {
    this.#random = randomFrom(seed);
  }

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Starts the row of random numbers anew. */
  seed(seed: number): void {
    this.#random = randomFrom(seed);
  }

  /** The fault that strikes this request, if one does. */
  next(method: string, path: string): Fault | null {
    const struck = this.#faults.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.match?.method ?? method) === method &&
        (fault.match?.path?.test(path) ?? true) &&
        (fault.probability === undefined || this.#random() < fault.probability),
    );
    if (struck === undefined) return null;
    struck.left -= 1;
    return struck.fault;
  }
}

/** True when the request is carried out although its reply fails. */
export function isCommitted({ effect, committed }: Fault): boolean {
  return effect === '503-committed' || effect === 'drop-after' || effect === 'slow' || committed === true;
}

/** What the client is told; `null` for effects without an error reply. `made` is what a committed request answered. */
export function faultError(fault: Fault, made: object | null): NotionError | null {
  const wait = fault.retryAfterSecs ?? 1;
  switch (fault.effect) {
    case '429':
      return rateLimited(wait, fault.rateLimitReason);
    case 'blocked':
      return rateLimited(wait, 'public_api_request_blocked');
    case '529':
      return new NotionError(529, 'service_overload', 'Notion is overloaded. Please try again later.', {
        retry_after: String(wait),
      });
    case '409':
      return new NotionError(409, 'conflict_error', 'Conflict occurred while saving. Please try again.');
    case 'row-limit':
      return new NotionError(409, 'row_limit_exceeded', 'This data source has reached its maximum number of rows.');
    case 'block-limit':
      return new NotionError(403, 'restricted_resource', 'This workspace has reached its block limit.', {
        block_limit: 'block_creation',
      });
    case '413':
      return new NotionError(413, 'validation_error', 'The request body is too large.');
    case '500':
      return new NotionError(500, 'internal_server_error', 'Unexpected error occurred.');
    case '502':
      return new NotionError(502, 'internal_server_error', 'Bad gateway.');
    case '503':
    case '503-uncommitted':
      return unavailable(null);
    case '503-committed':
      return unavailable(committedData(made));
    case '504':
      return new NotionError(504, 'gateway_timeout', 'The request took too long.');
    case 'drop-before':
    case 'drop-after':
    case 'slow':
    case 'html-error':
      return null;
  }
}

function unavailable(additionalData: Record<string, unknown> | null): NotionError {
  return new NotionError(503, 'service_unavailable', 'Notion is unavailable. Please try again later.', additionalData);
}

/** https://developers.notion.com/reference/request-limits: a 503 after the change was saved. */
function committedData(made: object | null): Record<string, unknown> {
  const guidance = { retry_guidance: ['The change was saved. Read the resource instead of repeating the request.'] };
  if (made === null || !('object' in made)) return guidance;
  if ((made.object === 'page' || made.object === 'database') && 'id' in made) {
    return { ...guidance, committed_resource_id: made.id };
  }
  if (made.object === 'list' && 'results' in made && Array.isArray(made.results)) {
    const children = made.results as { id: string; parent?: { page_id?: string; block_id?: string } }[];
    const parent = children[0]?.parent;
    return {
      ...guidance,
      committed_resource_id: parent?.block_id ?? parent?.page_id,
      committed_child_ids: children.map((child) => child.id),
    };
  }
  return guidance;
}

/** Mulberry32: small, seeded, good enough for scripts of faults. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
