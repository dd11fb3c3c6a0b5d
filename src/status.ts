import { clock, count, plural } from './numbers.js';
import type { Progress, RunSnapshot } from './progress.js';

/**
 * The run in one line, for the Console's status message and the log. It names the live view's address while it waits
 * for a person (API callers have no other way to find it), never the link behind it.
 */
export function statusLine(snapshot: RunSnapshot, now: number, liveViewUrl: string | null): string {
  const { collect, connect, sync, outcome } = snapshot;
  if (outcome) return outcome.message;
  if (sync.state === 'running') {
    const done = `Writing to Notion: ${count(sync.done)} of ${plural(sync.total, 'page')}`;
    return sync.pausedUntil === null
      ? `${done}.`
      : `${done}; Notion asks to wait ${clock((sync.pausedUntil - now) / 1000)}.`;
  }
  if (connect.waitingUntil !== null) {
    const where = liveViewUrl === null ? '' : ` at ${liveViewUrl}`;
    const ready = `${plural(collect.itemsStored, 'page')} ${collect.itemsStored === 1 ? 'is' : 'are'} ready`;
    return `Waiting ${clock((connect.waitingUntil - now) / 1000)} more for you to connect Notion${where}. ${ready}.`;
  }
  if (collect.state === 'running') {
    const total = collect.pagesExpected === null ? '' : ` of about ${count(collect.pagesExpected)}`;
    return `Collecting: ${count(collect.pagesLoaded)}${total} pages, ${count(collect.pagesFailed)} failed.`;
  }
  return collect.state === 'done' ? `${plural(collect.itemsStored, 'page')} collected.` : 'Starting.';
}

/** How often the status may change; each change costs two requests to the platform. */
const STATUS_INTERVAL_MS = 5_000;

/**
 * Keeps the platform's status message (which the SDK also logs) true while the run works: at most one message every
 * five seconds, none when nothing changed.
 * @returns a function that ends it
 */
export function keepStatus(
  progress: Progress,
  setStatus: (message: string) => Promise<void>,
  liveViewUrl: () => string | null,
): () => void {
  let last = '';
  const tell = (): void => {
    const message = statusLine(progress.get(), Date.now(), liveViewUrl());
    if (message === last) return;
    last = message;
    // A status message that cannot be set is no reason to stop; the next one may get through.
    void setStatus(message).catch(() => undefined);
  };
  const timer = setInterval(tell, STATUS_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
