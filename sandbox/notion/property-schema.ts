import type { UpdateDataSourceParameters } from '@notionhq/client';
import { invalid } from './errors.js';
import { newPropertyId } from './ids.js';
import { LIMITS } from './limits.js';
import { READ_ONLY_TYPES } from './records.js';
import type { DataSource, Property, PropertyType, SelectOption } from './records.js';

export type SchemaRequests = NonNullable<UpdateDataSourceParameters['properties']>;
type OptionRequest = { id?: string; name?: string; color?: string };

const WRITABLE = [
  'title', 'rich_text', 'number', 'checkbox', 'url', 'email', 'phone_number', 'date', 'select', 'status',
  'multi_select', 'people', 'relation', 'files',
] as const; // prettier-ignore
const TYPES: readonly string[] = [...WRITABLE, ...READ_ONLY_TYPES];

/** The property that `key` names, by id (encoded or not) or by name. */
export function findProperty(properties: Map<string, Property>, key: string): Property | undefined {
  return (
    properties.get(key) ??
    properties.get(encodeURIComponent(key)) ??
    [...properties.values()].find((property) => property.name === key)
  );
}

/**
 * The columns of a new data source.
 * @throws NotionError without exactly one title column, or with a type that the stand-in does not have
 */
export function newProperties(requests: Record<string, object | null>): Property[] {
  const properties = Object.entries(requests).map(([name, request]) => newProperty(name, request ?? {}));
  if (properties.filter((property) => property.type === 'title').length !== 1) {
    throw invalid('A data source needs exactly one property of type title.');
  }
  return properties;
}

/**
 * Changes the columns of `dataSource`: adds, renames, retypes (values of the old type are lost), and deletes with
 * `null`. Either all of `requests` are done or none.
 */
export function updateProperties(dataSource: DataSource, requests: SchemaRequests): void {
  const next = new Map([...dataSource.properties].map(([id, property]) => [id, { ...property }]));
  for (const [key, request] of Object.entries(requests)) {
    const known = findProperty(next, key);
    if (request === null) {
      if (known === undefined) throw invalid(`Could not find property with name or id: ${key}`);
      if (known.type === 'title') throw invalid('Cannot delete the title property.');
      next.delete(known.id);
    } else if (known === undefined) {
      const property = newProperty(key, request);
      if (property.type === 'title') throw invalid('A data source has exactly one property of type title.');
      next.set(property.id, property);
    } else {
      next.set(known.id, changed(known, request));
    }
  }
  const names = [...next.values()].map((property) => property.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`There are two properties with the name ${twice}.`);
  dataSource.properties = next;
}

/** `request` as an option, keeping what `known` holds already. Names cannot be changed through the API. */
export function toOption(request: OptionRequest, known: SelectOption[] = []): SelectOption {
  const existing = known.find((one) => one.id === request.id || same(one.name, request.name));
  if (existing !== undefined) return existing;
  const name = request.name ?? '';
  if (name === '' || name.length > LIMITS.optionNameChars) {
    throw invalid(`Select option names have 1 to ${LIMITS.optionNameChars} characters, instead had ${name.length}.`);
  }
  if (name.includes(',')) throw invalid(`Invalid select option, commas not allowed: ${name}`);
  return { id: newPropertyId(), name, color: request.color ?? 'default' };
}

function newProperty(name: string, request: object): Property {
  if (name === '') throw invalid('A property needs a name.');
  const type = typeOf(request);
  const id = type === 'title' ? 'title' : newPropertyId();
  return changed({ id, name, type, description: null, options: [], config: {} }, request);
}

function changed(property: Property, request: object): Property {
  const type = Object.keys(request).some((key) => TYPES.includes(key)) ? typeOf(request) : property.type;
  if ((type === 'title') !== (property.type === 'title')) {
    throw invalid('A data source has exactly one property of type title.');
  }
  const config: object = Object.entries(request).find(([key]) => key === type)?.[1] as object;
  const { options, ...rest } = { ...config } as { options?: OptionRequest[] } & Record<string, unknown>;
  const name = 'name' in request && typeof request.name === 'string' ? request.name : property.name;
  return {
    ...property,
    name,
    type,
    description: 'description' in request ? (request.description as string | null) : property.description,
    // Options are replaced by what is sent; those left out are gone.
    options: options === undefined ? property.options : options.map((one) => toOption(one, property.options)),
    config: { ...property.config, ...rest },
  };
}

function typeOf(request: object): PropertyType {
  const given = Object.keys(request).filter((key) => !['type', 'name', 'description'].includes(key));
  const type = given[0] ?? '';
  if (!TYPES.includes(type)) throw invalid(`The stand-in has no properties of type "${type}".`);
  return type as PropertyType;
}

function same(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}
