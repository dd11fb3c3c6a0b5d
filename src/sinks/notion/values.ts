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

/** What became of a value on its way, in words: `adjusted: …`, `shortened: …` or `left out: …`. */
export type FieldNote = `${'adjusted' | 'shortened' | 'left out'}: ${string}`;

/** `note`: `null` when the value stands in Notion as it came. */
export interface Mapped {
  value: MappedValue;
  note: FieldNote | null;
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
      return one(raw, 'not a number', (entry) => (typeof entry === 'number' ? finite(entry) : numberFrom(entry)));
    case 'checkbox':
      return one(raw, 'neither yes nor no', (entry) => (typeof entry === 'boolean' ? entry : booleanFrom(entry)));
    case 'url':
      return one(raw, `not a web address of at most ${LIMITS.urlChars} characters`, (entry) => webUrl(plain(entry)));
    case 'email':
      return one(raw, `over ${LIMITS.emailChars} characters`, (entry) => within(plain(entry), LIMITS.emailChars));
    case 'phone_number':
      return one(raw, `over ${LIMITS.phoneChars} characters`, (entry) => within(plain(entry), LIMITS.phoneChars));
    case 'date':
      return one(raw, 'not an ISO 8601 date', dateFrom);
    case 'select':
      return one(raw, 'not an option of the column', (entry) => option(plain(entry), options));
    case 'multi_select':
      return list(raw, LIMITS.multiSelectItems, 'not an option of the column', (entry) =>
        option(plain(entry), options),
      );
    case 'files':
      return list(raw, LIMITS.richTextItems, 'not a web address', (entry) => fileUrl(plain(entry)));
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

/** The first value that is there. */
function one(raw: unknown, whyNot: string, map: (entry: unknown) => MappedValue): Mapped {
  const entries = (Array.isArray(raw) ? raw : [raw]).filter((entry) => entry !== null && entry !== '');
  const value = map(entries[0]);
  if (value === null) return { value, note: entries.length === 0 ? null : `left out: ${whyNot}` };
  return { value, note: entries.length > 1 ? 'adjusted: the first of several values' : null };
}

function text(raw: unknown, max: number): Mapped {
  const whole = Array.isArray(raw) ? raw.map(plain).filter(Boolean).join(', ') : plain(raw);
  const value = cut(whole, max);
  const note: FieldNote | null = value.length < whole.length ? `shortened: to ${max} characters` : null;
  return { value: value === '' ? null : value, note };
}

function list(raw: unknown, max: number, whyNot: string, map: (entry: unknown) => string | null): Mapped {
  const entries: unknown[] = (Array.isArray(raw) ? raw : [raw]).filter((entry) => entry !== null && entry !== '');
  const fitting = entries.map(map).filter((entry) => entry !== null);
  const kept = [...new Set(fitting)].slice(0, max);
  const note: FieldNote | null =
    fitting.length < entries.length
      ? `left out: ${whyNot}`
      : kept.length < new Set(fitting).size
        ? `shortened: to ${max} values`
        : null;
  return { value: kept.length === 0 ? null : kept, note };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** As text that JSON and Notion take: no control characters but tab and newline, no half surrogate pairs. */
export function plain(raw: unknown): string {
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
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value)) return null;
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

/** The http or https address of a file as Notion takes it, without letters or blanks beyond ASCII, else `null`. */
export function fileUrl(value: string): string | null {
  return URL.canParse(value) ? webUrl(new URL(value).href) : null;
}

/** An http or https address that Notion takes, else `null`. */
function webUrl(value: string): string | null {
  if (value.length > LIMITS.urlChars || !URL.canParse(value)) return null;
  return /^https?:/i.test(value) ? value : null;
}
