import type { StageLog } from '../../log.js';
import { memoryKey } from '../../memory.js';
import type { Store } from '../../store.js';
import type { SinkDestination } from '../sink.js';

/** What is kept between runs of the database for one title. */
interface Remembered {
  version: 1;
  databaseId: string;
  dataSourceId: string;
}

/** A database that was begun and not finished. */
interface Making {
  version: 1;
  making: true;
  /** The private page that was made to hold it, where there is one. */
  pageId: string | null;
}

/** Our column name → property id, so that a renamed column stays ours; by data source, whatever name led to it. */
export type ColumnIds = Readonly<Record<string, string>>;

/**
 * What earlier runs of this user remembered about the database for one title, in one Notion connection. Without a store
 * (Apify may refuse it) the sync goes on and says so once.
 */
export class DestinationMemory {
  readonly #store: Store;
  readonly #key: string;
  readonly #columnsKey: (dataSourceId: string) => string;
  readonly #log: StageLog;
  readonly #said = new Set<string>();

  /** @param name the database's title, or the id that the user gave */
  constructor(store: Store, identity: { userId: string; botId: string; name: string }, log: StageLog) {
    const { userId, botId, name } = identity;
    this.#store = store;
    this.#key = memoryKey('notion', userId, botId, name);
    this.#columnsKey = (dataSourceId) => memoryKey('notion-columns', userId, dataSourceId);
    this.#log = log;
  }

  async read(): Promise<Remembered | null> {
    const value = await this.#get(this.#key);
    return isRemembered(value) ? value : null;
  }

  async write({ databaseId, dataSourceId }: SinkDestination): Promise<void> {
    await this.#set(this.#key, { version: 1, databaseId, dataSourceId } satisfies Remembered);
  }

  /** The columns that earlier runs wrote to, those of other items too. */
  async columns(dataSourceId: string): Promise<ColumnIds> {
    const value = await this.#get(this.#columnsKey(dataSourceId));
    return isColumns(value) ? value.columns : {};
  }

  async writeColumns(dataSourceId: string, columns: ColumnIds): Promise<void> {
    const before = await this.columns(dataSourceId);
    await this.#set(this.#columnsKey(dataSourceId), { version: 1, columns: { ...before, ...columns } });
  }

  /** What an earlier run began to make and never said what came of; `null` when there is none. */
  async begun(): Promise<Making | null> {
    const value = await this.#get(this.#key);
    return isMaking(value) ? value : null;
  }

  /** Says that the database is about to be made. @param pageId the private page that will hold it */
  async begin(pageId: string | null): Promise<void> {
    await this.#set(this.#key, { version: 1, making: true, pageId } satisfies Making);
  }

  async #get(key: string): Promise<unknown> {
    try {
      return await this.#store.get(key);
    } catch {
      this.#sayOnce('The memory of earlier runs cannot be read; the database is searched for in Notion instead.');
      return null;
    }
  }

  async #set(key: string, value: object): Promise<void> {
    try {
      await this.#store.set(key, value);
    } catch {
      this.#sayOnce('The memory for later runs cannot be written; they will search for the database in Notion.');
    }
  }

  #sayOnce(sentence: string): void {
    if (!this.#said.has(sentence)) this.#log.warning(sentence);
    this.#said.add(sentence);
  }
}

export function isMaking(value: unknown): value is Making {
  if (typeof value !== 'object' || value === null) return false;
  const { version, making, pageId } = value as Partial<Record<keyof Making, unknown>>;
  return version === 1 && making === true && (pageId === null || typeof pageId === 'string');
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false;
  const { version, databaseId, dataSourceId } = value as Partial<Record<keyof Remembered, unknown>>;
  return version === 1 && typeof databaseId === 'string' && typeof dataSourceId === 'string';
}

function isColumns(value: unknown): value is { columns: ColumnIds } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, columns } = value as { version?: unknown; columns?: unknown };
  if (version !== 1 || typeof columns !== 'object' || columns === null) return false;
  return Object.values(columns).every((id) => typeof id === 'string');
}
