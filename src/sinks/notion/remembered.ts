import type { StageLog } from '../../log.js';
import { memoryKey } from '../../memory.js';
import type { Store } from '../../store.js';
import type { SinkDestination } from '../sink.js';

/** What is kept of a destination between runs. */
export interface Remembered {
  version: 1;
  databaseId: string;
  dataSourceId: string;
  /** Our column name → property id, so that a renamed column stays ours. */
  columns: Record<string, string>;
}

/**
 * What earlier runs of this user remembered about the database for one title, in one Notion connection. Without a store
 * (Apify may refuse it) the sync goes on and says so once.
 */
export class DestinationMemory {
  readonly #store: Store;
  readonly #key: string;
  readonly #log: StageLog;

  /** @param name the database's title, or the id that the user gave */
  constructor(store: Store, identity: { userId: string; botId: string; name: string }, log: StageLog) {
    this.#store = store;
    this.#key = memoryKey('notion', identity.userId, identity.botId, identity.name);
    this.#log = log;
  }

  async read(): Promise<Remembered | null> {
    try {
      const value = await this.#store.get(this.#key);
      return isRemembered(value) ? value : null;
    } catch {
      this.#log.warning('The memory of earlier runs cannot be read; the database is searched for in Notion instead.');
      return null;
    }
  }

  async write(of: { destination: SinkDestination; columns: Record<string, string> }): Promise<void> {
    const { databaseId, dataSourceId } = of.destination;
    await this.#set({ version: 1, databaseId, dataSourceId, columns: of.columns });
  }

  /** True when an earlier run began to make the database and never said what came of it. */
  async isBeingMade(): Promise<boolean> {
    return this.#store.get(this.#key).then(
      (value) => typeof value === 'object' && value !== null && 'making' in value,
      () => false,
    );
  }

  /** Says that the database is about to be made. */
  async making(): Promise<void> {
    await this.#set({ version: 1, making: true });
  }

  async #set(value: Remembered | { version: 1; making: true }): Promise<void> {
    try {
      await this.#store.set(this.#key, value);
    } catch {
      this.#log.warning('The memory for later runs cannot be written; they will search for the database in Notion.');
    }
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false;
  const { version, databaseId, dataSourceId, columns } = value as Record<string, unknown>;
  return (
    version === 1 &&
    typeof databaseId === 'string' &&
    typeof dataSourceId === 'string' &&
    typeof columns === 'object' &&
    columns !== null &&
    Object.values(columns).every((id) => typeof id === 'string')
  );
}
