import type { Item } from './collect/item.js';
import type { ItemSource } from './sinks/sink.js';

/** The part of Apify's Dataset that reading needs. */
export interface ReadableDataset {
  getData(options: { offset: number; limit: number }): Promise<{ items: unknown[]; total: number }>;
}

/** Items per read: bodies reach megabytes, so a page of them has to stay well inside the memory of a small run. */
const PAGE_SIZE = 50;

/**
 * A dataset as a sink reads it: streamed page by page, addressable by position. Positions never change, since
 * datasets are append-only.
 */
export async function datasetItems(dataset: ReadableDataset): Promise<ItemSource> {
  const { total } = await dataset.getData({ offset: 0, limit: 1 });
  return {
    count: total,
    async *entries() {
      for (let offset = 0; ;) {
        const { items } = await dataset.getData({ offset, limit: PAGE_SIZE });
        if (items.length === 0) return;
        for (const [at, item] of items.entries()) yield { index: offset + at, item: item as Item };
        offset += items.length;
      }
    },
    async read(index) {
      const { items } = await dataset.getData({ offset: index, limit: 1 });
      if (items.length === 0) throw new Error(`item ${index} of the dataset cannot be read`);
      return items[0] as Item;
    },
  };
}
