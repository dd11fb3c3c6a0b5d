import { STATUS } from './columns.js';
import type { SyncHash } from './hash.js';
import type { Row, RowIndex } from './rows.js';

/** An item as the plan sees it: no body, so that a plan of 100,000 items fits in memory. */
export interface Wanted {
  /** Position in the item source, to read the item again when it is written. */
  index: number;
  /** The item's own key. */
  key: string;
  /** The value of `Sync key`. */
  syncKey: string;
  url: string;
  title: string;
  hash: SyncHash;
}

export type KeptReason =
  /** A person edited the body in Notion. */
  | 'edited'
  /** A second live row with the same key. */
  | 'duplicate'
  /** A second item with the same key. */
  | 'repeated';

/** What will be done, one per item and one per further row that concerns the sync. `hash` is what the row will hold. */
export type Action =
  | { kind: 'create'; want: Wanted; hash: SyncHash }
  | { kind: 'update'; want: Wanted; row: Row; properties: boolean; body: boolean; hash: SyncHash }
  | { kind: 'restore'; want: Wanted; row: Row; body: boolean; hash: SyncHash }
  | { kind: 'unchanged'; want: Wanted; row: Row }
  /** The body stays as the person left it; `properties`: the columns are still brought up to date. */
  | { kind: 'kept'; want: Wanted; row: Row; properties: boolean; reason: KeptReason; hash: SyncHash }
  /** The item repeats the key of an earlier one. */
  | { kind: 'repeated'; want: Wanted }
  /** A further live row for a key; it is reported, never changed. */
  | { kind: 'duplicate'; key: string; row: Row };

export interface PlanPolicy {
  onUserEdit: 'keep' | 'overwrite';
}

/** Actions in the order of the items, duplicates last. A value: dry runs print it, the executor runs it. */
export type Plan = readonly Action[];

/** Items × rows → actions. Pure. */
export function makePlan(wanted: readonly Wanted[], index: RowIndex, policy: PlanPolicy): Plan {
  const seen = new Set<string>();
  const actions: Action[] = [];
  for (const want of wanted) {
    if (seen.has(want.syncKey)) actions.push({ kind: 'repeated', want });
    else actions.push(planItem(want, index.byKey.get(want.syncKey), policy));
    seen.add(want.syncKey);
  }
  for (const { key, row } of index.duplicates) if (seen.has(key)) actions.push({ kind: 'duplicate', key, row });
  return actions;
}

function planItem(want: Wanted, row: Row | undefined, policy: PlanPolicy): Action {
  if (row === undefined) return { kind: 'create', want, hash: want.hash };

  const before = row.hash;
  const properties = before?.properties !== want.hash.properties;
  const body = want.hash.body !== null && before?.body !== want.hash.body;
  // Without a new body the row keeps the hash of the one that it has.
  const hash = { properties: want.hash.properties, body: body ? want.hash.body : (before?.body ?? null) };

  if (row.status === STATUS.removed) return { kind: 'restore', want, row, body, hash };
  if (body && row.status === STATUS.edited && policy.onUserEdit === 'keep') {
    return { kind: 'kept', want, row, properties, reason: 'edited', hash: { ...hash, body: before?.body ?? null } };
  }
  if (properties || body) return { kind: 'update', want, row, properties, body, hash };
  return { kind: 'unchanged', want, row };
}
