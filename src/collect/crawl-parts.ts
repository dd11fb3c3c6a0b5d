import type { RunInput } from '../input.js';
import type { CrawlTotals } from './crawl-totals.js';
import type { ExtractPool } from './extract-pool.js';
import type { ItemIndex } from './item-index.js';
import type { Robots } from './robots.js';
import type { Scope } from './scope.js';

export interface CollectLog {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warning(message: string, data?: Record<string, unknown>): void;
}

export interface CollectProgress {
  pagesLoaded: number;
  itemsStored: number;
  pagesFailed: number;
  pagesSkipped: number;
  /** Pages loaded and pages waiting, at most `maxCrawlPages`; `null` while unknown. */
  pagesExpected: number | null;
}

/** What a crawl works with. */
export interface CrawlParts {
  input: RunInput;
  totals: CrawlTotals;
  index: ItemIndex;
  scope: Scope;
  pool: ExtractPool;
  robots: Robots;
  log: CollectLog;
  onProgress: (progress: CollectProgress) => void;
  signal: AbortSignal;
}
