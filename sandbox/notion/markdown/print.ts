import type { BlockDraft, RichText } from '../block.js';
import { plainText } from '../block.js';
import { attributeValue, escapeText, printInline, printUrl } from './inline-print.js';
import { printColor } from './scan.js';

/**
 * Writes blocks as Notion's enhanced markdown (grammar v1), one newline between blocks, the way the markdown endpoints
 * answer. `parseEnhancedMarkdown` reads it back as the same blocks, except for what the grammar has no words for: the
 * caption and formatting of code, bookmarks and embeds (written as `<unknown>`), and children of headings that are no
 * toggles (written after them).
 */
export function printEnhancedMarkdown(blocks: readonly BlockDraft[]): string {
  return lines(blocks).join('\n');
}

function lines(blocks: readonly BlockDraft[]): string[] {
  let ordinal = 0;
  return blocks.flatMap((block) => {
    ordinal = block.type === 'numbered_list_item' ? ordinal + 1 : 0;
    return blockLines(block, ordinal);
  });
}

function nested(blocks: readonly BlockDraft[]): string[] {
  return lines(blocks).map((line) => `\t${line}`);
}

function blockLines(block: BlockDraft, ordinal: number): string[] {
  switch (block.type) {
    case 'paragraph': {
      const text = printInline(block.value.rich_text);
      const line = text === '' ? '<empty-block/>' : text;
      return [line + attributes(color(block.value.color)), ...nested(block.children)];
    }
    case 'bulleted_list_item':
      return textLines('- ', block.value, block.children);
    case 'numbered_list_item':
      return textLines(`${ordinal}. `, block.value, block.children);
    case 'to_do':
      return textLines(block.value.checked ? '- [x] ' : '- [ ] ', block.value, block.children);
    case 'quote':
      return textLines('> ', block.value, block.children);
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4': {
      const mark = '#'.repeat(Number(block.type.slice(-1)));
      const { rich_text, is_toggleable } = block.value;
      const marks = (is_toggleable ? ' toggle="true"' : '') + color(block.value.color);
      const below = is_toggleable ? nested(block.children) : lines(block.children);
      return [`${mark} ${printInline(rich_text)}${attributes(marks)}`, ...below];
    }
    case 'toggle': {
      const summary = `<summary>${printInline(block.value.rich_text)}</summary>`;
      return [`<details${color(block.value.color)}>`, summary, ...nested(block.children), '</details>'];
    }
    case 'callout':
      return calloutLines(block.value, block.children);
    case 'code':
      return codeLines(plainText(block.value.rich_text), block.value.language);
    case 'equation':
      return ['$$', ...block.value.expression.split('\n'), '$$'];
    case 'table':
      return tableLines(block.value, block.children);
    case 'table_row':
      return rowLines(block.value.cells);
    case 'divider':
      return ['---'];
    case 'column_list':
      return ['<columns>', ...nested(block.children), '</columns>'];
    case 'column':
      return ['<column>', ...nested(block.children), '</column>'];
    case 'image':
      return [`![${printInline(block.value.caption)}](${printUrl(block.value.external.url)})`];
    case 'audio':
    case 'video':
    case 'file':
    case 'pdf': {
      const { external, caption } = block.value;
      return [`<${block.type} src="${attributeValue(external.url)}">${printInline(caption)}</${block.type}>`];
    }
    case 'table_of_contents':
      return [`<table_of_contents${color(block.value.color)}/>`];
    case 'synced_block': {
      const from = block.value.synced_from;
      if (from === null) return ['<synced_block>', ...nested(block.children), '</synced_block>'];
      const opening = `<synced_block_reference url="${attributeValue(from.block_id)}">`;
      return [opening, ...nested(block.children), '</synced_block_reference>'];
    }
    case 'child_page':
      return [`<page url="${attributeValue(block.value.url)}">${escapeText(block.value.title)}</page>`];
    case 'child_database': {
      const { url, title, is_inline } = block.value;
      const inline = is_inline ? ' inline="true"' : '';
      return [`<database url="${attributeValue(url)}"${inline}>${escapeText(title)}</database>`];
    }
    case 'bookmark':
    case 'embed':
      return [unknown(block.value.url, block.type)];
    case 'unsupported':
      return [unknown(block.value.url, block.value.block_type)];
  }
}

type Value<T extends BlockDraft['type']> = Extract<BlockDraft, { type: T }>['value'];

function textLines(mark: string, value: Value<'quote'>, children: readonly BlockDraft[]): string[] {
  return [mark + printInline(value.rich_text) + attributes(color(value.color)), ...nested(children)];
}

function calloutLines(value: Value<'callout'>, children: readonly BlockDraft[]): string[] {
  const icon = value.icon === null ? '' : value.icon.type === 'emoji' ? value.icon.emoji : value.icon.external.url;
  const opening = `<callout${icon === '' ? '' : ` icon="${attributeValue(icon)}"`}${color(value.color)}>`;
  // The callout's own text is its first paragraph; without one, a first child that is a paragraph must not take its place.
  const text = value.rich_text.length > 0 || children[0]?.type === 'paragraph';
  const own: BlockDraft = { type: 'paragraph', value: { rich_text: value.rich_text, color: 'default' }, children: [] };
  return [opening, ...nested(text ? [own, ...children] : children), '</callout>'];
}

function codeLines(body: string, language: string): string[] {
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence + (language === 'plain text' ? '' : language), ...body.split('\n'), fence];
}

function tableLines(value: Value<'table'>, rows: readonly BlockDraft[]): string[] {
  const header = `header-row="${value.has_column_header}" header-column="${value.has_row_header}"`;
  return [`<table ${header}>`, ...rows.flatMap((row) => lines([row])), '</table>'];
}

function rowLines(cells: readonly RichText[][]): string[] {
  return ['<tr>', ...cells.map((cell) => `<td>${printInline(cell)}</td>`), '</tr>'];
}

function unknown(url: string, type: string): string {
  return `<unknown url="${attributeValue(url)}" alt="${attributeValue(type)}"/>`;
}

function color(value: Parameters<typeof printColor>[0]): string {
  return value === 'default' ? '' : ` color="${printColor(value)}"`;
}

function attributes(source: string): string {
  return source === '' ? '' : ` {${source.slice(1)}}`;
}
