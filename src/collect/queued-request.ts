import type { PageRequest } from './crawler-types.js';

interface QueuedRequest {
  url: string;
  uniqueKey: string;
  crawlDepth: number;
  userData: Record<string, unknown>;
}

/** Our words for what Crawlee's queue holds; a queue written by somebody else gives start-less, depth-0 requests. */
export function pageRequest({ url, uniqueKey, crawlDepth, userData }: QueuedRequest): PageRequest {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    url,
    uniqueKey,
    depth: crawlDepth,
    referrerUrl: text(userData['referrerUrl']),
    start: text(userData['start']),
    hops: typeof userData['hops'] === 'number' ? userData['hops'] : 0,
  };
}
