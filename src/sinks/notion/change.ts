import type { RowChange } from '../sink.js';
import type { ItemValues } from './item-values.js';
import type { MappedValue } from './values.js';
import { cut } from './values.js';

/** What is kept of an item's last written state, to tell what changed. */
export interface Snapshot {
  /** By column name, cut. */
  fields: Record<string, string>;
  /** Of the body, cut; `null` when it was not written. */
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
  return { fields, lines: lines?.slice(0, KEPT.lines).map((line) => cut(line, KEPT.line)) ?? null };
}

/** What changed between two states: fields before and after, headings and lines added and removed. Pure. */
export function changeOf(before: Snapshot, after: Snapshot): RowChange {
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])];
  const fields = names
    .filter((name) => before.fields[name] !== after.fields[name])
    .map((name) => ({ name, before: before.fields[name] ?? null, after: after.fields[name] ?? null }));
  const [old, now] = before.lines === null || after.lines === null ? [[], []] : [before.lines, after.lines];
  const added = without(now, old);
  const removed = without(old, now);
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

/** The entries of `lines` that `others` does not hold, each as often as it is more. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
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
