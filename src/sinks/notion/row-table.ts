import { STATUS } from './columns.js';
import type { RowHash } from './hash.js';
import { compactId, dashedId } from './page-id.js';
import type { Row } from './row.js';
import type { RowSource } from './source.js';

/** Bytes of one record; the layout is in `OFFSET`. */
const RECORD = 70;
const OFFSET = {
  flags: 0,
  state: 1,
  page: 2,
  properties: 18,
  body: 34,
  mark: 50,
  created: 58,
  edited: 62,
  prefix: 66,
  chunk: 68,
} as const;
const FLAG = { row: 1, seen: 2, byUs: 4, touched: 8, made: 32, verify: 64 } as const;
/** Bits among the flags. */
const SOURCE = { other: 0, own: 16, 'other-site': 128, part: 144 } as const satisfies Record<RowSource, number>;
const SOURCES = Object.keys(SOURCE) as RowSource[];
/** Low bits of the state: the status. Above: what the hash column holds, and which fingerprint. */
const STATUSES = [null, STATUS.active, STATUS.removed, STATUS.edited, 'other'] as const;
const HASH = { none: 0, writing: 8, whole: 16, mask: 24 } as const;
const MARK = { exact: 32, loose: 64 } as const;
const NO_BODY = 128;

/**
 * Sync keys with the rows that stand for them, about 150 bytes a row in all: the index of 100,000 rows stays small
 * beside the process itself. Keys are numbered in the order of `add`.
 */
export class RowTable {
  #records: Buffer = Buffer.alloc(RECORD * 256);
  #keys: Buffer = Buffer.alloc(1 << 14);
  #ends = new Uint32Array(256);
  /** Open addressing, key number + 1. */
  #slots = new Uint32Array(1024);
  #size = 0;
  readonly #prefixes: string[] = [];

  get size(): number {
    return this.#size;
  }

