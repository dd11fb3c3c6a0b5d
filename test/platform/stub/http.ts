import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** One request to the platform's API as it arrived. */
export interface ApiRequest {
  method: string;
  /** Below `/v2`, decoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** Decompressed. */
  body: string;
}

/** An answer that is not `{ data }`. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly data: unknown;

  constructor(status: number, type: string, message: string, data?: unknown) {
    super(message);
    this.status = status;
    this.type = type;
    this.data = data;
  }
}

export const notFound = (what: string): ApiError => new ApiError(404, 'record-not-found', `${what} was not found`);

export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(message.url ?? '/', 'http://stub');
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? 'GET',
    path: decodeURIComponent(url.pathname.replace(/^\/v2/, '')),
    query: url.searchParams,
    headers: message.headers,
    body: decode(Buffer.concat(chunks), message.headers['content-encoding']).toString('utf8'),
  };
}

function decode(body: Buffer, encoding: string | undefined): Buffer {
  if (body.length === 0) return body;
  if (encoding === 'br') return brotliDecompressSync(body);
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'deflate' ? inflateSync(body) : body;
}

export function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(value));
}
