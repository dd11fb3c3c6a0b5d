import { createHash, randomUUID } from 'node:crypto';
import type { Actor } from 'apify';
import type { Item } from '../collect/item.js';
import { datasetItems, settledCount } from './dataset-items.js';
import { degradeWhenRefused } from './degrading-store.js';
import { isRefused, missingPermission } from './permissions.js';
import { openResultsLog, type AppendableDataset } from './results-log.js';
import { readStarted, RUN_STARTED, type RunStarted } from './run-started.js';
import type { ItemSource, ResultRow } from '../sinks/sink.js';
import type { Store } from '../store.js';

/** The part of the SDK that opens storages. */
export type StorageOpener = Pick<
  typeof Actor,
  'openDataset' | 'openKeyValueStore' | 'openRequestQueue' | 'pushData' | 'config' | 'apifyClient'
>;

export interface RunStoragesOptions {
  actor: StorageOpener;
  isAtHome: boolean;
  runId: string | null;
  warn: (message: string) => void;
}

const RESULTS = { alias: 'notionResults', name: 'notion-results' } as const;

const HTML = { contentType: 'text/html; charset=utf-8' } as const;

/**
 * The storages of one run: items, results, records and the checkpoint. They are the run's default ones until
 * `keepPrivate` moves all but the counts to named storages, which nobody can open who only knows an id.
 */
export class RunStorages {
  readonly #options: RunStoragesOptions;
  readonly #records: Store;
  readonly #started: RunStarted | null;
  #state: Store;
  #results: Promise<(row: ResultRow) => Promise<void>> | null = null;
  #private: RunStarted['private'] = null;
  /** What a private run needs only while it works. */
  readonly #workings: { drop(): Promise<void> }[] = [];
  /** Items that earlier containers of this run stored. */
  #before: Promise<number> | null = null;
  #pushed = 0;

  private constructor(options: RunStoragesOptions, records: Store, started: RunStarted | null) {
    this.#options = options;
    this.#records = records;
    this.#state = records;
    this.#started = started;
    // Off the platform the results outlive runs: what an earlier one left has to go even when this one writes none.
    if (!options.isAtHome) this.#results = this.#openResults();
  }

  /** Opens the default key-value store and notes that the run has started. Throws when the store is refused. */
  static async open(options: RunStoragesOptions): Promise<RunStorages> {
    const store = await options.actor.openKeyValueStore();
    const records = degradeWhenRefused(
      {
        get: (key) => store.getValue(key),
        set: (key, value) => store.setValue(key, value, typeof value === 'string' ? HTML : {}),
      },
      (error) => options.warn(`${missingPermission(error)?.message} Until then a resumed run begins anew.`),
    );
    const started = readStarted(await store.getValue(RUN_STARTED));
    const storages = new RunStorages(options, records, started);
    if (started === null) await storages.#note(null);
    return storages;
  }

  /** True when an earlier container of this run already worked. */
  get resumed(): boolean {
    return this.#started !== null;
  }

  /** This run's own records; follows `keepPrivate`. */
  readonly checkpoint: Store = {
    get: (key) => this.#state.get(key),
    set: (key, value) => this.#state.set(key, value),
  };

