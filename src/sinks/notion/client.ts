import { Client, extractNotionId, isFullPage, isHTTPResponseError } from '@notionhq/client';
import type { Failure } from './errors.js';
import { NotionFailure } from './errors.js';

export type NotionClient = Client;
export { extractNotionId, isFullPage };

/** https://developers.notion.com/guides/get-started/upgrade-guide-2026-03-11 */
const NOTION_VERSION = '2026-03-11';

/**
 * The official client with its own retries off and a `fetch` that really aborts: the SDK's timeout only stops waiting,
 * so that a request it has given up could still be sent or answered beside its repetition.
 * Calls throw `NotionFailure`, nothing else.
 * @param timeoutMs for one request, its answer's body included
 * @param onRequest called once per HTTP request that is sent
 */
export function createClient(options: { apiUrl: string; timeoutMs: number; onRequest: () => void }): NotionClient {
  return new Client({
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
    notionVersion: NOTION_VERSION,
    retry: false,
    // Ours fires first; the SDK's own is only a backstop.
    timeoutMs: options.timeoutMs * 2,
    // The SDK logs bodies and echoes of content.
    logger: () => undefined,
    fetch: async (url, init) => {
      options.onRequest();
      return request(url, init, options.timeoutMs);
    },
  });
}

/** Turns whatever the SDK or our `fetch` threw into a `NotionFailure`. */
export function toFailure(error: unknown): NotionFailure {
  if (error instanceof NotionFailure) return error;
  if (isHTTPResponseError(error)) return new NotionFailure(httpFailure(error.status, error.headers, error.body));
  if (error instanceof SyntaxError) return new NotionFailure({ kind: 'garbled' });
  if (error instanceof Error && error.name === 'RequestTimeoutError') return new NotionFailure({ kind: 'timeout' });
  throw error;
}

type FetchInit = { method?: string; headers?: Record<string, string>; body?: string | FormData };

async function request(url: string, init: FetchInit | undefined, timeoutMs: number) {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      signal,
      redirect: 'error',
      ...(init?.method === undefined ? {} : { method: init.method }),
      ...(init?.headers === undefined ? {} : { headers: init.headers }),
      ...(init?.body === undefined ? {} : { body: init.body }),
    });
    // Read here so that the timeout covers the body too.
    const text = await response.text();
    return { ok: response.ok, status: response.status, headers: response.headers, text: async () => text };
  } catch (error) {
    throw new NotionFailure(signal.aborted ? { kind: 'timeout' } : networkFailure(error));
  }
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function networkFailure(error: unknown): Failure {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  return { kind: 'network', sent: !NEVER_SENT.has(code), message: code };
}

/** The SDK hides the code and the additional data of codes that it does not know: the body is read again here. */
function httpFailure(status: number, headers: unknown, body: string): Failure {
  const parsed = parseObject(body);
  const additional = asObject(parsed?.['additional_data']) ?? {};
  const header = headers instanceof Headers ? headers.get('retry-after') : null;
  return {
    kind: 'http',
    status,
    code: typeof parsed?.['code'] === 'string' ? parsed['code'] : 'unknown',
    message: typeof parsed?.['message'] === 'string' ? parsed['message'] : '',
    additional,
    retryAfterMs: seconds(header) ?? seconds(additional['retry_after']),
    requestId: typeof parsed?.['request_id'] === 'string' ? parsed['request_id'] : null,
  };
}

function seconds(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '') return null;
  const parsed = Number(text);
  return Number.isFinite(parsed) && parsed >= 0 ? parsed * 1000 : null;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
