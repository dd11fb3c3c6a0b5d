import { createHash } from 'node:crypto';
import { LIMITS } from './limits.js';
import type { MappedValue } from './values.js';

/** What `Sync hash` holds: one hash per part, so that the plan knows which part changed. */
export interface SyncHash {
  properties: string;
  /** `null` when the row was written without a body. */
  body: string | null;
}

/** A change of this rewrites every row of every user once; it is not a release number. */
const VERSION = 'v1';

/**
 * Hashes what was crawled, never what it is turned into: a better serializer rewrites nobody's pages.
 * @param values by the column's own name in our table; cells that stay empty do not count: a column
 *   that is added later and has nothing to hold changes no hash
 * @param markdown `item.markdown`, or `null` when the item has no body or bodies are not synced
 */
export function hashItem(values: ReadonlyMap<string, MappedValue>, markdown: string | null): SyncHash {
  const filled = [...values].filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1));
  return { properties: digest(JSON.stringify(filled)), body: markdown === null ? null : digest(markdown) };
}

export function formatHash(hash: SyncHash): string {
  return `${VERSION}:${hash.properties}:${hash.body ?? '-'}`;
}

/** `null` when it is missing, cut, edited or of another version: the row is then written anew. */
export function parseHash(text: string): SyncHash | null {
  const match = /^v1:([0-9a-f]{32}):([0-9a-f]{32}|-)$/.exec(text.trim());
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { properties: match[1], body: match[2] === '-' ? null : match[2] };
}

/** The value of `Sync key`: the item's key, or its SHA-256 where Notion could not hold it in one piece. */
export function syncKey(key: string): string {
  return key.length > LIMITS.richTextChars ? createHash('sha256').update(key).digest('hex') : key;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
