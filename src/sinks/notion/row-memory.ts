import { createHash } from 'node:crypto';
import type { StageLog } from '../../log.js';
import { memoryKey } from '../../memory.js';
import type { Store } from '../../store.js';
import { compactId, dashedId } from './page-id.js';

/** A row as later runs remember it. */
export interface RememberedRow {
  pageId: string;
  /** A sync created it; otherwise it was found. */
  made: boolean;
  /** In the trash, and why. */
  trashed: 'by-us' | 'by-person' | null;
  /** Somebody had touched its body when a sync put it into the trash. */
  verify: boolean;
  /** Where its last state lies (`snapshots.ts`), 0 for nowhere. */
  chunk: number;
}

/** Digest of the key (8 bytes), page id (16), flags (1), chunk (2). */
const RECORD = 27;
const FLAG = { made: 1, byUs: 2, byPerson: 4, verify: 8 } as const;
/** Rows in one record of the store: 10,000 are 360 KB. */
const ROWS_PER_RECORD = 10_000;

interface Saved {
  version: 1;
  /** How many further records hold rows. */
  parts: number;
}

/**
 * The rows that earlier runs of a user knew in one data source, by key: queries show no row that lies in the trash, and
 * new ones late. 27 bytes a row. Without a store the sync goes on.
 */
export class RowMemory {
  readonly #store: Store;
  readonly #name: (part: string) => string;
  readonly #log: StageLog;
  /** Sorted by digest, several rows of one key beside each other. */
  #records: Buffer;
  readonly #changes = new Map<string, { digest: Buffer; row: RememberedRow | null }>();

  private constructor(store: Store, name: (part: string) => string, log: StageLog, records: Buffer) {
    this.#store = store;
    this.#name = name;
    this.#log = log;
    this.#records = records;
  }

  /** What cannot be read counts as absent for this run, is told, and is not overwritten by `save`. */
  static async open(store: Store, of: { userId: string; dataSourceId: string }, log: StageLog): Promise<RowMemory> {
    const name = (part: string): string => memoryKey('notion-rows', of.userId, of.dataSourceId, part);
    try {
      return new RowMemory(store, name, log, Buffer.concat(await readParts(store, name)));
    } catch {
      log.warning('The rows of earlier runs could not be read from memory; a row that you trashed may be made again.');
      return new RowMemory(store, name, log, Buffer.alloc(0));
    }
  }

