import { CONNECTOR_LABELS } from '../consent.js';
import type { RunSnapshot } from '../progress.js';
import { asksForConsent, offersButton } from './situation.js';
import { count, plural } from '../numbers.js';
import { secondsUntil, webAddress, type Sentence } from './text.js';

/** One row of the page: collect, connect or sync. */
export interface StageView {
  id: 'collect' | 'connect' | 'sync';
  name: string;
  mark: Mark;
  text: Sentence;
  /** `value` of `max`; `max` is `null` while the total is unknown. `null`: no bar. */
  bar: { value: number; max: number | null; label: string } | null;
  action: Action | null;
}

export type Mark = 'waiting' | 'active' | 'done' | 'attention' | 'failed';

/** The one thing to click. At most one stage has one. */
export interface Action {
  label: string;
  href: string;
}

/** How the crawl stands. */
export function collectStage({ collect, outcome }: RunSnapshot): StageView {
  const stage = { id: 'collect', name: 'Collect', action: null } as const;
  const tail = ` · ${count(collect.pagesSkipped)} skipped · ${count(collect.pagesFailed)} failed`;
  switch (collect.state) {
    case 'idle':
      return { ...stage, mark: outcome === null ? 'active' : 'waiting', text: ['No page is read yet'], bar: null };
    case 'skipped':
      return {
        ...stage,
        mark: 'done',
        text: [`${plural(collect.itemsStored, 'item')} from the given dataset`],
        bar: null,
      };
    case 'done':
      return {
        ...stage,
        mark: collect.itemsStored === 0 ? 'failed' : 'done',
        text: [`${plural(collect.pagesLoaded, 'page')}${tail}`],
        bar: null,
      };
    case 'running':
      return {
        ...stage,
        mark: 'active',
        text: [`${ofAbout(collect.pagesLoaded, collect.pagesExpected)}${tail}`],
        bar: { value: collect.pagesLoaded, max: collect.pagesExpected, label: 'Pages collected' },
      };
  }
}

function ofAbout(loaded: number, expected: number | null): string {
  return expected === null ? plural(loaded, 'page') : `${count(loaded)} of about ${plural(expected, 'page')}`;
}

/** Whose Notion it is, or what is needed to know that. */
export function connectStage(snapshot: RunSnapshot): StageView {
  const { connect, outcome } = snapshot;
  const stage = { id: 'connect', name: 'Connect', bar: null } as const;
  const label = CONNECTOR_LABELS[connect.connector];
  const asks = offersButton(snapshot);
  const action = asks
    ? { label: `${connect.need === 'first' ? 'Connect' : 'Reconnect'} ${label}`, href: `/connect/${connect.connector}` }
    : null;
  if (connect.mode === 'none') {
    return { ...stage, action, mark: 'waiting', text: [`No connection to ${label} is set up for this run`] };
  }
  if (connect.problem !== null) {
    const silent = connect.status === 'UNAVAILABLE';
    const text = silent ? 'The connection service cannot be used' : 'This connection cannot be used';
    return { ...stage, action, mark: silent ? 'failed' : 'attention', text: [text] };
  }
  if (connect.need === 'nothing' && (connect.status === 'ACTIVE' || connect.mode === 'token')) {
    return { ...stage, action, mark: 'done', text: connected(connect) };
  }
  return { ...stage, action, mark: asks || outcome !== null ? 'attention' : 'active', text: notConnected(connect) };
}

function connected({ connector, workspace }: RunSnapshot['connect']): Sentence {
  if (workspace === null) return [`${CONNECTOR_LABELS[connector]} is connected`];
  const by: Sentence = workspace.userName === null ? [] : [', by ', { strong: workspace.userName }];
  return ['Connected to ', { strong: workspace.name }, ...by];
}

function notConnected(connect: RunSnapshot['connect']): Sentence {
  const label = CONNECTOR_LABELS[connect.connector];
  if (connect.status === 'UNAVAILABLE') return ['The connection service does not answer'];
  if (connect.mode === 'shared') return [`The operator’s shared ${label} account is not connected`];
  if (connect.need === 'reconnect') {
    return connect.workspace === null
      ? ['A new connection was asked for']
      : ['Connected to ', { strong: connect.workspace.name }, '; a new connection was asked for'];
  }
  if (connect.status === 'EXPIRED') return [`The connection to ${label} has expired`];
  if (connect.status === 'DISCONNECTED') return [`The connection to ${label} was ended`];
  if (connect.need === 'lost') return [`The connection to ${label} is lost`];
  return [connect.need === 'nothing' ? `Looking for your ${label} connection` : `${label} is not connected yet`];
}

/** What was written, or when writing starts. */
export function syncStage({ run, connect, sync, outcome }: RunSnapshot, now: number): StageView {
  const stage = { id: 'sync', name: run.dryRun ? 'Plan' : 'Sync' } as const;
  const href = outcome === null ? null : webAddress(sync.databaseUrl);
  const action = href === null ? null : { label: 'Open in Notion', href };
  const bar = { value: sync.done, max: sync.total, label: 'Pages written' };
  switch (sync.state) {
    case 'idle': {
      if (outcome !== null)
        return { ...stage, action, mark: 'waiting', text: ['Nothing was sent to Notion'], bar: null };
      return { ...stage, action, mark: 'waiting', text: [startsWhen(connect)], bar: null };
    }
    case 'running': {
      const rows = `${count(sync.done)} of ${plural(sync.total, 'page')}`;
      const text: Sentence =
        sync.pausedUntil === null
          ? [`${rows}${tally(run.dryRun, sync)}`]
          : [`${rows} · goes on in `, { secondsLeft: secondsUntil(sync.pausedUntil, now) }];
      return { ...stage, action, mark: 'active', text, bar };
    }
    case 'done':
    case 'failed': {
      if (sync.state === 'failed' && sync.total === 0)
        return { ...stage, action, mark: 'failed', text: ['Nothing was sent to Notion'], bar: null };
      const mark = sync.state === 'failed' ? 'failed' : sync.failed > 0 ? 'attention' : 'done';
      return {
        ...stage,
        action,
        mark,
        text: [`${count(sync.done)} of ${plural(sync.total, 'page')}${tally(run.dryRun, sync)}`],
        bar: null,
      };
    }
  }
}

function startsWhen(connect: RunSnapshot['connect']): string {
  if (connect.mode === 'none') return 'Left out';
  if (connect.problem !== null) return 'Waits for the connection';
  return asksForConsent(connect) ? 'Starts when both are done' : 'Starts when the pages are collected';
}

const DONE = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  removed: 'removed',
  restored: 'restored',
  kept: 'kept',
  failed: 'not written',
} as const;

const PLANNED: Record<keyof typeof DONE, string> = {
  created: 'to create',
  updated: 'to update',
  unchanged: 'unchanged',
  removed: 'to remove',
  restored: 'to restore',
  kept: 'to keep',
  failed: 'that cannot be written',
};

/** ` · 40 created · 2 updated`; zeros are left out. */
function tally(dryRun: boolean, sync: RunSnapshot['sync']): string {
  const words = dryRun ? PLANNED : DONE;
  return (Object.keys(DONE) as (keyof typeof DONE)[])
    .filter((action) => sync[action] > 0)
    .map((action) => ` · ${count(sync[action])} ${words[action]}`)
    .join('');
}
