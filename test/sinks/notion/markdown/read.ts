import type { BlockDraft, RichText } from '../../../../sandbox/notion/block.js';
import { parseEnhancedMarkdown } from '../../../../sandbox/notion/markdown/parse.js';
import { toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';

/** Serializes GFM and reads the result with the sandbox's reader. */
export function roundTrip(markdown: string, options: { title?: string; images?: boolean; links?: boolean } = {}) {
  return parseEnhancedMarkdown(toNotionMarkdown(markdown, { title: null, ...options }));
}

/** Every block, parents before children. */
export function allBlocks(blocks: readonly BlockDraft[]): BlockDraft[] {
  return blocks.flatMap((block) => [block, ...allBlocks(block.children)]);
}

/** All rich text in reading order: texts, captions, cells. */
export function richTexts(blocks: readonly BlockDraft[]): RichText[] {
  return allBlocks(blocks).flatMap((block) => {
    const value = block.value as { rich_text?: RichText[]; caption?: RichText[]; cells?: RichText[][] };
    return [...(value.rich_text ?? []), ...(value.caption ?? []), ...(value.cells ?? []).flat()];
  });
}

/** What a reader sees, in reading order. */
export function plain(runs: readonly RichText[]): string {
  return runs.map((run) => run.plain_text).join('');
}

/** One run as a short string: `b`, `i`, `s`, `c` for its marks, then text and link. */
export function marked(runs: readonly RichText[]): string[] {
  return runs.map(({ annotations, plain_text, href, type }) => {
    const { bold, italic, strikethrough, code } = annotations;
    const marks = (bold ? 'b' : '') + (italic ? 'i' : '') + (strikethrough ? 's' : '') + (code ? 'c' : '');
    return `${type === 'text' ? '' : `${type}!`}${marks}:${plain_text}${href === null ? '' : ` → ${href}`}`;
  });
}

/** A block tree as nested arrays `[type, text, ...children]`. */
export type Outline = [string, string, ...Outline[]];

export function outline(blocks: readonly BlockDraft[]): Outline[] {
  return blocks.map((block) => {
    const value = block.value as {
      rich_text?: RichText[];
      caption?: RichText[];
      cells?: RichText[][];
      expression?: string;
    };
    const text =
      value.cells?.map(plain).join(' | ') ??
      value.expression ??
      plain([...(value.rich_text ?? []), ...(value.caption ?? [])]);
    return [block.type, text, ...outline(block.children)];
  });
}
