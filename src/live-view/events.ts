import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Progress } from '../progress.js';
import { REGIONS, statusUpdate, type RegionName, type StatusUpdate } from './pages/status.js';

export interface StreamWaits {
  /** Changes within this time travel together. */
  coalesceMs: number;
  /** A quiet stream says something after this time, so that proxies keep it. */
  heartbeatMs: number;
  /** A reader who takes nothing of what was written for this long is dropped. */
  stallMs: number;
}

/** Keeps open pages current by server-sent events: each stream gets what changed since its own last message. */
export class EventStreams {
  readonly #progress: Progress;
  readonly #waits: StreamWaits;
  readonly #most: number;
  /** One function for each open stream that makes it look for news. */
  readonly #wakers = new Set<() => void>();
  /** One function for each open stream that ends it, the oldest first. */
  readonly #enders = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /**
   * @param most streams at once; one more ends the oldest, so that nobody can keep others out by holding on
   */
  constructor(progress: Progress, most: number, waits: StreamWaits) {
    this.#progress = progress;
    this.#most = most;
    this.#waits = waits;
    this.#unsubscribe = progress.subscribe(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#wakeAll();
      }, this.#waits.coalesceMs);
    });
  }

  /** Number of pages that listen. */
  get open(): number {
    return this.#enders.size;
  }

  /** The response that carries events until the reader leaves or `close` is called. */
  serve(c: Context): Response {
    if (this.#enders.size >= this.#most) this.#enders.values().next().value?.();
    return streamSSE(c, async (stream) => {
      let left = false;
      // Frees a write that waits for a reader who takes nothing, too.
      const end = (): void => stream.abort();
      this.#enders.add(end);
      let wake = (): void => undefined;
      const waker = (): void => wake();
      stream.onAbort(() => {
        left = true;
        this.#enders.delete(end);
        waker();
      });
      this.#wakers.add(waker);
      const sent = new Map<RegionName, string>();
      const write = async (data: string): Promise<void> => {
        // Ending the stream alone would keep its last message for as long as the connection lives.
        const stalled = setTimeout(() => {
          end();
          (c.env as HttpBindings).outgoing.destroy();
        }, this.#waits.stallMs);
        await stream.writeSSE({ data }).finally(() => clearTimeout(stalled));
      };
      try {
        while (!left && !this.#closed) {
          await write(JSON.stringify(news(statusUpdate(this.#progress.get(), Date.now()), sent)));
          await new Promise<void>((resolve) => {
            const heartbeat = setTimeout(resolve, this.#waits.heartbeatMs);
            wake = () => {
              clearTimeout(heartbeat);
              resolve();
            };
            if (left || this.#closed) wake();
          });
        }
      } finally {
        this.#wakers.delete(waker);
        this.#enders.delete(end);
      }
    });
  }

  /** Ends all streams and takes no more news. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const waker of this.#wakers) waker();
  }
}

/** `update` without the regions that are in `sent` already; remembers what it hands out. */
function news(
  update: StatusUpdate,
  sent: Map<RegionName, string>,
): Omit<StatusUpdate, 'regions'> & { regions: object } {
  const changed = REGIONS.filter((name) => sent.get(name) !== update.regions[name]);
  for (const name of changed) sent.set(name, update.regions[name]);
  return { ...update, regions: Object.fromEntries(changed.map((name) => [name, update.regions[name]])) };
}
