/** Hands the entries of groups out one by one to several takers; a group is fetched when the one before is used up. */
export class Feed<T> {
  readonly #groups: AsyncIterator<T[]>;
  readonly #onGroup: (group: readonly T[]) => void;
  #group: T[] = [];
  #next = 0;
  #fetching: Promise<void> | null = null;
  #ended = false;

  /** @param onGroup called with each group before its first entry is handed out */
  constructor(groups: AsyncIterable<T[]>, onGroup: (group: readonly T[]) => void) {
    this.#groups = groups[Symbol.asyncIterator]();
    this.#onGroup = onGroup;
  }

  static of<T>(entries: T[]): Feed<T> {
    async function* one(): AsyncGenerator<T[]> {
      yield entries;
    }
    return new Feed(one(), () => undefined);
  }

  /** The next entry, or `undefined` at the end. Throws what the groups throw. */
  async next(): Promise<T | undefined> {
    while (this.#next >= this.#group.length) {
      if (this.#ended) return undefined;
      this.#fetching ??= this.#fetch();
      await this.#fetching;
    }
    return this.#group[this.#next++];
  }

  async #fetch(): Promise<void> {
    try {
      const result = await this.#groups.next();
      this.#ended = result.done === true;
      this.#group = result.done === true ? [] : result.value;
      this.#next = 0;
      if (this.#group.length > 0) this.#onGroup(this.#group);
    } catch (error) {
      this.#ended = true;
      throw error;
    } finally {
      this.#fetching = null;
    }
  }
}
