import { isDeepStrictEqual } from 'node:util';
import type { PageObjectResponse } from '@notionhq/client';
import type { NotionApi } from './api.js';
import type { Checkpoint } from './checkpoint.js';
import { trashSurplus } from './duplicates.js';
import { InDoubtError, ItemError, NotFoundError, RefusedError } from './errors.js';
import type { Gate } from './gate.js';
import type { Journal } from './journal.js';
import type { Waits } from './limits.js';
import { Look, whileFresh } from './look.js';
import { mustVerify } from './plan.js';
import type { Row, RowContext } from './row.js';
import type { RowMemory } from './row-memory.js';
import type { RowTable } from './row-table.js';
import { findRows } from './rows.js';
import type { RowIndex } from './rows.js';
import type { Posted } from './writer.js';

/** Where rows are created and looked up. */
export interface CreateContext {
  api: NotionApi;
  dataSourceId: string;
  rows: RowContext;
  checkpoint: Checkpoint;
  journal: Journal;
  table: RowTable;
  memory: RowMemory;
  gate: Gate;
  waits: Waits;
}

/** Creates rows exactly once: nothing is posted before it is announced, nothing twice before it was looked up. */
export class Creates {
  readonly #context: CreateContext;
  readonly #announced = new Map<string, { keys: readonly string[]; written: Promise<void> | null }>();
  /** Keys whose create may have been sent, and whose outcome is not written down. */
  readonly #posted = new Set<string>();

  constructor(context: CreateContext) {
    this.#context = context;
  }

  /** Says which sync keys will be created soon; one write announces all of them before the first is sent. */
  expect(keys: readonly string[]): void {
    const batch = { keys, written: null };
    for (const key of keys) this.#announced.set(key, batch);
  }

