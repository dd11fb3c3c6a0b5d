import type { Situation } from '../../src/live-view/situation.js';
import type { Progress } from '../../src/progress.js';
import { CHANGES, COLLECTED, CONNECTED, PREVIEW, progressWith } from './support.js';

/** Fixed, so that count-downs are too. */
export const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

const WAITING = { waitingUntil: NOW + 252_000 };
const SYNC = { state: 'running', total: 42, done: 12, created: 10, updated: 2 } as const;
const SYNCED = {
  state: 'done',
  total: 42,
  done: 42,
  created: 30,
  updated: 2,
  unchanged: 10,
  databaseUrl: 'https://www.notion.so/abc',
} as const;

/** One line of the table of states: how the run stands, and what a person reads. */
export interface State {
  name: string;
  situation: Situation;
  progress: () => Progress;
  headline: string;
  tab: string;
  icon: string;
  /** The one button, if any. */
  action: string | null;
}

const CONNECT = { tab: 'Connect Notion', icon: 'attention', action: 'Connect Notion' } as const;
const attempt = (lastAttempt: 'started' | 'cancelled' | 'expired' | 'mismatch' | 'unavailable') => () =>
  progressWith({ collect: COLLECTED, connect: { ...WAITING, lastAttempt }, preview: PREVIEW });

