import { setTimeout as sleep } from 'node:timers/promises';
import { isAttended, type Attendance } from './attended.js';
import type { OpenRun } from './open-run.js';

/** How long a run waits for a person, in seconds (design §1 step 4). */
export const CONSENT_WAIT = {
  /** Until somebody opens the live view. */
  unseenSecs: 90,
  /** In all, once somebody has opened it. */
  seenSecs: 300,
} as const;

/** What a run that is to stop still gives a connection whose first answer is not in. */
const LAST_ANSWER_MS = 1_000;

/** The input's `authorizationWaitSecs` overrides presence and origin. */
export interface WaitFacts extends Attendance {
  /** When the crawl ended, epoch ms; the clock starts here. */
  since: number;
  /** True once somebody has opened the live view. */
  visited: boolean;
}

/** Until when the run waits for consent, epoch ms; `since` itself means that it does not wait. */
export function waitDeadline(facts: WaitFacts): number {
  return facts.since + waitSeconds(facts) * 1000;
}

function waitSeconds({ visited, ...attendance }: WaitFacts): number {
  if (attendance.authorizationWaitSecs !== null) return attendance.authorizationWaitSecs;
  if (!isAttended(attendance)) return 0;
  return visited ? CONSENT_WAIT.seenSecs : CONSENT_WAIT.unseenSecs;
}

/**
 * Waits until the connection is ready, as long as a person can be there.
 * @param since when the crawl ended, epoch ms
 * @returns true when the sink can use the connection
 */
export async function waitForConsent(run: OpenRun, since: number): Promise<boolean> {
  const { platform, input, connection, liveView, progress, stopping } = run;
  if (!(await isReady(run))) return false;
  const timeIsUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    // Without the page nobody can consent, so there is nothing to wait for.
    const until =
      liveView !== null && connection.state().offersConsent
        ? waitDeadline({
            origin: platform.env.origin,
            authorizationWaitSecs: input.authorizationWaitSecs,
            since,
            visited: liveView.visited(),
          })
        : since;
    clearTimeout(timer);
    if (until <= Date.now()) return timeIsUp.abort();
    timer = setTimeout(() => timeIsUp.abort(), until - Date.now());
    // While Scalekit is silent a person could not connect if they wanted to, so nobody is asked to.
    const possible = connection.state().status !== 'UNAVAILABLE';
    progress.update('connect', { waitingUntil: possible ? until : null });
  };
  const stop = connection.onChange(schedule);
  schedule();
  liveView?.onVisit(() => timeIsUp.signal.aborted || schedule());
  try {
    const usable = await connection.waitUntilActive(AbortSignal.any([timeIsUp.signal, stopping.waiting]));
    const { status, need } = connection.state();
    const goesOn = !usable && need === 'reconnect' && status === 'ACTIVE';
    if (goesOn) platform.log.warning('Nobody connected anew, so the run goes on with the connection that is there.');
    // A consent that comes later would put another workspace behind a sync that is under way.
    if (usable || goesOn) connection.keep();
    return usable || goesOn;
  } finally {
    stop();
    timeIsUp.abort();
    clearTimeout(timer);
    progress.update('connect', { waitingUntil: null });
  }
}

/** Whether the connection is known; a run that is to stop does not wait for a Scalekit that is silent. */
async function isReady({ connection, stopping: { waiting } }: OpenRun): Promise<boolean> {
  const known = connection.ready().then(() => true);
  const stopped = new Promise<void>((resolve) => {
    if (waiting.aborted) resolve();
    else waiting.addEventListener('abort', () => resolve(), { once: true });
  });
  const tooLate = stopped.then(() => sleep(LAST_ANSWER_MS, false, { ref: false }));
  return Promise.race([known, tooLate]);
}
