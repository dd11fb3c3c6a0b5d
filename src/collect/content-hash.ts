import { createHash } from 'node:crypto';

/**
 * SHA-256 (hex) of an item's own content. Objects are hashed with their keys sorted, so the order in which a release
 * happens to build them never changes a hash.
 * @param content plain JSON values only
 */
export function contentHash(content: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