/** Every state of look.md. */
export const STATES: State[] = [
  {
    name: 'starting',
    situation: 'starting',
    progress: () =>
      progressWith({
        collect: { state: 'idle', pagesLoaded: 0, itemsStored: 0, pagesExpected: null, pagesSkipped: 0 },
        connect: { need: 'nothing', offersConsent: false, status: 'UNSPECIFIED' },
      }),
    headline: 'The run is starting.',
    tab: 'Starting',
    icon: 'working',
    action: null,
  },
  {
    name: 'collecting-not-connected',
    situation: 'collecting',
    progress: () => progressWith({ preview: PREVIEW }),
    headline: 'Collecting pages from docs.example.com. You can connect Notion meanwhile.',
    ...CONNECT,
  },
  {
    name: 'collecting-connected',
    situation: 'collecting',
    progress: () => progressWith({ connect: CONNECTED, preview: PREVIEW }),
    headline: 'Collecting pages from docs.example.com for Research · Acme.',
    tab: '42/60',
    icon: 'working',
    action: null,
  },
  {
    name: 'collecting-without-notion',
    situation: 'collecting',
    progress: () => progressWith({ connect: { mode: 'none', need: 'nothing', offersConsent: false } }),
    headline: 'Collecting pages from docs.example.com. They stay in this run’s dataset.',
    tab: '42/60',
    icon: 'working',
    action: null,
  },
  {
    name: 'waiting',
    situation: 'waiting',
    progress: () => progressWith({ collect: COLLECTED, connect: WAITING, preview: PREVIEW }),
    headline: 'Waiting for you to connect Notion. 42 pages are ready.',
    ...CONNECT,
  },
  {
    name: 'waiting-lost',
    situation: 'waiting',
    progress: () =>
      progressWith({ collect: COLLECTED, connect: { ...WAITING, need: 'lost', status: 'EXPIRED' }, preview: PREVIEW }),
    headline: 'Notion has to be connected again. 42 pages are ready.',
    ...CONNECT,
    action: 'Reconnect Notion',
  },
  {
    name: 'waiting-reconnect',
    situation: 'waiting',
    progress: () =>
      progressWith({
        collect: { ...COLLECTED, state: 'skipped', pagesLoaded: 0, itemsStored: 1 },
        connect: { ...CONNECTED, ...WAITING, need: 'reconnect', offersConsent: true },
      }),
    headline: 'Waiting for you to choose a workspace. 1 item is ready.',
    ...CONNECT,
    action: 'Reconnect Notion',
  },
  {
    name: 'at-notion',
    situation: 'at-notion',
    progress: attempt('started'),
    headline: 'Go on at Notion, in the other tab. This page follows by itself.',
    ...CONNECT,
  },
  {
    name: 'unheard',
    situation: 'unheard',
    progress: () => progressWith({ collect: COLLECTED, connect: { ...WAITING, status: 'PENDING_VERIFICATION' } }),
    headline: 'Notion said yes, but this page never heard back. Connect once more.',
    ...CONNECT,
  },
  {
    name: 'cancelled',
    situation: 'cancelled',
    progress: attempt('cancelled'),
    headline: 'You stopped at Notion, and nothing was changed. Connect when you are ready.',
    ...CONNECT,
  },
  {
    name: 'expired',
    situation: 'expired',
    progress: attempt('expired'),
    headline: 'That link to Notion was too old. Connect again to get a fresh one.',
    ...CONNECT,
  },
  {
    name: 'mismatch',
    situation: 'mismatch',
    progress: attempt('mismatch'),
    headline: 'That authorization belongs to another account, so it was not used. Connect again from this page.',
    ...CONNECT,
  },
  {
    name: 'service-silent',
    situation: 'service-silent',
    progress: attempt('unavailable'),
    headline: 'The connection service did not answer. Try again in a minute.',
    ...CONNECT,
  },
  {
    name: 'verified',
    situation: 'verified',
    progress: () => progressWith({ connect: { status: 'PENDING_VERIFICATION', lastAttempt: 'verified' } }),
    headline: 'Authorized. Checking which workspace it is.',
    tab: 'Authorized',
    icon: 'working',
    action: null,
  },
  {
    name: 'other-workspace',
    situation: 'problem',
    progress: () =>
      progressWith({
        collect: COLLECTED,
        connect: {
          ...CONNECTED,
          problem: 'Connected to Acme Sales, but earlier runs wrote to Research · Acme. Set reconnectNotion to move.',
        },
      }),
    headline: 'Connected to Acme Sales, but earlier runs wrote to Research · Acme. Set reconnectNotion to move.',
    tab: 'Needs attention',
    icon: 'attention',
    action: null,
  },
  {
    name: 'operator',
    situation: 'operator',
    progress: () =>
      progressWith({
        connect: {
          status: 'UNAVAILABLE',
          need: 'nothing',
          offersConsent: false,
          problem: 'Scalekit refuses this Actor’s credentials.',
        },
      }),
    headline: 'Notion cannot be reached until the operator of this Actor acts.',
    tab: 'Needs attention',
    icon: 'problem',
    action: null,
  },
  {
    name: 'collected',
    situation: 'collected',
    progress: () => progressWith({ collect: COLLECTED, connect: CONNECTED, preview: PREVIEW }),
    headline: 'The pages are collected. Writing to Notion comes next.',
    tab: '42/42',
    icon: 'working',
    action: null,
  },
  {
    name: 'syncing',
    situation: 'syncing',
    progress: () => progressWith({ collect: COLLECTED, connect: CONNECTED, sync: SYNC, changes: CHANGES.slice(0, 2) }),
    headline: 'Writing to Research · Acme.',
    tab: '12/42 written',
    icon: 'working',
    action: null,
  },
  {
    name: 'paused',
    situation: 'paused',
    progress: () =>
      progressWith({ collect: COLLECTED, connect: CONNECTED, sync: { ...SYNC, pausedUntil: NOW + 42_000 } }),
    headline: 'Notion asked us to slow down. Writing goes on by itself.',
    tab: '12/42 written',
    icon: 'working',
    action: null,
  },
  {
    name: 'planning',
    situation: 'planning',
    progress: () => progressWith({ run: { dryRun: true }, collect: COLLECTED, connect: CONNECTED, sync: SYNC }),
    headline: 'Comparing the collected pages with Research · Acme. Nothing is written in a dry run.',
    tab: '12/42 compared',
    icon: 'working',
    action: null,
  },
  {
    name: 'finishing',
    situation: 'finishing',
    progress: () => progressWith({ collect: COLLECTED, connect: CONNECTED, sync: SYNCED }),
    headline: 'Everything is sent. The run is finishing.',
    tab: 'Finishing',
    icon: 'working',
    action: null,
  },
  {
    name: 'done',
    situation: 'done',
    progress: () =>
      progressWith({
        collect: COLLECTED,
        connect: CONNECTED,
        sync: SYNCED,
        changes: CHANGES.slice(0, 2),
        outcome: { status: 'SYNCED', message: '30 pages created, 2 updated.' },
      }),
    headline: '30 pages created, 2 updated in Research · Acme.',
    tab: 'Done',
    icon: 'done',
    action: 'Open in Notion',
  },
  {
    name: 'done-with-failures',
    situation: 'done-with-failures',
    progress: () =>
      progressWith({
        collect: { ...COLLECTED, pagesFailed: 1 },
        connect: CONNECTED,
        sync: { ...SYNCED, unchanged: 8, kept: 1, failed: 1 },
        changes: CHANGES,
        outcome: { status: 'PARTIAL', message: '1 of 42 pages was not written; the next run tries it again.' },
      }),
    headline: '30 pages created, 2 updated in Research · Acme. 1 page was not written.',
    tab: 'Done, 1 not written',
    icon: 'attention',
    action: 'Open in Notion',
  },
  {
    name: 'partial',
    situation: 'partial',
    progress: () =>
      progressWith({
        collect: COLLECTED,
        connect: CONNECTED,
        sync: { ...SYNCED, done: 32, unchanged: 0 },
        changes: CHANGES.slice(0, 2),
        outcome: {
          status: 'PARTIAL',
          message: 'The run’s time was nearly up. The next run writes the other 10 pages.',
        },
      }),
    headline: '30 pages created, 2 updated in Research · Acme. The run stopped early.',
    tab: 'Stopped early',
    icon: 'attention',
    action: 'Open in Notion',
  },
  {
    name: 'nothing-to-do',
    situation: 'nothing-to-do',
    progress: () =>
      progressWith({
        collect: COLLECTED,
        connect: CONNECTED,
        sync: { ...SYNCED, created: 0, updated: 0, unchanged: 42 },
        outcome: { status: 'SYNCED', message: 'Nothing changed.' },
      }),
    headline: 'Nothing to do. Research · Acme is up to date with 42 pages.',
    tab: 'Done',
    icon: 'done',
    action: 'Open in Notion',
  },
  {
    name: 'dry-run',
    situation: 'dry-run',
    progress: () =>
      progressWith({
        run: { dryRun: true },
        collect: COLLECTED,
        connect: CONNECTED,
        sync: { ...SYNCED, databaseUrl: null },
        changes: CHANGES,
        outcome: { status: 'DRY_RUN', message: 'Nothing was written.' },
      }),
    headline: 'Dry run: nothing was written. A real run would create 30 pages and update 2.',
    tab: 'Dry run',
    icon: 'done',
    action: null,
  },
  {
    name: 'not-connected',
    situation: 'not-connected',
    progress: () =>
      progressWith({
        collect: COLLECTED,
        preview: PREVIEW,
        outcome: {
          status: 'NOT_CONNECTED',
          message:
            'Start the Actor once from the Console to connect; with datasetId = aB3dE it then writes these pages without crawling again.',
        },
      }),
    headline: 'Notion was not connected. 42 pages are kept in this run’s dataset.',
    tab: 'Not connected',
    icon: 'attention',
    action: null,
  },
  {
    name: 'failed',
    situation: 'failed',
    progress: () =>
      progressWith({
        collect: COLLECTED,
        connect: CONNECTED,
        sync: { ...SYNC, state: 'failed' },
        changes: CHANGES.slice(0, 2),
        outcome: {
          status: 'FAILED',
          message:
            'The database "Docs" is full: Notion takes no more rows in this plan. Choose another one in notionDatabase.',
        },
      }),
    headline: 'This run failed.',
    tab: 'Failed',
    icon: 'problem',
    action: null,
  },
];
