import type { PageObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { NotionApi, RowQuery } from './api.js';
import { LIMITS } from './limits.js';
import type { Row, RowContext } from './row.js';
import { plainText } from './rich-text.js';
import { readRow, textOf } from './row.js';
import type { ShownRow } from './fresh-rows.js';
import { RowTable } from './row-table.js';
import { NOT_YET } from './schema.js';
import type { Binding } from './schema.js';

/** The rows by `Sync key`. Where several live rows have one key the oldest counts. */
export interface RowIndex {
  table: RowTable;
  duplicates: { key: string; row: Row }[];
}

export function emptyIndex(): RowIndex {
  return { table: new RowTable(), duplicates: [] };
}

/**
 * Reads all rows that have a `Sync key`, oldest first, 100 a request. Of rows made in the same minute, Notion's unit of
 * time, the one that we made counts as the oldest.
 * Throws what `Sender.send` throws.
 */
export async function readIndex(api: NotionApi, dataSourceId: string, context: RowContext): Promise<RowIndex> {
  const index = emptyIndex();
  const { table } = index;
  for await (const page of allRows(api, dataSourceId, context.binding)) {
    const { key, row } = readRow(page, context);
    if (key === '') continue;
    const id = table.add(key);
    const known = table.row(id);
    const isOlder = known === null || (known.createdAt === row.createdAt && !known.createdByUs && row.createdByUs);
    if (isOlder) table.setRow(id, row);
    if (known !== null) index.duplicates.push({ key, row: isOlder ? known : row });
  }
  return index;
}

/** All rows of the index and those that were made, as later runs remember them. */
export function* liveRows({
  table,
}: RowIndex): Generator<{ key: string; pageId: string; made: boolean; chunk: number }> {
  for (let id = 0; id < table.size; id++) {
    const row = table.row(id);
    if (row !== null)
      yield { key: table.keyOf(id), pageId: row.pageId, made: table.isMade(id), chunk: table.chunkOf(id) };
  }
}

/** The live rows that have one of `keys`, the oldest of a key first. */
export async function findRows(
  api: NotionApi,
  dataSourceId: string,
  context: RowContext,
  keys: readonly string[],
): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for await (const page of pagesOf(api, dataSourceId, context.binding, keys, columnsRead(context.binding))) {
    const { key, row } = readRow(page, context);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
}

/** As `findRows`, each row with its title. */
export async function showRows(
  api: NotionApi,
  dataSourceId: string,
  context: RowContext,
  keys: readonly string[],
): Promise<ShownRow[]> {
  const { binding } = context;
  const shown: ShownRow[] = [];
  for await (const page of pagesOf(api, dataSourceId, binding, keys, [...columnsRead(binding), binding.title.id])) {
    shown.push({ row: readRow(page, context).row, title: titleOf(page) });
  }
  return shown;
}

/** The live pages that have one of `keys` in their key column, up to 100 keys a request. */
async function* pagesOf(
  api: NotionApi,
  dataSourceId: string,
  binding: Binding,
  keys: readonly string[],
  columns: string[],
): AsyncGenerator<PageObjectResponse> {
  const wanted = new Set(keys);
  for (const or of filtersOf(keys, binding.system.key.id)) {
    const query: RowQuery = {
      filter: { or },
      sorts: OLDEST_FIRST,
      filter_properties: columns,
    };
    let cursor: string | null = null;
    do {
      const page = await api.query(dataSourceId, query, cursor);
      // How Notion compares text is not specified; only the exact key is ours.
      for (const row of page.rows) if (wanted.has(textOf(row, binding.system.key))) yield row;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}

type KeyFilter = { property: string; rich_text: { equals: string } };

/** Conditions for `keys`, as many together as one request takes. No row can have a key that no request can hold. */
function filtersOf(keys: readonly string[], property: string): KeyFilter[][] {
  const filters: KeyFilter[][] = [];
  let bytes = 0;
  for (const key of keys) {
    if (UNSENDABLE.test(key)) continue;
    const filter: KeyFilter = { property, rich_text: { equals: key } };
    const size = Buffer.byteLength(JSON.stringify(filter)) + 1;
    const last = filters.at(-1);
    const fits = bytes + size <= LIMITS.requestBytes - ENVELOPE_BYTES;
    if (last !== undefined && fits && last.length < LIMITS.filterOperands) last.push(filter);
    else {
      filters.push([filter]);
      bytes = 0;
    }
    bytes += size;
  }
  return filters;
}

/** Room for what a query holds beside its conditions. */
const ENVELOPE_BYTES = 3000;

/** C0 controls but tab and line breaks, and halves of surrogate pairs: Notion stores no text with them. */
const UNSENDABLE = /(?![\t\n\r\u007f-\u009f])\p{Cc}|\p{Surrogate}/u;

const OLDEST_FIRST: NonNullable<RowQuery['sorts']> = [{ timestamp: 'created_time', direction: 'ascending' }];

/**
 * Streams past Notion's cap of 10,000 results per query: a capped query is followed by one that begins at the creation
 * time where it ended, because that time never changes.
 */
async function* allRows(api: NotionApi, dataSourceId: string, binding: Binding): AsyncGenerator<PageObjectResponse> {
  const hasKey = { property: binding.system.key.id, rich_text: { is_not_empty: true as const } };
  /** Ids of the rows made in the minute `from`: only those can come twice. */
  let seen = new Set<string>();
  let from: string | null = null;
  for (;;) {
    const after: string | null = from;
    const query: RowQuery = {
      filter:
        after === null
          ? hasKey
          : { and: [hasKey, { timestamp: 'created_time', created_time: { on_or_after: after } }] },
      sorts: OLDEST_FIRST,
      filter_properties: columnsRead(binding),
    };
    let cursor: string | null = null;
    let incomplete = false;
    do {
      const page = await api.query(dataSourceId, query, cursor);
      for (const row of page.rows) {
        if (seen.has(row.id)) continue;
        if (row.created_time !== from) seen = new Set();
        from = row.created_time;
        seen.add(row.id);
        yield row;
      }
      incomplete ||= page.incomplete;
      cursor = page.nextCursor;
    } while (cursor !== null);
    if (!incomplete) return;
    if (from === after) {
      throw new DestinationError(
        'The Notion database holds more rows that were made within one minute than Notion can list. Use another database.',
      );
    }
  }
}

/** In a dry run some may not exist yet. */
function columnsRead({ system }: Binding): string[] {
  return [system.key.id, system.hash.id, system.source.id, system.status.id].filter((id) => id !== NOT_YET);
}

function titleOf(page: PageObjectResponse): string {
  const property = Object.values(page.properties).find(({ type }) => type === 'title');
  return property?.type === 'title' ? plainText(property.title) : '';
}
