import type { RecordValue } from '../../collect/item.js';
import { DestinationError } from '../../errors.js';
import type { RunInput } from '../../input.js';
import type { RecordFieldType } from '../../record-field.js';
import type { SinkItem } from './sink-item.js';
import { plain } from './values.js';
import type { ColumnType } from './values.js';

/** Columns that the sync itself needs. */
export type SystemRole = 'changed' | 'status' | 'source' | 'key' | 'hash';

/** A column that the sink wants to write. */
export interface ColumnSpec {
  /** Its name where we make it; ours for ever, whatever the user renames it to. */
  name: string;
  /** `null`: nobody knows the type; only an existing column can take the values. */
  type: ColumnType | null;
  /** Read from the item, the first that holds something wins; empty for system columns. */
  paths: string[];
  role: 'content' | SystemRole;
  /** Named by the user in `propertyMapping`: any writable type will do. */
  mapped: boolean;
  /** The type is guessed from the values of this run: that of an existing column counts. */
  inferred: boolean;
  /** The name to take where the user has a column of that name for something else; `null`: there is no second name. */
  otherName: string | null;
}

export interface RecordField {
  name: string;
  /** `null`: no item of this run has a value. */
  type: RecordFieldType | null;
  /** Guessed from the values of this run. */
  inferred?: true;
}

export const STATUS = { active: 'Active', removed: 'Removed', edited: 'Edited in Notion' } as const;

const SYSTEM_COLUMNS: readonly ColumnSpec[] = [
  system('Changed', 'date', 'changed', 'Sync changed'),
  system('Status', 'select', 'status', 'Sync status'),
  system('Source', 'rich_text', 'source', 'Sync source'),
  system('Sync key', 'rich_text', 'key', null),
  system('Sync hash', 'rich_text', 'hash', null),
];

const PAGE_COLUMNS: readonly ColumnSpec[] = [
  content('Name', 'title', ['metadata.title']),
  content('URL', 'url', ['url']),
  content('Description', 'rich_text', ['metadata.description']),
  content('Author', 'rich_text', ['metadata.author']),
  content('Language', 'rich_text', ['metadata.languageCode']),
  content('Published', 'date', ['metadata.publishedTime']),
];

const FIELD_COLUMNS: Record<RecordFieldType, ColumnType> = {
  text: 'rich_text',
  number: 'number',
  url: 'url',
  date: 'date',
  boolean: 'checkbox',
  email: 'email',
  image: 'files',
};

/** Types of the item's paths that are not text (design §3.3). */
const PATH_TYPES: Record<string, ColumnType> = {
  url: 'url',
  'crawl.loadedUrl': 'url',
  'crawl.referrerUrl': 'url',
  'crawl.loadedTime': 'date',
  'crawl.depth': 'number',
  'crawl.httpStatusCode': 'number',
  'metadata.canonicalUrl': 'url',
  'metadata.publishedTime': 'date',
  'metadata.modifiedTime': 'date',
  'metadata.image': 'files',
};

const TEXT_PATH =
  /^(key|text|contentHash|crawl\.renderedWith|metadata\.(title|description|author|languageCode|siteName))$/;

/**
 * The columns for a run, the title first and the system's last. Pure.
 * @param fields the record's fields; empty when the items are pages
 * @param mapping `propertyMapping`: a mapped path leaves its default column for the named one
 * Throws `DestinationError` for a mapping onto `Sync key` or `Sync hash`.
 */
export function columnsFor(fields: readonly RecordField[], mapping: RunInput['propertyMapping']): ColumnSpec[] {
  const specs = (fields.length === 0 ? PAGE_COLUMNS : recordColumns(fields)).map((spec) => ({ ...spec }));
  for (const [name, path] of Object.entries(mapping)) {
    for (const spec of specs) if (!spec.mapped) spec.paths = spec.paths.filter((own) => own !== path);
    const own = specs.find((spec) => sameName(spec.name, name));
    if (own === undefined) specs.push({ ...content(name, null, [path]), type: pathType(path, fields), mapped: true });
    else Object.assign(own, { paths: [path], mapped: true });
  }
  const used = specs.filter((spec) => spec.paths.length > 0 || spec.type === 'title');
  return [...used, ...SYSTEM_COLUMNS.map((spec) => besideMapped(spec, mapping))];
}

/** True for names that Notion's users would take for the same column. */
export function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/**
 * A schema over 50 KB makes a database slow, and Notion takes 500 columns
 * (https://developers.notion.com/reference/request-limits): so many fields, and bytes of them, leave room for a person's own.
 */
const MAX_FIELDS = 100;
const MAX_SCHEMA_BYTES = 40_000;

