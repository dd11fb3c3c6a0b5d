import { jsonBytes } from './bytes.js';
import { escapeLineStart } from './escape.js';
import { splitLine, splitLiteral } from './split-line.js';
import { rowLines } from './table.js';

/** Bytes that a part needs at least: the widest table's row at the deepest level and the longest link fit together. */
export const MIN_PART_BYTES = 16_384;
/** What the children of a divided toggle or callout need at least. */
const MIN_ROOM = 8192;

/** A newline or a tab, as JSON writes it. */
const ESCAPE_BYTES = 2;
const QUOTES_BYTES = 2;

/**
 * Most blocks of one request. Documented for arrays of blocks (https://developers.notion.com/reference/request-limits);
 * whether it holds for markdown, too, is not, so no part has more.
 */
export const MAX_PART_BLOCKS = 1000;

/** How much room a block has: bytes, blocks with those inside, and the tabs that its lines will get in addition. */
interface Room {
  bytes: number;
  blocks: number;
  tabs: number;
}

/**
 * Divides a body for several requests, of at most `MAX_PART_BLOCKS` each. Cuts between top-level blocks; a single block over the limit is divided into
 * several of its kind: code into fences, a table by rows, a toggle or callout into several with the same head, text at
 * words. Children of a divided list item or quote that do not fit beside it follow one level higher.
 * @param body what `toNotionMarkdown` returned
 * @param maxBytes most bytes of one part as a JSON string in UTF-8, quotes included; at least `MIN_PART_BYTES`, or `RangeError`
 * @returns the parts in order, none of them empty; joined by newlines they are the body unless a block was divided
 */
export function splitBody(body: string, maxBytes: number): string[] {
  if (maxBytes < MIN_PART_BYTES)
    throw new RangeError(`splitBody needs at least ${MIN_PART_BYTES} bytes, got ${maxBytes}.`);
  if (body === '') return [];
  const room = { bytes: maxBytes - QUOTES_BYTES, blocks: MAX_PART_BLOCKS, tabs: 0 };
  const blocks = blocksOf(body.split('\n')).flatMap((lines) => fit(lines, room));
  return pack(blocks, room, countBlocks).map((part) => part.join('\n'));
}

/** Bytes of lines joined by newlines, each with its tabs to come. */
function size(lines: readonly string[], tabs: number): number {
  const perLine = (1 + tabs) * ESCAPE_BYTES;
  return lines.reduce((sum, line) => sum + jsonBytes(line) + perLine, -ESCAPE_BYTES);
}

/**
 * Joins groups of lines as long as they fit together.
 * @param count how many blocks a group is
 */
function pack(groups: readonly string[][], room: Room, count: (group: readonly string[]) => number): string[][] {
  const parts: string[][] = [];
  let used = Infinity;
  let held = 0;
  for (const group of groups) {
    const bytes = size(group, room.tabs) + ESCAPE_BYTES;
    const blocks = count(group);
    if (used + bytes > room.bytes || held + blocks > room.blocks) {
      parts.push([]);
      used = -ESCAPE_BYTES;
      held = 0;
    }
    for (const line of group) parts.at(-1)?.push(line);
    used += bytes;
    held += blocks;
  }
  return parts;
}

/** How many blocks these lines are: each that is not part of a fence, an equation or a table, and each row of a table. */
function countBlocks(lines: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]?.trimStart() ?? '';
    if (line.startsWith('</') || line.startsWith('<summary>')) continue;
    count++;
    const close = closingOf(line);
    if (close === null || close === '</details>' || close === '</callout>') continue;
    for (at++; at < lines.length && lines[at]?.trimStart() !== close; at++) if (lines[at]?.endsWith('<tr>')) count++;
  }
  return count;
}

/** The lines of each block: those of a fence, an equation or between tags, and the tabbed ones below a line. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = [];
  for (let at = 0; at < lines.length;) {
    const start = at;
    const close = closingOf(lines[at] ?? '');
    at++;
    if (close !== null) {
      while (at < lines.length && lines[at] !== close) at++;
      at++;
    } else while (lines[at]?.startsWith('\t')) at++;
    blocks.push(lines.slice(start, at));
  }
  return blocks;
}

/** The line that ends what `line` begins, `null` when it is a block by itself. Serialized text never begins like this. */
function closingOf(line: string): string | null {
  const fence = /^(`{3,})[^`]*$/.exec(line)?.[1];
  if (fence !== undefined || line === '$$') return fence ?? line;
  const tag = /^<(table|details|callout)[ >]/.exec(line)?.[1];
  return tag === undefined ? null : `</${tag}>`;
}

