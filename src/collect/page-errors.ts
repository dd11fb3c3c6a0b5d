import { STATUS_CODES } from 'node:http';
import type { SkipReason } from './skip-reason.js';

export type FailureReason = 'httpStatus' | 'timeout' | 'dns' | 'network' | 'extraction' | 'storing';

/** A page that could not be read. `message` is for the person who reads COVERAGE. */
export class PageFailure extends Error {
  readonly reason: FailureReason;
  readonly httpStatusCode: number | null;
  /** False when asking again gives the same answer. */
  readonly canRetry: boolean;
  /** How long the server asks everybody to wait, ms; `null` when it does not. */
  readonly retryAfterMs: number | null;

  constructor(
    reason: FailureReason,
    message: string,
    options: { httpStatusCode?: number; canRetry?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'PageFailure';
    this.reason = reason;
    this.httpStatusCode = options.httpStatusCode ?? null;
    this.canRetry = options.canRetry ?? true;
    this.retryAfterMs = options.retryAfterMs ?? null;
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

/**
 * The failure that an HTTP status of 400 or more means (RFC 9110 §15).
 * @param retryAfter the `Retry-After` header: seconds or an HTTP date (RFC 9110 §10.2.3)
 * @param canRotate true when another proxy address may get another answer
 */
export function statusFailure(status: number, retryAfter: string | null, canRotate: boolean): PageFailure {
  const isBusy = status === 429 || status === 503;
  const isBlock = status === 401 || status === 403;
  return new PageFailure('httpStatus', `The server answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trim()}.`, {
    httpStatusCode: status,
    canRetry: isBusy || status >= 500 || status === 408 || status === 425 || (isBlock && canRotate),
    retryAfterMs: isBusy ? pauseMs(retryAfter) : null,
  });
}

function pauseMs(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? '');
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter ?? '') - Date.now();
  if (retryAfter === null || retryAfter.trim() === '' || Number.isNaN(wait)) return PAUSE.unknown;
  return Math.min(Math.max(wait, 0), PAUSE.longest);
}

/** Sorts whatever was thrown while a page was requested. Certificates and impossible hosts do not change by asking. */
export function asPageFailure(error: unknown, url: string): PageFailure {
  if (error instanceof PageFailure) return error;
  const { message, name, code } = error as { message?: string; name?: string; code?: string };
  const words = `${code ?? ''} ${name ?? ''} ${message ?? String(error)}`;
  const host = URL.canParse(url) ? new URL(url).host : url;
  if (/ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED/.test(words)) {
    return new PageFailure('dns', `The host name ${host} could not be resolved.`, { cause: error });
  }
  if (/Timeout|timed out|ETIMEDOUT/i.test(words)) {
    return new PageFailure('timeout', `${host} did not answer in time.`, { cause: error });
  }
  if (/CERT|SSL|self-signed|certificate/i.test(words)) {
    const message = `The certificate of ${host} is not valid.`;
    return new PageFailure('network', message, { canRetry: false, cause: error });
  }
  const known = /\b(?:ECONN\w+|EPIPE|EHOSTUNREACH|ENETUNREACH|ERR_[A-Z0-9_]+)\b/.exec(words)?.[0];
  return new PageFailure('network', `The page could not be read (${known ?? firstLine(message)}).`, { cause: error });
}

function firstLine(message: string | undefined): string {
  return (message ?? 'unknown error').split('\n')[0]?.slice(0, 200) ?? '';
}
