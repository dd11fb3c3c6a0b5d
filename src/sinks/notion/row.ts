import type { PageObjectResponse } from '@notionhq/client';
import { parseHash } from './hash.js';
import type { RowHash } from './hash.js';
import { plainText } from './rich-text.js';
import type { Binding, BoundColumn } from './schema.js';
import { rowSource } from './source.js';
import type { RowSource } from './source.js';

/** A row that a sync wrote, as far as the plan needs it. */
export interface Row {
  pageId: string;
  url: string;
  /** `null`: edited by hand, or of an older version. */
  hash: RowHash | 'writing' | null;
  /** Who wrote it. */
  source: RowSource;
  status: string | null;
  /** Epoch ms; Notion rounds down to the minute. */
  createdAt: number;
  /** When anybody changed the page last in any way; as above. */
  editedAt: number;
  /** False also for our own rows where a token writes as the person who gave it. */
  createdByUs: boolean;
  /** Somebody else than our bot was the last to change the page in any way; as above. */
  touched: boolean;
}

/** What a row is read against. */
export interface RowContext {
  binding: Binding;
  botId: string;
  /** This run's value of the `Source` column. */
  source: string;
}

/** A page of the database → its key (empty for rows that no sync wrote) and the row. Pure. */
export function readRow(page: PageObjectResponse, context: RowContext): { key: string; row: Row } {
  const { system } = context.binding;
  return {
    key: textOf(page, system.key),
    row: {
      pageId: page.id,
      url: page.url,
      hash: parseHash(textOf(page, system.hash)),
      source: rowSource(textOf(page, system.source), context.source),
      status: selectOf(page, system.status),
      createdAt: Date.parse(page.created_time),
      editedAt: Date.parse(page.last_edited_time),
      createdByUs: page.created_by.id === context.botId,
      touched: page.last_edited_by.id !== context.botId,
    },
  };
}

/** The text in one of our columns; empty where there is none. */
export function textOf(page: PageObjectResponse, column: BoundColumn): string {
  const property = Object.values(page.properties).find(({ id }) => id === column.id);
  return property?.type === 'rich_text' ? plainText(property.rich_text) : '';
}

function selectOf(page: PageObjectResponse, column: BoundColumn): string | null {
  const property = Object.values(page.properties).find(({ id }) => id === column.id);
  return property?.type === 'select' ? (property.select?.name ?? null) : null;
}
