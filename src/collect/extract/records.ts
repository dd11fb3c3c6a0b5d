import type { RecordFieldInput } from '../../record-field.js';
import type { RecordScalar, RecordValue } from '../item.js';
import { absoluteUrl, type ParsedPage } from './document.js';
import { recordValue, type ValueContext } from './record-values.js';

export interface FoundRecord {
  record: Record<string, RecordValue>;
  /** The record's own link: its first field of type url, else its first `a[href]`; `null` without one. */
  link: string | null;
  /** Values that the page has and that could not be read as the field's type. */
  unreadable: number;
}

/** The records of a page, in page order; a field without an element is null. */
export function pageRecords(
  page: ParsedPage,
  selector: string,
  fields: RecordFieldInput[],
  languageCode: string | null,
): FoundRecord[] {
  const context: ValueContext = { baseUrl: page.baseUrl, languageCode };
  return [...page.document.querySelectorAll(selector)].map((element) => readRecord(element, fields, context));
}

function readRecord(element: Element, fields: RecordFieldInput[], context: ValueContext): FoundRecord {
  const record: Record<string, RecordValue> = {};
  let unreadable = 0;
  for (const field of fields) {
    const raws = elementsOf(element, field.selector).map((found) => rawValue(found, field));
    const values = raws.map((raw): RecordScalar => recordValue(raw, field.type, context));
    unreadable += values.filter((value, index) => value === null && (raws[index] ?? '').trim() !== '').length;
    record[field.name] = field.multiple ? values.filter((value) => value !== null) : (values[0] ?? null);
  }
  return { record, link: ownLink(element, record, fields, context.baseUrl), unreadable };
}

/** `:scope` alone is the element itself; linkedom knows it only inside longer selectors. */
function elementsOf(element: Element, selector: string): Element[] {
  return selector.trim() === ':scope' ? [element] : [...element.querySelectorAll(selector)];
}

/** The named attribute, else where the type keeps its value (a link's address, a time's machine form), else the text. */
function rawValue(element: Element, field: RecordFieldInput): string | null {
  if (field.attribute !== null) return element.getAttribute(field.attribute);
  const attributes: Partial<Record<RecordFieldInput['type'], string[]>> = {
    url: ['href', 'src'],
    image: ['data-src', 'src', 'href'],
    date: ['datetime', 'content'],
    email: ['href'],
    number: ['content'],
  };
  const own = attributes[field.type]?.map((name) => element.getAttribute(name)).find((value) => value !== null);
  if (field.type === 'email' && own?.startsWith('mailto:') !== true) return element.textContent;
  return own ?? element.textContent;
}

function ownLink(
  element: Element,
  record: Record<string, RecordValue>,
  fields: RecordFieldInput[],
  baseUrl: string,
): string | null {
  const urlField = fields.find((field) => field.type === 'url' && !field.multiple);
  const value = urlField === undefined ? null : record[urlField.name];
  if (typeof value === 'string') return value;
  const anchor = element.matches('a[href]') ? element : element.querySelector('a[href]');
  const link = absoluteUrl(anchor?.getAttribute('href'), baseUrl);
  return link !== null && /^https?:/.test(link) ? link : null;
}
