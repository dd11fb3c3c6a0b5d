import { DestinationError } from '../../errors.js';
import type { RunInput } from '../../input.js';
import type { ItemSource } from '../sink.js';
import type { NotionApi } from './api.js';
import { FieldCollector, UNNAMED } from './columns.js';
import type { ColumnSpec, RecordField } from './columns.js';
import type { FoundDestination } from './found-destination.js';
import type { DestinationMemory } from './remembered.js';
import { matchSchema } from './schema.js';
import type { Binding, SchemaMatch } from './schema.js';
import { toSinkItem } from './sink-item.js';

/**
 * The record's fields as declared, or as an existing dataset shows them.
 * @param onNote told in sentences what a person would not expect of the columns
 */
export async function fieldsOfRun(
  items: ItemSource,
  { recordFields, recordKeyFields, datasetId }: RunInput,
  onNote: (sentence: string) => void,
): Promise<readonly RecordField[]> {
  if (recordFields.length > 0 || datasetId === null) return recordFields;
  const collector = new FieldCollector();
  for await (const { item } of items.entries()) collector.add(toSinkItem(item, recordKeyFields));
  const { fields, dropped } = collector.fields();
  if (dropped > 0) onNote(`${dropped} fields of the dataset got no column, because Notion limits columns.`);
  if (fields.some(({ name, type }) => type !== null && name.trim() === ''))
    onNote(`The dataset has a field without a name; its column is called "${UNNAMED}".`);
  return fields;
}

/** Finds the wanted columns in a database, also renamed ones that earlier runs remember. Throws as `matchSchema`. */
export async function matchColumns(
  memory: DestinationMemory,
  specs: readonly ColumnSpec[],
  { destination, properties }: FoundDestination,
): Promise<SchemaMatch> {
  return matchSchema(specs, properties, await memory.columns(destination.dataSourceId));
}

/**
 * The names of columns that earlier runs filled and that this one has no field for. Another dataset may have filled them, so
 * that they are not emptied.
 */
export async function leftAlone(
  memory: DestinationMemory,
  { destination, properties }: FoundDestination,
  { binding }: SchemaMatch,
): Promise<string[]> {
  const before = new Set(Object.values(await memory.columns(destination.dataSourceId)));
  const now = new Set(Object.values(columnIds(binding)));
  return Object.values(properties).flatMap(({ id, name }) => (before.has(id) && !now.has(id) ? [name] : []));
}

/**
 * Binds all columns, after the missing ones were added.
 * Throws `DestinationError` where the database cannot take them, and what `Sender.send` throws.
 */
export async function bindColumns(
  api: NotionApi,
  memory: DestinationMemory,
  specs: readonly ColumnSpec[],
  found: FoundDestination,
  match: SchemaMatch,
): Promise<Binding> {
  const names = Object.keys(match.missing).join(', ');
  if (names === '') return match.binding;
  const { properties } = await api.addColumns(found.destination.dataSourceId, match.missing);
  const now = await matchColumns(memory, specs, { ...found, properties });
  if (Object.keys(now.missing).length === 0) return now.binding;
  throw new DestinationError(`Notion did not add the columns ${names}. Add them by hand, or choose another database.`);
}

/** Our column name → property id, as later runs remember it. */
export function columnIds({ title, content, system }: Binding): Record<string, string> {
  const columns = [title, ...content, ...Object.values(system)];
  return Object.fromEntries(columns.map(({ spec, id }) => [spec.name, id]));
}
