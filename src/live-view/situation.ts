import type { RunSnapshot } from '../progress.js';

/** What the page is about at this moment; every situation has its own sentence (`headline.ts`). */
export type Situation =
  | 'starting'
  | 'collecting'
  | 'collected'
  | 'waiting'
  | 'at-notion'
  | 'unheard'
  | 'verified'
  | 'cancelled'
  | 'expired'
  | 'mismatch'
  | 'service-silent'
  | 'problem'
  | 'operator'
  | 'planning'
  | 'syncing'
  | 'paused'
  | 'finishing'
  | 'done'
  | 'done-with-failures'
  | 'partial'
  | 'nothing-to-do'
  | 'dry-run'
  | 'not-connected'
  | 'failed';

/** True when a person can and should go through consent now. */
export function asksForConsent(connect: RunSnapshot['connect']): boolean {
  return connect.offersConsent && connect.need !== 'nothing';
}

/** The browser came back with a yes and the account's status has not followed yet: nothing to click meanwhile. */
function justVerified({ connect, sync }: RunSnapshot): boolean {
  // Once the sync began, the yes was used; a connection lost after that needs a new one.
  return connect.lastAttempt === 'verified' && sync.state === 'idle';
}

/** True when the page shows the button that leads to consent. */
export function offersButton(snapshot: RunSnapshot): boolean {
  return snapshot.outcome === null && asksForConsent(snapshot.connect) && !justVerified(snapshot);
}

/** Number of rows that the sync changed, or would change in a dry run. */
export function changedRows(sync: RunSnapshot['sync']): number {
  return sync.created + sync.updated + sync.removed + sync.restored;
}

/** Decides what the page is about: the outcome first, then consent that the run waits for, the work in Notion, the crawl. */
export function situationOf(snapshot: RunSnapshot): Situation {
  const { collect, connect, sync } = snapshot;
  if (snapshot.outcome !== null) return afterTheRun(snapshot, snapshot.outcome.status);
  const isWaiting = asksForConsent(connect) && connect.waitingUntil !== null;
  if (sync.state !== 'idle' && !isWaiting) return atNotion(snapshot);
  if (connect.problem !== null) return connect.status === 'UNAVAILABLE' ? 'operator' : 'problem';
  if (asksForConsent(connect)) {
    const attempt = afterAttempt(snapshot);
    if (attempt !== null) return attempt;
    if (isWaiting || collect.state === 'done' || collect.state === 'skipped') return 'waiting';
  }
  if (collect.state === 'idle') return 'starting';
  return collect.state === 'running' ? 'collecting' : 'collected';
}

function atNotion({ run, sync }: RunSnapshot): Situation {
  if (sync.state !== 'running') return 'finishing';
  if (sync.pausedUntil !== null) return 'paused';
  return run.dryRun ? 'planning' : 'syncing';
}

/** What the last thing that a browser did on the consent pages makes of the page; `null`: nothing special. */
export function afterAttempt(snapshot: RunSnapshot): Situation | null {
  const { connect } = snapshot;
  switch (connect.lastAttempt) {
    case 'none':
      return connect.status === 'PENDING_VERIFICATION' ? 'unheard' : null;
    case 'started':
      return connect.status === 'PENDING_VERIFICATION' ? 'unheard' : 'at-notion';
    case 'unavailable':
      return 'service-silent';
    case 'verified':
      return justVerified(snapshot) ? 'verified' : null;
    case 'cancelled':
    case 'expired':
    case 'mismatch':
      return connect.lastAttempt;
  }
}

function afterTheRun({ connect, sync }: RunSnapshot, status: NonNullable<RunSnapshot['outcome']>['status']): Situation {
  switch (status) {
    case 'SYNCED':
      return changedRows(sync) === 0 ? 'nothing-to-do' : 'done';
    case 'PARTIAL':
      return sync.failed > 0 ? 'done-with-failures' : 'partial';
    case 'NOT_CONNECTED':
      return 'not-connected';
    case 'DRY_RUN':
      return 'dry-run';
    case 'FAILED':
      return connect.status === 'UNAVAILABLE' ? 'operator' : 'failed';
  }
}
