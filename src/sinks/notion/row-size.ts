import { toProperty } from './properties.js';
import type { BoundColumn } from './schema.js';
import { cut } from './values.js';
import type { ColumnType, Mapped, MappedValue } from './values.js';

/**
 * Bytes of JSON that the columns of a row may have together: a request of `LIMITS.requestBytes` holds them beside the
 * beginning of the body, and each column alone may be longer than a request.
 */
const ROW_BYTES = 200_000;

const TOO_LONG = `so that the columns of a row hold at most ${ROW_BYTES / 1000} KB together`;

/** Shortens the longest cells of a row that is too large, all of them to the same size. Pure. */
export function fitRow(cells: ReadonlyMap<BoundColumn, Mapped>): ReadonlyMap<BoundColumn, Mapped> {
  const sizes = [...cells].map(([{ type }, { value }]) => bytesOf(type, value));
  const most = share(sizes, ROW_BYTES);
  if (most === Infinity) return cells;
  return new Map([...cells].map(([column, cell]) => [column, fitCell(column.type, cell, most)]));
}

/** The most that each of `sizes` may have, so that together they have no more than `total`; `Infinity` where they fit. */
function share(sizes: readonly number[], total: number): number {
  let left = total;
  for (const [index, size] of [...sizes].sort((a, b) => a - b).entries()) {
    const each = Math.floor(left / (sizes.length - index));
    if (size > each) return each;
    left -= size;
  }
  return Infinity;
}

function fitCell(type: ColumnType, cell: Mapped, most: number): Mapped {
  const { value } = cell;
  if (bytesOf(type, value) <= most) return cell;
  const isText = type === 'title' || type === 'rich_text';
  if (typeof value === 'string' && isText) return shortened(type, value.length, (length) => cut(value, length), most);
  if (Array.isArray(value)) return shortened(type, value.length, (length) => value.slice(0, length), most);
  // Half an address leads nowhere; what is left here has no length to speak of.
  return typeof value === 'string' ? { value: null, note: `left out: ${TOO_LONG}` } : cell;
}

/** @param take the beginning of the value that has a given length */
function shortened(type: ColumnType, whole: number, take: (length: number) => string | string[], most: number): Mapped {
  let [fits, over] = [0, whole];
  while (over - fits > 1) {
    const length = Math.floor((fits + over) / 2);
    if (bytesOf(type, take(length)) <= most) fits = length;
    else over = length;
  }
  const value = take(fits);
  return value.length === 0
    ? { value: null, note: `left out: ${TOO_LONG}` }
    : { value, note: `shortened: ${TOO_LONG}` };
}

function bytesOf(type: ColumnType, value: MappedValue): number {
  return Buffer.byteLength(JSON.stringify(toProperty(type, value)));
}
