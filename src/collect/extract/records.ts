import type { RecordFieldInput } from '../../record-field.js';
import type { RecordScalar, RecordValue } from '../item.js';
import { languageAt } from './date-words.js';
import { cleanText, webUrl, type ParsedPage } from './document.js';
import { rawValue } from './record-raw.js';
import { recordValue, type RawValue, type ValueContext } from './record-values.js';

export interface FoundRecord {
  record: Record<string, RecordValue>;
  /** The record's own link: its first field of type url, else its first `a[href]`; `null` without one. */
  link: string | null;
}

/** How a field fared on one page. */
export interface FieldFacts {
  /** Records that have an element for the field with something in it. */
  found: number;
  /** Values that the page has and that could not be read as the field's type: they are null. */
  unreadable: number;
  /** The first of them, cut. */
  example: string | null;
}

export interface PageRecords {
  records: FoundRecord[];
  /** By field name; all fields are there. */
  fields: Record<string, FieldFacts>;
}

/** What of an unreadable value is told. */
const EXAMPLE_LENGTH = 80;

/** The records of a page, in page order; a field without an element is null, one of several values `[]`. */
export function pageRecords(
  page: ParsedPage,
  selector: string,
  fields: RecordFieldInput[],
  languageCode: string | null,
): PageRecords {
  const facts = fields.map((): FieldFacts => ({ found: 0, unreadable: 0, example: null }));
  const records = [...page.document.querySelectorAll(selector)].map((element) => {
    const said = cleanText(element.closest('[lang]')?.getAttribute('lang')) ?? languageCode;
    const context = { baseUrl: page.baseUrl, languageCode: languageAt(said, page.baseUrl) };
    const values = fields.map((field, at) => readField(element, field, context, facts[at] as FieldFacts));
    const record = Object.fromEntries(fields.map(({ name }, at) => [name, values[at] ?? null]));
    return { record, link: ownLink(element, record, fields, page.baseUrl) };
  });
  return { records, fields: Object.fromEntries(fields.map(({ name }, at) => [name, facts[at] as FieldFacts])) };
}

/** The value of a field: all that can be read when it has several, else the first that says anything. */
function readField(element: Element, field: RecordFieldInput, context: ValueContext, facts: FieldFacts): RecordValue {
  const said = elementsOf(element, field.selector)
    .map((found) => rawValue(found, field, context.baseUrl))
    .filter((raw) => raw !== null);
  const used = field.multiple ? said : said.slice(0, 1);
  if (used.length > 0) facts.found += 1;
  const values = used.map((raw) => readOne(raw, field, context, facts));
  return field.multiple ? values.filter((value) => value !== null) : (values[0] ?? null);
}

function readOne(raw: RawValue, field: RecordFieldInput, context: ValueContext, facts: FieldFacts): RecordScalar {
  const value = recordValue(raw, field.type, context);
  if (value === null) {
    facts.unreadable += 1;
    facts.example ??= cleanText(raw.text)?.slice(0, EXAMPLE_LENGTH) ?? null;
  }
  return value;
}

/** `:scope` alone is the element itself; linkedom knows it only inside longer selectors. */
function elementsOf(element: Element, selector: string): Element[] {
  return selector.trim() === ':scope' ? [element] : [...element.querySelectorAll(selector)];
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
  return webUrl(anchor?.getAttribute('href'), baseUrl);
}
