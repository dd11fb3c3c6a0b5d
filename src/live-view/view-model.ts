import { CONNECTOR_LABELS } from '../consent.js';
import type { ChangeRow, PreviewItem, RunSnapshot } from '../progress.js';
import { headline } from './headline.js';
import { asksForConsent, situationOf, type Situation } from './situation.js';
import { collectStage, connectStage, syncStage, type StageView } from './stages.js';
import { count } from '../numbers.js';
import { secondsUntil, type Sentence } from './text.js';

/** Everything that the status page says; `pages/status.ts` turns it into HTML and decides nothing itself. */
export interface StatusView {
  situation: Situation;
  /** Goes in front of the product's name in the tab's title. */
  tab: string;
  icon: Icon;
  headline: Sentence;
  /** The longer sentence beneath it: what happened and the next step. */
  detail: string | null;
  /** Vendor words for support, shown small. */
  support: string | null;
  stages: StageView[];
  note: Sentence;
  preview: { heading: string; items: PreviewItem[]; of: number } | null;
  results: { heading: string; dryRun: boolean; rows: ChangeRow[]; more: number } | null;
  /** The run is over: nothing on the page changes any more. */
  over: boolean;
}

export type Icon = 'working' | 'attention' | 'done' | 'problem';

const PREVIEW_ITEMS = 5;
/** While rows keep coming only the latest are shown: the rest would be sent again with each of them. */
const ROWS_WHILE_RUNNING = 10;

/**
 * @param snapshot the run as it is
 * @param now epoch ms, for count-downs
 */
export function describeRun(snapshot: RunSnapshot, now: number): StatusView {
  const situation = situationOf(snapshot);
  return {
    situation,
    tab: tab(situation, snapshot),
    icon: icon(situation, snapshot),
    headline: headline(situation, snapshot),
    detail: detail(situation, snapshot),
    support: support(situation, snapshot),
    stages: [collectStage(snapshot), connectStage(snapshot), syncStage(snapshot, now)],
    note: note(snapshot, now),
    preview: preview(snapshot),
    results: results(snapshot),
    over: snapshot.outcome !== null,
  };
}

function tab(situation: Situation, { run, collect, connect, sync }: RunSnapshot): string {
  switch (situation) {
    case 'done':
    case 'nothing-to-do':
      return 'Done';
    case 'done-with-failures':
      return `Done, ${count(sync.failed)} not written`;
    case 'partial':
      return 'Stopped early';
    case 'dry-run':
      return 'Dry run';
    case 'not-connected':
      return 'Not connected';
    case 'failed':
      return 'Failed';
    case 'operator':
    case 'problem':
      return 'Needs attention';
    case 'planning':
    case 'syncing':
    case 'paused':
      return `${count(sync.done)}/${count(sync.total)} ${run.dryRun ? 'compared' : 'written'}`;
    case 'finishing':
      return 'Finishing';
    case 'verified':
      return 'Authorized';
    default:
      if (asksForConsent(connect)) return `Connect ${CONNECTOR_LABELS[connect.connector]}`;
      return collect.pagesExpected === null
        ? 'Starting'
        : `${count(collect.pagesLoaded)}/${count(collect.pagesExpected)}`;
  }
}

function icon(situation: Situation, { connect }: RunSnapshot): Icon {
  switch (situation) {
    case 'done':
    case 'nothing-to-do':
    case 'dry-run':
      return 'done';
    case 'failed':
    case 'operator':
      return 'problem';
    case 'done-with-failures':
    case 'partial':
    case 'not-connected':
    case 'problem':
      return 'attention';
    case 'syncing':
    case 'paused':
    case 'planning':
    case 'finishing':
    case 'verified':
      return 'working';
    default:
      return asksForConsent(connect) ? 'attention' : 'working';
  }
}

/** The outcome's own message where the headline alone does not say why. */
function detail(situation: Situation, { outcome, connect }: RunSnapshot): string | null {
  switch (situation) {
    case 'failed':
    case 'partial':
    case 'not-connected':
    case 'done-with-failures':
      return outcome?.message ?? null;
    case 'operator':
      return outcome?.message ?? connect.problem;
    default:
      return null;
  }
}

const NEEDS_SUPPORT: readonly Situation[] = [
  'operator',
  'problem',
  'unheard',
  'mismatch',
  'service-silent',
  'failed',
  'not-connected',
];

function support(situation: Situation, { connect }: RunSnapshot): string | null {
  if (!NEEDS_SUPPORT.includes(situation) || connect.mode === 'none' || connect.mode === 'token') return null;
  return connect.status === 'ACTIVE' ? null : `For support: connection status ${connect.status}`;
}

function note({ outcome, connect }: RunSnapshot, now: number): Sentence {
  if (outcome !== null) return ['The run is over. You can close this page.'];
  if (connect.waitingUntil === null) return ['You can close this page; the run goes on.', ...linkNote(connect, now)];
  return [
    'You can close this page; the run goes on and waits ',
    { secondsLeft: secondsUntil(connect.waitingUntil, now) },
    ` more for ${CONNECTOR_LABELS[connect.connector]}.`,
    ...linkNote(connect, now),
  ];
}

/** How long the link in the other tab is still good, while somebody is there. */
export function linkNote(connect: RunSnapshot['connect'], now: number): Sentence {
  const isThere = connect.lastAttempt === 'started' && connect.status !== 'PENDING_VERIFICATION';
  if (connect.linkUntil === null || !isThere || !asksForConsent(connect)) return [];
  const secondsLeft = secondsUntil(connect.linkUntil, now);
  return secondsLeft > 0
    ? [' The link in the other tab is good for ', { secondsLeft }, ' more.']
    : [' The link in the other tab may be too old by now; the button gets a fresh one.'];
}

/** Before anything is written, the first pages as they will look; afterwards the rows themselves say more. */
function preview({ preview: items, changes, collect, sync, outcome }: RunSnapshot): StatusView['preview'] {
  if (items.length === 0 || changes.length > 0 || sync.state === 'done') return null;
  const heading = outcome === null ? 'What will be written' : 'What was collected';
  return { heading, items: items.slice(0, PREVIEW_ITEMS), of: Math.max(collect.itemsStored, items.length) };
}

function results({ run, changes, outcome }: RunSnapshot): StatusView['results'] {
  if (changes.length === 0) return null;
  const newestFirst = [...changes].reverse();
  const failedFirst = [
    ...newestFirst.filter((row) => row.action === 'failed'),
    ...newestFirst.filter((row) => row.action !== 'failed'),
  ];
  const rows = outcome === null ? newestFirst.slice(0, ROWS_WHILE_RUNNING) : failedFirst;
  return {
    heading: run.dryRun ? 'The plan' : outcome === null ? 'Written last' : 'What changed',
    dryRun: run.dryRun,
    rows,
    more: changes.length - rows.length,
  };
}
