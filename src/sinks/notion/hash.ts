import { createHash } from 'node:crypto';
import { LIMITS } from './limits.js';
import type { MappedValue } from './values.js';

/** One hash per part of an item, so that the plan knows which part changed. */
export interface ItemHash {
  properties: string;
  /** `null` when the item has no body, or the row was written without one. */
  body: string | null;
}

/** What the `Sync hash` column of a whole row holds. */
export interface RowHash extends ItemHash {
  /** Fingerprint of the body as we left it (`fingerprint.ts`); `null` when it is unknown. */
  mark: string | null;
  /** Somebody else touched the row after our last write of the body: look before the next one. */
  verify: boolean;
}

/** A row whose body is being written in several requests: what it holds is the beginning of ours. */
export const WRITING = 'v1:writing';

/** A change of this rewrites every row of every user once; it is not a release number. */
const VERSION = 'v1';

/**
 * Hashes what was crawled, never what it is turned into: a better serializer rewrites nobody's pages.
 * @param values by the column's own name in our table; cells that stay empty do not count: a column
 *   that is added later and has nothing to hold changes no hash
 * @param markdown `item.markdown`, or `null` when the item has no body or bodies are not synced
 * @param withoutHeading its first heading is left out, because it repeats the title: another title brings it back
 */
export function hashItem(
  values: ReadonlyMap<string, MappedValue>,
  markdown: string | null,
  withoutHeading = false,
): ItemHash {
  const filled = [...values].filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1));
  const body = withoutHeading ? `${markdown}\u0000without its heading` : markdown;
  return { properties: digest(JSON.stringify(filled)), body: body === null ? null : digest(body) };
}

export function formatHash({ properties, body, mark, verify }: RowHash): string {
  const state = mark === null && !verify ? '' : `:${mark ?? '-'}${verify ? '?' : ''}`;
  return `${VERSION}:${properties}:${body ?? '-'}${state}`;
}

/** `null` when it is missing, cut, edited or of another version: the columns are then written anew. */
export function parseHash(text: string): RowHash | 'writing' | null {
  const value = text.trim();
  if (value === WRITING) return 'writing';
  const match = /^v1:([0-9a-f]{32}):([0-9a-f]{32}|-)(?::([el][0-9a-f]{16}|-)(\?)?)?$/.exec(value);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return {
    properties: match[1],
    body: match[2] === '-' ? null : match[2],
    mark: match[3] === undefined || match[3] === '-' ? null : match[3],
    verify: match[4] !== undefined,
  };
}

/** The value of `Sync key`: the item's key, or its SHA-256 where Notion could not hold it in one piece. */
export function syncKey(key: string): string {
  return key.length > LIMITS.richTextChars ? createHash('sha256').update(key).digest('hex') : key;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
