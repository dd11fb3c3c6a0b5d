import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '../collect/item.js';
import { RunError } from '../errors.js';
import type { ItemSource } from '../sinks/sink.js';

/** The part of Apify's Dataset that reading needs. */
export interface ReadableDataset {
  getData(options: { offset: number; limit: number }): Promise<{ items: unknown[]; total: number }>;
}

export interface DatasetRange {
  /** Position of the first item that counts; what lies before it belongs to others. */
  from?: number;
  /** Items that are known to be there, whatever the dataset says. */
  atLeast?: number;
  /** Waits between two looks at a dataset that does not show all of them yet, ms. */
  waits?: readonly number[];
}

/** Items per read: bodies reach megabytes, so a page of them has to stay well inside the memory of a small run. */
const PAGE_SIZE = 50;
/** A minute in all. The platform's counts and lists follow the writes with a delay that no document bounds. */
const WAITS_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000] as const;
/** Two looks this far apart that agree count as settled. */
const SETTLE_MS = 2_000;

/**
 * A dataset as a sink reads it: streamed page by page. Positions never change, since datasets are append-only. Items that are known to be stored are waited for.
 * @throws RunError while reading, when known items do not show up in time
 */
export async function datasetItems(dataset: ReadableDataset, range: DatasetRange = {}): Promise<ItemSource> {
  const { from = 0, atLeast = 0, waits = WAITS_MS } = range;
  const { total } = await dataset.getData({ offset: from, limit: 1 });

  /** Items at `offset`; waits when there are none although there must be. */
  const readPage = async (offset: number): Promise<unknown[]> => {
    for (let tries = 0; ; tries++) {
      const { items } = await dataset.getData({ offset: from + offset, limit: PAGE_SIZE });
      if (items.length > 0 || offset >= atLeast) return items;
      const wait = waits[tries];
      if (wait === undefined) throw notShown(offset, atLeast);
      await sleep(wait);
    }
  };

  return {
    count: Math.max(total - from, atLeast),
    async *entries() {
      for (let offset = 0; ;) {
        const items = await readPage(offset);
        if (items.length === 0) return;
        for (const [at, item] of items.entries()) yield { index: offset + at, item: item as Item };
        offset += items.length;
      }
    },
  };
}

/** How many items a dataset holds, once two looks at it agree: what was written last may not be counted yet. */
export async function settledCount(dataset: ReadableDataset, settleMs: number = SETTLE_MS): Promise<number> {
  const look = async (): Promise<number> => (await dataset.getData({ offset: 0, limit: 1 })).total;
  for (let count = await look(); ;) {
    await sleep(settleMs);
    const again = await look();
    if (again === count) return count;
    count = again;
  }
}

function notShown(shown: number, known: number): RunError {
  return new RunError(
    `The dataset shows only ${shown} of its ${known} items so far, so nothing was compared with Notion. ` +
      'Start a run with `datasetId` to sync them without crawling again.',
  );
}
