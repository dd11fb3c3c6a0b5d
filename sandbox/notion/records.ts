import type { Block, RichText } from './block.js';

export const CAPABILITIES = ['read_content', 'update_content', 'insert_content', 'read_user'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** `public` and `personal` act for a user; `internal` belongs to the workspace and has no owner. */
export type ConnectionKind = 'public' | 'internal' | 'personal';

export interface Workspace {
  id: string;
  name: string;
}

export interface User {
  id: string;
  name: string;
  email: string;
  workspaceId: string;
}

/** One authorization of a connection. The same user authorizing again keeps the bot and gets a further token. */
export interface Bot {
  id: string;
  name: string;
  workspaceId: string;
  /** Who authorized; `null` for internal connections. */
  userId: string | null;
  kind: ConnectionKind;
  capabilities: Set<Capability>;
}

export type Parent =
  | { type: 'workspace'; workspace: true }
  | { type: 'page_id'; page_id: string }
  | { type: 'data_source_id'; data_source_id: string; database_id: string };

export type Icon =
  { type: 'emoji'; emoji: string } | { type: 'external'; external: { url: string } } | { type: 'icon'; icon: object };
export type Cover = { type: 'external'; external: { url: string } };

export interface SelectOption {
  id: string;
  name: string;
  color: string;
}

export interface FileValue {
  name: string;
  type: 'external';
  external: { url: string };
}

export interface DateValue {
  start: string;
  end: string | null;
  time_zone: string | null;
}

/** Values of the property types that a page stores. Read-only ones (created_time …) are worked out when read. */
export interface PropertyValues {
  title: RichText[];
  rich_text: RichText[];
  number: number | null;
  checkbox: boolean;
  url: string | null;
  email: string | null;
  phone_number: string | null;
  date: DateValue | null;
  select: SelectOption | null;
  status: SelectOption | null;
  multi_select: SelectOption[];
  people: { id: string }[];
  relation: { id: string }[];
  files: FileValue[];
}

export type WritableType = keyof PropertyValues;
export const READ_ONLY_TYPES = [
  'created_time',
  'created_by',
  'last_edited_time',
  'last_edited_by',
  'formula',
  'unique_id',
] as const;
export type PropertyType = WritableType | (typeof READ_ONLY_TYPES)[number];

export type PropertyValue = { [T in WritableType]: { type: T; value: PropertyValues[T] } }[WritableType];

/** One column of a data source. `id` is percent-encoded, as the API shows it. */
export interface Property {
  id: string;
  name: string;
  type: PropertyType;
  description: string | null;
  /** Of select, multi_select and status. */
  options: SelectOption[];
  /** What else the type's configuration holds: a number's format, a relation's target, a formula's expression. */
  config: Record<string, unknown>;
}

interface Common {
  id: string;
  workspaceId: string;
  /** Bots that this object and all below it were shared with. */
  sharedWith: Set<string>;
  in_trash: boolean;
  icon: Icon | null;
  cover: Cover | null;
  /** Exact, ISO 8601 UTC; replies round down to the minute. */
  created_time: string;
  last_edited_time: string;
  created_by: { id: string };
  last_edited_by: { id: string };
}

export interface Database extends Common {
  object: 'database';
  parent: Parent;
  title: RichText[];
  description: RichText[];
  is_inline: boolean;
  is_locked: boolean;
  dataSourceIds: string[];
  url: string;
}

export interface DataSource extends Common {
  object: 'data_source';
  databaseId: string;
  /** Its table view. */
  viewId: string;
  title: RichText[];
  description: RichText[];
  /** Ids in the order of creation. */
  properties: Map<string, Property>;
  /** How often it was queried; see `Staleness`. */
  queries: number;
}

export interface Page extends Common {
  object: 'page';
  parent: Parent;
  /** By property id. A page outside a data source has `title` only. */
  properties: Map<string, PropertyValue>;
  blocks: Block[];
  url: string;
  is_locked: boolean;
  /** `queries` of the data source when the row was made. */
  queriesBefore: number;
}

/** What somebody says about a page, or about one block of it. */
export interface Comment {
  pageId: string;
  /** `null`: about the page as a whole. */
  blockId: string | null;
  authorId: string;
  text: string;
}

/** How long queries and search do not see a new row: until both have passed. */
export interface Staleness {
  ms: number;
  queries: number;
}

/** Three readings of what the vendor does (design, issue 5). */
export type Authorship = 'blocks-keep-author' | 'all-blocks-last-writer' | 'token-writes-as-person';
