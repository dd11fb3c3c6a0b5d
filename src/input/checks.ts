import { InvalidInputError } from '../errors.js';
import { found, quote } from './describe.js';
import { isSelector, type SelectorUse } from './selector.js';
import type { RecordFieldInput } from '../record-field.js';

/**
 * What the JSON schema cannot say about single fields. Each function takes a value that the schema has accepted, returns
 * it in the form of `RunInput`, and throws `InvalidInputError` with one sentence.
 */

const NOTION_ID = /[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** RFC 9110 §5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Start URLs as `[{ url }]` or plain strings. Only addresses are read from the entries: no method, headers or body. */
export function startUrls(entries: unknown[]): string[] {
  return entries.map((entry, index) => startUrl(entry, `\`startUrls\` entry ${index + 1}`));
}

function startUrl(entry: unknown, subject: string): string {
  const fail = (rest: string) => new InvalidInputError('startUrls', `${subject} ${rest}`);
  if (isObject(entry) && 'requestsFromUrl' in entry) {
    throw fail('refers to a list elsewhere (`requestsFromUrl`), which is not read; put its addresses into the list.');
  }
  if (isObject(entry) && ![undefined, null, 'GET'].includes(entry.method as string | null | undefined)) {
    throw fail('has a method other than GET; pages are only ever read.');
  }
  const url = isObject(entry) ? entry.url : entry;
  const wanted = 'must be an address that begins with http:// or https://';
  if (typeof url !== 'string') throw fail(`${wanted}; it is ${found(url)}.`);
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) throw fail(`${wanted}; it is ${quote(url)}.`);
  if (parsed.username || parsed.password) {
    throw fail('must not hold a user name or password; send them with `customHttpHeaders`.');
  }
  return parsed.href;
}

/** URL patterns as `[{ glob }]` or plain strings; empty rows of the form are dropped. */
export function globs(field: string, entries: unknown[]): string[] {
  return entries
    .map((entry, index) => {
      const glob = isObject(entry) ? entry.glob : entry;
      if (typeof glob === 'string') return glob.trim();
      throw new InvalidInputError(
        field,
        `\`${field}\` entry ${index + 1} must be a URL pattern such as "https://example.com/docs/**"; it is ${found(glob)}.`,
      );
    })
    .filter((glob) => glob !== '');
}

/** @param use where it is looked for: what only browsers know finds nothing in a parsed page */
export function selector(field: string, text: string | null, use: SelectorUse = 'page'): string | null {
  if (text === null || isSelector(text, use)) return text;
  const hint = unusable(text);
  throw new InvalidInputError(
    field,
    `\`${field}\` must be a CSS selector such as "main article"; it is ${quote(text)}.${hint}`,
  );
}

/** Why a selector that a browser may understand is refused. */
function unusable(text: string): string {
  return isSelector(text, 'browser') ? ' It uses a part of CSS, or of another tool, that cannot be used here.' : '';
}

/** A Notion page or database by URL or id. Whether it exists and is shared is the sink's question. */
export function notionReference(field: string, text: string | null): string | null {
  if (text === null || NOTION_ID.test(text)) return text;
  throw new InvalidInputError(
    field,
    `\`${field}\` must be the URL or the 32-character ID of a Notion ${field === 'notionDatabase' ? 'database' : 'page'}; it is ${quote(text)}.`,
  );
}

/** Names of storages on Apify are letters, digits and hyphens, 63 at most; the results' name adds 15 to it. */
export function datasetName(text: string | null): string | null {
  if (text === null || /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/i.test(text)) return text;
  throw new InvalidInputError(
    'datasetName',
    `\`datasetName\` must be letters, digits and hyphens, at most 48, with no hyphen at either end; it is ${quote(text)}.`,
  );
}

export function propertyMapping(mapping: Record<string, unknown>): Record<string, string> {
  for (const [column, path] of Object.entries(mapping)) {
    if (column.trim() === '') {
      throw new InvalidInputError('propertyMapping', '`propertyMapping` has a column without a name; give it one.');
    }
    if (typeof path !== 'string' || !/^[^.\s][^.]*(\.[^.]+)*$/.test(path)) {
      throw new InvalidInputError(
        'propertyMapping',
        `\`propertyMapping\` must give column ${quote(column)} a path in the item such as "metadata.title"; it is ${found(path)}.`,
      );
    }
  }
  return mapping as Record<string, string>;
}

type RawRecordField = Pick<RecordFieldInput, 'name' | 'selector'> & Partial<RecordFieldInput>;

