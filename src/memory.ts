import { createHash } from 'node:crypto';
import type { Store } from './store.js';

/** What is remembered of a user's connection: enough to tell a first connection from a lost or a changed one. */
export interface RememberedConnection {
  version: 1;
  botId: string;
  workspaceName: string;
  lastSyncAt: string;
}

/**
 * A key of the memory store: a hash, so that nobody who reads the store learns a user, workspace or title from it, and
 * so that any text fits into the store's key alphabet.
 */
export function memoryKey(kind: string, ...parts: string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${kind}-${digest.slice(0, 40)}`;
}

/** The connection that an earlier run of `userId` wrote through, or `null`. */
export async function recallConnection(store: Store, userId: string): Promise<RememberedConnection | null> {
  const value = await store.get(memoryKey('connection', userId));
  return isRememberedConnection(value) ? value : null;
}

/** Remembers whom this run wrote as. */
export async function rememberConnection(
  store: Store,
  userId: string,
  workspace: { botId: string; name: string },
): Promise<void> {
  const remembered: RememberedConnection = {
    version: 1,
    botId: workspace.botId,
    workspaceName: workspace.name,
    lastSyncAt: new Date().toISOString(),
  };
  await store.set(memoryKey('connection', userId), remembered);
}

function isRememberedConnection(value: unknown): value is RememberedConnection {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return record.version === 1 && typeof record.botId === 'string' && typeof record.workspaceName === 'string';
}

/** Stands in when the memory store is refused: this run remembers nothing beyond itself. */
export function forgetfulStore(): Store {
  const records = new Map<string, unknown>();
  return {
    get: async (key) => records.get(key) ?? null,
    set: async (key, value) => void (value === null ? records.delete(key) : records.set(key, value)),
  };
}
