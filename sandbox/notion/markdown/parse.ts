import { textRun, type BlockDraft, type RichText } from '../block.js';
import { parseInline } from './inline-parse.js';
import { fenceLanguage } from './languages.js';
import { parseLine, textBlock } from './parse-line.js';
import { parseAttributes, parseColor } from './scan.js';
import { isPipeDivider, parsePipeTable, parseTable, pipeCells } from './table-parse.js';

const CONTAINERS = ['details', 'callout', 'columns', 'column', 'synced_block', 'synced_block_reference'] as const;
type Container = (typeof CONTAINERS)[number];

/**
 * Reads Notion's enhanced markdown (grammar v1) as blocks. Written from the documented grammar, apart from the Actor's
 * own serializer, and pessimistic wherever the documentation is silent: see `test/sandbox/markdown-traps.test.ts`.
 * One line is one block, nesting is by tabs only, HTML entities are text, unknown tags are text. It never throws.
 */
export function parseEnhancedMarkdown(markdown: string): BlockDraft[] {
  return new Reader(markdown).blocks(0);
}

class Reader {
  readonly #lines: string[];
  #at = 0;

  constructor(markdown: string) {
    this.#lines = markdown.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** Blocks from here on, until a line is nested less than `depth`. */
  blocks(depth: number, inColumns = false): BlockDraft[] {
    const found: BlockDraft[] = [];
    for (;;) {
      const line = this.#peek();
      if (line === undefined || tabs(line) < depth) return found;
      found.push(...this.#block(line.slice(tabs(line)), depth, inColumns));
    }
  }

  /** The next line that is not blank. */
  #peek(): string | undefined {
    while (this.#at < this.#lines.length && this.#lines[this.#at]?.trim() === '') this.#at++;
    return this.#lines[this.#at];
  }

  #block(line: string, depth: number, inColumns: boolean): BlockDraft[] {
    const fence = /^(`{3,})([^`]*)$/.exec(line);
    if (fence?.[1] !== undefined) return [this.#code(fence[1], fence[2] ?? '', depth)];
    if (line === '$$') return [this.#equation(depth)];
    if (/^<table[\s>]/.test(line)) return this.#table();
    const container = CONTAINERS.find((name) => new RegExp(`^<${name}(\\s[^<>]*)?>$`).test(line));
    if (container !== undefined) return this.#container(container, line, depth, inColumns);
    const cells = isPipeDivider(this.#lines[this.#at + 1]?.trim()) ? pipeCells(line) : null;
    if (cells !== null) return this.#pipeTable(cells);
    this.#at++;
    const draft = parseLine(line);
    if (takesChildren(draft)) draft.children = this.blocks(depth + 1);
    return [draft];
  }

  /** Lines up to one that is `close` alone, without `depth` tabs each; to the end of the page when it never comes. */
  #literalBody(isClose: (line: string) => boolean, depth: number): string {
    const body: string[] = [];
    for (this.#at++; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      const stripped = line.slice(Math.min(tabs(line), depth));
      if (isClose(stripped)) {
        this.#at++;
        break;
      }
      body.push(stripped);
    }
    return body.join('\n');
  }

  #code(fence: string, info: string, depth: number): BlockDraft {
    const body = this.#literalBody((line) => /^`+$/.test(line) && line.length >= fence.length, depth);
    const value = { rich_text: body === '' ? [] : [textRun(body)], caption: [], language: fenceLanguage(info) };
    return { type: 'code', value, children: [] };
  }

  #equation(depth: number): BlockDraft {
    return { type: 'equation', value: { expression: this.#literalBody((line) => line === '$$', depth) }, children: [] };
  }

  #table(): BlockDraft[] {
    const lines: string[] = [];
    while (this.#at < this.#lines.length) {
      const line = (this.#lines[this.#at++] ?? '').trim();
      lines.push(line);
      if (line.endsWith('</table>')) break;
    }
    const table = parseTable(lines.join('\n'));
    return table === null ? lines.filter((line) => line !== '').map(textBlock) : [table];
  }

  #pipeTable(head: string[]): BlockDraft[] {
    const lines = this.#lines.slice(this.#at, this.#at + 2);
    const rows = [head];
    this.#at += 2;
    for (let cells; (cells = pipeCells(this.#lines[this.#at] ?? '')) !== null; this.#at++) {
      rows.push(cells);
      lines.push(this.#lines[this.#at] ?? '');
    }
    const table = parsePipeTable(rows);
    return table === null ? lines.map((line) => textBlock(line.trim())) : [table];
  }

  /**
   * A tag with blocks inside. Without its closing tag on a line of its own and as deep, the opening one is text; so are
   * columns that stand outside of `<columns>`, and `<columns>` around anything else.
   */
  #container(name: Container, opening: string, depth: number, inColumns: boolean): BlockDraft[] {
    this.#at++;
    const attributes = parseAttributes(opening);
    const literal = [textBlock(opening)];
    let summary: RichText[] = [];
    if (name === 'details') {
      const line = this.#peek()?.trim() ?? '';
      const inner = /^<summary>(.*)<\/summary>$/s.exec(line)?.[1];
      if (inner !== undefined) {
        this.#at++;
        summary = parseInline(inner);
        literal.push(textBlock(line));
      }
    }
    const children = this.blocks(depth + 1, name === 'columns');
    const end = this.#peek();
    if (end !== `${'\t'.repeat(depth)}</${name}>`) return [...literal, ...children];
    this.#at++;
    const fits = name === 'columns' ? children.every(({ type }) => type === 'column') : name !== 'column' || inColumns;
    if (!fits) return [...literal, ...children, textBlock(end.trim())];
    return [containerBlock(name, attributes, summary, children)];
  }
}

function containerBlock(
  name: Container,
  attributes: Record<string, string>,
  summary: RichText[],
  children: BlockDraft[],
): BlockDraft {
  const color = parseColor(attributes['color']);
  switch (name) {
    case 'details':
      return { type: 'toggle', value: { rich_text: summary, color }, children };
    case 'callout': {
      const [first, ...rest] = children;
      const isText = first?.type === 'paragraph' && first.value.color === 'default' && first.children.length === 0;
      const icon = calloutIcon(attributes['icon']);
      const value = { rich_text: isText ? first.value.rich_text : [], color, icon };
      return { type: 'callout', value, children: isText ? rest : children };
    }
    case 'columns':
      return { type: 'column_list', value: {}, children };
    case 'column':
      return { type: 'column', value: {}, children };
    case 'synced_block':
      return { type: 'synced_block', value: { synced_from: null }, children };
    case 'synced_block_reference': {
      const synced_from = { type: 'block_id' as const, block_id: attributes['url'] ?? '' };
      return { type: 'synced_block', value: { synced_from }, children };
    }
  }
}

function calloutIcon(icon: string | undefined) {
  if (icon === undefined || icon === '') return null;
  if (/^https?:/.test(icon)) return { type: 'external' as const, external: { url: icon } };
  return { type: 'emoji' as const, emoji: icon };
}

function takesChildren(block: BlockDraft): boolean {
  switch (block.type) {
    case 'paragraph':
    case 'bulleted_list_item':
    case 'numbered_list_item':
    case 'to_do':
    case 'quote':
      return true;
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4':
      return block.value.is_toggleable;
    default:
      return false;
  }
}

function tabs(line: string): number {
  return /^\t*/.exec(line)?.[0].length ?? 0;
}
