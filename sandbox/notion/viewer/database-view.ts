import { html } from 'hono/html';
import type { Markup } from '../../markup.js';
import { plainText } from '../block.js';
import { compactId } from '../ids.js';
import type { Database, DataSource, Page, Property } from '../records.js';
import type { WorldStore } from '../store.js';
import { counted, nameOf } from './frame.js';
import { valueView } from './value-view.js';

/** What of a database is asked for in the address. */
export interface TableQuery {
  allColumns: boolean;
  trash: boolean;
  /** From 1. */
  page: number;
}

const ROWS_PER_PAGE = 100;
const FIRST_COLUMNS = ['URL', 'Status', 'Changed'];

/** Reads `?columns=all&show=trash&page=2`. */
export function tableQuery(query: URLSearchParams): TableQuery {
  const page = Number.parseInt(query.get('page') ?? '1', 10);
  return {
    allColumns: query.get('columns') === 'all',
    trash: query.get('show') === 'trash',
    page: page > 0 ? page : 1,
  };
}

/** A database as a table of its rows. */
export function databaseView(store: WorldStore, database: Database, query: TableQuery): Markup {
  const sources = database.dataSourceIds.flatMap((id) => store.dataSources.get(id) ?? []);
  const description = plainText(database.description);
  return html`<h1>${nameOf(store, database)}</h1>
    ${description === '' ? '' : html`<p class="soft">${description}</p>`}
    ${sources.map(
      (source) => html`
        ${sources.length > 1 ? html`<h2>${plainText(source.title) || 'Untitled'}</h2>` : ''}
        ${sourceView(store, source, query)}
      `,
    )}`;
}

function sourceView(store: WorldStore, source: DataSource, query: TableQuery): Markup {
  const all = [...(store.rows.get(source.id) ?? [])].flatMap((id) => store.pages.get(id) ?? []);
  const shown = all.filter((row) => row.in_trash === query.trash);
  const trashed = all.filter((row) => row.in_trash).length;
  const columns = columnsOf(source, query.allColumns);
  const hidden = source.properties.size - columns.length;
  const from = (query.page - 1) * ROWS_PER_PAGE;
  const rows = shown.slice(from, from + ROWS_PER_PAGE);
  return html`<p class="tools">
      <span>${counted(shown.length, 'row')}${query.trash ? ' in the trash' : ''}</span>
      ${hidden > 0 ? html`<a href="${address({ ...query, allColumns: true })}">Show ${counted(hidden, 'more column')}</a>` : ''}
      ${query.allColumns ? html`<a href="${address({ ...query, allColumns: false })}">Show fewer columns</a>` : ''}
      ${query.trash ? html`<a href="${address({ ...query, trash: false, page: 1 })}">Back to the rows</a>` : ''}
      ${!query.trash && trashed > 0 ? html`<a href="${address({ ...query, trash: true, page: 1 })}">${trashed} in the trash</a>` : ''}
    </p>
    ${rows.length === 0 ? html`<p class="soft nothing">No rows here yet.</p>` : tableView(store, columns, rows)}
    ${pager(query, shown.length)}`;
}

function tableView(store: WorldStore, columns: readonly Property[], rows: readonly Page[]): Markup {
  return html`<div class="scroll rows" role="region" aria-label="Rows" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => cellView(store, row, column))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellView(store: WorldStore, row: Page, column: Property): Markup {
  if (column.type === 'title') {
    return html`<th scope="row"><a href="/p/${compactId(row.id)}">${nameOf(store, row)}</a></th>`;
  }
  return html`<td><div class="cell ${column.type}">${valueView(store, row, column) ?? ''}</div></td>`;
}

/** The title first, then what a reader of a synced site looks for, then (when asked for) the others as they were made. */
function columnsOf(source: DataSource, all: boolean): Property[] {
  const columns = [...source.properties.values()];
  const title = columns.filter((column) => column.type === 'title');
  const first = FIRST_COLUMNS.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const rest = columns.filter((column) => !title.includes(column) && !first.includes(column));
  // A database without our columns has its own, and then there is nothing to put first.
  return all || first.length === 0 ? [...title, ...first, ...rest] : [...title, ...first];
}

function pager(query: TableQuery, count: number): Markup {
  const last = Math.ceil(count / ROWS_PER_PAGE);
  if (last <= 1) return html``;
  const link = (page: number, text: string) =>
    page < 1 || page > last ? '' : html`<a href="${address({ ...query, page })}">${text}</a>`;
  return html`<nav class="tools" aria-label="Pages of rows">
    ${link(query.page - 1, 'Before')} <span>Page ${query.page} of ${last}</span> ${link(query.page + 1, 'Next')}
  </nav>`;
}

function address(query: TableQuery): string {
  const search = new URLSearchParams();
  if (query.allColumns) search.set('columns', 'all');
  if (query.trash) search.set('show', 'trash');
  if (query.page > 1) search.set('page', String(query.page));
  return `?${search.toString()}`;
}
