import type { PageObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { NotionApi, RowQuery } from './api.js';
import { parseHash } from './hash.js';
import type { SyncHash } from './hash.js';
import { LIMITS } from './limits.js';
import type { Binding, BoundColumn } from './schema.js';

/** A row that a sync wrote, as far as the plan needs it. */
export interface Row {
  pageId: string;
  url: string;
  /** `null`: half written, edited by hand, or of an older version. */
  hash: SyncHash | null;
  source: string;
  status: string | null;
  createdTime: string;
  createdBy: string;
  /** Who touched the page last, in any way. */
  editedBy: string;
}

/** The rows by `Sync key`. Where several live rows have one key the oldest counts. */
export interface RowIndex {
  byKey: Map<string, Row>;
  duplicates: { key: string; row: Row }[];
}

/**
 * Reads all rows that have a `Sync key`, oldest first, 100 a request.
 * @param botId of rows made in the same minute, Notion's unit of time, the one that we made counts as the oldest
 * Throws what `Sender.send` throws.
 */
export async function readIndex(
  api: NotionApi,
  dataSourceId: string,
  binding: Binding,
  botId: string,
): Promise<RowIndex> {
  const index: RowIndex = { byKey: new Map(), duplicates: [] };
  const sources = new Map<string, string>();
  for await (const page of allRows(api, dataSourceId, binding)) {
    const { key, row } = readRow(page, binding);
    if (key === '') continue;
    // One string for all rows of a source: an index of 100,000 rows holds it once.
    row.source = sources.get(row.source) ?? (sources.set(row.source, row.source), row.source);
    const known = index.byKey.get(key);
    const isOlder = known === undefined || (known.createdTime === row.createdTime && known.createdBy !== botId);
    if (isOlder) index.byKey.set(key, row);
    if (known !== undefined) index.duplicates.push({ key, row: isOlder ? known : row });
  }
  return index;
}

/** The live rows that have one of `keys`, the oldest of a key first. */
export async function findRows(
  api: NotionApi,
  dataSourceId: string,
  binding: Binding,
  keys: readonly string[],
): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  const wanted = new Set(keys);
  for (let start = 0; start < keys.length; start += LIMITS.filterOperands) {
    const operands = keys.slice(start, start + LIMITS.filterOperands).map((key) => ({
      property: binding.system.key.id,
      rich_text: { equals: key },
    }));
    const query: RowQuery = {
      filter: { or: operands },
      sorts: OLDEST_FIRST,
      filter_properties: columnsRead(binding),
    };
    let cursor: string | null = null;
    do {
      const page = await api.query(dataSourceId, query, cursor);
      for (const result of page.rows) {
        const { key, row } = readRow(result, binding);
        // How Notion compares text is not specified; only the exact key is ours.
        if (wanted.has(key)) found.set(key, [...(found.get(key) ?? []), row]);
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  return found;
}

const OLDEST_FIRST: NonNullable<RowQuery['sorts']> = [{ timestamp: 'created_time', direction: 'ascending' }];

/**
 * Streams past Notion's cap of 10,000 results per query: a capped query is followed by one that begins at the creation
 * time where it ended, because that time never changes.
 */
async function* allRows(api: NotionApi, dataSourceId: string, binding: Binding): AsyncGenerator<PageObjectResponse> {
  const hasKey = { property: binding.system.key.id, rich_text: { is_not_empty: true as const } };
  const seen = new Set<string>();
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
        from = row.created_time;
        if (seen.has(row.id)) continue;
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

function columnsRead({ system }: Binding): string[] {
  return [system.key.id, system.hash.id, system.source.id, system.status.id];
}

function readRow(page: PageObjectResponse, { system }: Binding): { key: string; row: Row } {
  const key = textOf(page, system.key);
  return {
    key,
    row: {
      pageId: page.id,
      url: page.url,
      hash: parseHash(textOf(page, system.hash)),
      source: textOf(page, system.source),
      status: selectOf(page, system.status),
      createdTime: page.created_time,
      createdBy: page.created_by.id,
      editedBy: page.last_edited_by.id,
    },
  };
}

function textOf(page: PageObjectResponse, column: BoundColumn): string {
  const property = Object.values(page.properties).find(({ id }) => id === column.id);
  return property?.type === 'rich_text' ? property.rich_text.map((item) => item.plain_text).join('') : '';
}

function selectOf(page: PageObjectResponse, column: BoundColumn): string | null {
  const property = Object.values(page.properties).find(({ id }) => id === column.id);
  return property?.type === 'select' ? (property.select?.name ?? null) : null;
}
