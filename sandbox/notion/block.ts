/**
 * Content of a page as the sandbox keeps it. Payloads (`value`) have the field names and shapes of Notion's REST block
 * objects; the endpoints move a payload under its type's name when they answer.
 */

export const COLORS = ['gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'] as const;
type BaseColor = (typeof COLORS)[number];

/** Notion's markdown writes `red_bg` where the REST API writes `red_background`. */
export type Color = 'default' | BaseColor | `${BaseColor}_background`;

export interface Annotations {
  bold: boolean;
  italic: boolean;
  strikethrough: boolean;
  underline: boolean;
  code: boolean;
  color: Color;
}

export const PLAIN: Annotations = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: 'default',
};

interface RichTextBase {
  annotations: Annotations;
  /** What a reader sees, without formatting. */
  plain_text: string;
  /** Where the text leads; `null` without a link. */
  href: string | null;
}

/** One run of inline content. A line break inside a block is a newline in `text.content`. */
export type RichText =
  | (RichTextBase & { type: 'text'; text: { content: string; link: { url: string } | null } })
  | (RichTextBase & { type: 'equation'; equation: { expression: string } })
  | (RichTextBase & { type: 'mention'; mention: Mention });

/** `url` is the address in the mention's tag; users, pages, databases and data sources are told apart by `type`. */
export type Mention =
  | { type: 'user' | 'page' | 'database' | 'data_source'; url: string }
  | { type: 'date'; start: string; end: string | null; start_time: string | null; time_zone: string | null };

interface Text {
  rich_text: RichText[];
  color: Color;
}

type Heading = Text & { is_toggleable: boolean };

interface Media {
  type: 'external';
  external: { url: string };
  caption: RichText[];
}

type Nothing = Record<string, never>;

/** What each type of block holds besides its children. */
export interface BlockValues {
  paragraph: Text;
  heading_1: Heading;
  heading_2: Heading;
  heading_3: Heading;
  heading_4: Heading;
  bulleted_list_item: Text;
  numbered_list_item: Text;
  to_do: Text & { checked: boolean };
  quote: Text;
  toggle: Text;
  callout: Text & { icon: { type: 'emoji'; emoji: string } | { type: 'external'; external: { url: string } } | null };
  code: { rich_text: RichText[]; caption: RichText[]; language: string };
  equation: { expression: string };
  /** Children are `table_row` blocks of exactly `table_width` cells. */
  table: { table_width: number; has_column_header: boolean; has_row_header: boolean };
  table_row: { cells: RichText[][] };
  divider: Nothing;
  /** Children are `column` blocks. */
  column_list: Nothing;
  column: Nothing;
  image: Media;
  video: Media;
  audio: Media;
  file: Media;
  pdf: Media;
  bookmark: { url: string; caption: RichText[] };
  embed: { url: string; caption: RichText[] };
  table_of_contents: { color: Color };
  synced_block: { synced_from: { type: 'block_id'; block_id: string } | null };
  /** `url` identifies the page or database that the block stands for; the block's id is that page's or database's id. */
  child_page: { title: string; url: string };
  child_database: { title: string; url: string; is_inline: boolean };
  /** What markdown shows as `<unknown url alt>`; `block_type` is the `alt`. */
  unsupported: { block_type: string; url: string };
}

export type BlockType = keyof BlockValues;

type Typed = { [T in BlockType]: { type: T; value: BlockValues[T] } }[BlockType];

/** A block that has no identity yet: what parsing gives and printing takes. */
export type BlockDraft = Typed & { children: BlockDraft[] };

/** A block in a page. Assignable to `BlockDraft`, so a page's blocks can be printed as they are. */
export type Block = Typed & {
  /** UUID with dashes. */
  id: string;
  has_children: boolean;
  children: Block[];
  /** ISO 8601 UTC. */
  created_time: string;
  last_edited_time: string;
  created_by: { id: string };
  last_edited_by: { id: string };
};

/** A `text` run. `link` is an absolute URL. */
export function textRun(content: string, annotations: Partial<Annotations> = {}, link: string | null = null): RichText {
  return {
    type: 'text',
    text: { content, link: link === null ? null : { url: link } },
    annotations: { ...PLAIN, ...annotations },
    plain_text: content,
    href: link,
  };
}

/** The visible text of `runs`. */
export function plainText(runs: readonly RichText[]): string {
  return runs.map((run) => run.plain_text).join('');
}
