import { createHash } from 'node:crypto';
import type { PageMetadata, RecordValue } from '../../collect/item.js';
import { normalizeUrl } from '../../normalize-url.js';
import { recordKey } from '../../record-key.js';

/** An item as the sink sees it, whatever dataset it comes from. */
export interface SinkItem {
  key: string;
  url: string;
  /** What else can be mapped: `crawl.depth`, `text`. */
  crawl?: unknown;
  text?: unknown;
  contentHash?: unknown;
  metadata: Partial<PageMetadata> | null;
  markdown: string | null;
  record: Record<string, RecordValue> | null;
}

/** Fields of a plain row that have a place of their own or are a body. */
const OWN_PLACE = new Set(['url', 'key', 'markdown', 'html']);

/** Levels of nested objects whose fields become fields of their own. */
const NESTED = 1;

/**
 * Takes an item of any dataset: our own pages and records as they are, pages of other crawlers (`url` and `markdown`, with
 * or without `metadata`), and plain rows, whose top-level fields become a record. Pure; never throws.
 * @param keyFields fields that make up the key of a plain row; else its `key`, `url` or `id`, else its content
 */
export function toSinkItem(raw: unknown, keyFields: readonly string[]): SinkItem {
  const item = isObject(raw) ? raw : { value: raw };
  const metadata = isObject(item['metadata']) ? (item['metadata'] as Partial<PageMetadata>) : null;
  const isRecord = isObject(item['record']);
  const isPage = metadata !== null && (typeof item['markdown'] === 'string' || typeof item['text'] === 'string');
  const record = isRecord ? (item['record'] as Record<string, unknown>) : isPage ? null : fieldsOf(item);
  const markdown = typeof item['markdown'] === 'string' ? text(item['markdown']) : isPage ? text(item['text']) : null;
  return {
    key: keyOf(item, keyFields),
    url: text(item['url']) ?? '',
    ...(item['crawl'] === undefined ? {} : { crawl: item['crawl'] }),
    ...(item['text'] === undefined ? {} : { text: item['text'] }),
    ...(item['contentHash'] === undefined ? {} : { contentHash: item['contentHash'] }),
    metadata,
    markdown: isRecord ? null : markdown,
    record: record === null || Object.keys(record).length === 0 ? null : (record as SinkItem['record']),
  };
}

function keyOf(item: Record<string, unknown>, keyFields: readonly string[]): string {
  const given = text(item['key']);
  if (given !== null) return given;
  const named = recordKey(keyFields.map((field) => item[field]));
  if (named !== null) return named;
  const url = text(item['url']);
  if (url !== null) return URL.canParse(url) ? normalizeUrl(url, { keepFragment: false }) : url;
  const id = item['id'];
  if (typeof id === 'number' || (typeof id === 'string' && id !== '')) return `id:${id}`;
  return createHash('sha256').update(JSON.stringify(item)).digest('hex');
}

/** Top-level values, and those of objects in them as `name.field`. */
function fieldsOf(item: Record<string, unknown>): Record<string, RecordValue> {
  const fields: Record<string, RecordValue> = {};
  const take = (value: unknown, name: string, depth: number): void => {
    if (isObject(value) && depth < NESTED) {
      for (const [field, inner] of Object.entries(value)) take(inner, `${name}.${field}`, depth + 1);
    } else fields[name] = asValue(value);
  };
  for (const [name, value] of Object.entries(item)) if (!OWN_PLACE.has(name)) take(value, name, 0);
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
