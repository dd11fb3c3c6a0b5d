import { availableParallelism, totalmem } from 'node:os';
import process from 'node:process';

export interface ExtractLimits {
  workers: number;
  /** What each worker may keep, MB; a page that needs more ends its worker. */
  heapMb: number;
}

const MAX_WORKERS = 4;
/** With less a worker cannot take large pages apart; with more one page could hold up the run for long. */
const HEAP_MB = { least: 256, most: 1_024 } as const;
const MB = 1024 * 1024;

/**
 * How many workers take pages apart, and how large they may grow: together half of the memory, the rest is for the crawl
 * and the browser, and one core is left for the network.
 */
export function extractLimits(memoryMb = ownMemoryMb(), cores = availableParallelism()): ExtractLimits {
  const share = Math.floor(memoryMb / 2);
  const workers = Math.max(1, Math.min(cores - 1, MAX_WORKERS, Math.floor(share / HEAP_MB.least)));
  return { workers, heapMb: Math.min(HEAP_MB.most, Math.max(HEAP_MB.least, Math.floor(share / workers))) };
}

/** What the container may use, which is not what the machine has; without a limit Node gives 0 or more than there is. */
function ownMemoryMb(): number {
  const limit = process.constrainedMemory() ?? 0;
  return (limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / MB;
}
