import type { DataSourceObjectResponse } from '@notionhq/client';
import { DestinationError } from '../../errors.js';
import type { NewColumns } from './api.js';
import { sameName, STATUS } from './columns.js';
import type { ColumnSpec, SystemRole } from './columns.js';
import { isColumnType } from './values.js';
import type { ColumnType } from './values.js';

/** A wanted column and the one in Notion that holds it. `id` addresses it, because names may change. */
export interface BoundColumn {
  spec: ColumnSpec;
  id: string;
  type: ColumnType;
  /** Names that a select offers; empty for all else. */
  options: string[];
}

export interface Binding {
  title: BoundColumn;
  content: BoundColumn[];
  system: Record<SystemRole, BoundColumn>;
  /** Id of the text column `Last change`, which a user adds who wants it; `null` without one. */
  lastChange: string | null;
}

/** How the wanted columns stand to an existing database. `warnings` are sentences about columns that are left out. */
export interface SchemaMatch {
  /** Of all columns; those that are missing have the id `NOT_YET`. */
  binding: Binding;
  missing: NewColumns;
  /** The column by which a sync knows its rows is there, so that earlier rows can be read. */
  hasRows: boolean;
  warnings: string[];
}

const LAST_CHANGE = 'Last change';

/** The id of a column that does not exist, until it is added. */
export const NOT_YET = '';

type Existing = DataSourceObjectResponse['properties'][string];

/**
 * Finds the wanted columns among the existing ones: by remembered id, else by name. Pure; never asks to change or remove
 * a column that exists.
 * @param remembered our name → property id, from earlier runs
 * Throws `DestinationError` where a column that the sync cannot do without has the wrong type, or is no longer there.
 */
export function matchSchema(
  specs: readonly ColumnSpec[],
  properties: Readonly<Record<string, Existing>>,
  remembered: Readonly<Record<string, string>>,
): SchemaMatch {
  const existing = Object.values(properties);
  const title = existing.find((property) => property.type === 'title');
  if (title === undefined)
    throw new DestinationError('The Notion database has no title column. Choose another database.');

  const bound = new Map<ColumnSpec, BoundColumn>();
  const missing: NewColumns = {};
  const warnings: string[] = [];
  let hasRows = true;
  let titleSpec = specs.find((spec) => spec.type === 'title');

  const known = (spec: ColumnSpec, name: string): Existing | undefined =>
    existing.find((property) => property.id === remembered[spec.name]) ??
    existing.find((property) => property.name === name) ??
    existing.find((property) => sameName(property.name, name));

  // What no rows were ever known by has neither.
  const wasHere = (key: ColumnSpec): boolean =>
    remembered[key.name] !== undefined ||
    specs.some((spec) => spec.role === 'hash' && known(spec, spec.name) !== undefined);

  for (const spec of specs) {
    if (spec.type === 'title') continue;
    let name = spec.name;
    let found = known(spec, name);
    if (found !== undefined && !fits(spec, found, remembered)) {
      if (spec.otherName === null) {
        const problem = wrongType(spec, found);
        if (spec.role !== 'content' || spec.mapped) throw new DestinationError(problem);
        warnings.push(problem);
        continue;
      }
      name = spec.otherName;
      found = existing.find((property) => sameName(property.name, name));
      if (found !== undefined && !fits(spec, found, remembered)) throw new DestinationError(wrongType(spec, found));
    }
    if (found === undefined) {
      if (isOptional(spec)) continue;
      if (spec.type === null) throw new DestinationError(untyped(spec));
      if (spec.role === 'key' && wasHere(spec)) throw new DestinationError(lost(spec));
      Object.assign(missing, { [name]: definition(spec.type, spec.role) });
      bound.set(spec, { spec, id: NOT_YET, type: spec.type, options: [] });
      if (spec.role === 'key') hasRows = false;
    } else if (found.type === 'title') titleSpec = spec;
    else bound.set(spec, toBound(spec, found));
  }

  if (titleSpec === undefined) throw new Error('No column is meant for the title');
  const lastChange = existing.find(({ name, type }) => sameName(name, LAST_CHANGE) && type === 'rich_text')?.id ?? null;
  return { binding: toBinding(toBound(titleSpec, title), bound, lastChange), missing, hasRows, warnings };
}