  /**
   * Sends one create and finds out what came of it.
   * Throws `ItemError` (`unknown` when nobody can tell) and what `send` throws.
   */
  async post(key: string, send: () => Promise<PageObjectResponse>): Promise<Posted> {
    const { api, checkpoint } = this.#context;
    await this.#announce(key);
    this.#posted.add(key);
    const since = Date.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const page = await send();
        return { pageId: page.id, url: page.url, certain: true, touched: false };
      } catch (error) {
        if (!(error instanceof InDoubtError)) throw error;
        const committed = error.committedId === null ? null : await readCommitted(api, error.committedId);
        const row = committed ?? (await this.#lookUp(key));
        if (row !== null) {
          return { pageId: row.pageId, url: row.url, certain: committed !== null, touched: row.touched };
        }
        if (attempt === 2) {
          throw new ItemError(
            'unknown',
            'Notion did not say whether it saved this page; the next run finds out.',
            error.failure,
          );
        }
        await checkpoint.repeat(key, since);
      }
    }
  }

  /**
   * Ends what was posted twice: where both arrived the oldest row stays, and of the others those go to the trash that we
   * made. Keys of which only one row shows stay in the journal: the other may come late.
   * @returns the row that stands for each key, by key
   */
  async heal(): Promise<Map<string, Row>> {
    const { checkpoint, gate, waits } = this.#context;
    const keys = checkpoint.postedTwice;
    const standing = new Map<string, Row>();
    if (keys.size === 0) return standing;
    await gate.sleep(Math.max(0, ...waits.lookupMs));
    const all = await lookFor(this.#context, [...keys.keys()]);
    const lookedAt = Date.now();
    for (const [key, at] of keys) {
      await whileFresh(async (again) => {
        const found = again ? await lookFor(this.#context, [key]) : all;
        const [oldest, ...others] = found.get(key) ?? [];
        if (oldest === undefined) return;
        standing.set(key, oldest);
        const look = (): Look => new Look(again ? 0 : Date.now() - lookedAt);
        for (const row of others) {
          if (!isSurplus(row, oldest, at)) continue;
          await trashSurplus(this.#context, key, row, look());
          this.#replace(key, row, oldest);
        }
        if (others.length > 0) checkpoint.unrepeat(key);
      });
    }
    return standing;
  }

  /** What came of `key` is written down: only from then on a process that goes on need not look for its row. */
  settle(key: string): void {
    this.#context.checkpoint.settle(key);
    this.#context.journal.settle(key);
    this.#announced.delete(key);
    this.#posted.delete(key);
  }

  /** For a sync that ends early: what was announced and never sent is not in doubt. */
  settleUnsent(): void {
    for (const key of [...this.#announced.keys()]) if (!this.#posted.has(key)) this.settle(key);
  }

  /** Later runs remember the row that stands, and not the one that was trashed. */
  #replace(key: string, trashed: Row, standing: Row): void {
    const { table } = this.#context;
    const id = table.add(key);
    if (table.row(id)?.pageId !== trashed.pageId) return;
    if (standing.createdByUs) table.setMade(id, standing);
    else table.setRow(id, standing);
  }

  async #lookUp(key: string): Promise<Row | null> {
    const { gate, waits } = this.#context;
    for (const ms of waits.lookupMs) {
      await gate.sleep(ms);
      const row = (await lookFor(this.#context, [key])).get(key)?.[0];
      if (row !== undefined) return row;
    }
    return null;
  }

  async #announce(key: string): Promise<void> {
    const batch = this.#announced.get(key);
    if (batch === undefined) return;
    const { checkpoint, journal } = this.#context;
    batch.written ??= Promise.all([checkpoint.announce(batch.keys), journal.announce(batch.keys)]).then(
      () => undefined,
    );
    await batch.written;
  }
}

/**
 * Adds the rows to the index that an earlier process may have made and queries may not show yet: of this run by its
 * checkpoint, of another one by the journal. Trashes what such a process made twice.
 * Throws what `Sender.send` throws.
 */
export async function recoverInherited(context: CreateContext, index: RowIndex): Promise<void> {
  const { checkpoint, journal, gate, waits } = context;
  const { table } = index;
  const keys = new Set([...checkpoint.inherited.keys, ...journal.inherited.flatMap((batch) => batch.keys)]);
  let unseen = [...keys].filter((key) => table.find(key) < 0);
  for (const ms of waits.lookupMs) {
    if (unseen.length === 0) break;
    await gate.sleep(ms);
    const found = await lookFor(context, unseen);
    for (const [key, [row]] of found) if (row !== undefined) table.setRow(table.add(key), row);
    unseen = unseen.filter((key) => !found.has(key));
  }
  for (const key of checkpoint.inherited.keys) checkpoint.settle(key);
  await trashMadeTwice(context, index);
}

async function trashMadeTwice(context: CreateContext, index: RowIndex): Promise<void> {
  const { journal } = context;
  const since = new Map<string, number>();
  for (const { at, keys } of journal.inherited)
    for (const key of keys) since.set(key, Math.min(at, since.get(key) ?? at));
  const kept: RowIndex['duplicates'] = [];
  for (const duplicate of index.duplicates) {
    const { key, row } = duplicate;
    const at = since.get(key);
    const standing = index.table.row(index.table.find(key));
    const isOurs = (now: Row): boolean => at !== undefined && standing !== null && isSurplus(now, standing, at);
    // The index was read a while ago.
    const isTrashed = await whileFresh(async () => {
      if (!isOurs(row)) return false;
      const now = (await lookFor(context, [key])).get(key)?.find(({ pageId }) => pageId === row.pageId);
      if (now === undefined || !isOurs(now)) return false;
      await trashSurplus(context, key, now, new Look());
      return true;
    });
    if (!isTrashed) kept.push(duplicate);
  }
  index.duplicates = kept;
}

/** The rows of `keys` as they are now; what Notion refuses to look for counts as not there. */
async function lookFor(
  { api, dataSourceId, rows }: CreateContext,
  keys: readonly string[],
): Promise<Map<string, Row[]>> {
  try {
    return await findRows(api, dataSourceId, rows, keys);
  } catch (error) {
    if (error instanceof RefusedError) return new Map();
    throw error;
  }
}

/**
 * True for a further row of a key that we made and nobody touched: made after the journal had named the key (Notion
 * rounds down to the minute), by our bot, or, where nobody can tell us from the person, with what we write.
 * @param at epoch ms of the journal's entry
 */
function isSurplus(row: Row, standing: Row, at: number): boolean {
  if (row.createdAt < Math.floor(at / 60_000) * 60_000) return false;
  if (row.createdByUs) return !mustVerify(row);
  const isEdited = mustVerify({ ...row, touched: false });
  return !isEdited && isDeepStrictEqual(row.hash, standing.hash);
}

async function readCommitted(
  api: NotionApi,
  id: string,
): Promise<{ pageId: string; url: string; touched: boolean } | null> {
  try {
    const page = await api.page(id);
    return { pageId: page.id, url: page.url, touched: false };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
