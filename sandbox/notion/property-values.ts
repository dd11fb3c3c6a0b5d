import type { CreatePageParameters } from '@notionhq/client';
import { invalid, notFound } from './errors.js';
import { parseId } from './ids.js';
import { isWebUrl, LIMITS } from './limits.js';
import { findProperty, toOption } from './property-schema.js';
import { READ_ONLY_TYPES } from './records.js';
import type { DateValue, FileValue, Property, PropertyValue, SelectOption } from './records.js';
import { storeRichText } from './rich-text.js';
import type { WorldStore } from './store.js';

export type PropertyRequests = NonNullable<CreatePageParameters['properties']>;
type PropertyRequest = PropertyRequests[string];

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Values for the columns in `properties`, by property id; only those that `requests` name. New select options are added
 * to their columns.
 * @throws NotionError for unknown columns (Notion's documents say so; it has been seen to drop them), other types,
 * read-only columns and malformed values
 */
export function storeProperties(
  store: WorldStore,
  properties: Map<string, Property>,
  requests: PropertyRequests,
): Map<string, PropertyValue> {
  return new Map(
    Object.entries(requests).map(([key, request]) => {
      const property = findProperty(properties, key);
      if (property === undefined) throw invalid(`${key} is not a property that exists.`);
      if (READ_ONLY_TYPES.some((type) => type === property.type)) {
        throw invalid(`Cannot update ${property.name}: properties of type ${property.type} are read-only.`);
      }
      if (!(property.type in request)) throw invalid(`${property.name} is expected to be ${property.type}.`);
      return [property.id, storeValue(store, property, request)];
    }),
  );
}

function storeValue(store: WorldStore, property: Property, request: PropertyRequest): PropertyValue {
  if ('title' in request) return { type: 'title', value: storeRichText(store, request.title) };
  if ('rich_text' in request) return { type: 'rich_text', value: storeRichText(store, request.rich_text) };
  if ('number' in request) return { type: 'number', value: request.number };
  if ('checkbox' in request) return { type: 'checkbox', value: request.checkbox };
  if ('url' in request) return { type: 'url', value: filled(property, request.url) };
  if ('email' in request) return { type: 'email', value: filled(property, request.email) };
  if ('phone_number' in request) return { type: 'phone_number', value: filled(property, request.phone_number) };
  if ('date' in request) return { type: 'date', value: storeDate(property, request.date) };
  if ('select' in request) {
    return { type: 'select', value: request.select === null ? null : choose(property, request.select) };
  }
  if ('status' in request) {
    return { type: 'status', value: request.status === null ? null : choose(property, request.status) };
  }
  if ('multi_select' in request) {
    return { type: 'multi_select', value: request.multi_select.map((option) => choose(property, option)) };
  }
  if ('people' in request) {
    return { type: 'people', value: request.people.map(({ id }) => ({ id: known(store.users, 'user', id) })) };
  }
  if ('relation' in request) {
    return { type: 'relation', value: request.relation.map(({ id }) => ({ id: known(store.pages, 'page', id) })) };
  }
  if ('files' in request) return { type: 'files', value: request.files.map(storeFile) };
  throw invalid(`The stand-in cannot store values of ${property.name}.`);
}

/** Notion wants `null` for no value. */
function filled(property: Property, text: string | null): string | null {
  if (text === '') throw invalid(`body failed validation: body.properties.${property.name} should be null or filled.`);
  return text;
}

function storeDate(property: Property, date: { start: string; end?: string | null; time_zone?: string | null } | null) {
  if (date === null) return null;
  for (const text of [date.start, date.end ?? date.start]) {
    if (!ISO_DATE.test(text) || Number.isNaN(Date.parse(text))) {
      throw invalid(`body.properties.${property.name}.date should be a valid ISO 8601 date string, was "${text}".`);
    }
  }
  return { start: date.start, end: date.end ?? null, time_zone: date.time_zone ?? null } satisfies DateValue;
}

function choose(property: Property, request: { id?: string; name?: string; color?: string }): SelectOption {
  const option = toOption(request, property.options);
  if (property.options.includes(option)) return option;
  // Options of a status are made by people only.
  if (property.type === 'status')
    throw invalid(`Invalid status option. Status option "${option.name}" does not exist.`);
  property.options.push(option);
  return option;
}

function storeFile(request: { name?: string; external?: { url: string } }): FileValue {
  const { name, external } = request;
  if (external === undefined || name === undefined) throw invalid('The stand-in stores external files only.');
  if (!isWebUrl(external.url)) throw invalid('Invalid file url.');
  if (name.length > LIMITS.fileNameChars) {
    throw invalid(`body failed validation: files.name.length should be ≤ \`${LIMITS.fileNameChars}\`.`);
  }
  return { name, type: 'external', external: { url: external.url } };
}

function known(objects: Map<string, unknown>, kind: 'user' | 'page', id: string): string {
  const parsed = parseId(id);
  if (parsed === null || !objects.has(parsed)) throw notFound(kind, id);
  return parsed;
}
