import { STATUS } from './columns.js';
import type { ItemHash, RowHash } from './hash.js';
import type { Row } from './row.js';
import { namesWebsite } from './source.js';

/** An item as the plan sees it, without its body. */
export interface Wanted {
  /** Position in the item source, by which the checkpoint knows the item. */
  index: number;
  /** The item's own key. */
  key: string;
  /** The value of `Sync key`. */
  syncKey: string;
  url: string;
  title: string;
  hash: ItemHash;
  /** The body's digest as rows hold it that were written before a heading which is left out counted. */
  bodyAlone: string | null;
}

/** What Notion holds for an item's key. */
export type Known =
  | { kind: 'nothing' }
  | { kind: 'row'; row: Row }
  /** Our row lies in the trash; `byUs`: an earlier sync put it there, because its page was gone. */
  | { kind: 'trashed'; row: Row; byUs: boolean };

/** What will be done, one per item and one per further row that concerns the sync. `hash` is what the row will hold. */
export type Action = ItemAction | RowAction;

export type ItemAction =
  | { kind: 'create'; want: Wanted; hash: ItemHash }
  | { kind: 'update'; want: Wanted; row: Row; properties: boolean; body: boolean; hash: RowHash }
  /** Gone before, there again. `untrash`: it has to be taken out of the trash first. */
  | { kind: 'restore'; want: Wanted; row: Row; untrash: boolean; body: boolean; hash: RowHash }
  | { kind: 'unchanged'; want: Wanted; row: Row }
  /** Unchanged, but for the row's `Source`, which becomes this run's, so that the row is missed once its page is gone. */
  | { kind: 'adopt'; want: Wanted; row: Row }
  /** The body stays as the person left it; `properties`: the columns are still brought up to date. */
  | {
      kind: 'kept';
      want: Wanted;
      row: Row;
      properties: boolean;
      reason: 'edited' | 'trashed' | 'other-source';
      hash: RowHash;
    }
  /** The item repeats the key of an earlier one. */
  | { kind: 'repeated'; want: Wanted };

export type RowAction =
  /** A further live row for a key. `trash`: a sync of ours is known to have made it, and nobody touched it. */
  | { kind: 'duplicate'; key: string; row: Row; trash: boolean }
  /** Its page is gone from the website. */
  | { kind: 'remove'; key: string; row: Row; how: 'mark' | 'trash' };

export interface PlanPolicy {
  onUserEdit: 'keep' | 'overwrite';
  restoreTrashed: boolean;
}

/**
 * What to do with one item, by what is known of its row. Pure; `Judge` looks once more before anything is written.
 * @param known what Notion holds for the item's key
 * @param repeated true when an earlier item of this run has the same key
 */
export function planItem(want: Wanted, known: Known, repeated: boolean, policy: PlanPolicy): ItemAction {
  if (repeated) return { kind: 'repeated', want };
  if (known.kind === 'nothing') return { kind: 'create', want, hash: want.hash };
  const { row } = known;
  const before = row.hash === 'writing' ? null : row.hash;
  const properties = before?.properties !== want.hash.properties;
  // With the same title the same was left out.
  const isSame = before?.body === want.hash.body || (!properties && before?.body === want.bodyAlone);
  const body = want.hash.body !== null && !isSame;
  // Without a new body the row keeps the hash and the mark of the one that it has.
  const hash: RowHash = {
    properties: want.hash.properties,
    body: body ? want.hash.body : (before?.body ?? null),
    mark: before?.mark ?? null,
    verify: mustVerify(row),
  };

  if (row.source === 'other-site' && !namesWebsite(want.key))
    return { kind: 'kept', want, row, properties: false, reason: 'other-source', hash };
  if (known.kind === 'trashed') {
    if (!known.byUs && !policy.restoreTrashed)
      return { kind: 'kept', want, row, properties: false, reason: 'trashed', hash };
    return { kind: 'restore', want, row, untrash: true, body, hash };
  }
  if (row.status === STATUS.removed) return { kind: 'restore', want, row, untrash: false, body, hash };
  if (body && row.status === STATUS.edited && policy.onUserEdit === 'keep') {
    return { kind: 'kept', want, row, properties, reason: 'edited', hash: { ...hash, body: before?.body ?? null } };
  }
  if (properties || body) return { kind: 'update', want, row, properties, body, hash };
  return { kind: row.source === 'part' ? 'adopt' : 'unchanged', want, row };
}

/** True when the body may not be what our last write left there. */
export function mustVerify(row: Row): boolean {
  if (row.touched || row.status === STATUS.edited) return true;
  // An emptied hash column was emptied by a person.
  return row.hash === null || (row.hash !== 'writing' && row.hash.verify);
}
