import { plainText } from '../block.js';
import type { Block } from '../block.js';
import type { Bot, Database, DataSource, Page, Property, PropertyValue } from '../records.js';
import { showRichText } from '../rich-text.js';
import type { WorldStore } from '../store.js';

type Shown = Record<string, unknown>;

/** Notion rounds times down to the minute. */
export function toMinute(iso: string): string {
  return `${iso.slice(0, 16)}:00.000Z`;
}

/** @param only ids of the properties to show; all when left out */
export function showPage(store: WorldStore, page: Page, only?: Set<string>): Shown {
  const columns =
    page.parent.type === 'data_source_id' ? store.dataSources.get(page.parent.data_source_id)?.properties : undefined;
  const title: Property = { id: 'title', name: 'title', type: 'title', description: null, options: [], config: {} };
  const shown = [...(columns?.values() ?? [title])].filter(({ id }) => only === undefined || only.has(id));
  return {
    object: 'page',
    ...showCommon(page),
    is_archived: false,
    is_locked: page.is_locked,
    parent: page.parent,
    properties: Object.fromEntries(shown.map((property) => [property.name, showProperty(page, property)])),
    url: page.url,
    public_url: null,
  };
}

export function showDatabase(store: WorldStore, database: Database): Shown {
  const sources = database.dataSourceIds.flatMap((id) => store.dataSources.get(id) ?? []);
  return {
    object: 'database',
    ...showCommon(database),
    title: showRichText(database.title),
    description: showRichText(database.description),
    parent: database.parent,
    is_inline: database.is_inline,
    is_locked: database.is_locked,
    data_sources: sources.map(({ id, title }) => ({ id, name: plainText(title) })),
    url: database.url,
    public_url: null,
  };
}

export function showDataSource(store: WorldStore, source: DataSource): Shown {
  const database = store.databases.get(source.databaseId);
  return {
    object: 'data_source',
    ...showCommon(source),
    title: showRichText(source.title),
    description: showRichText(source.description),
    parent: { type: 'database_id', database_id: source.databaseId },
    database_parent: database?.parent,
    is_inline: database?.is_inline ?? false,
    properties: Object.fromEntries([...source.properties.values()].map((one) => [one.name, showColumn(one)])),
    url: database?.url,
    public_url: null,
  };
}

export function showBlock(store: WorldStore, page: Page, parent: Block | null, block: Block): Shown {
  const writer = store.authorship === 'all-blocks-last-writer' ? page : block;
  return {
    object: 'block',
    id: block.id,
    parent:
      parent === null ? { type: 'page_id', page_id: page.id } : ({ type: 'block_id', block_id: parent.id } as const),
    created_time: toMinute(block.created_time),
    last_edited_time: toMinute(writer.last_edited_time),
    created_by: { object: 'user', ...block.created_by },
    last_edited_by: { object: 'user', ...writer.last_edited_by },
    has_children: block.has_children,
    in_trash: false,
    type: block.type,
    [block.type]: payload(block),
  };
}

export function showBot(store: WorldStore, bot: Bot): Shown {
  const user = bot.userId === null ? undefined : store.users.get(bot.userId);
  const owner = user === undefined ? { type: 'workspace', workspace: true } : { type: 'user', user: showPerson(user) };
  return {
    object: 'user',
    id: bot.id,
    name: bot.name,
    avatar_url: null,
    type: 'bot',
    bot: {
      owner,
      workspace_id: bot.workspaceId,
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
      workspace_name: store.workspaces.get(bot.workspaceId)?.name ?? null,
    },
  };
}

export function showPerson(user: { id: string; name: string; email: string }): Shown {
  const { id, name, email } = user;
  return { object: 'user', id, name, avatar_url: null, type: 'person', person: { email } };
}

function showCommon(object: Page | Database | DataSource): Shown {
  return {
    id: object.id,
    created_time: toMinute(object.created_time),
    last_edited_time: toMinute(object.last_edited_time),
    created_by: { object: 'user', ...object.created_by },
    last_edited_by: { object: 'user', ...object.last_edited_by },
    in_trash: object.in_trash,
    icon: object.icon,
    cover: object.cover,
  };
}

function showColumn({ id, name, type, description, options, config }: Property): Shown {
  const hasOptions = type === 'select' || type === 'multi_select' || type === 'status';
  const shownOptions = options.map((option) => ({ ...option, description: null }));
  const format = type === 'number' ? { format: 'number' } : {};
  const groups = type === 'status' ? { groups: [] } : {};
  return {
    id,
    name,
    description,
    type,
    [type]: { ...format, ...config, ...(hasOptions ? { options: shownOptions } : {}), ...groups },
  };
}

function showProperty(page: Page, property: Property): Shown {
  const { id, type } = property;
  const stored = page.properties.get(id);
  return { id, type, [type]: stored?.type === type ? showValue(stored) : withoutValue(page, property) };
}

function showValue(stored: PropertyValue): unknown {
  switch (stored.type) {
    case 'title':
    case 'rich_text':
      return showRichText(stored.value);
    case 'people':
      return stored.value.map((person) => ({ object: 'user', ...person }));
    default:
      return stored.value;
  }
}

function withoutValue(page: Page, { type, config }: Property): unknown {
  switch (type) {
    case 'title':
    case 'rich_text':
    case 'multi_select':
    case 'people':
    case 'relation':
    case 'files':
      return [];
    case 'checkbox':
      return false;
    case 'created_time':
      return toMinute(page.created_time);
    case 'last_edited_time':
      return toMinute(page.last_edited_time);
    case 'created_by':
      return { object: 'user', ...page.created_by };
    case 'last_edited_by':
      return { object: 'user', ...page.last_edited_by };
    case 'formula':
      return { type: 'string', string: null };
    case 'unique_id':
      return { prefix: config['prefix'] ?? null, number: null };
    default:
      return null;
  }
}

function payload({ type, value }: Block): Shown {
  switch (type) {
    case 'child_page':
    case 'child_database':
      return { title: value.title };
    case 'unsupported':
      return { block_type: value.block_type };
    case 'table_row':
      return { cells: value.cells.map(showRichText) };
    default:
      return {
        ...value,
        ...('rich_text' in value ? { rich_text: showRichText(value.rich_text) } : {}),
        ...('caption' in value ? { caption: showRichText(value.caption) } : {}),
      };
  }
}
