import type { Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const gfm = unified().use(remarkParse).use(remarkGfm).freeze();

/**
 * The parser's time grows with the square of the marks in one paragraph and faster with nesting, its stack with nesting.
 * Real pages stay far below these limits; a page above is read as lines of text, where nothing of this can happen.
 */
const MAX_MARKS_IN_BLOCK = 5000;
const MAX_MARKS_WITHOUT_BLANK_LINE = 10_000;
const MAX_NESTING = 40;

const MARKS = /[*~[@]|<(?=[a-z]+\s)|(?<!\w)_|_(?!\w)/gi;
/** Each is searched for its end up to the end of the block, unless something before it is open. */
const HTML_MARKS = /<[!?]/g;
const HTML_MARK_WEIGHT = 20;
const ITEM = /^[\s>]*(?=(?:[-+*]|\d{1,9}[.)])(?:\s|$))/;
const CONTAINERS = String.raw`(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|\[\^[^\]\s]{1,999}\]:))`;
const NESTED_IN_LINE = new RegExp(`^${CONTAINERS}{${MAX_NESTING}}`);
const NEW_BLOCK = /^\s*(?:$|#{1,6}\s|[-+*]\s|\d{1,9}[.)]\s)/;
const TABLE_DIVIDER = /^\|?\s*:?-+:?\s*\|[\s|:-]*$/;

/** Parses GFM. Throws `RangeError` when the nesting is too deep for the stack. */
export function parseMarkdown(markdown: string): Root {
  return isHostile(markdown) ? parseAsText(markdown) : gfm.parse(markdown);
}

/** Every line as a paragraph without formatting; for sources that the parser cannot take. */
export function parseAsText(markdown: string): Root {
  const lines = markdown.split(/[\r\n]+/);
  return {
    type: 'root',
    children: lines.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] })),
  };
}

function isHostile(markdown: string): boolean {
  let [inBlock, sinceBlank, inTable] = [0, 0, false];
  /** Where the markers of the lists around a line stand. */
  const items: number[] = [];
  for (const line of markdown.split(/[\r\n]/)) {
    if (NESTED_IN_LINE.test(line)) return true;
    const indent = ITEM.exec(line)?.[0].length;
    if (indent !== undefined) {
      while ((items.at(-1) ?? -1) >= indent) items.pop();
      if (items.push(indent) > MAX_NESTING) return true;
    }
    if (NEW_BLOCK.test(line) || inTable) inBlock = 0;
    const text = line.trim();
    if (text === '') [sinceBlank, inTable] = [0, false];
    else if (TABLE_DIVIDER.test(text)) inTable = true;
    const marks = marksIn(line);
    inBlock += marks;
    // Not every line that looks like a new block is one: a hostile paragraph can be made of such lines.
    sinceBlank += marks;
    if (inBlock > MAX_MARKS_IN_BLOCK || sinceBlank > MAX_MARKS_WITHOUT_BLANK_LINE) return true;
  }
  return false;
}

function marksIn(line: string): number {
  const count = (pattern: RegExp): number => line.match(pattern)?.length ?? 0;
  // Ends of links that nothing has begun are looked at with all before them.
  const ends = Math.max(0, count(/\](?=\()/g) - count(/\[/g));
  return count(MARKS) + ends + count(HTML_MARKS) * HTML_MARK_WEIGHT;
}
