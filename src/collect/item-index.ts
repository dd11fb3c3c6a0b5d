import { createHash } from 'node:crypto';
import type { Store } from '../store.js';
import type { CrawlTotals, HeldPage } from './crawl-totals.js';
import type { Item, PageItem } from './item.js';

export type Placement = 'stored' | 'held' | 'duplicate';

/** What of a stored item has to be known to keep keys unique. */
export type StoredItem = Pick<Item, 'url' | 'key' | 'contentHash'>;

/**
 * Keeps keys unique in the dataset (design §3.3). A page that claims another address as its canonical one is held back,
 * in the run's store and not in memory, until the crawl has ended: only then it is known who else claims that address
 * and with what content.
 */
export class ItemIndex {
  readonly #byKey = new Map<string, { url: string; contentHash: string }>();
  readonly #totals: CrawlTotals;
  readonly #store: Store;
  readonly #onItem: (item: Item) => Promise<void>;
  /** Own keys of the held pages. */
  #heldKeys: Set<string> | null = null;

  constructor(totals: CrawlTotals, store: Store, onItem: (item: Item) => Promise<void>) {
    this.#totals = totals;
    this.#store = store;
    this.#onItem = onItem;
  }

  /** An item that an earlier part of this run stored. */
  know(item: StoredItem): void {
    this.#byKey.set(short(item.key), { url: short(item.url), contentHash: short(item.contentHash) });
  }

  /**
   * Stores an item unless its key is taken. Storing the same page again, as a retry does, changes nothing.
   * @throws what `onItem` throws; the key is free again then
   */
  async place(item: Item): Promise<Placement> {
    const known = this.#byKey.get(short(item.key));
    if (known !== undefined) return known.url === short(item.url) ? 'stored' : 'duplicate';
    // Taken before the write, so that two pages read at the same time cannot both get it.
    this.know(item);
    try {
      await this.#onItem(item);
    } catch (error) {
      this.#byKey.delete(short(item.key));
      throw error;
    }
    this.#totals.counts.itemsStored += 1;
    this.#totals.changed();
    return 'stored';
  }

  /** True when the item that has this key has the same content. */
  hasSame({ key, contentHash }: StoredItem): boolean {
    return this.#byKey.get(short(key))?.contentHash === short(contentHash);
  }

  /** Keeps a page that claims another address until `release`. */
  async hold(page: PageItem, claimedKey: string): Promise<Placement> {
    const { held } = this.#totals;
    this.#heldKeys ??= new Set(held.entries.map(({ ownKey }) => ownKey));
    if (this.#heldKeys.has(page.key)) return 'held';
    this.#heldKeys.add(page.key);
    const storeKey = `HELD_PAGE_${short(page.key)}`;
    try {
      await this.#store.set(storeKey, page);
    } catch (error) {
      this.#heldKeys.delete(page.key);
      throw error;
    }
    held.push({ storeKey, ownKey: page.key, claimedKey, contentHash: page.contentHash });
    return 'held';
  }

  /**
   * Gives the held pages their keys and stores them: the claimed one where nobody disagrees, their own where pages with
   * different content claim the same; a page that only repeats another is a duplicate.
   * @param isExpected of a crawl that was cut: whether the owner of that address may still be read by a resumed one. Pages
   *   that claim it are held on, else a copy would have its owner's key by then. `null` when the crawl has ended.
   * @returns the URLs of the duplicates
   */
  async release(isExpected: ((url: string) => boolean) | null): Promise<string[]> {
    // In key order, so that which of several equal pages is kept does not depend on who answered first.
    const held = [...this.#totals.held.entries].sort((a, b) => (a.ownKey < b.ownKey ? -1 : 1));
    const agreed = new Map<string, boolean>();
    const first = new Map<string, string>();
    for (const { claimedKey, contentHash } of held) {
      const hash = first.get(claimedKey) ?? contentHash;
      first.set(claimedKey, hash);
      agreed.set(claimedKey, agreed.get(claimedKey) !== false && hash === contentHash);
    }
    const duplicates: string[] = [];
    for (const page of held) {
      const isOwnerKnown = this.#byKey.has(short(page.claimedKey));
      if (!isOwnerKnown && isExpected?.(page.claimedKey) === true) continue;
      const item = (await this.#store.get(page.storeKey)) as PageItem | null;
      // An earlier part of the run has released it.
      if (item === null) continue;
      const key = this.#keyFor(page, agreed.get(page.claimedKey) === true);
      if ((await this.place({ ...item, key })) === 'duplicate') duplicates.push(item.url);
      await this.#store.set(page.storeKey, null);
    }
    return duplicates;
  }

  #keyFor(page: HeldPage, agreed: boolean): string {
    const owner = this.#byKey.get(short(page.claimedKey));
    if (owner === undefined) return agreed ? page.claimedKey : page.ownKey;
    return owner.contentHash === short(page.contentHash) ? page.claimedKey : page.ownKey;
  }
}

/** 80 bits of a SHA-256: enough for millions of keys, and flat in memory whatever the keys' length. */
function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
