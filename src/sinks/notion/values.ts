import { LIMITS } from './limits.js';

/** Column types that the sink writes; Notion's own names. */
export const COLUMN_TYPES = [
  'title',
  'rich_text',
  'number',
  'url',
  'email',
  'phone_number',
  'date',
  'checkbox',
  'select',
  'multi_select',
  'files',
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

/** A value as it will stand in Notion, before it takes Notion's shape; `null` clears the cell. */
export type MappedValue = string | number | boolean | string[] | null;

/** `note`: what was lost on the way, `null` when nothing was. */
export interface Mapped {
  value: MappedValue;
  note: 'cut' | 'dropped' | null;
}

export function isColumnType(type: string): type is ColumnType {
  return (COLUMN_TYPES as readonly string[]).includes(type);
}

/** Reads `metadata.title` or `record.price` from an item; `null` when any step is missing or empty. */
export function readPath(item: object, path: string): unknown {
  let value: unknown = item;
  const steps = path.split('.');
  for (const [index, step] of steps.entries()) {
    if (typeof value !== 'object' || value === null) return null;
    const holder = value as Record<string, unknown>;
    // A record's field may have dots in its own name.
    const rest = steps.slice(index).join('.');
    if (Object.hasOwn(holder, rest)) return empty(holder[rest]);
    if (!Object.hasOwn(holder, step)) return null;
    value = holder[step];
  }
  return empty(value);
}

/**
 * Fits a value to a column.
 * @param options the names that a select column offers: crawled values never become new options
 */
export function mapValue(type: ColumnType, raw: unknown, options: readonly string[]): Mapped {
  if (raw === null || raw === undefined || raw === '') return { value: null, note: null };
  switch (type) {
    case 'title':
      return text(raw, LIMITS.richTextChars);
    case 'rich_text':
      return text(raw, LIMITS.richTextChars * LIMITS.richTextItems);
    case 'number':
      return orDropped(typeof raw === 'number' ? raw : numberFrom(first(raw)));
    case 'checkbox':
      return orDropped(typeof raw === 'boolean' ? raw : booleanFrom(first(raw)));
    case 'url':
      return orDropped(within(plain(first(raw)), LIMITS.urlChars));
    case 'email':
      return orDropped(within(plain(first(raw)), LIMITS.emailChars));
    case 'phone_number':
      return orDropped(within(plain(first(raw)), LIMITS.phoneChars));
    case 'date':
      return orDropped(dateFrom(first(raw)));
    case 'select':
      return orDropped(option(plain(first(raw)), options));
    case 'multi_select':
      return list(raw, LIMITS.multiSelectItems, (entry) => option(plain(entry), options));
    case 'files':
      return list(raw, LIMITS.richTextItems, (entry) => webUrl(plain(entry)));
  }
}

/** The longest beginning of at most `max` UTF-16 units that splits no surrogate pair. */
export function cut(value: string, max: number): string {
  if (value.length <= max) return value;
  const last = value.charCodeAt(max - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

function empty(value: unknown): unknown {
  return value === undefined || value === '' ? null : value;
}

function orDropped(value: MappedValue): Mapped {
  return { value, note: value === null ? 'dropped' : null };
}

function text(raw: unknown, max: number): Mapped {
  const whole = Array.isArray(raw) ? raw.map(plain).filter(Boolean).join(', ') : plain(raw);
  const value = cut(whole, max);
  return { value: value === '' ? null : value, note: value.length < whole.length ? 'cut' : null };
}

function list(raw: unknown, max: number, map: (entry: unknown) => string | null): Mapped {
  const entries: unknown[] = Array.isArray(raw) ? raw : [raw];
  const values = [...new Set(entries.map(map).filter((entry) => entry !== null))];
  const kept = values.slice(0, max);
  if (kept.length === 0) return { value: null, note: 'dropped' };
  return { value: kept, note: kept.length < entries.length ? 'cut' : null };
}

function first(raw: unknown): unknown {
  return Array.isArray(raw) ? raw.find((entry) => entry !== null && entry !== '') : raw;
}

/** As text that JSON and Notion take: no control characters but tab and newline, no half surrogate pairs. */
function plain(raw: unknown): string {
  const whole =
    typeof raw === 'string'
      ? raw
      : typeof raw === 'number' || typeof raw === 'boolean'
        ? String(raw)
        : raw === null || raw === undefined
          ? ''
          : JSON.stringify(raw);
  return (
    whole
      // eslint-disable-next-line no-control-regex -- these are what is removed
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .trim()
  );
}

function within(value: string, max: number): string | null {
  return value === '' || value.length > max ? null : value;
}

function numberFrom(raw: unknown): number | null {
  if (typeof raw === 'boolean') return null;
  const value = plain(raw);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

function booleanFrom(raw: unknown): boolean | null {
  const value = plain(raw).toLowerCase();
  if (['true', 'yes', '1'].includes(value)) return true;
  return ['false', 'no', '0'].includes(value) ? false : null;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** An ISO 8601 date or time that exists in the calendar, with the offset that it came with. */
function dateFrom(raw: unknown): string | null {
  const value = plain(raw);
  const match = ISO.exec(value);
  if (match === null || Number.isNaN(Date.parse(value))) return null;
  const day = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return day.getUTCMonth() === Number(match[2]) - 1 ? value : null;
}

function option(value: string, options: readonly string[]): string | null {
  return options.find((name) => name.toLowerCase() === value.toLowerCase()) ?? null;
}

function webUrl(value: string): string | null {
  if (value.length > LIMITS.urlChars || !URL.canParse(value)) return null;
  return /^https?:/i.test(value) ? value : null;
}
