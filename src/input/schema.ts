import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { InvalidInputError } from '../errors.js';
import { expected, found, quote, type ValueSchema } from './describe.js';

export interface FieldSchema extends ValueSchema {
  default?: unknown;
  items?: ValueSchema & { properties?: Record<string, ValueSchema> };
}

/** The Actor's input schema; `src/` and `dist/` are both one level below the folder that holds `.actor/`. */
const SCHEMA_FILE = new URL('../../.actor/input_schema.json', import.meta.url);

let loaded: { fields: Record<string, FieldSchema>; validate: ValidateFunction } | null = null;

/**
 * The fields of `.actor/input_schema.json` in the order of the form.
 * Throws when the file is absent: the image was built without `.actor/`.
 */
export function inputFields(): Record<string, FieldSchema> {
  return load().fields;
}

/**
 * Checks `values` (field → value, absent fields left out) against the types, bounds and choices of the schema.
 * Throws `InvalidInputError` for the first field of the form that does not fit.
 */
export function checkAgainstSchema(values: Record<string, unknown>): void {
  const { fields, validate } = load();
  if (validate(values)) return;
  const errors = validate.errors ?? [];
  const order = Object.keys(fields);
  const position = (error: ErrorObject) => order.indexOf(pathOf(error)[0] ?? '');
  const first = errors.reduce((a, b) => (position(b) < position(a) ? b : a));
  throw explain(first, values, fields);
}

function load(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as { properties: Record<string, FieldSchema> };
  // Apify's schema has keywords of its own (editor, prefill, unit …), which strict mode would refuse.
  // The schema itself is checked by `npm run validate`; checking it again would cost each run half of the compilation.
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  loaded = {
    fields: schema.properties,
    validate: ajv.compile({ type: 'object', properties: schema.properties }),
  };
  return loaded;
}

/** The path of the value that an error is about; `required` and unknown names point below it. */
function pathOf(error: ErrorObject): string[] {
  return error.instancePath.split('/').slice(1);
}

function explain(
  error: ErrorObject,
  values: Record<string, unknown>,
  fields: Record<string, FieldSchema>,
): InvalidInputError {
  const [field = '', index, property] = pathOf(error);
  const schema = fields[field] ?? {};
  const value = values[field];
  if (index === undefined) {
    return new InvalidInputError(
      field,
      `\`${field}\` must be ${expected(schema)}; it is ${found(value, schema.isSecret)}.`,
    );
  }
  const entry = (value as unknown[])[Number(index)];
  return new InvalidInputError(
    field,
    `\`${field}\` entry ${Number(index) + 1} ${inEntry(error, entry, property, schema)}`,
  );
}

function inEntry(error: ErrorObject, entry: unknown, property: string | undefined, schema: FieldSchema): string {
  const properties = schema.items?.properties ?? {};
  if (error.keyword === 'required') {
    return `needs a \`${(error.params as { missingProperty: string }).missingProperty}\`.`;
  }
  if (error.keyword === 'additionalProperties') {
    const unknown = (error.params as { additionalProperty: string }).additionalProperty;
    const known = Object.keys(properties).map((name) => `\`${name}\``);
    return `has a property ${quote(unknown)}; it can have ${known.join(', ')}.`;
  }
  if (property === undefined) return `must be ${expected(schema.items ?? {})}; it is ${found(entry)}.`;
  const value = (entry as Record<string, unknown>)[property];
  return `has a \`${property}\` that must be ${expected(properties[property] ?? {})}; it is ${found(value)}.`;
}
