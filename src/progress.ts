import type { ConnectionStatus, ConnectorName } from './consent.js';

/**
 * The state of the run as a person sees it: stages write their part through `run.ts`, the live view and the status
 * message read it. Plain data, safe to serialise; it never holds a token, a link or an item's body.
 */
export interface RunSnapshot {
  run: {
    runId: string | null;
    userId: string | null;
    startUrls: string[];
    dryRun: boolean;
    /** Title of the database that pages will be written to; `null` when the input names an existing one by its id. */
    destination: string | null;
    /** Set when no run stands behind the page: the operator connects the account that all runs share. */
    sharedAccount?: { connectionName: string; identifier: string };
  };
  collect: {
    state: 'idle' | 'running' | 'done' | 'skipped';
    pagesLoaded: number;
    itemsStored: number;
    pagesFailed: number;
    pagesSkipped: number;
    /** Best guess of the total: pages loaded and pages waiting, at most `maxCrawlPages`. `null` while unknown. */
    pagesExpected: number | null;
  };
  connect: {
    connector: ConnectorName;
    /** `none`: no way to connect is configured; `token`: NOTION_TOKEN. */
    mode: 'per-user' | 'shared' | 'token' | 'none';
    status: ConnectionStatus;
    /** `first`: never connected; `lost`: worked before; `reconnect`: the input asks for a new consent. */
    need: 'nothing' | 'first' | 'lost' | 'reconnect';
    /** True when the page offers a button that leads to consent. */
    offersConsent: boolean;
    /** The last thing a browser did on the consent pages. */
    lastAttempt: 'none' | 'started' | 'verified' | 'cancelled' | 'expired' | 'mismatch' | 'unavailable';
    /** While a browser is on its way to consent: epoch ms at which its link stops working, where Scalekit says so. */
    linkUntil: number | null;
    workspace: { name: string; userName: string | null } | null;
    /** A sentence when something stands in the way: operator must act, another workspace, … */
    problem: string | null;
    /** While the run waits for consent: epoch ms at which it stops waiting. */
    waitingUntil: number | null;
  };
  sync: SyncCounts & {
    state: 'idle' | 'running' | 'done' | 'failed';
    /** While Notion asks us to wait: epoch ms at which we go on. */
    pausedUntil: number | null;
    databaseUrl: string | null;
  };
  /** The first collected items, for the preview before consent. */
  preview: PreviewItem[];
  /** The latest rows that were not left unchanged, newest last, at most 200. */
  changes: ChangeRow[];
  outcome: { status: OutcomeStatus; message: string } | null;
}

export type OutcomeStatus = 'SYNCED' | 'PARTIAL' | 'NOT_CONNECTED' | 'DRY_RUN' | 'FAILED';

/** One collected item as the preview shows it. `markdown` is cut to the first 4,000 characters; it is hostile text. */
export interface PreviewItem {
  title: string;
  url: string;
  markdown: string;
}

export interface ChangeRow {
  title: string;
  url: string;
  action: SyncAction;
  reason: string | null;
  notionUrl: string | null;
}

export type SyncAction = 'created' | 'updated' | 'unchanged' | 'removed' | 'restored' | 'kept' | 'failed';

/** How many items a sync has, how many have their outcome, and which. */
export type SyncCounts = Record<'total' | 'done' | SyncAction, number>;

export const NO_COUNTS: SyncCounts = {
  total: 0,
  done: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  removed: 0,
  restored: 0,
  kept: 0,
  failed: 0,
};

type Section = 'run' | 'collect' | 'connect' | 'sync';

/** Holds the snapshot and tells listeners that it changed; they are called synchronously and must not throw. */
export class Progress {
  #snapshot: RunSnapshot;
  readonly #listeners = new Set<() => void>();

  constructor(run: RunSnapshot['run']) {
    this.#snapshot = emptySnapshot(run);
  }

  /** The current snapshot; a new object after each change, never mutated. */
  get(): RunSnapshot {
    return this.#snapshot;
  }

  /** Merges `patch` into one section. */
  update<S extends Section>(section: S, patch: Partial<RunSnapshot[S]>): void {
    this.#set({ ...this.#snapshot, [section]: { ...this.#snapshot[section], ...patch } });
  }

  addPreview(item: PreviewItem): void {
    this.#set({ ...this.#snapshot, preview: [...this.#snapshot.preview, item] });
  }

  addChange(row: ChangeRow): void {
    this.#set({ ...this.#snapshot, changes: [...this.#snapshot.changes, row].slice(-200) });
  }

  finish(outcome: NonNullable<RunSnapshot['outcome']>): void {
    this.#set({ ...this.#snapshot, outcome });
  }

  /** Calls `listener` after each change. Returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(snapshot: RunSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}

function emptySnapshot(run: RunSnapshot['run']): RunSnapshot {
  return {
    run,
    collect: { state: 'idle', pagesLoaded: 0, itemsStored: 0, pagesFailed: 0, pagesSkipped: 0, pagesExpected: null },
    connect: {
      connector: 'notion',
      mode: 'none',
      status: 'UNSPECIFIED',
      need: 'nothing',
      offersConsent: false,
      lastAttempt: 'none',
      linkUntil: null,
      workspace: null,
      problem: null,
      waitingUntil: null,
    },
    sync: { ...NO_COUNTS, state: 'idle', pausedUntil: null, databaseUrl: null },
    preview: [],
    changes: [],
    outcome: null,
  };
}