/** Learns the fields of records whose declaration this run does not have, from their values. */
export class FieldCollector {
  readonly #types = new Map<string, RecordFieldType | null>();

  add(item: SinkItem): void {
    for (const [name, value] of Object.entries(item.record ?? {})) {
      const found = typeOf(value);
      const known = this.#types.get(name) ?? null;
      this.#types.set(name, known === null || known === found ? found : found === null ? known : 'text');
    }
  }

  /**
   * The first fields, by which a row of the dataset shows most, and those that are empty in all items: a column that an
   * earlier run filled must not keep what no item says any more.
   * @returns how many fields are over what a database should hold, too
   */
  fields(): { fields: RecordField[]; dropped: number } {
    const fields: RecordField[] = [];
    let [columns, bytes, dropped] = [0, 0, 0];
    for (const [name, type] of this.#types) {
      const more = type === null ? 0 : schemaBytes(name, FIELD_COLUMNS[type]);
      if (type !== null && (columns >= MAX_FIELDS || bytes + more > MAX_SCHEMA_BYTES)) dropped += 1;
      else {
        fields.push({ name, type, inferred: true });
        if (type !== null) columns += 1;
        bytes += more;
      }
    }
    return { fields, dropped };
  }
}

/** Bytes of a column in the schema, as Notion shows it. */
function schemaBytes(name: string, type: ColumnType): number {
  return Buffer.byteLength(JSON.stringify({ [name]: { id: 'abcd', name, type, [type]: {} } }));
}

function recordColumns(fields: readonly RecordField[]): ColumnSpec[] {
  const texts = fields.filter((field) => field.type === 'text');
  const title = texts.find((field) => ['name', 'title', 'headline'].includes(field.name.toLowerCase())) ?? texts[0];
  const specs = [
    // A dataset may hold pages beside records.
    content('Name', 'title', [...(title === undefined ? [] : [`record.${title.name}`]), 'metadata.title']),
    content('URL', 'url', ['url']),
  ];
  for (const field of fields) {
    const path = `record.${field.name}`;
    if (field === title) continue;
    if (sameName(field.name, 'URL') && field.type === 'url') specs[1]?.paths.unshift(path);
    else
      specs.push({
        ...content(freeName(field.name, specs), columnType(field), [path]),
        inferred: field.inferred ?? false,
      });
  }
  return specs;
}

/** Leaves a column that the user maps something else to alone. */
function besideMapped(spec: ColumnSpec, mapping: RunInput['propertyMapping']): ColumnSpec {
  const clash = Object.keys(mapping).find((name) => sameName(name, spec.name));
  if (clash === undefined) return spec;
  if (spec.otherName === null) {
    throw new DestinationError(
      `propertyMapping: the column "${clash}" belongs to the sync, so nothing can be mapped to it. Choose another column.`,
    );
  }
  return { ...spec, name: spec.otherName };
}

/** What a field's column is called whose own name says nothing. */
export const UNNAMED = 'Unnamed';

/** Fields that are called like one of our own columns, or like one another, get another name. */
function freeName(field: string, taken: readonly ColumnSpec[]): string {
  const name = plain(field) || UNNAMED;
  const isFree = (wanted: string): boolean =>
    ![...taken, ...SYSTEM_COLUMNS].some((spec) => sameName(spec.name, wanted));
  if (isFree(name)) return name;
  for (let number = 1; ; number++) {
    const other = `${name} (record${number === 1 ? '' : ` ${number}`})`;
    if (isFree(other)) return other;
  }
}

function columnType({ type }: RecordField): ColumnType | null {
  return type === null ? null : FIELD_COLUMNS[type];
}

function pathType(path: string, fields: readonly RecordField[]): ColumnType | null {
  const field = fields.find(({ name }) => path === `record.${name}`);
  if (field !== undefined) return columnType(field);
  return PATH_TYPES[path] ?? (TEXT_PATH.test(path) ? 'rich_text' : null);
}

function typeOf(value: RecordValue): RecordFieldType | null {
  const sample = Array.isArray(value) ? (value.find((entry) => entry !== null) ?? null) : value;
  if (sample === null) return null;
  if (typeof sample === 'number') return 'number';
  if (typeof sample === 'boolean') return 'boolean';
  if (/^https?:\/\/\S+$/i.test(sample)) return 'url';
  if (/^\d{4}-\d{2}-\d{2}(T\S+)?$/.test(sample)) return 'date';
  return 'text';
}

function content(name: string, type: ColumnType | null, paths: string[]): ColumnSpec {
  return { name, type, paths, role: 'content', mapped: false, inferred: false, otherName: null };
}

function system(name: string, type: ColumnType, role: SystemRole, otherName: string | null): ColumnSpec {
  return { name, type, paths: [], role, mapped: false, inferred: false, otherName };
}
