import type { RootContent } from 'mdast';
import { cleanText } from './document.js';

/** Words on one height of a PDF page. */
export interface Line {
  /** Parts with a wide gap between them; most lines have one. */
  parts: string[];
  /** From the bottom of the page, points, as all lengths here. */
  y: number;
  /** Of the letters. */
  height: number;
}

/** Of a text item of pdf.js, in the order in which the page draws them; a gap between two is an item of its own. */
interface Item {
  str: string;
  transform: number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

/** Lines nearer than this, in heights of their letters, belong to one paragraph. */
const PARAGRAPH_GAP = 1.6;
/** A gap wider than this, in heights of the letters before it, stands between cells or columns, and not between words. */
const WIDE_GAP = 1.5;
/** Columns whose lines are longer than this on average hold running text, characters. */
const RUNNING_TEXT = 30;

export function linesOf(items: readonly object[]): Line[] {
  const lines: Line[] = [];
  let current: Line | null = null;
  for (const item of items) {
    if (!('str' in item)) continue;
    const { str, transform, width, height, hasEOL } = item as Item;
    if (current === null) lines.push((current = { parts: [''], y: transform[5] ?? 0, height }));
    if (str.trim() === '' && width > current.height * WIDE_GAP) current.parts.push('');
    else current.parts[current.parts.length - 1] += str;
    current.height = Math.max(current.height, height);
    if (hasEOL) current = null;
  }
  for (const line of lines) line.parts = line.parts.map((part) => cleanText(part) ?? '').filter((part) => part !== '');
  return lines;
}

/**
 * Paragraphs and tables. Lines one after the other that fall into equally many parts are rows of a table, or where the
 * parts are long, columns of text that were drawn side by side.
 */
export function blocksOf(lines: Line[]): RootContent[] {
  const blocks: RootContent[] = [];
  let at = 0;
  while (at < lines.length) {
    const end = endOfRows(lines, at);
    const rows = lines.slice(at, end);
    if (end - at > 1) {
      const columns = (rows[0]?.parts ?? []).map((_, column) => rows.map((row) => partOf(row, column)));
      const isText = columns.every(
        (column) => average(column.map(({ parts: [words = ''] }) => words.length)) > RUNNING_TEXT,
      );
      if (isText) blocks.push(...columns.flatMap(paragraphsOf));
      else blocks.push(tableOf(rows));
      at = end;
      continue;
    }
    let next = at + 1;
    while (next < lines.length && endOfRows(lines, next) - next < 2) next += 1;
    blocks.push(...paragraphsOf(lines.slice(at, next)));
    at = next;
  }
  return blocks;
}

function endOfRows(lines: Line[], start: number): number {
  const count = lines[start]?.parts.length ?? 0;
  let end = start + 1;
  while (count > 1 && lines[end]?.parts.length === count) end += 1;
  return end;
}

function partOf({ parts, y, height }: Line, column: number): Line {
  return { parts: parts.slice(column, column + 1), y, height };
}

function average(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1);
}

function tableOf(rows: Line[]): RootContent {
  return {
    type: 'table',
    children: rows.map(({ parts }) => ({
      type: 'tableRow',
      children: parts.map((value) => ({ type: 'tableCell', children: [{ type: 'text', value }] })),
    })),
  };
}

function paragraphsOf(lines: Line[]): RootContent[] {
  const paragraphs: string[] = [];
  let last: Line | null = null;
  for (const line of lines) {
    const words = line.parts.join(' ');
    if (words === '') {
      last = null;
      continue;
    }
    const previous = paragraphs.at(-1);
    const gap = last === null ? Infinity : Math.abs(last.y - line.y);
    const sameSize = last !== null && Math.abs(last.height - line.height) < 1;
    if (previous !== undefined && last !== null && sameSize && gap <= line.height * PARAGRAPH_GAP) {
      // A word that was divided at the end of its line becomes whole again.
      const joined = /\p{Ll}-$/u.test(previous) && /^\p{Ll}/u.test(words);
      paragraphs[paragraphs.length - 1] = joined ? previous.slice(0, -1) + words : `${previous} ${words}`;
    } else paragraphs.push(words);
    last = line;
  }
  return paragraphs.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] }));
}
