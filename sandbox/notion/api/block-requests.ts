import type { BlockObjectRequest } from '@notionhq/client';
import type { BlockDraft, BlockType } from '../block.js';
import { invalid } from '../errors.js';
import { isWebUrl } from '../limits.js';
import { storeRichText } from '../rich-text.js';
import type { RichTextRequest } from '../rich-text.js';
import type { WorldStore } from '../store.js';
import { storeIcon } from './decoration.js';

type Payload = Record<string, unknown> & {
  rich_text?: RichTextRequest[];
  caption?: RichTextRequest[];
  cells?: RichTextRequest[][];
  children?: object[];
  external?: { url: string };
  icon?: Parameters<typeof storeIcon>[0];
};

const TEXT = { rich_text: [], color: 'default' };
const HEADING = { ...TEXT, is_toggleable: false };
const MEDIA = { type: 'external', caption: [] };

/** What is kept of each type where a request leaves it out; types that are missing here the stand-in does not have. */
const DEFAULTS: Partial<Record<BlockType, object>> = {
  paragraph: TEXT,
  heading_1: HEADING,
  heading_2: HEADING,
  heading_3: HEADING,
  heading_4: HEADING,
  bulleted_list_item: TEXT,
  numbered_list_item: TEXT,
  to_do: { ...TEXT, checked: false },
  quote: TEXT,
  toggle: TEXT,
  callout: { ...TEXT, icon: null },
  code: { rich_text: [], caption: [] },
  equation: {},
  table: { has_column_header: false, has_row_header: false },
  table_row: {},
  divider: {},
  column_list: {},
  column: {},
  image: MEDIA,
  video: MEDIA,
  audio: MEDIA,
  file: MEDIA,
  pdf: MEDIA,
  bookmark: { caption: [] },
  embed: { caption: [] },
  table_of_contents: { color: 'default' },
  synced_block: {},
};

/**
 * The blocks that a request's `children` describe (reference, section 4).
 * @throws NotionError 400 for ragged tables, children under plain headings, single columns and bad addresses
 */
export function storeBlocks(store: WorldStore, requests: (BlockObjectRequest | object)[]): BlockDraft[] {
  return requests.map((request) => storeBlock(store, request));
}

function storeBlock(store: WorldStore, request: object): BlockDraft {
  const [type, given] = (Object.entries(request).find(([key]) => key !== 'type' && key !== 'object') ?? []) as [
    BlockType,
    Payload,
  ];
  const defaults = DEFAULTS[type];
  if (defaults === undefined) throw invalid(`The stand-in has no blocks of type "${type}".`);
  const { children, ...payload } = given;
  const value = {
    ...defaults,
    ...payload,
    ...(payload.rich_text === undefined ? {} : { rich_text: storeRichText(store, payload.rich_text) }),
    ...(payload.caption === undefined ? {} : { caption: storeRichText(store, payload.caption) }),
    ...(payload.cells === undefined ? {} : { cells: payload.cells.map((cell) => storeRichText(store, cell)) }),
    ...(payload.icon === undefined ? {} : { icon: storeIcon(payload.icon) }),
  };
  const draft = { type, value, children: storeBlocks(store, children ?? []) } as BlockDraft;
  checkBlock(draft);
  return draft;
}

function checkBlock(draft: BlockDraft): void {
  const { type, value, children } = draft;
  if (type === 'table') {
    const ragged = children.some((row) => row.type !== 'table_row' || row.value.cells.length !== value.table_width);
    if (value.table_width < 1 || children.length < 1 || ragged) {
      throw invalid('Number of cells in table row must match the table width, and a table needs a row.');
    }
  }
  if (type === 'column_list' && children.length < 2) throw invalid('A column list needs at least two columns.');
  if ('is_toggleable' in value && !value.is_toggleable && children.length > 0) {
    throw invalid('Headings take children only when they are toggleable.');
  }
  if ('type' in value && value.type === 'external' && !isWebUrl(value.external?.url ?? '')) {
    throw invalid(type === 'image' ? 'Invalid image url.' : 'Invalid file url.');
  }
  if ((type === 'bookmark' || type === 'embed') && !isWebUrl(value.url)) throw invalid('Invalid URL.');
}
