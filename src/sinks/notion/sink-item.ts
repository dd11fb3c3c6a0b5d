import { createHash } from 'node:crypto';
import type { RecordValue } from '../../collect/item.js';
import { normalizeUrl } from '../../normalize-url.js';
import { recordKey } from '../../record-key.js';
import { readPath } from './values.js';

/** An item as the sink sees it, whatever dataset it comes from. */
export interface SinkItem {
  key: string;
  url: string;
  /** What else can be mapped: `crawl.depth`, `text`. */
  crawl?: unknown;
  text?: unknown;
  contentHash?: unknown;
  /** Of other crawlers' pages anything may stand in it. */
  metadata: Record<string, unknown> | null;
  markdown: string | null;
  record: Record<string, RecordValue> | null;
}

/** Fields of a plain row that have a place of their own or are a body. */
const OWN_PLACE: ReadonlySet<string> = new Set(['url', 'markdown', 'html']);

/** Levels of nested objects whose fields become fields of their own. */
const NESTED = 1;

/**
 * Takes an item of any dataset: our own pages and records as they are, pages of other crawlers (`url` and `markdown`, with
 * or without `metadata`), and plain rows, whose top-level fields become a record. Pure; never throws.
 * @param keyFields fields that make up the key of a record or plain row, where it has all of them; else the `key` of an item of
 *   ours, the `url` or `id` of any other, else its content
 */
export function toSinkItem(raw: unknown, keyFields: readonly string[]): SinkItem {
  const item = isObject(raw) ? raw : { value: raw };
  const metadata = isObject(item['metadata']) ? item['metadata'] : null;
  const own = isObject(item['record']) ? item['record'] : null;
  const isPage = metadata !== null && (typeof item['markdown'] === 'string' || typeof item['text'] === 'string');
  const record = own !== null ? fieldsOf(own) : isPage ? null : fieldsOf(item, OWN_PLACE);
  const markdown = typeof item['markdown'] === 'string' ? text(item['markdown']) : isPage ? text(item['text']) : null;
  return {
    key: keyOf(item, isPage ? 'page' : own === null ? 'row' : 'record', keyFields),
    url: text(item['url']) ?? '',
    ...(item['crawl'] === undefined ? {} : { crawl: item['crawl'] }),
    ...(item['text'] === undefined ? {} : { text: item['text'] }),
    ...(item['contentHash'] === undefined ? {} : { contentHash: item['contentHash'] }),
    metadata,
    markdown: own === null ? markdown : null,
    record: record === null || Object.keys(record).length === 0 ? null : record,
  };
}

function keyOf(item: Record<string, unknown>, kind: 'page' | 'record' | 'row', keyFields: readonly string[]): string {
  // A `key` beside other people's fields is one of those.
  const given = kind === 'row' ? null : text(item['key']);
  if (kind === 'page' && given !== null) return given;
  const fields = kind === 'record' ? (item['record'] as object) : item;
  const key = recordKey(keyFields.map((field) => readPath(fields, field))) ?? given;
  if (key !== null) return key;
  const url = text(item['url']);
  if (url !== null) return URL.canParse(url) ? normalizeUrl(url, { keepFragment: false }) : url;
  const id = item['id'];
  if (typeof id === 'number' || (typeof id === 'string' && id !== '')) return `id:${id}`;
  return createHash('sha256').update(JSON.stringify(item)).digest('hex');
}

/** Top-level values but those of `without`, and those of objects in them as `name.field`. */
function fieldsOf(
  item: Record<string, unknown>,
  without: ReadonlySet<string> = new Set(),
): Record<string, RecordValue> {
  const fields: Record<string, RecordValue> = {};
  const take = (value: unknown, name: string, depth: number): void => {
    if (isObject(value) && depth < NESTED) {
      for (const [field, inner] of Object.entries(value)) take(inner, `${name}.${field}`, depth + 1);
    } else fields[name] = asValue(value);
  };
  for (const [name, value] of Object.entries(item)) if (!without.has(name)) take(value, name, 0);
  return fields;
}

function asValue(value: unknown): RecordValue {
  if (Array.isArray(value)) return value.map((entry) => (isScalar(entry) ? entry : JSON.stringify(entry)));
  if (isScalar(value)) return value;
  return value === undefined ? null : JSON.stringify(value);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