function fit(block: string[], room: Room): string[][] {
  if (size(block, room.tabs) <= room.bytes && countBlocks(block) <= room.blocks) return [block];
  const first = block[0] ?? '';
  if (first.startsWith('```')) return splitCode(block, room);
  if (first.startsWith('<table')) return splitTable(block, room);
  if (first === '<details>') return splitContainer(block, 2, room);
  if (first.startsWith('<callout')) return splitContainer(block, 1, room);
  return splitText(block, room);
}

/** What `lines` around it leave of the room. */
function inside(lines: readonly string[], room: Room, deeper: 0 | 1 = 0): Room {
  return {
    bytes: room.bytes - size(lines, room.tabs) - ESCAPE_BYTES,
    blocks: room.blocks - 1,
    tabs: room.tabs + deeper,
  };
}

function splitCode(block: readonly string[], room: Room): string[][] {
  const [opening, closing] = [block[0] ?? '', block.at(-1) ?? ''];
  const inner = inside([opening, closing], room);
  const lines = block.slice(1, -1).flatMap((line) => splitLiteral(line, inner.bytes - inner.tabs * ESCAPE_BYTES));
  const bodies = pack(
    lines.map((line) => [line]),
    inner,
    () => 0,
  );
  return bodies.map((body) => [opening, ...body, closing]);
}

/** The head stays with the first part: repeated it would be text that the page does not have. */
function splitTable(block: readonly string[], room: Room): string[][] {
  const [opening, closing] = [block[0] ?? '', block.at(-1) ?? ''];
  const inner = inside([opening, closing], room);
  const parts = pack(
    rowsOf(block).flatMap((cells) => splitRow(cells, inner)),
    inner,
    () => 1,
  );
  return parts.map((rows, index) => [index === 0 ? opening : '<table header-row="false">', ...rows, closing]);
}

function rowsOf(table: readonly string[]): string[][] {
  const rows: string[][] = [];
  for (const line of table) {
    if (line === '\t<tr>') rows.push([]);
    const cell = /^\t\t<td>(.*)<\/td>$/.exec(line)?.[1];
    if (cell !== undefined) rows.at(-1)?.push(cell);
  }
  return rows;
}

/** A row over the limit goes on in rows below it, each cell in its column. */
function splitRow(cells: readonly string[], room: Room): string[][] {
  const whole = rowLines(cells);
  if (size(whole, room.tabs) <= room.bytes) return [whole];
  const empty = cells.map(() => '');
  const inner = room.bytes - size(rowLines(empty), room.tabs);
  const rows: string[][] = [];
  let row = [...empty];
  let used = 0;
  cells.forEach((cell, column) => {
    for (const piece of splitLine(cell, inner)) {
      const bytes = jsonBytes(piece);
      if (used + bytes > inner || row[column] !== '') {
        rows.push(row);
        [row, used] = [[...empty], 0];
      }
      row[column] = piece;
      used += bytes;
    }
  });
  return [...rows, row].map(rowLines);
}

/** @param head how many lines come before the children */
function splitContainer(block: readonly string[], head: number, room: Room): string[][] {
  const [opening, closing] = [block.slice(0, head), block.at(-1) ?? ''];
  const children = dedented(block.slice(head, -1));
  const inner = inside([...opening, closing], room, 1);
  if (inner.bytes < MIN_ROOM || inner.blocks < 1) {
    const summary = /^<summary>(.*)<\/summary>$/.exec(opening[1] ?? '')?.[1] ?? '';
    return [[escapeLineStart(summary)], ...children].flatMap((child) => fit(child, room));
  }
  const parts = pack(
    children.flatMap((child) => fit(child, inner)),
    inner,
    countBlocks,
  );
  return parts.map((part) => [...opening, ...part.map((line) => `\t${line}`), closing]);
}

/** A line with children: the line, children beside it as far as they fit, the rest one level higher. */
function splitText(block: readonly string[], room: Room): string[][] {
  const [line = '', ...children] = block;
  const lines = splitLine(line, room.bytes - room.tabs * ESCAPE_BYTES).map((piece) => [piece]);
  const below = dedented(children);
  const last = lines.at(-1) ?? [];
  let used = size(last, room.tabs);
  let held = 1;
  let beside = 0;
  for (const child of below) {
    used += size(child, room.tabs + 1) + ESCAPE_BYTES;
    held += countBlocks(child);
    if (used > room.bytes || held > room.blocks) break;
    for (const text of child) last.push(`\t${text}`);
    beside++;
  }
  return [...lines, ...below.slice(beside).flatMap((child) => fit(child, room))];
}

function dedented(children: readonly string[]): string[][] {
  return blocksOf(children.map((line) => (line.startsWith('\t') ? line.slice(1) : line)));
}
