import { ItemError, RefusedError } from './errors.js';
import { LIMITS } from './limits.js';
import type { Row } from './row.js';

/** A row with its title, as a query shows it. */
export interface ShownRow {
  row: Row;
  title: string;
}

export interface FreshOptions {
  /** Reads the live rows of at most 100 sync keys with one request. */
  read: (keys: readonly string[]) => Promise<ShownRow[]>;
  /** A row that was read longer ago is read again before it is written. */
  freshMs: number;
  /** When the reading of the index began, epoch ms. */
  indexedAt: number;
  /** Epoch ms. */
  clock?: () => number;
}

/**
 * Rows as they are right before they are written: what a person did since the index was read must not be overwritten, nor
 * hidden by our own write, which makes us the page's last editor. One request covers the next hundred rows, so that this
 * costs at most one more per hundred rows, and one per `freshMs` of writing.
 */
export class FreshRows {
  readonly #options: FreshOptions;
  readonly #clock: () => number;
  /** Keys that will be asked for soon, in that order. */
  readonly #expected = new Set<string>();
  readonly #doubted = new Set<string>();
  readonly #reads = new Map<string, { at: number; rows: Promise<Map<string, ShownRow>> }>();

  constructor(options: FreshOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  expect(keys: Iterable<string>): void {
    for (const key of keys) this.#expected.add(key);
  }

  /** Whatever is known of the row of `key` is out of date: the next `read` asks for it, however young that is. */
  doubt(key: string): void {
    this.#reads.delete(key);
    this.#doubted.add(key);
    this.#expected.add(key);
  }

  /**
   * @param known the row as the plan knows it; given back while it is young enough and not doubted
   * @returns `null` for a row that queries no longer show (in the trash, moved, or gone), or cannot be asked for
   * Throws what `read` throws, but for `ItemError` and `RefusedError`.
   */
  async read(key: string, known: Row): Promise<Row | null> {
    const { freshMs, indexedAt } = this.#options;
    try {
      if (!this.#doubted.has(key) && this.#clock() - indexedAt < freshMs) return known;
      return (await this.show(key, known.pageId))?.row ?? null;
    } finally {
      this.#expected.delete(key);
      this.#doubted.delete(key);
      this.#reads.delete(key);
    }
  }

  /** The row and its title, `null` as above; for where the title is wanted. */
  async show(key: string, pageId: string): Promise<ShownRow | null> {
    const last = this.#reads.get(key);
    const read = last === undefined || this.#clock() - last.at >= this.#options.freshMs ? this.#readWith(key) : last;
    return (await read.rows).get(pageId) ?? null;
  }

  #readWith(key: string): { at: number; rows: Promise<Map<string, ShownRow>> } {
    const keys = [...new Set([key, ...this.#expected])].slice(0, LIMITS.filterOperands);
    const rows = this.#options.read(keys).then(
      (shown) => new Map(shown.map((one) => [one.row.pageId, one] as const)),
      (error: unknown) => {
        // A row that nobody could look at may have been touched; that is found out row by row.
        if (error instanceof ItemError || error instanceof RefusedError) return new Map<string, ShownRow>();
        throw error;
      },
    );
    const read = { at: this.#clock(), rows };
    for (const one of keys) this.#reads.set(one, read);
    return read;
  }
}
