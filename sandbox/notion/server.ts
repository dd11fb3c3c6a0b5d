import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticate, handle, parseJson } from './api/handle.js';
import { RequestSchemas } from './api/request-schemas.js';
import { errorBody, NotionError } from './errors.js';
import { faultError, Faults, isCommitted } from './faults.js';
import type { Fault } from './faults.js';
import { RateWindow } from './rate-window.js';
import type { Bot } from './records.js';
import { createViewer } from './viewer/viewer.js';
import type { Viewer } from './viewer/viewer.js';
import { NotionWorld } from './world.js';
import type { Authorization } from './world.js';

export interface RequestLogEntry {
  method: string;
  /** Without the query. */
  path: string;
  /** 0 where the connection was cut instead of a reply. */
  status: number;
  /** Epoch ms of arrival. */
  at: number;
  /** The bot whose token came with the request; `null` for unknown tokens. */
  tokenBot: string | null;
  /** Parsed; kept for the latest requests only. */
  body?: unknown;
}

export interface NotionOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Requests per window and connection. */
  budget?: number;
  windowMs?: number;
  /** What `Retry-After` is rounded up to; default a second. Only a window that is scaled down has another. */
  secondMs?: number;
  /** Epoch ms; default the machine's. */
  clock?: () => number;
}

export interface NotionStandIn {
  /** `http://127.0.0.1:<port>`: for the client's `baseUrl`, and the viewer in a browser. */
  url: string;
  world: NotionWorld;
  authorize(who: Authorization): { accessToken: string; botId: string; workspaceId: string };
  revoke(accessToken: string): void;
  faults: Faults;
  /** Every request to the API, refused and failed ones too, oldest first. */
  requests: RequestLogEntry[];
  close(): Promise<void>;
}

/** So many latest requests keep their body in the log. */
const BODIES_KEPT = 2000;

/** Starts the stand-in on loopback. Nothing outlives `close()`. */
export async function startNotion(options: NotionOptions = {}): Promise<NotionStandIn> {
  const world = new NotionWorld(options.clock);
  const schemas = await RequestSchemas.load();
  const viewer = createViewer(world);
  const faults = new Faults();
  const requests: RequestLogEntry[] = [];
  const windows = new Map<string, RateWindow>();

  const spend = (bot: Bot) => {
    const window =
      windows.get(bot.id) ?? new RateWindow(options.budget ?? 180, options.windowMs ?? 60_000, options.secondMs);
    windows.set(bot.id, window);
    window.spend(world.clock());
  };

  const server = createServer((request, response) => {
    const method = request.method ?? 'GET';
    // A path that begins with two slashes would name another host.
    const url = new URL(`${world.baseUrl}${request.url ?? '/'}`);
    if (!url.pathname.startsWith('/v1/')) {
      sendPage(viewer, method, url, response);
      return;
    }
    const entry: RequestLogEntry = {
      method,
      path: url.pathname,
      status: 0,
      at: world.clock(),
      tokenBot: null,
    };
    requests.push(entry);
    delete requests.at(-1 - BODIES_KEPT)?.body;
    void answer({ world, schemas, faults, spend }, entry, url.searchParams, request, response);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  world.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: world.baseUrl,
    world,
    authorize: (who) => world.authorize(who),
    revoke: (accessToken) => world.revoke(accessToken),
    faults,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Parts {
  world: NotionWorld;
  schemas: RequestSchemas;
  faults: Faults;
  /** Throws 429 when the connection's budget is spent. */
  spend: (bot: Bot) => void;
}

async function answer(
  { world, schemas, faults, spend }: Parts,
  entry: RequestLogEntry,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readAll(request);
    const bot = authenticate(world, request.headers.authorization);
    entry.tokenBot = bot.id;
    spend(bot);
    const version = request.headers['notion-version'];
    const json = parseJson(body);
    entry.body = json;
    const run = () =>
      handle(world, schemas, bot, {
        method: entry.method,
        path: entry.path,
        query,
        version: version?.toString(),
        json,
      });
    const fault = faults.next(entry.method, entry.path);
    if (fault === null) send(response, entry, 200, run());
    else await misbehave(fault, run, entry, response);
  } catch (error) {
    sendError(response, entry, error);
  }
}

async function misbehave(
  fault: Fault,
  run: () => object,
  entry: RequestLogEntry,
  response: ServerResponse,
): Promise<void> {
  if (fault.effect === 'slow') await sleep(fault.delayMs ?? 100);
  // A request that is refused by itself fails with its own error, whatever the script says.
  const made = isCommitted(fault) ? run() : null;
  const error = faultError(fault, made);
  if (error !== null) throw error;
  if (fault.effect === 'slow') send(response, entry, 200, made ?? {});
  else if (fault.effect === 'html-error') sendHtml(response, entry, 502);
  else response.destroy();
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, entry: RequestLogEntry, status: number, body: object): void {
  entry.status = status;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, entry: RequestLogEntry, error: unknown): void {
  if (response.destroyed) return;
  if (!(error instanceof NotionError)) console.error('The Notion stand-in failed:', error);
  const known =
    error instanceof NotionError
      ? error
      : new NotionError(500, 'internal_server_error', `The stand-in failed: ${String(error)}`);
  const wait = known.additionalData?.['retry_after'];
  if (typeof wait === 'string') response.setHeader('retry-after', wait);
  send(response, entry, known.status, errorBody(known, randomUUID()));
}

/** What an edge server sends instead of Notion. */
function sendHtml(response: ServerResponse, entry: RequestLogEntry, status: number): void {
  entry.status = status;
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>');
}

function sendPage(viewer: Viewer, method: string, url: URL, response: ServerResponse): void {
  const page = method === 'GET' ? viewer(url.pathname, url.searchParams) : null;
  response.writeHead(page?.status ?? 404, {
    'content-type': page?.contentType ?? 'text/plain; charset=utf-8',
    ...page?.headers,
  });
  response.end(page?.body ?? `There is nothing at ${url.pathname}.`);
}
