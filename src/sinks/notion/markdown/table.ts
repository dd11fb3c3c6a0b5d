import type { Table, TableCell } from 'mdast';
import type { Context } from './context.js';
import { escapeLineStart } from './escape.js';
import { renderLine } from './inline.js';
import { segmentsOf } from './segments.js';

/** Arrays in Notion's API hold 100 elements (request-limits), cells of a row among them. */
const MAX_COLUMNS = 100;

/** Empty cells that a table may get in all, so that its rows are as wide as the widest: a hostile one would get millions. */
const MAX_EMPTY_CELLS = 10_000;

/**
 * A table with as many cells in every row. Cells beyond the hundredth stand in the last one, on lines of their own. A
 * head without text (tables made for layout) is left out. A table with too many cells missing becomes lines of text.
 * @returns lines, the outermost without indentation; none when no cell shows anything
 */
export function tableLines(node: Table, context: Context): string[] {
  const rows = node.children.map((row) => capped(row.children.map((cell) => cellText(cell, context))));
  const hasHead = rows[0]?.some((cell) => cell !== '') ?? false;
  const shown = hasHead ? rows : rows.slice(1);
  if (!shown.some((row) => row.some((cell) => cell !== ''))) return [];
  const width = shown.reduce((widest, row) => Math.max(widest, row.length), 0);
  if (shown.reduce((empty, row) => empty + width - row.length, 0) > MAX_EMPTY_CELLS) return shown.flatMap(textLine);
  return [
    `<table header-row="${hasHead}">`,
    ...shown.flatMap((row) => rowLines([...row, ...Array<string>(width - row.length).fill('')])),
    '</table>',
  ];
}

/** One `<tr>` with its cells, indented for its place in a table. */
export function rowLines(cells: readonly string[]): string[] {
  return ['\t<tr>', ...cells.map((cell) => `\t\t<td>${cell}</td>`), '\t</tr>'];
}

function textLine(cells: readonly string[]): string[] {
  const text = cells.filter((cell) => cell !== '').join(' \\| ');
  return text === '' ? [] : [escapeLineStart(text)];
}

function cellText(cell: TableCell, context: Context): string {
  const segments = segmentsOf(cell.children, context, false).filter((segment) => segment.kind !== 'image');
  return renderLine(segments, 'between-tags');
}

function capped(cells: readonly string[]): string[] {
  if (cells.length <= MAX_COLUMNS) return [...cells];
  const rest = cells.slice(MAX_COLUMNS - 1).filter((cell) => cell !== '');
  return [...cells.slice(0, MAX_COLUMNS - 1), rest.join('<br>')];
}
