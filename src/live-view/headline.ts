import { CONNECTOR_LABELS } from '../consent.js';
import type { RunSnapshot } from '../progress.js';
import { asksForConsent, changedRows, type Situation } from './situation.js';
import { count, plural } from '../numbers.js';
import { shortAddress, type Part, type Sentence } from './text.js';

/** The one sentence (or two) that says what happens now and what the person may do. No count in it changes by itself. */
export function headline(situation: Situation, snapshot: RunSnapshot): Sentence {
  const { connect, sync } = snapshot;
  const label = CONNECTOR_LABELS[connect.connector];
  switch (situation) {
    case 'starting':
      return [asksForConsent(connect) ? `The run is starting. You can connect ${label} now.` : 'The run is starting.'];
    case 'collecting':
      return collecting(snapshot);
    case 'collected':
      return ['The pages are collected. Writing to Notion comes next.'];
    case 'waiting':
      return [`${waitingFor(connect)} ${things(snapshot)} ready.`];
    case 'at-notion':
      return [`Go on at ${label}, in the other tab. This page follows by itself.`];
    case 'unheard':
      return [`${label} said yes, but this page never heard back. Connect once more.`];
    case 'verified':
      return ['Authorized. Checking which workspace it is.'];
    case 'cancelled':
      return [`You stopped at ${label}, and nothing was changed. Connect when you are ready.`];
    case 'expired':
      return [`That link to ${label} was too old. Connect again to get a fresh one.`];
    case 'mismatch':
      return ['That authorization belongs to another account, so it was not used. Connect again from this page.'];
    case 'service-silent':
      return ['The connection service did not answer. Try again in a minute.'];
    case 'problem':
      return [connect.problem ?? `Something stands in the way of the connection to ${label}.`];
    case 'operator':
      return [`${label} cannot be reached until the operator of this Actor acts.`];
    case 'planning':
      return ['Comparing the collected pages with ', workspace(snapshot), '. Nothing is written in a dry run.'];
    case 'syncing':
      return ['Writing to ', workspace(snapshot), '.'];
    case 'paused':
      return ['Notion asked us to slow down. Writing goes on by itself.'];
    case 'finishing':
      return ['Everything is sent. The run is finishing.'];
    case 'done':
      return written(snapshot);
    case 'done-with-failures':
      return [
        ...(changedRows(sync) > 0 ? written(snapshot) : []),
        `${changedRows(sync) > 0 ? ' ' : ''}${notWritten(sync.failed)}`,
      ];
    case 'partial':
      return [...written(snapshot), ' The run stopped early.'];
    case 'nothing-to-do':
      return [
        'Nothing to do. ',
        workspace(snapshot),
        ` is up to date with ${plural(sync.unchanged + sync.kept, 'page')}.`,
      ];
    case 'dry-run':
      return [`Dry run: nothing was written. ${planned(sync)}`];
    case 'not-connected':
      return [`Notion was not connected. ${kept(snapshot)}`];
    case 'failed':
      return ['This run failed.'];
  }
}

/** `42 pages are`, `1 item is`: records and given datasets have items, crawls have pages. */
function things({ collect }: RunSnapshot): string {
  const n = collect.itemsStored;
  return `${plural(n, noun(collect))} ${n === 1 ? 'is' : 'are'}`;
}

function noun(collect: RunSnapshot['collect']): string {
  return collect.state === 'skipped' || collect.itemsStored > collect.pagesLoaded ? 'item' : 'page';
}

function kept(snapshot: RunSnapshot): string {
  return `${things(snapshot)} kept in this run’s dataset.`;
}

/** What the page waits for, by what the connection needs. */
export function waitingFor({ connector, need }: RunSnapshot['connect']): string {
  const label = CONNECTOR_LABELS[connector];
  if (need === 'lost') return `${label} has to be connected again.`;
  return need === 'reconnect' ? 'Waiting for you to choose a workspace.' : `Waiting for you to connect ${label}.`;
}

function collecting({ run, connect }: RunSnapshot): Sentence {
  const site: Part = run.startUrls[0] === undefined ? 'your pages' : { strong: shortAddress(run.startUrls[0]) };
  const start: Sentence = ['Collecting pages from ', site];
  if (connect.offersConsent && connect.need === 'first') return [...start, '. You can connect Notion meanwhile.'];
  if (connect.offersConsent && connect.need === 'lost') return [...start, '. Notion has to be connected again.'];
  if (connect.offersConsent && connect.need === 'reconnect')
    return [...start, '. You can choose a workspace meanwhile.'];
  if (connect.mode === 'none') return [...start, '. They stay in this run’s dataset.'];
  return connect.workspace === null ? [...start, '.'] : [...start, ' for ', { strong: connect.workspace.name }, '.'];
}

/** The connected workspace by name, else `Notion`. */
function workspace({ connect }: RunSnapshot): Part {
  return connect.workspace === null ? 'Notion' : { strong: connect.workspace.name };
}

const PAST = { created: 'created', updated: 'updated', restored: 'restored', removed: 'removed' } as const;
const PLAN = { created: 'create', updated: 'update', restored: 'restore', removed: 'remove' } as const;
const CHANGING = Object.keys(PAST) as (keyof typeof PAST)[];

/** `40 pages created, 2 updated in Acme.`; zeros are left out, the noun stands once. */
function written(snapshot: RunSnapshot): Sentence {
  const { sync } = snapshot;
  const said = CHANGING.filter((action) => sync[action] > 0).map(
    (action, index) => `${index === 0 ? plural(sync[action], 'page') : count(sync[action])} ${PAST[action]}`,
  );
  return [said.length === 0 ? 'Nothing was changed in ' : `${said.join(', ')} in `, workspace(snapshot), '.'];
}

function planned(sync: RunSnapshot['sync']): string {
  const said = CHANGING.filter((action) => sync[action] > 0).map(
    (action, index) => `${PLAN[action]} ${index === 0 ? plural(sync[action], 'page') : count(sync[action])}`,
  );
  if (said.length === 0) return 'A real run would change nothing.';
  const last = said.pop();
  return `A real run would ${said.length === 0 ? '' : `${said.join(', ')} and `}${last}.`;
}

function notWritten(failed: number): string {
  return `${plural(failed, 'page')} ${failed === 1 ? 'was' : 'were'} not written.`;
}