  /** The number of `key`, or -1. */
  find(key: string): number {
    return (this.#slots[this.#slot(Buffer.from(key))] ?? 0) - 1;
  }

  /** The number of `key`, which is taken up when it is new. */
  add(key: string): number {
    const bytes = Buffer.from(key);
    const slot = this.#slot(bytes);
    const known = (this.#slots[slot] ?? 0) - 1;
    if (known >= 0) return known;
    const id = this.#size++;
    const start = id === 0 ? 0 : (this.#ends[id - 1] ?? 0);
    this.#makeRoom(start + bytes.length);
    bytes.copy(this.#keys, start);
    this.#ends[id] = start + bytes.length;
    this.#slots[slot] = id + 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  keyOf(id: number): string {
    return this.#keyBytes(id).toString();
  }

  /** The row, made anew on each call; `null` for a key without one. */
  row(id: number): Row | null {
    const at = id * RECORD;
    const flags = this.#records[at + OFFSET.flags] ?? 0;
    if ((flags & FLAG.row) === 0) return null;
    const state = this.#records[at + OFFSET.state] ?? 0;
    const hex = (offset: number, length: number): string =>
      this.#records.toString('hex', at + offset, at + offset + length);
    const page = hex(OFFSET.page, 16);
    const kind = state & HASH.mask;
    const hash: RowHash = {
      properties: hex(OFFSET.properties, 16),
      body: (state & NO_BODY) === 0 ? hex(OFFSET.body, 16) : null,
      mark:
        (state & (MARK.exact | MARK.loose)) === 0 ? null : `${state & MARK.exact ? 'e' : 'l'}${hex(OFFSET.mark, 8)}`,
      verify: (flags & FLAG.verify) !== 0,
    };
    return {
      pageId: dashedId(page),
      url: `${this.#prefixes[this.#records.readUInt16LE(at + OFFSET.prefix)] ?? ''}${page}`,
      hash: kind === HASH.whole ? hash : kind === HASH.writing ? 'writing' : null,
      source: SOURCES.find((source) => (flags & SOURCE.part) === SOURCE[source]) ?? 'other',
      status: STATUSES[state & 7] ?? null,
      createdAt: this.#records.readUInt32LE(at + OFFSET.created) * 60_000,
      editedAt: this.#records.readUInt32LE(at + OFFSET.edited) * 60_000,
      createdByUs: (flags & FLAG.byUs) !== 0,
      touched: (flags & FLAG.touched) !== 0,
    };
  }

  /** This run created the row. */
  setMade(id: number, { pageId, url }: { pageId: string; url: string }): void {
    this.setRow(id, {
      pageId,
      url,
      hash: null,
      source: 'own',
      status: STATUS.active,
      createdAt: Date.now(),
      editedAt: Date.now(),
      createdByUs: true,
      touched: false,
    });
    const at = id * RECORD + OFFSET.flags;
    this.#records[at] = (this.#records[at] ?? 0) | FLAG.made;
  }

  setRow(id: number, row: Row): void {
    const at = id * RECORD;
    const { hash } = row;
    const whole = hash !== null && hash !== 'writing' ? hash : null;
    let flags = ((this.#records[at + OFFSET.flags] ?? 0) & FLAG.seen) | FLAG.row;
    if (row.createdByUs) flags |= FLAG.byUs;
    if (row.touched) flags |= FLAG.touched;
    flags |= SOURCE[row.source];
    if (whole?.verify === true) flags |= FLAG.verify;
    const status = STATUSES.findIndex((one) => one === row.status);
    let state: number = status < 0 ? STATUSES.length - 1 : status;
    state |= hash === null ? HASH.none : hash === 'writing' ? HASH.writing : HASH.whole;
    if (whole?.body === null) state |= NO_BODY;
    if (whole?.mark !== null && whole !== null) state |= whole.mark.startsWith('e') ? MARK.exact : MARK.loose;
    this.#records[at + OFFSET.flags] = flags;
    this.#records[at + OFFSET.state] = state;
    const hex = (offset: number, text: string): void => void this.#records.write(text, at + offset, 'hex');
    hex(OFFSET.page, compactId(row.pageId));
    if (whole !== null) {
      hex(OFFSET.properties, whole.properties);
      hex(OFFSET.body, whole.body ?? '');
      hex(OFFSET.mark, whole.mark?.slice(1) ?? '');
    }
    this.#records.writeUInt32LE(minutes(row.createdAt), at + OFFSET.created);
    this.#records.writeUInt32LE(minutes(row.editedAt), at + OFFSET.edited);
    this.#records.writeUInt16LE(this.#prefix(row.url), at + OFFSET.prefix);
  }

  /** True once `see` was called for the key: an item of this run has it. */
  isSeen(id: number): boolean {
    return this.#has(id, FLAG.seen);
  }

  isMade(id: number): boolean {
    return this.#has(id, FLAG.made);
  }

  /** Where the row's last state lies (`snapshots.ts`), 0 for nowhere. */
  chunkOf(id: number): number {
    return this.#records.readUInt16LE(id * RECORD + OFFSET.chunk);
  }

  setChunk(id: number, chunk: number): void {
    this.#records.writeUInt16LE(chunk, id * RECORD + OFFSET.chunk);
  }

  see(id: number): void {
    const at = id * RECORD + OFFSET.flags;
    this.#records[at] = (this.#records[at] ?? 0) | FLAG.seen;
  }

  #has(id: number, flag: number): boolean {
    return ((this.#records[id * RECORD + OFFSET.flags] ?? 0) & flag) !== 0;
  }

  /** Notion's addresses open with the id alone, so that only what stands before it is kept. */
  #prefix(url: string): number {
    const prefix = url.slice(0, url.lastIndexOf('/') + 1);
    const known = this.#prefixes.indexOf(prefix);
    if (known >= 0) return known;
    return this.#prefixes.length > 1000 ? 0 : this.#prefixes.push(prefix) - 1;
  }

  #keyBytes(id: number): Buffer {
    return this.#keys.subarray(id === 0 ? 0 : this.#ends[id - 1], this.#ends[id]);
  }

  /** The slot that holds `key`, or the free one where it belongs. */
  #slot(key: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id < 0 || this.#keyBytes(id).equals(key)) return slot;
    }
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let id = 0; id < this.#size; id++) this.#slots[this.#slot(this.#keyBytes(id))] = id + 1;
  }

  #makeRoom(keyBytes: number): void {
    if (keyBytes > this.#keys.length) this.#keys = grown(this.#keys, keyBytes);
    if (this.#size * RECORD > this.#records.length) this.#records = grown(this.#records, this.#size * RECORD);
    if (this.#size > this.#ends.length) {
      const ends = new Uint32Array(this.#ends.length * 2);
      ends.set(this.#ends);
      this.#ends = ends;
    }
  }
}

function minutes(time: number): number {
  return Math.max(0, Math.floor(time / 60_000));
}

function grown(buffer: Buffer, needed: number): Buffer {
  // By a quarter: what is allocated ahead is memory too.
  const larger = Buffer.alloc(Math.max(Math.ceil(buffer.length * 1.25), needed));
  buffer.copy(larger);
  return larger;
}

/** FNV-1a. */
function hashOf(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
