import { STATUS_CODES } from 'node:http';
import type { SkipReason } from './skip-reason.js';

export type FailureReason = 'httpStatus' | 'timeout' | 'dns' | 'network' | 'proxy' | 'extraction' | 'storing';

/** A page that could not be read. `message` is for the person who reads COVERAGE. */
export class PageFailure extends Error {
  readonly reason: FailureReason;
  readonly httpStatusCode: number | null;
  /** False when asking again gives the same answer. */
  readonly canRetry: boolean;
  /** The server asks to be left alone: the URL that was asked for, and for how long, ms; `null` when it does not. */
  readonly pause: { url: string; ms: number } | null;

  constructor(
    reason: FailureReason,
    message: string,
    options: { httpStatusCode?: number; canRetry?: boolean; pause?: PageFailure['pause']; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'PageFailure';
    this.reason = reason;
    this.httpStatusCode = options.httpStatusCode ?? null;
    this.canRetry = options.canRetry ?? true;
    this.pause = options.pause ?? null;
  }
}

/** A page that is left out on purpose, found out while it was read. */
export class PageSkipped extends Error {
  readonly reason: SkipReason;

  constructor(reason: SkipReason) {
    super(reason);
    this.name = 'PageSkipped';
    this.reason = reason;
  }
}

const PAUSE = { unknown: 5_000, longest: 10 * 60_000 } as const;

/** Where an answer came from. */
export interface AnsweredBy {
  url: string;
  /** The run's proxy that the request went through, if any: another address of it may get another answer. */
  proxyUrl: string | undefined;
}

/**
 * The failure that an HTTP status of 400 or more means (RFC 9110 §15).
 * @param retryAfter the `Retry-After` header: seconds or an HTTP date (RFC 9110 §10.2.3)
 */
export function statusFailure(status: number, retryAfter: string | null, { url, proxyUrl }: AnsweredBy): PageFailure {
  const canRotate = proxyUrl !== undefined;
  // 407 and, with Apify's proxy and Crawlee's local one, 59x are what a proxy says and never a site.
  if (canRotate && (status === 407 || (status >= 590 && status <= 599))) return proxyFailure(proxyUrl, url);
  const isBusy = status === 429 || status === 503;
  const isBlock = status === 401 || status === 403;
  return new PageFailure('httpStatus', `The server answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trim()}.`, {
    httpStatusCode: status,
    canRetry: isBusy || status >= 500 || status === 408 || status === 425 || (isBlock && canRotate),
    pause: isBusy ? { url, ms: pauseMs(retryAfter) } : null,
  });
}

function pauseMs(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? '');
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter ?? '') - Date.now();
  if (retryAfter === null || retryAfter.trim() === '' || Number.isNaN(wait)) return PAUSE.unknown;
  return Math.min(Math.max(wait, 0), PAUSE.longest);
}

/** The proxy is to blame and not the site. Its credentials are not told. */
export function proxyFailure(proxyUrl: string, url: string, cause?: unknown): PageFailure {
  const host = (address: string): string => (URL.canParse(address) ? new URL(address).host : address);
  const words =
    `The proxy ${host(proxyUrl)} does not answer, refuses the run, or cannot reach ${host(url)}. ` +
    'Check `proxyConfiguration`, or run without a proxy.';
  return new PageFailure('proxy', words, { cause });
}
