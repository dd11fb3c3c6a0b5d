import type { Store } from '../store.js';

/**
 * A list that only grows, kept in records of `size` entries: saving writes what is new and not the whole list again.
 * Entries are plain JSON.
 */
export class ChunkedList<T> {
  readonly #store: Store;
  readonly #name: string;
  readonly #size: number;
  readonly #entries: T[] = [];
  #saved = 0;

  constructor(store: Store, name: string, size: number) {
    this.#store = store;
    this.#name = name;
    this.#size = size;
  }

  /**
   * Reads the first `length` entries, those that the totals know of; what a killed run wrote behind them does not count.
   * Entries that are missing shorten the list.
   */
  async open(length: number): Promise<void> {
    for (let chunk = 0; this.#entries.length < length; chunk += 1) {
      const value = await this.#store.get(this.#record(chunk));
      if (!Array.isArray(value) || value.length === 0) break;
      this.#entries.push(...(value as T[]).slice(0, length - this.#entries.length));
      if (value.length < this.#size) break;
    }
    this.#saved = this.#entries.length;
  }

  get entries(): readonly T[] {
    return this.#entries;
  }

  push(entry: T): void {
    this.#entries.push(entry);
  }

  /** Writes the records that changed. Throws when the store cannot be reached. */
  async save(): Promise<void> {
    const until = this.#entries.length;
    if (until === this.#saved) return;
    for (let chunk = Math.floor(this.#saved / this.#size); chunk * this.#size < until; chunk += 1) {
      await this.#store.set(this.#record(chunk), this.#entries.slice(chunk * this.#size, (chunk + 1) * this.#size));
    }
    this.#saved = until;
  }

  #record(chunk: number): string {
    return `${this.#name}_${chunk}`;
  }
}
