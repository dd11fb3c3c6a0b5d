import { createHash } from 'node:crypto';

/** Names an item in the log: the same in every line and in every run, whatever its key looks like. */
export function itemId(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}