export function recordFields(entries: unknown[]): RecordFieldInput[] {
  const names = new Set<string>();
  return (entries as RawRecordField[]).map((entry, index) => {
    const fail = (rest: string) => new InvalidInputError('recordFields', `\`recordFields\` entry ${index + 1} ${rest}`);
    const name = entry.name.trim();
    if (name === '') throw fail('needs a name.');
    if (names.has(name)) throw fail(`has the name ${quote(name)}, which an earlier entry has; names must differ.`);
    names.add(name);
    if (!isSelector(entry.selector)) {
      throw fail(
        `has a \`selector\` that must be a CSS selector such as ".price"; it is ${quote(entry.selector)}.${unusable(entry.selector)}`,
      );
    }
    return {
      name,
      selector: entry.selector,
      attribute: entry.attribute?.trim() || null,
      type: entry.type ?? 'text',
      multiple: entry.multiple ?? false,
    };
  });
}

/** Names out of `fields`, which identify a record. */
export function recordKeyFields(names: unknown[], fields: RecordFieldInput[]): string[] {
  const known = fields.map((field) => field.name);
  for (const name of names as string[]) {
    if (known.includes(name)) continue;
    const choice = known.length > 0 ? `one of ${known.map(quote).join(', ')}` : 'a field of `recordFields`';
    throw new InvalidInputError('recordKeyFields', `\`recordKeyFields\` must name ${choice}; it names ${quote(name)}.`);
  }
  return names as string[];
}

/** Cookies are secret: no message repeats any of them. */
export function cookies(entries: unknown[]): Record<string, unknown>[] {
  return entries.map((entry, index) => {
    if (isObject(entry) && typeof entry.name === 'string' && entry.name !== '' && typeof entry.value === 'string') {
      return entry;
    }
    throw new InvalidInputError(
      'initialCookies',
      `\`initialCookies\` entry ${index + 1} must be an object with a \`name\` and a \`value\`, both text.`,
    );
  });
}

/** Headers are secret: no message repeats a name or a value. Names come in lower case, as HTTP compares them. */
export function headers(values: Record<string, unknown>): Record<string, string> {
  const checked = new Map<string, string>();
  Object.entries(values).forEach(([name, value], index) => {
    const fail = (rest: string) =>
      new InvalidInputError('customHttpHeaders', `\`customHttpHeaders\` entry ${index + 1} ${rest}`);
    if (!HEADER_NAME.test(name))
      throw fail('must have a name of letters, digits and hyphens, such as Accept-Language.');
    if (typeof value !== 'string') throw fail(`must have text as its value; it is ${found(value, true)}.`);
    if (/[\r\n\0]/.test(value)) throw fail('must have a value on one line.');
    if (checked.has(name.toLowerCase())) throw fail('has the name of an earlier one; names differ by more than case.');
    if (name.toLowerCase() === 'cookie' && pairs(value).some((pair) => !/^[^=\s]+=/.test(pair))) {
      throw fail('must give its cookies as name=value, separated by semicolons.');
    }
    checked.set(name.toLowerCase(), value);
  });
  return Object.fromEntries(checked);
}

/** The cookies of a `Cookie` header (RFC 6265 §4.2.1) in the form of `initialCookies`. */
export function headerCookies(value = ''): { name: string; value: string }[] {
  return pairs(value).map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
}

function pairs(cookieHeader: string): string[] {
  return cookieHeader
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
}

/** Proxy addresses hold passwords: no message repeats one. */
export function proxy(value: Record<string, unknown> | null): Record<string, unknown> | null {
  if (value === null) return null;
  const fail = (rest: string) => new InvalidInputError('proxyConfiguration', `\`proxyConfiguration\` ${rest}`);
  const { useApifyProxy = false, proxyUrls, apifyProxyGroups, apifyProxyCountry } = value;
  if (typeof useApifyProxy !== 'boolean') {
    throw fail(`must set \`useApifyProxy\` to true or false; it is ${found(useApifyProxy, true)}.`);
  }
  if (!isAbsent(proxyUrls) && !(Array.isArray(proxyUrls) && proxyUrls.every(isProxyUrl))) {
    throw fail('must give `proxyUrls` as a list of addresses such as "http://user:password@host:8000".');
  }
  if (!isAbsent(apifyProxyGroups) && !(Array.isArray(apifyProxyGroups) && apifyProxyGroups.every(isText))) {
    throw fail('must give `apifyProxyGroups` as a list of group names.');
  }
  if (!isAbsent(apifyProxyCountry) && !(isText(apifyProxyCountry) && /^([A-Z]{2})?$/.test(apifyProxyCountry))) {
    throw fail(`must give \`apifyProxyCountry\` as a two-letter code such as "DE"; it is ${found(apifyProxyCountry)}.`);
  }
  return value;
}

function isProxyUrl(value: unknown): boolean {
  return isText(value) && URL.canParse(value) && /^(https?|socks[45]):$/.test(new URL(value).protocol);
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** True for a JSON object: not null, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
