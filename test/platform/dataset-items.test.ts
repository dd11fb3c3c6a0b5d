import { describe, expect, it } from 'vitest';
import { datasetItems, settledCount, type ReadableDataset } from '../../src/platform/dataset-items.js';

const item = (n: number) => ({ key: `k${n}` });

/** A dataset that shows one more item with each look. */
function growing(all: number, shown: number): ReadableDataset & { looks: number } {
  const dataset = {
    looks: 0,
    getData: async ({ offset, limit }: { offset: number; limit: number }) => {
      const visible = Array.from({ length: Math.min(all, shown + dataset.looks++) }, (_, n) => item(n));
      return { items: visible.slice(offset, offset + limit), total: visible.length };
    },
  };
  return dataset;
}

async function keys(source: Awaited<ReturnType<typeof datasetItems>>): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of source.entries()) found.push(entry.item.key);
  return found;
}

const WAITS = [0, 0, 0, 0, 0];

describe('the items of a dataset', () => {
  it('are waited for when they are known to be there', async () => {
    const source = await datasetItems(growing(5, 1), { atLeast: 5, waits: WAITS });
    expect(source.count).toBe(5);
    expect(await keys(source)).toEqual(['k0', 'k1', 'k2', 'k3', 'k4']);
  });

  it('that never show up end the sync instead of counting as gone', async () => {
    const source = await datasetItems(growing(3, 3), { atLeast: 5, waits: WAITS });
    await expect(keys(source)).rejects.toThrow(/only 3 of its 5 items.*`datasetId`/);
  });

  it('leave out what earlier runs put into the same dataset', async () => {
    const source = await datasetItems(growing(5, 5), { from: 3, atLeast: 2, waits: WAITS });
    expect(source.count).toBe(2);
    expect(await keys(source)).toEqual(['k3', 'k4']);
  });

  it('are counted when two looks agree', async () => {
    expect(await settledCount(growing(4, 1), 0)).toBe(4);
  });
});
