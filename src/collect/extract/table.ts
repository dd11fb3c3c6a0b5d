import type { AlignType, PhrasingContent, Table, TableRow } from 'mdast';

/** Tables that only place things: one cell, or cells with headings or other tables in them. */
export function isLayoutTable(table: Element): boolean {
  if (/^(?:presentation|none)$/.test(table.getAttribute('role') ?? '')) return true;
  if (table.querySelectorAll('td, th').length <= 1) return true;
  if (table.querySelector('td table, td h1, td h2, td h3, td h4') !== null) return true;
  // Highlighters write code as a table of one row; what is left of it here is the cell with the code.
  return table.querySelectorAll('tr').length === 1 && table.querySelector('pre') !== null;
}

/** Cells and captions of the table itself, not of tables inside. */
export function ownParts(table: Element, selector: string): Element[] {
  return [...table.querySelectorAll(selector)].filter((element) => element.closest('table') === table);
}

/** Absurd numbers are a way to hang a parser. */
const MAX_SPAN = 100;

/**
 * A data table. A spanned cell is written once and followed by empty ones; a table whose first row is no head gets an
 * empty one, which Markdown cannot do without.
 * @param cellContent the words of a cell
 */
export function dataTable(table: Element, cellContent: (cell: Element) => PhrasingContent[]): Table | null {
  const rows = ownParts(table, 'tr');
  const grid: (PhrasingContent[] | undefined)[][] = rows.map(() => []);
  const align: AlignType[] = [];
  rows.forEach((row, y) => {
    let x = 0;
    for (const cell of row.children) {
      if (cell.localName !== 'td' && cell.localName !== 'th') continue;
      while (grid[y]?.[x] !== undefined) x += 1;
      const [columns, lines] = [span(cell, 'colspan'), span(cell, 'rowspan')];
      const content = cellContent(cell);
      for (let line = y; line < Math.min(y + lines, rows.length); line += 1) {
        for (let column = x; column < x + columns; column += 1) {
          const target = grid[line];
          if (target !== undefined) target[column] = line === y && column === x ? content : [];
        }
      }
      align[x] ??= alignment(cell);
      x += columns;
    }
  });
  const width = Math.max(0, ...grid.map((row) => row.length));
  const lines = grid.map((row) => tableRow(row, width));
  const filled = lines.filter(({ children }) => children.some((cell) => cell.children.length > 0));
  if (filled.length === 0) return null;
  const hasHead = rows[0] !== undefined && filled[0] === lines[0] && isHead(rows[0]);
  return {
    type: 'table',
    align: Array.from({ length: width }, (_, column) => align[column] ?? null),
    children: hasHead ? filled : [tableRow([], width), ...filled],
  };
}

/** A row of the table's head, or one that has head cells only. */
function isHead(row: Element): boolean {
  if (row.parentElement?.localName === 'thead') return true;
  return [...row.children].every((cell) => cell.localName === 'th');
}

function tableRow(cells: (PhrasingContent[] | undefined)[], width: number): TableRow {
  return {
    type: 'tableRow',
    children: Array.from({ length: width }, (_, column) => ({ type: 'tableCell', children: cells[column] ?? [] })),
  };
}

function span(cell: Element, name: string): number {
  const value = Number(cell.getAttribute(name));
  return value > 1 && value <= MAX_SPAN ? Math.floor(value) : 1;
}

function alignment(cell: Element): AlignType {
  const value =
    /text-align\s*:\s*(left|center|right)/i.exec(cell.getAttribute('style') ?? '')?.[1] ??
    cell.getAttribute('align') ??
    '';
  const word = value.toLowerCase();
  return word === 'center' || word === 'right' || word === 'left' ? word : null;
}
