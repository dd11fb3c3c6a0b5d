import { CONNECTOR_LABELS } from '../consent.js';
import type { RunSnapshot } from '../progress.js';
import { headline, waitingFor } from './headline.js';
import { afterAttempt, asksForConsent } from './situation.js';
import { connectStage } from './stages.js';
import { secondsUntil, type Sentence } from './text.js';
import { linkNote, type StatusView } from './view-model.js';

/**
 * The status page when no run stands behind it: the operator connects the account that all runs share. It says the same
 * about consent as a run's page does, and nothing about pages.
 */
export function describeSharedAccount(snapshot: RunSnapshot, now: number): StatusView {
  const { connect, outcome } = snapshot;
  const label = CONNECTOR_LABELS[connect.connector];
  const isConnected = connect.status === 'ACTIVE' && connect.need === 'nothing';
  const attempt = asksForConsent(connect) ? afterAttempt(snapshot) : null;
  const looks = isConnected
    ? ({ situation: 'done', tab: 'Connected', icon: 'done' } as const)
    : connect.problem !== null
      ? ({ situation: 'operator', tab: 'Needs attention', icon: 'problem' } as const)
      : asksForConsent(connect)
        ? ({ situation: attempt ?? 'waiting', tab: `Connect ${label}`, icon: 'attention' } as const)
        : ({ situation: 'starting', tab: 'Starting', icon: 'working' } as const);
  const said = (): Sentence => {
    if (isConnected) return [`${label} is connected. Every run uses this account from now on.`];
    if (connect.problem !== null) return [`${label} cannot be connected yet.`];
    if (attempt === 'verified') return [`Authorized. Waiting for ${label} to be ready.`];
    if (attempt !== null) return headline(attempt, snapshot);
    return [asksForConsent(connect) ? waitingFor(connect) : `Looking for the ${label} account.`];
  };
  return {
    ...looks,
    headline: said(),
    detail: isConnected ? null : (connect.problem ?? outcome?.message ?? null),
    support: isConnected ? null : `For support: connection status ${connect.status}`,
    stages: [connectStage(snapshot)],
    note: note(snapshot, now),
    preview: null,
    results: null,
    over: outcome !== null,
  };
}

function note({ connect, outcome }: RunSnapshot, now: number): Sentence {
  if (outcome !== null) return ['The command is over. You can close this page.'];
  if (connect.waitingUntil === null)
    return ['The command on your computer keeps this page up.', ...linkNote(connect, now)];
  return [
    'The command on your computer waits ',
    { secondsLeft: secondsUntil(connect.waitingUntil, now) },
    ' more for you.',
    ...linkNote(connect, now),
  ];
}
