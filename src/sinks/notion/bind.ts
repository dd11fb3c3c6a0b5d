import { DestinationError } from '../../errors.js';
import type { RunInput } from '../../input.js';
import type { StageLog } from '../../log.js';
import type { ItemSource } from '../sink.js';
import type { NotionApi } from './api.js';
import { FieldCollector } from './columns.js';
import type { ColumnSpec, RecordField } from './columns.js';
import type { FoundDestination } from './found-destination.js';
import type { DestinationMemory } from './remembered.js';
import { matchSchema } from './schema.js';
import type { Binding } from './schema.js';
import { toSinkItem } from './sink-item.js';

/**
 * The record's fields as declared, or as an existing dataset shows them.
 * @param onDropped told how many fields are over what a database should hold
 */
export async function fieldsOfRun(
  items: ItemSource,
  { recordFields, recordKeyFields, datasetId }: RunInput,
  onDropped: (count: number) => void,
): Promise<readonly RecordField[]> {
  if (recordFields.length > 0 || datasetId === null) return recordFields;
  const collector = new FieldCollector();
  for await (const { item } of items.entries()) collector.add(toSinkItem(item, recordKeyFields));
  if (collector.dropped() > 0) onDropped(collector.dropped());
  return collector.fields();
}

/**
 * Adds the columns that are missing, then binds all.
 * Throws `DestinationError` where the database cannot take them, and what `Sender.send` throws.
 */
export async function bindColumns(
  context: { api: NotionApi; memory: DestinationMemory; log: StageLog },
  specs: readonly ColumnSpec[],
  { destination, properties }: FoundDestination,
): Promise<Binding> {
  const remembered = (await context.memory.read())?.columns ?? {};
  const match = matchSchema(specs, properties, remembered);
  for (const warning of match.warnings) context.log.warning(warning);
  if (match.binding !== null) return match.binding;
  const changed = await context.api.addColumns(destination.dataSourceId, match.missing);
  const { binding } = matchSchema(specs, changed.properties, remembered);
  if (binding === null) {
    const names = Object.keys(match.missing).join(', ');
    throw new DestinationError(
      `Notion did not add the columns ${names}. Add them by hand, or choose another database.`,
    );
  }
  return binding;
}

/** Our column name → property id, as later runs remember it. */
export function columnIds({ title, content, system }: Binding): Record<string, string> {
  const columns = [title, ...content, ...Object.values(system)];
  return Object.fromEntries(columns.map(({ spec, id }) => [spec.name, id]));
}