  /** The rows that are remembered for `key`. */
  recall(key: string): RememberedRow[] {
    const digest = digestOf(key);
    const rows: RememberedRow[] = [];
    for (let at = this.#first(digest); at < this.#records.length; at += RECORD) {
      if (this.#records.compare(digest, 0, 8, at, at + 8) !== 0) break;
      const row = decode(this.#records, at);
      if (!this.#changes.has(row.pageId)) rows.push(row);
    }
    for (const change of this.#changes.values()) {
      if (change.row !== null && change.digest.equals(digest)) rows.push(change.row);
    }
    return rows;
  }

  /** Takes `row` up, in the place of what was known of that page. */
  remember(key: string, row: RememberedRow): void {
    this.#changes.set(row.pageId, { digest: digestOf(key), row });
  }

  /** The page is gone for good, or somewhere else. */
  forget(key: string, pageId: string): void {
    this.#changes.set(pageId, { digest: digestOf(key), row: null });
  }

  /**
   * Writes what changed. Rows that another run remembered meanwhile stay; where those cannot be read nothing is written,
   * because what lies in the trash is remembered nowhere else.
   * @param rows the live rows of this run
   * @returns false when nothing, or not all, could be written
   */
  async save(rows: Iterable<{ key: string; pageId: string; made: boolean; chunk: number }>): Promise<boolean> {
    try {
      const before = await readParts(this.#store, this.#name);
      this.#records = Buffer.concat(before);
      const known = new Map<string, number>();
      for (let at = 0; at < this.#records.length; at += RECORD) {
        known.set(this.#records.toString('latin1', at + 8, at + 24), at);
      }
      const added: Buffer[] = [];
      const put = (digest: Buffer, row: RememberedRow): void => {
        const at = known.get(pageBytes(row.pageId).toString('latin1'));
        if (at === undefined) added.push(encode(digest, row));
        else {
          const old = decode(this.#records, at);
          const kept = { ...row, made: row.made || old.made, chunk: row.chunk || old.chunk };
          encode(digest, kept).copy(this.#records, at);
        }
      };
      const dropped = new Set<number>();
      for (const { key, pageId, made, chunk } of rows) {
        if (!this.#changes.has(pageId)) put(digestOf(key), { pageId, made, chunk, trashed: null, verify: false });
      }
      for (const [pageId, { digest, row }] of this.#changes) {
        const at = known.get(pageBytes(pageId).toString('latin1'));
        if (row !== null) put(digest, row);
        else if (at !== undefined) dropped.add(at);
      }
      this.#changes.clear();
      await this.#write(before, added, dropped);
      return true;
    } catch {
      this.#log.warning('The rows of this run could not be remembered; a row that you trash may be made again.');
      return false;
    }
  }

  async #write(before: readonly Buffer[], added: readonly Buffer[], dropped: ReadonlySet<number>): Promise<void> {
    const all: Buffer[] = [...added];
    const records = this.#records;
    for (let at = 0; at < records.length; at += RECORD) {
      if (!dropped.has(at)) all.push(records.subarray(at, at + RECORD));
    }
    const sorted = Buffer.concat(all.sort((a, b) => a.compare(b)));
    const size = ROWS_PER_RECORD * RECORD;
    const parts: Buffer[] = [];
    for (let at = 0; at < sorted.length; at += size) parts.push(sorted.subarray(at, at + size));
    for (const [index, part] of parts.entries()) {
      if (before[index]?.equals(part) === true) continue;
      await this.#store.set(this.#name(String(index)), { version: 1, rows: part.toString('base64') });
    }
    const head: Saved = { version: 1, parts: parts.length };
    if (parts.length !== before.length) await this.#store.set(this.#name('head'), head);
    this.#records = sorted;
  }

  /** Where the records of `digest` begin, or would. */
  #first(digest: Buffer): number {
    let low = 0;
    let high = this.#records.length / RECORD;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#records.compare(digest, 0, 8, middle * RECORD, middle * RECORD + 8) < 0) low = middle + 1;
      else high = middle;
    }
    return low * RECORD;
  }
}

/** The records as they are saved, none where there are none yet. Throws when they cannot be read or understood. */
async function readParts(store: Store, name: (part: string) => string): Promise<Buffer[]> {
  const head = await store.get(name('head'));
  if (head === null) return [];
  if (!isSaved(head)) throw new Error('The head is of another version');
  const parts: Buffer[] = [];
  for (let index = 0; index < head.parts; index++) {
    const part = await store.get(name(String(index)));
    const rows = isPart(part) ? Buffer.from(part.rows, 'base64') : null;
    if (rows === null || rows.length % RECORD !== 0) throw new Error(`Part ${index} is of another version`);
    parts.push(rows);
  }
  return parts;
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, 8);
}

function pageBytes(pageId: string): Buffer {
  return Buffer.from(compactId(pageId), 'hex');
}

function encode(digest: Buffer, { pageId, made, trashed, verify, chunk }: RememberedRow): Buffer {
  let flags = made ? FLAG.made : 0;
  if (trashed === 'by-us') flags |= FLAG.byUs;
  if (trashed === 'by-person') flags |= FLAG.byPerson;
  if (verify) flags |= FLAG.verify;
  return Buffer.concat([digest, pageBytes(pageId), Buffer.from([flags, chunk & 255, chunk >> 8])]);
}

function decode(records: Buffer, at: number): RememberedRow {
  const page = records.toString('hex', at + 8, at + 24);
  const flags = records[at + 24] ?? 0;
  return {
    pageId: dashedId(page),
    made: (flags & FLAG.made) !== 0,
    trashed: (flags & FLAG.byUs) !== 0 ? 'by-us' : (flags & FLAG.byPerson) !== 0 ? 'by-person' : null,
    verify: (flags & FLAG.verify) !== 0,
    chunk: records.readUInt16LE(at + 25),
  };
}

function isSaved(value: unknown): value is Saved {
  const saved = value as Partial<Saved> | null;
  return typeof saved === 'object' && saved?.version === 1 && Number.isInteger(saved.parts);
}

function isPart(value: unknown): value is { version: 1; rows: string } {
  const part = value as { version?: unknown; rows?: unknown } | null;
  return typeof part === 'object' && part?.version === 1 && typeof part.rows === 'string';
}