  /**
   * From now on items, results, addresses and the checkpoint go to named storages. Throws when one is refused; then
   * nothing has moved.
   */
  async keepPrivate(datasetName: string): Promise<void> {
    const { actor, runId } = this.#options;
    const known = this.#started?.private?.datasetName === datasetName ? this.#started.private : null;
    const id = known?.id ?? short(runId ?? randomUUID());
    const dataset = await actor.openDataset(datasetName);
    const state = await actor.openKeyValueStore(privateName(id));
    const place = { datasetName, from: known?.from ?? (await this.#count(dataset)), id };
    await this.#note(place);
    this.#private = place;
    this.#workings.push(state);
    this.#state = { get: (key) => state.getValue(key), set: (key, value) => state.setValue(key, value) };
    this.#results = this.#openResults();
  }

  /** Readies the queue of the crawl. Throws when the run may not add to it: Crawlee would go on with an empty one. */
  async openQueue(): Promise<void> {
    const { actor, isAtHome } = this.#options;
    if (this.#private !== null) {
      const queue = await actor.openRequestQueue(privateName(this.#private.id));
      this.#workings.push(queue);
      // Crawlee opens the default queue by this variable.
      process.env.ACTOR_DEFAULT_REQUEST_QUEUE_ID = queue.id;
    }
    if (!isAtHome) return;
    try {
      // An update that changes nothing asks for the same permission as adding a request.
      await actor.apifyClient.requestQueue(actor.config.get('defaultRequestQueueId')).update({});
    } catch (error) {
      const refused = missingPermission(error);
      if (refused !== null) throw refused;
    }
  }

  /**
   * Removes what a private run needed only while it worked; a resumed run would read the site once more. What cannot be
   * removed stays, and the log says so.
   */
  async dropWorkings(): Promise<void> {
    if (this.#private === null) return;
    try {
      for (const storage of this.#workings) await storage.drop();
    } catch (error) {
      const reason = missingPermission(error)?.message ?? (error instanceof Error ? error.message : String(error));
      const name = privateName(this.#private.id);
      this.#options.warn(`The storages "${name}" could not be removed; delete them in the Console. ${reason}`);
    }
  }

  async pushItem(item: Item): Promise<void> {
    await this.#itemsBefore();
    // `pushData` is what the platform charges items by; a named dataset is not charged for.
    if (this.#private === null) await this.#options.actor.pushData(item);
    else await (await this.#itemsDataset()).pushData(item);
    this.#pushed += 1;
  }

  async pushResult(row: ResultRow): Promise<void> {
    this.#results ??= this.#openResults();
    await (
      await this.#results
    )(row);
  }

  /** This run's items, or those of another dataset. */
  async items(datasetId: string | null): Promise<ItemSource> {
    if (datasetId === null) {
      const atLeast = (await this.#itemsBefore()) + this.#pushed;
      return datasetItems(await this.#itemsDataset(), { from: this.#private?.from ?? 0, atLeast });
    }
    const dataset = await this.#options.actor.openDataset(datasetId);
    // The run that filled it may have ended a moment ago.
    return datasetItems(dataset, { atLeast: await this.#count(dataset) });
  }

  /** Writes a record that the user reads; goes on where the store is refused. */
  setRecord(key: string, value: unknown): Promise<void> {
    return this.#records.set(key, value);
  }

  #itemsDataset() {
    return this.#options.actor.openDataset(this.#private?.datasetName ?? null);
  }

  #itemsBefore(): Promise<number> {
    this.#before ??= this.resumed
      ? this.#itemsDataset().then(async (dataset) => (await this.#count(dataset)) - (this.#private?.from ?? 0))
      : Promise.resolve(0);
    return this.#before;
  }

  /** On the platform counts follow writes with a delay. */
  async #count(dataset: Awaited<ReturnType<StorageOpener['openDataset']>>): Promise<number> {
    if (this.#options.isAtHome) return settledCount(dataset);
    return (await dataset.getData({ offset: 0, limit: 1 })).total;
  }

  async #openResults(): Promise<(row: ResultRow) => Promise<void>> {
    const refused = (error: unknown): void =>
      this.#options.warn(`${missingPermission(error)?.message ?? String(error)} notion-results stays incomplete.`);
    const dataset = await this.#resultsDataset().catch((error: unknown) => {
      refused(error);
      return null;
    });
    return openResultsLog(dataset, this.resumed, refused);
  }

  /** Named results outlive runs, so that a fresh run empties them; on the platform each run has its own. */
  async #resultsDataset(): Promise<AppendableDataset> {
    const { actor, isAtHome } = this.#options;
    if (isAtHome && this.#private === null) return actor.openDataset({ alias: RESULTS.alias });
    const name = this.#private === null ? RESULTS.name : `${this.#private.datasetName}-${RESULTS.name}`;
    const dataset = await actor.openDataset(name);
    if (this.resumed) return dataset;
    await dataset.drop();
    return actor.openDataset(name);
  }

  #note(place: RunStarted['private']): Promise<void> {
    const started: RunStarted = { version: 1, at: this.#started?.at ?? new Date().toISOString(), private: place };
    return this.#records.set(RUN_STARTED, started);
  }
}

/** Opens what earlier runs of this user remembered; `null` when it is refused. */
export async function openMemoryStore(
  actor: Pick<StorageOpener, 'openKeyValueStore'>,
  actorId: string | null,
  warn: (message: string) => void,
): Promise<Store | null> {
  const told = (error: unknown): void =>
    warn(`${missingPermission(error)?.message} Without it this run remembers nothing and is not remembered.`);
  try {
    const store = await actor.openKeyValueStore(actorId ? `website-to-notion-${actorId}` : 'website-to-notion');
    const records = { get: (key: string) => store.getValue(key), set: store.setValue.bind(store) };
    return degradeWhenRefused(records, told);
  } catch (error) {
    if (!isRefused(error)) throw error;
    told(error);
    return null;
  }
}

const privateName = (id: string): string => `website-to-notion-run-${id}`;

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
