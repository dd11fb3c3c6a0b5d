import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { memoryKey } from '../../memory.js';
import type { Store } from '../../store.js';
import type { Snapshot } from './change.js';
import { isTexts } from './saved.js';

type Chunk = Map<string, Snapshot>;

/** Chunks read lately: rows of one run lie in few of them, in about the order of the items. */
const CACHED = 4;
/** Rows in a chunk, and chunks in all (two bytes name one). */
const CHUNK_ROWS = 100;
const MAX_CHUNKS = 65_535;

/**
 * The last written state of rows, packed by the hundred in the user's own store, so that a change can be told without
 * asking Notion for what was there. Best effort: what is missing is not told.
 */
export class Snapshots {
  readonly #store: Store;
  readonly #name: (part: string) => string;
  readonly #cache = new Map<number, Chunk>();
  readonly #dirty = new Set<number>();
  /** The chunk that new rows go into. */
  #open = 0;
  #last: number;

  private constructor(store: Store, name: (part: string) => string, last: number) {
    this.#store = store;
    this.#name = name;
    this.#last = last;
  }

  static async open(store: Store, of: { userId: string; dataSourceId: string }): Promise<Snapshots> {
    const name = (part: string): string => memoryKey('notion-texts', of.userId, of.dataSourceId, part);
    return new Snapshots(store, name, await lastChunk(store, name('head')));
  }

  /** The state of the row with `key`, from the chunk that it is remembered to lie in. */
  async before(key: string, chunk: number): Promise<Snapshot | null> {
    return chunk === 0 ? null : ((await this.#chunk(chunk))?.get(digestOf(key)) ?? null);
  }

  /**
   * @param chunk where the row lies already; 0 for a new one. A row of a chunk that cannot be read moves to another one
   * @returns the chunk that it lies in now, 0 when there is no room
   */
  async put(key: string, chunk: number, snapshot: Snapshot): Promise<number> {
    let at = chunk;
    let rows = at === 0 ? null : await this.#chunk(at);
    if (rows === null) {
      at = await this.#openChunk();
      rows = at === 0 ? null : await this.#chunk(at);
    }
    if (rows === null) return 0;
    rows.set(digestOf(key), snapshot);
    // It may have been put away while it was waited for.
    this.#cache.set(at, rows);
    this.#dirty.add(at);
    return at;
  }

  /** Writes what changed. */
  async save(): Promise<void> {
    for (const id of [...this.#dirty]) await this.#write(id);
  }

  async #openChunk(): Promise<number> {
    if (this.#open !== 0 && (this.#cache.get(this.#open)?.size ?? CHUNK_ROWS) < CHUNK_ROWS) return this.#open;
    if (this.#last >= MAX_CHUNKS) return 0;
    this.#last += 1;
    this.#open = this.#last;
    this.#cache.set(this.#open, new Map());
    await this.#putAway();
    await this.#store.set(this.#name('head'), { version: 1, last: this.#last }).catch(() => undefined);
    return this.#open;
  }

  /** `null` when the store does not give it: what it holds must not be overwritten then. */
  async #chunk(id: number): Promise<Chunk | null> {
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached;
    const saved = await this.#store.get(this.#name(String(id))).then(unpack, () => null);
    // Another taker may have read it meanwhile; there must be one only.
    const chunk = this.#cache.get(id) ?? saved;
    if (chunk === null) return null;
    this.#cache.set(id, chunk);
    await this.#putAway(id);
    return chunk;
  }

  /** Keeps the chunks that were read or begun last, and the one with `id`. */
  async #putAway(id = this.#open): Promise<void> {
    for (const old of [...this.#cache.keys()].slice(0, Math.max(0, this.#cache.size - CACHED))) {
      if (old === this.#open || old === id) continue;
      await this.#write(old);
      if (!this.#dirty.has(old)) this.#cache.delete(old);
    }
  }

  async #write(id: number): Promise<void> {
    const chunk = this.#cache.get(id);
    if (chunk === undefined || !this.#dirty.delete(id)) return;
    const packed = gzipSync(JSON.stringify([...chunk])).toString('base64');
    await this.#store.set(this.#name(String(id)), { version: 1, packed }).catch(() => undefined);
  }
}

/** The chunk that was begun last. Without an answer there is no room: a new chunk could take the place of an old one. */
async function lastChunk(store: Store, name: string): Promise<number> {
  try {
    const head = (await store.get(name)) as { version?: unknown; last?: unknown } | null;
    return typeof head === 'object' && head?.version === 1 && typeof head.last === 'number' ? head.last : 0;
  } catch {
    return MAX_CHUNKS;
  }
}

/** What is not understood is left out. */
function unpack(value: unknown): Chunk {
  const saved = value as { version?: unknown; packed?: unknown } | null;
  if (typeof saved !== 'object' || saved?.version !== 1 || typeof saved.packed !== 'string') return new Map();
  try {
    const entries = JSON.parse(gunzipSync(Buffer.from(saved.packed, 'base64')).toString()) as unknown;
    return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
  } catch {
    return new Map();
  }
}

function isEntry(value: unknown): value is [string, Snapshot] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const { fields, lines } = (value[1] ?? {}) as Partial<Record<keyof Snapshot, unknown>>;
  return (
    typeof fields === 'object' &&
    fields !== null &&
    isTexts(Object.values(fields)) &&
    (lines === null || isTexts(lines))
  );
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}
