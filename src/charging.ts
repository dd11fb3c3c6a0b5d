/**
 * Pay-per-event: one event per stored item (the platform's own) and one per page that is confirmed in Notion. Nothing is
 * charged for pages that failed or did not change. The events are set up with the Actor's pricing (docs/operate.md).
 */
export const EVENTS = { item: 'apify-default-dataset-item', page: 'notion-page' } as const;

export type ChargedEvent = keyof typeof EVENTS;

/** The platform's side of charging, all amounts in US dollars. */
export interface Till {
  /** What this run may spend in all; `Infinity` without a limit. */
  limit: number;
  price(event: ChargedEvent): number;
  /** What was spent up to now on all events, those of the platform included. */
  spent(): number;
  /** Events charged so far, over all parts of a resumed run. */
  charged(event: ChargedEvent): number;
  /** Charges `count` pages. */
  chargePages(count: number): Promise<void>;
}

/** Thrown in place of storing an item that the limit has no room for. */
export class SpendingLimitError extends Error {
  constructor() {
    super('the spending limit of the run is reached');
  }
}

/** Prices are fractions of a cent; sums of them miss round numbers by less than this. */
const ROUNDING = 1e-9;

export interface ChargingOptions {
  /** `null`: the run is not paid per event, so nothing is ever charged or limited. */
  till: Till | null;
  /** Items that an earlier part of this run has stored. */
  itemsStored: number;
  /** False where the platform charges no items: off it, and in a named dataset. */
  itemsArePaid: boolean;
  onLimit: (stage: 'collecting' | 'writing') => void;
  onFailure: (error: unknown) => void;
}

/**
 * Keeps a run inside its spending limit. Room is taken before the work and paid after it, so that nothing is left
 * half done and nothing is charged beyond the limit. Each stored item keeps room for its page in Notion.
 */
export class Charging {
  readonly #options: ChargingOptions;
  #itemsStored: number;
  #itemsInFlight = 0;
  #pagesInFlight = 0;
  #pagesConfirmed = 0;
  #paying: Promise<void> = Promise.resolve();

  constructor(options: ChargingOptions) {
    this.#options = options;
    this.#itemsStored = options.itemsStored;
  }

  /** Stores one item. Throws `SpendingLimitError` when the item, or its page later on, cannot be paid for. */
  async storeItem(store: () => Promise<void>): Promise<void> {
    const { till, onLimit } = this.#options;
    if (till !== null) {
      const promised = Math.max(0, this.#itemsStored + this.#itemsInFlight - this.#pagesConfirmed);
      const needed = this.#itemPrice(till) + (promised + 1) * till.price('page');
      if (needed > this.#left(till) + ROUNDING) {
        onLimit('collecting');
        throw new SpendingLimitError();
      }
    }
    this.#itemsInFlight += 1;
    try {
      await store();
      this.#itemsStored += 1;
    } finally {
      this.#itemsInFlight -= 1;
    }
  }

  /** Takes room for one page that is about to be written; false when there is none, and writing has to end. */
  reservePage(): boolean {
    const { till, onLimit } = this.#options;
    if (till !== null && (this.#pagesInFlight + 1) * till.price('page') > this.#left(till) + ROUNDING) {
      onLimit('writing');
      return false;
    }
    this.#pagesInFlight += 1;
    return true;
  }

  /** The page that `reservePage` took room for has its outcome. */
  releasePage(): void {
    this.#pagesInFlight -= 1;
  }

  /**
   * Charges the difference to what was charged before, so that a page is never charged twice, also when the run was
   * killed between a write and its charge.
   * @param pages created, updated and restored so far, over all parts of the run
   */
  confirmed(pages: number): void {
    this.#pagesConfirmed = Math.max(this.#pagesConfirmed, pages);
    this.#paying = this.#paying.then(() => this.#pay());
  }

  /** Resolves when all that was confirmed is charged, or charging failed. */
  settled(): Promise<void> {
    return this.#paying;
  }

  async #pay(): Promise<void> {
    const { till, onFailure } = this.#options;
    if (till === null) return;
    const due = this.#pagesConfirmed - till.charged('page');
    if (due <= 0) return;
    try {
      await till.chargePages(due);
    } catch (error) {
      onFailure(error);
    }
  }

  /**
   * Dollars left when all items stored or on their way and all confirmed pages are paid. Our own counts decide: the
   * platform's follow a moment later.
   */
  #left(till: Till): number {
    const ours = till.charged('item') * till.price('item') + till.charged('page') * till.price('page');
    const items = (this.#itemsStored + this.#itemsInFlight) * this.#itemPrice(till);
    const pages = Math.max(this.#pagesConfirmed, till.charged('page')) * till.price('page');
    return till.limit - (till.spent() - ours) - items - pages;
  }

  #itemPrice(till: Till): number {
    return this.#options.itemsArePaid ? till.price('item') : 0;
  }
}
