import type { BlockDraft, RichText } from '../block.js';
import { parseInline } from './inline-parse.js';
import { literalEnd, parseAttributes } from './scan.js';

/**
 * Reads a `<table>` from its lines.
 * @param source from `<table` to `</table>`, lines joined by newlines
 * @returns `null` when it is not a table that Notion could hold: no rows, rows of unequal length, text or blocks outside
 *   of cells, a cell over several lines
 */
export function parseTable(source: string): BlockDraft | null {
  const rows: RichText[][][] = [];
  const tags = splitTags(source);
  let row: RichText[][] | null = null;
  let cell: string | null = null;
  let attributes: Record<string, string> = {};
  for (const part of tags) {
    if (part.tag === null) {
      if (cell !== null) cell += part.source;
      else if (part.source.trim() !== '') return null;
    } else if (part.tag === 'td') {
      if (row === null || cell !== null) return null;
      cell = '';
    } else if (part.tag === '/td') {
      if (row === null || cell === null || cell.includes('\n')) return null;
      row.push(parseInline(cell));
      cell = null;
    } else if (cell !== null) return null;
    else if (part.tag === 'table') attributes = parseAttributes(part.source);
    else if (part.tag === 'tr') {
      if (row !== null) return null;
      row = [];
    } else if (part.tag === '/tr') {
      if (row === null) return null;
      rows.push(row);
      row = null;
    }
  }
  return tableOf(rows, attributes['header-row'] === 'true', attributes['header-column'] === 'true');
}

/** Whether `line` divides a pipe table's head from its body. */
export function isPipeDivider(line: string | undefined): boolean {
  return line !== undefined && line.includes('|') && /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(line);
}

/** The cells of a pipe table's row, `null` when nothing on the line divides cells. Escaped pipes and those in code are text. */
export function pipeCells(line: string): string[] | null {
  const trimmed = line.trim();
  const cells: string[] = [];
  let start = 0;
  for (let i = 0; i < trimmed.length;) {
    const end = literalEnd(trimmed, i);
    if (end > i) i = end;
    else {
      if (trimmed[i] === '|') {
        cells.push(trimmed.slice(start, i));
        start = i + 1;
      }
      i++;
    }
  }
  if (cells.length === 0) return null;
  cells.push(trimmed.slice(start));
  if (cells[0] === '') cells.shift();
  if (cells.at(-1) === '') cells.pop();
  return cells.map((cell) => cell.trim());
}

/** A table from a pipe table's rows, head first; `null` when they are of unequal length. */
export function parsePipeTable(rows: readonly string[][]): BlockDraft | null {
  return tableOf(
    rows.map((cells) => cells.map(parseInline)),
    true,
    false,
  );
}

function tableOf(rows: RichText[][][], columnHeader: boolean, rowHeader: boolean): BlockDraft | null {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width)) return null;
  return {
    type: 'table',
    value: { table_width: width, has_column_header: columnHeader, has_row_header: rowHeader },
    children: rows.map((cells) => ({ type: 'table_row', value: { cells }, children: [] })),
  };
}

interface Part {
  /** Name with a leading slash for closing tags; `null` for text. */
  tag: string | null;
  source: string;
}

/** Cuts at the tags that make a table; everything else, other tags too, is text. */
function splitTags(source: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (let i = 0; i < source.length;) {
    const literal = literalEnd(source, i);
    if (literal > i) {
      i = literal;
      continue;
    }
    const match =
      source[i] === '<' ? /^<(\/?(?:table|colgroup|col|tr|td))(?:\s[^<>]*)?>/.exec(source.slice(i, i + 2000)) : null;
    if (match?.[1] === undefined) {
      i++;
      continue;
    }
    if (i > start) parts.push({ tag: null, source: source.slice(start, i) });
    parts.push({ tag: match[1], source: match[0] });
    i += match[0].length;
    start = i;
  }
  if (start < source.length) parts.push({ tag: null, source: source.slice(start) });
  return parts;
}
