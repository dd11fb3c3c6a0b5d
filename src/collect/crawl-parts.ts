import type { RunInput } from '../input.js';
import type { StageLog } from '../log.js';
import type { CrawlTotals } from './crawl-totals.js';
import type { ExtractPool } from './extract-pool.js';
import type { ItemIndex } from './item-index.js';
import type { Robots } from './robots.js';
import type { Scope } from './scope.js';

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
  log: StageLog;
  onProgress: (progress: CollectProgress) => void;
  signal: AbortSignal;
}
