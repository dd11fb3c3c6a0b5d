import { createHash } from 'node:crypto';
import { isRefused } from './permissions.js';
import type { ResultRow } from '../sinks/sink.js';

/** The part of Apify's Dataset that the results need. */
export interface AppendableDataset {
  pushData(row: ResultRow): Promise<void>;
  getData(options: { offset: number; limit: number }): Promise<{ items: unknown[] }>;
}

const PAGE_SIZE = 1_000;

/**
 * Appends to `notion-results`. A resumed run knows which rows its earlier parts left: an item whose row is there gets no
 * second one that says the same, or that it is unchanged now.
 * @param dataset `null` when it is refused: then rows go nowhere
 * @param onRefused told once when rows cannot be appended any more
 */
export async function openResultsLog(
  dataset: AppendableDataset | null,
  resumed: boolean,
  onRefused: (error: unknown) => void,
): Promise<(row: ResultRow) => Promise<void>> {
  const known = new Map<string, string>();
  let open = dataset;
  for (let offset = 0; open !== null && resumed;) {
    const { items } = await open.getData({ offset, limit: PAGE_SIZE });
    for (const { key, action } of items as Partial<ResultRow>[]) if (key && action) known.set(short(key), action);
    if (items.length === 0) break;
    offset += items.length;
  }
  return async (row) => {
    const before = known.get(short(row.key));
    if (before === row.action || (before !== undefined && before !== 'failed' && row.action === 'unchanged')) return;
    try {
      await open?.pushData(row);
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Several rows are on their way at once; the first that comes back tells.
      if (open !== null) onRefused(error);
      open = null;
    }
  };
}

function short(key: string): string {
  return createHash('sha256').update(key).digest('base64').slice(0, 16);
}
