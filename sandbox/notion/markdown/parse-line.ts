import type { BlockDraft, BlockType, RichText } from '../block.js';
import { plainText } from '../block.js';
import { parseInline } from './inline-parse.js';
import { parseAttributes, parseColor, splitAttributes, unescape } from './scan.js';

const MEDIA = ['audio', 'video', 'file', 'pdf'] as const;

/** The block that a single line is. Its children, if it takes any, are the caller's to add. */
export function parseLine(line: string): BlockDraft {
  return leaf(line) ?? textBlock(line);
}

/** Blocks that are one line and no text. */
function leaf(line: string): BlockDraft | null {
  if (/^-{3,}\s*$/.test(line)) return { type: 'divider', value: {}, children: [] };
  const { text, attributes } = splitAttributes(line);
  const color = parseColor(attributes['color']);
  if (text === '<empty-block/>') return { type: 'paragraph', value: { rich_text: [], color }, children: [] };
  if (/^<table_of_contents\s*[^<>]*\/>$/.test(text)) {
    const own = parseAttributes(text)['color'];
    return { type: 'table_of_contents', value: { color: own === undefined ? color : parseColor(own) }, children: [] };
  }
  return image(text) ?? reference(text);
}

function image(text: string): BlockDraft | null {
  if (!text.startsWith('![')) return null;
  // The rest must be exactly one link: its text is the caption.
  const runs = parseInline(text.slice(1));
  const url = runs[0]?.href ?? null;
  const whole = url !== null && runs.every((run) => run.href === url && run.type !== 'mention');
  if (whole) return imageBlock(url, runs.map(withoutLink));
  const bare = /^!\[\]\(([^\s()]+)\)$/.exec(text)?.[1];
  return bare === undefined ? null : imageBlock(unescape(bare), []);
}

function imageBlock(url: string, caption: RichText[]): BlockDraft {
  return { type: 'image', value: { type: 'external', external: { url }, caption }, children: [] };
}

function withoutLink(run: RichText): RichText {
  return run.type === 'text' ? { ...run, text: { ...run.text, link: null }, href: null } : { ...run, href: null };
}

function reference(text: string): BlockDraft | null {
  const match = /^<([a-z]+)((?:\s+[\w-]+="[^"]*")*)\s*(?:\/>|>(.*)<\/\1>)$/s.exec(text);
  if (match === null) return null;
  const [, name, source = '', inner = ''] = match;
  const attributes = parseAttributes(source);
  const media = MEDIA.find((type) => type === name);
  if (media !== undefined && attributes['src'] !== undefined) {
    const value = { type: 'external' as const, external: { url: attributes['src'] }, caption: parseInline(inner) };
    return { type: media, value, children: [] };
  }
  const { url } = attributes;
  if (url === undefined) return null;
  const title = plainText(parseInline(inner));
  if (name === 'page') return { type: 'child_page', value: { title, url }, children: [] };
  if (name === 'database') {
    return { type: 'child_database', value: { title, url, is_inline: attributes['inline'] === 'true' }, children: [] };
  }
  if (name === 'unknown') {
    return { type: 'unsupported', value: { block_type: attributes['alt'] ?? '', url }, children: [] };
  }
  return null;
}

/** A line of text with or without a mark before it: paragraph, heading, list item, to-do, quote. */
export function textBlock(line: string): BlockDraft {
  const { text, attributes } = splitAttributes(line);
  const color = parseColor(attributes['color']);
  const block = (type: TextType, mark: RegExp): BlockDraft => {
    const value = { rich_text: parseInline(text.replace(mark, '')), color };
    return { type, value, children: [] };
  };
  const hashes = /^(#{1,6})(?:\s|$)/.exec(text)?.[1];
  if (hashes !== undefined) {
    const level = Math.min(hashes.length, 4) as 1 | 2 | 3 | 4;
    const rich_text = parseInline(text.replace(/^#+\s?/, ''));
    const value = { rich_text, color, is_toggleable: attributes['toggle'] === 'true' };
    return { type: `heading_${level}`, value, children: [] };
  }
  const toDo = /^- \[([ xX])\](?:\s|$)/.exec(text);
  if (toDo !== null) {
    const value = { rich_text: parseInline(text.slice(toDo[0].length)), color, checked: toDo[1] !== ' ' };
    return { type: 'to_do', value, children: [] };
  }
  if (/^-(\s|$)/.test(text)) return block('bulleted_list_item', /^-\s?/);
  if (/^\d+\.(\s|$)/.test(text)) return block('numbered_list_item', /^\d+\.\s?/);
  if (text.startsWith('>')) return block('quote', /^>\s?/);
  return block('paragraph', /^/);
}

type TextType = Extract<BlockType, 'paragraph' | 'bulleted_list_item' | 'numbered_list_item' | 'quote'>;