/** The columns of a database that we make. Throws `DestinationError` for a mapping whose type cannot be inferred. */
export function newSchema(specs: readonly ColumnSpec[]): NewColumns {
  const columns: NewColumns = {};
  for (const spec of specs) {
    if (isOptional(spec)) continue;
    if (spec.type === null) throw new DestinationError(untyped(spec));
    columns[spec.name] = definition(spec.type, spec.role);
  }
  return columns;
}

/** The binding that a database made from `specs` would have, for a dry run. */
export function plannedBinding(specs: readonly ColumnSpec[]): Binding {
  const wanted = specs.filter((spec) => !isOptional(spec));
  const columns = wanted.map((spec): BoundColumn => {
    if (spec.type === null) throw new DestinationError(untyped(spec));
    return { spec, id: NOT_YET, type: spec.type, options: [] };
  });
  const title = columns.find((column) => column.type === 'title');
  if (title === undefined) throw new Error('No column is meant for the title');
  return toBinding(
    title,
    new Map(columns.filter((column) => column !== title).map((column) => [column.spec, column])),
    null,
  );
}

function toBinding(
  title: BoundColumn,
  bound: ReadonlyMap<ColumnSpec, BoundColumn>,
  lastChange: string | null,
): Binding {
  const columns = [...bound.values()];
  const byRole = (role: SystemRole): BoundColumn => {
    const column = columns.find(({ spec }) => spec.role === role);
    if (column === undefined) throw new Error(`No column for ${role}`);
    return column;
  };
  return {
    title,
    content: columns.filter(({ spec }) => spec.role === 'content'),
    system: {
      changed: byRole('changed'),
      status: byRole('status'),
      source: byRole('source'),
      key: byRole('key'),
      hash: byRole('hash'),
    },
    lastChange,
  };
}

/** Has nothing to write but into a column that is there already. */
function isOptional({ type, mapped }: ColumnSpec): boolean {
  return type === null && !mapped;
}

function fits(spec: ColumnSpec, found: Existing, remembered: Readonly<Record<string, string>>): boolean {
  if (spec.mapped) return isColumnType(found.type);
  const isOurs = found.id === remembered[spec.name];
  // Today's values are fitted to the column: one that is not written to would go on showing yesterday's.
  if (spec.role === 'content' && (spec.inferred || isOurs) && found.type !== 'title') return isColumnType(found.type);
  if (found.type !== spec.type) return false;
  // A person's own Status column offers other words; adding ours to it would change their column.
  if (spec.role !== 'status' || isOurs) return true;
  return optionsOf(found).includes(STATUS.active);
}

function toBound(spec: ColumnSpec, found: Existing): BoundColumn {
  if (!isColumnType(found.type)) throw new Error(`Column type ${found.type} is not writable`);
  return { spec, id: found.id, type: found.type, options: optionsOf(found) };
}

function optionsOf(property: Existing): string[] {
  if (property.type === 'select') return property.select.options.map(({ name }) => name);
  return property.type === 'multi_select' ? property.multi_select.options.map(({ name }) => name) : [];
}

function definition(type: ColumnType, role: ColumnSpec['role']): NonNullable<NewColumns[string]> {
  if (role === 'status') {
    return {
      select: {
        options: [
          { name: STATUS.active, color: 'green' },
          { name: STATUS.removed, color: 'gray' },
          { name: STATUS.edited, color: 'yellow' },
        ],
      },
    };
  }
  return { [type]: {} } as NonNullable<NewColumns[string]>;
}

function wrongType(spec: ColumnSpec, found: Existing): string {
  const need = spec.mapped ? 'it cannot be written to' : `"${spec.type ?? 'text'}" is needed`;
  const fix =
    spec.role === 'content' && !spec.mapped
      ? `It is left as it is; rename it, or name another column in propertyMapping.`
      : `Rename or change that column in Notion, or choose another database.`;
  return `The Notion column "${found.name}" has the type "${found.type}", but ${need}. ${fix}`;
}

/** A new column in its place would be empty, and each page written a second time. */
function lost({ name }: ColumnSpec): string {
  return (
    `The Notion database has lost its column "${name}", by which the sync knows its rows: it was renamed or deleted. Rename it ` +
    `back to "${name}", or restore it in Notion (••• → Edit properties → Deleted properties). To have every page written anew, add an ` +
    `empty text column "${name}".`
  );
}

function untyped(spec: ColumnSpec): string {
  return (
    `propertyMapping: the Notion column "${spec.name}" does not exist, and what type "${spec.paths[0] ?? ''}" has is not ` +
    'known. Add the column in Notion with the type you want, or map a path such as metadata.title or record.<field>.'
  );
}
