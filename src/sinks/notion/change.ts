import type { RowChange } from '../sink.js';
import type { ItemValues } from './item-values.js';
import type { MappedValue } from './values.js';
import { cut } from './values.js';

/** An item's state, whole or as it is kept between runs, to tell what changed. */
export interface Snapshot {
  /** By column name, cut. */
  fields: Record<string, string>;
  /** Of the body, each cut; `null` when it was not written. Of the whole ones `kept` takes the first. */
  lines: string[] | null;
}

const KEPT = { field: 200, line: 160, lines: 300 } as const;
const SHOWN = { lines: 5, value: 80 } as const;

/** Pure. @param markdown `null` when bodies are not synced */
export function snapshotOf(values: ItemValues['values'], markdown: string | null): Snapshot {
  const fields: Record<string, string> = {};
  for (const [column, value] of values) if (value !== null) fields[column.spec.name] = cut(textOf(value), KEPT.field);
  const lines =
    markdown
      ?.split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '') ?? null;
  return { fields, lines: lines?.map((line) => cut(line, KEPT.line)) ?? null };
}

/** What is kept of a state. Pure. */
export function kept({ fields, lines }: Snapshot): Snapshot {
  return { fields, lines: lines?.slice(0, KEPT.lines) ?? null };
}

/**
 * What changed between two states: fields before and after, headings and lines added and removed. Pure.
 * @param before as it was kept; of what may have been cut off nothing is told
 * @param after whole
 */
export function changeOf(before: Snapshot, after: Snapshot): RowChange {
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])];
  const fields = names
    .filter((name) => before.fields[name] !== after.fields[name])
    .map((name) => ({ name, before: before.fields[name] ?? null, after: after.fields[name] ?? null }));
  const [old, now] = before.lines === null || after.lines === null ? [[], []] : [before.lines, after.lines];
  const added = addedTo(old, now);
  const isLess = surplus(old, now);
  const removed = old.filter((_, index) => isLess[index] === true);
  const change = {
    fields,
    headings: { added: headings(added), removed: headings(removed) },
    lines: {
      added: texts(added).slice(0, SHOWN.lines),
      removed: texts(removed).slice(0, SHOWN.lines),
      addedCount: texts(added).length,
      removedCount: texts(removed).length,
    },
  };
  return { ...change, summary: summaryOf(change) };
}

/** One line, as the column `Last change` shows it. */
function summaryOf({ fields, headings: { added, removed }, lines }: Omit<RowChange, 'summary'>): string {
  const parts = [
    ...fields.map(({ name, before, after }) => `${name}: ${short(before)} → ${short(after)}`),
    ...added.map((heading) => `new section "${short(heading)}"`),
    ...removed.map((heading) => `section "${short(heading)}" removed`),
    ...(lines.addedCount > 0 ? [`${lines.addedCount} ${lines.addedCount === 1 ? 'line' : 'lines'} added`] : []),
    ...(lines.removedCount > 0 ? [`${lines.removedCount} ${lines.removedCount === 1 ? 'line' : 'lines'} removed`] : []),
  ];
  return cut(parts.join('; '), 1000);
}

/**
 * The lines of `now` that `old` does not hold. Where `old` may have been cut, what comes after the last line that both hold
 * may have stood there before.
 */
function addedTo(old: readonly string[], now: readonly string[]): string[] {
  const isMore = surplus(now, old);
  const last = isMore.lastIndexOf(false);
  const end = old.length < KEPT.lines || last < 0 ? now.length : last;
  return now.filter((_, index) => isMore[index] === true && index < end);
}

/** Of each entry of `lines` whether it is one more than `others` holds. */
function surplus(lines: readonly string[], others: readonly string[]): boolean[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.map((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

function headings(lines: readonly string[]): string[] {
  return lines.filter(isHeading).map((line) => line.replace(/^#+\s*/, ''));
}

function texts(lines: readonly string[]): string[] {
  return lines.filter((line) => !isHeading(line));
}

function isHeading(line: string): boolean {
  return /^#{1,6}\s/.test(line);
}

function short(text: string | null): string {
  if (text === null) return 'nothing';
  return text.length > SHOWN.value ? `${cut(text, SHOWN.value)}…` : text;
}

function textOf(value: Exclude<MappedValue, null>): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}
