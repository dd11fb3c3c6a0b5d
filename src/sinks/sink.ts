import type { Item } from '../collect/item.js';
import type { CrawlFacts } from '../crawl-facts.js';
import type { RunInput } from '../input.js';
import type { StageLog } from '../log.js';
import type { SyncAction, SyncCounts } from '../progress.js';
import type { Store } from '../store.js';
import type { TokenSource } from '../token-source.js';

/** The collected items, in a fixed order, streamed: a sink never holds all bodies. */
export interface ItemSource {
  readonly count: number;
  /** All items from the first to the last; may be called again. An item has the same `index` each time. */
  entries(): AsyncIterable<{ index: number; item: Item }>;
}

/** One row of the `notion-results` dataset (design §3.4). */
export interface ResultRow {
  key: string;
  url: string;
  action: SyncAction;
  reason?: string;
  notionPageId: string | null;
  notionUrl: string | null;
  error?: string;
  /** Of an updated item, where its last state is remembered. */
  changes?: RowChange;
}

/** What changed in an item since it was last written; values and lines are cut. */
export interface RowChange {
  fields: { name: string; before: string | null; after: string | null }[];
  headings: { added: string[]; removed: string[] };
  /** The first few, and how many there are. */
  lines: { added: string[]; removed: string[]; addedCount: number; removedCount: number };
  /** In one line. */
  summary: string;
}

export interface SinkContext {
  input: RunInput;
  /** The Apify user that the run acts for; `local` off the platform. */
  userId: string;
  tokens: TokenSource;
  /** What earlier runs of this user remembered. */
  memory: Store;
  /** Of this run: survives migration and resurrection. */
  checkpoint: Store;
  /** What the crawl says about pages that gave no item; `null` when nothing was crawled. */
  crawl(): CrawlFacts | null;
  /** Absent: writing costs nothing. Asked before each page that may be created, updated or restored. */
  budget?: {
    /** False when the spending limit has no room for another page: start no new write, return `finished: false`. */
    reserve(): boolean;
    /** The page has its outcome; called right before `onCounts` tells it. */
    release(): void;
  };
  /** Appends to `notion-results`; `title` is for the live view only. */
  record(row: ResultRow, title: string): Promise<void>;
  /** Called often; the receiver throttles. */
  onCounts(counts: SyncCounts): void;
  /** Notion asked us to wait until this time (epoch ms); `null` when the wait is over. */
  onPause(until: number | null): void;
  /**
   * Aborted when the run must end: no new request is sent, those in flight are finished. A page between two of its
   * requests is completed by the next run.
   */
  signal: AbortSignal;
  log: StageLog;
}

/** Who the token acts as. */
export interface SinkWorkspace {
  botId: string;
  name: string;
  userName: string | null;
}

export interface SinkDestination {
  databaseId: string;
  databaseUrl: string;
  dataSourceId: string;
  title: string;
}

export interface SinkCheck {
  workspace: SinkWorkspace;
  /** `null` when the database does not exist yet and will be made by `sync`. */
  destination: SinkDestination | null;
}

export interface SinkReport extends SyncCounts {
  /** Of `failed`: rows that no item stands for. */
  failedRows: number;
  /** `null` in a dry run that would have made the database. */
  destination: SinkDestination | null;
  /** Sentences for the person who reads the report, about what they would not expect. */
  notes: string[];
  /** Every HTTP request to the service, rejected and repeated ones too. */
  requests: number;
  rateLimitedSeconds: number;
  seconds: number;
  /** False when `signal` ended the sync before all was written. */
  finished: boolean;
}

/** A place that items can be kept in. A new one implements this and is named in `open-run.ts` (docs/plugins.md). */
export interface Sink {
  /**
   * Reads only: is the destination usable, and whose is it? Called before the crawl spends anything when the
   * connection is ready by then, otherwise right before `sync`.
   * Throws `DestinationError`, `ConnectionLostError`, `OperatorError`.
   */
  check(): Promise<SinkCheck>;
  /**
   * Plans and writes. Failures of single items are recorded, not thrown.
   * Throws `DestinationError` or `ConnectionLostError` when nothing more can be written; `partialReport()` then tells
   * what had been.
   */
  sync(items: ItemSource): Promise<SinkReport>;
  /** Counts up to now, for a sync that threw; `null` before the first request. */
  partialReport(): SinkReport | null;
}
