import type { AddressInfo } from 'node:net';
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { ConsentFlow } from '../consent.js';
import type { Progress } from '../progress.js';
import { readLiveViewAddress } from './address.js';
import { createApp } from './app.js';
import { Audience } from './audience.js';
import { EventStreams, type StreamWaits } from './events.js';

/** Times in milliseconds; tests scale them. */
export interface LiveViewWaits extends StreamWaits {
  /** A page without scripts counts as open for this long: it loads itself again every 5 seconds. */
  pageWatchMs: number;
}

const WAITS: LiveViewWaits = { coalesceMs: 250, heartbeatMs: 15_000, stallMs: 10_000, pageWatchMs: 7_000 };

/** What one client may take from a server that is there for a handful of people. */
const LIMITS = {
  streams: 50,
  connections: 500,
  headerBytes: 8_192,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  keepAliveTimeoutMs: 5_000,
  /** Given to answers that are on their way when the server ends. */
  lastAnswersMs: 1_000,
} as const;

export interface LiveViewOptions {
  /** `ACTOR_WEB_SERVER_PORT`; 0 takes any free port, `null` the usual one. */
  port: string | number | null;
  /** The public address (`ACTOR_WEB_SERVER_URL`); `null`: `http://127.0.0.1:<port>`. */
  baseUrl: string | null;
  progress: Progress;
  consent: ConsentFlow;
  /** On the platform the server listens on all interfaces, elsewhere on loopback only. */
  isAtHome: boolean;
  /** Told of faults that no page can explain; `error` may be anything, so clean it before it is logged. */
  onFault: (what: string, error: unknown) => void;
  waits?: Partial<LiveViewWaits>;
}

export interface LiveView {
  /** The address to give to people: an origin without a trailing slash. */
  url: string;
  /** True once somebody opened a page; the platform's readiness probe is nobody. */
  visited(): boolean;
  /** Calls `listener` at the first visit, or at once when it was before. */
  onVisit(listener: () => void): void;
  /** Pages that are open now. */
  watchers(): number;
  /** Ends the server and every connection, at once or as soon as nobody watches, after `graceSecs` at the latest. */
  close(options: { graceSecs: number }): Promise<void>;
}

/** The port cannot be had; the run can go on without a live view. */
export class LiveViewPortTakenError extends Error {
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(
      `Port ${port} is in use, so this run has no live view. Set ACTOR_WEB_SERVER_PORT to a free port to get one.`,
      {
        cause,
      },
    );
    this.name = 'LiveViewPortTakenError';
    this.port = port;
  }
}

/**
 * Starts the page that a person sees while the run is active.
 * @throws LiveViewPortTakenError when the port is in use or not ours to open, LiveViewAddressError when the port or the
 *   address cannot be one
 */
export async function startLiveView(options: LiveViewOptions): Promise<LiveView> {
  const address = readLiveViewAddress({ port: options.port, url: options.baseUrl });
  const waits = { ...WAITS, ...options.waits };
  const events = new EventStreams(options.progress, LIMITS.streams, waits);
  const audience = new Audience(() => events.open, waits.pageWatchMs);
  let url = '';
  const app = createApp({ ...options, origin: () => url, events, audience });
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      maxHeaderSize: LIMITS.headerBytes,
      headersTimeout: LIMITS.headersTimeoutMs,
      requestTimeout: LIMITS.requestTimeoutMs,
      keepAliveTimeout: LIMITS.keepAliveTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
  }) as Server;
  server.maxConnections = LIMITS.connections;
  let answering = 0;
  server.prependListener('request', (_request, response: ServerResponse) => {
    answering += 1;
    response.once('close', () => (answering -= 1));
  });
  try {
    const port = await listen(server, address.port, options.isAtHome ? '0.0.0.0' : '127.0.0.1');
    url = address.origin ?? `http://127.0.0.1:${port}`;
  } catch (error) {
    events.close();
    throw error;
  }

  let closing: Promise<void> | null = null;
  const close = async (graceSecs: number): Promise<void> => {
    const deadline = Date.now() + graceSecs * 1000;
    while (Date.now() < deadline && audience.watchers(Date.now()) > 0) await sleep(50);
    events.close();
    const lastAnswers = Date.now() + LIMITS.lastAnswersMs;
    while (Date.now() < lastAnswers && answering > 0) await sleep(10);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };

  return {
    url,
    visited: () => audience.visited,
    onVisit: (listener) => audience.onVisit(listener),
    watchers: () => audience.watchers(Date.now()),
    close: ({ graceSecs }) => (closing ??= close(graceSecs)),
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new LiveViewPortTakenError(port, error) : error);
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
