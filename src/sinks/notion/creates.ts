import type { PageObjectResponse } from '@notionhq/client';
import type { NotionApi } from './api.js';
import type { Checkpoint } from './checkpoint.js';
import { InDoubtError, ItemError, NotFoundError } from './errors.js';
import type { Gate } from './gate.js';
import { ANNOUNCE_AHEAD } from './limits.js';
import type { Waits } from './limits.js';
import { findRows } from './rows.js';
import type { Row, RowIndex } from './rows.js';
import type { Binding } from './schema.js';
import type { Posted } from './writer.js';

/** Where rows are created and looked up. */
export interface CreateContext {
  api: NotionApi;
  dataSourceId: string;
  binding: Binding;
  checkpoint: Checkpoint;
  gate: Gate;
  waits: Waits;
  botId: string;
}

/** Creates rows exactly once: nothing is posted before it is announced, nothing twice before it was looked up. */
export class Creates {
  readonly #context: CreateContext;
  readonly #keys: readonly string[];
  readonly #announced = new Map<string, Promise<void>>();
  /** Epoch ms; rows made by a repeated create of this sync are not older. */
  readonly #startedAt = Date.now();
  #next = 0;

  /** @param keys the sync keys that will be created, in about that order */
  constructor(context: CreateContext, keys: readonly string[]) {
    this.#context = context;
    this.#keys = keys;
  }

  /**
   * Sends one create and finds out what came of it.
   * Throws `ItemError` (`unknown` when nobody can tell) and what `send` throws.
   */
  async post(key: string, send: () => Promise<PageObjectResponse>): Promise<Posted> {
    const { api, checkpoint } = this.#context;
    await this.#announce(key);
    for (let attempt = 1; ; attempt++) {
      try {
        const page = await send();
        checkpoint.settle(key);
        return { pageId: page.id, url: page.url, certain: true };
      } catch (error) {
        if (!(error instanceof InDoubtError)) {
          // A clear refusal made nothing, unless an earlier attempt is still in the air.
          if (attempt === 1) checkpoint.settle(key);
          throw error;
        }
        const committed = error.committedId === null ? null : await readCommitted(api, error.committedId);
        const row = committed ?? (await this.#lookUp(key));
        if (row !== null) {
          checkpoint.settle(key);
          return { pageId: row.pageId, url: row.url, certain: committed !== null };
        }
        if (attempt === 2) {
          throw new ItemError(
            'unknown',
            'Notion did not say whether it saved this page; the next run finds out.',
            error.failure,
          );
        }
        await checkpoint.repeat(key);
      }
    }
  }

  /**
   * Ends what was posted twice: where both arrived the oldest row stays, and of the others those go to the trash that this
   * sync made.
   * @returns the row that stands for each key, by key
   */
  async heal(): Promise<Map<string, Row>> {
    const { api, dataSourceId, binding, checkpoint, gate, waits, botId } = this.#context;
    const keys = checkpoint.postedTwice;
    const standing = new Map<string, Row>();
    if (keys.length === 0) return standing;
    await gate.sleep(Math.max(0, ...waits.lookupMs));
    const found = await findRows(api, dataSourceId, binding, keys);
    for (const key of keys) {
      const [oldest, ...others] = found.get(key) ?? [];
      if (oldest === undefined) continue;
      standing.set(key, oldest);
      for (const row of others) if (row.createdBy === botId && this.#isOurs(row)) await api.trash(row.pageId);
      checkpoint.unrepeat(key);
    }
    return standing;
  }

  /** Notion rounds creation times down to the minute. */
  #isOurs(row: Row): boolean {
    return Date.parse(row.createdTime) >= this.#startedAt - 60_000;
  }

  async #lookUp(key: string): Promise<Row | null> {
    const { api, dataSourceId, binding, gate, waits } = this.#context;
    for (const ms of waits.lookupMs) {
      await gate.sleep(ms);
      const row = (await findRows(api, dataSourceId, binding, [key])).get(key)?.[0];
      if (row !== undefined) return row;
    }
    return null;
  }

  /** One write to the checkpoint announces many keys, so that it costs next to nothing per row. */
  async #announce(key: string): Promise<void> {
    if (!this.#announced.has(key)) {
      const batch = new Set([key, ...this.#keys.slice(this.#next, this.#next + ANNOUNCE_AHEAD)]);
      this.#next += ANNOUNCE_AHEAD;
      const written = this.#context.checkpoint.announce([...batch]);
      for (const each of batch) this.#announced.set(each, written);
    }
    await this.#announced.get(key);
  }
}

/**
 * Adds the rows to the index that an earlier process of this run may have made and queries may not show yet.
 * Throws what `Sender.send` throws.
 */
export async function recoverInherited(context: CreateContext, index: RowIndex): Promise<void> {
  const { api, dataSourceId, binding, checkpoint, gate, waits } = context;
  const { keys, announcedAt } = checkpoint.inherited;
  let unseen = keys.filter((key) => !index.byKey.has(key));
  if (Date.now() - announcedAt < waits.settleMs) {
    for (const ms of waits.lookupMs) {
      if (unseen.length === 0) break;
      await gate.sleep(ms);
      const found = await findRows(api, dataSourceId, binding, unseen);
      for (const [key, [row]] of found) if (row !== undefined) index.byKey.set(key, row);
      unseen = unseen.filter((key) => !found.has(key));
    }
  }
  for (const key of keys) checkpoint.settle(key);
}

async function readCommitted(api: NotionApi, id: string): Promise<{ pageId: string; url: string } | null> {
  try {
    const page = await api.page(id);
    return { pageId: page.id, url: page.url };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
