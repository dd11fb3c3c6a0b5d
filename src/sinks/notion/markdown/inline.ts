import { firstPoint, isPunctuation, isWord, lastPoint } from './characters.js';
import { escapeText } from './escape.js';
import type { ImageSegment, Segment, TextSegment } from './segments.js';
import { tidy } from './tidy.js';

/** Where a line stands. In a cell or a summary a reader may look for tags before it looks for code. */
export type Place = 'line' | 'between-tags';

type LineSegment = Exclude<Segment, ImageSegment>;

const STRUCTURAL_TAG = /<\/?(?:table|tr|td|col|colgroup|summary|details|callout|columns?|br)\b/i;

/**
 * Marks nest in one order only: link, strike, stars, code. A mark that a strict reader would not see where it stands is
 * left out, never its text.
 * @returns the segments as one line of enhanced markdown, empty when there is nothing to see
 */
export function renderLine(segments: readonly LineSegment[], place: Place): string {
  const line = tidy(segments.map((segment) => withoutRiskyCode(segment, place)));
  let out = '';
  let at = 0;
  for (const group of groupBy(line, (segment) => (segment.kind === 'break' ? 'break' : (segment.link ?? '')))) {
    at += group.length;
    const texts = group.filter((segment) => segment.kind === 'text');
    const link = texts[0]?.link ?? null;
    if (texts.length === 0) out += '<br>'.repeat(group.length);
    else if (link === null) out += renderStrikes(texts, lastPoint(out), firstOf(line[at]));
    else {
      // An exclamation mark right before a link would make an image of it.
      if (out.endsWith('!')) out = `${out.slice(0, -1)}\\!`;
      const bare = texts.map((segment) => ({ ...segment, link: null }));
      out += `[${renderStrikes(bare, '[', ']')}](${link})`;
    }
  }
  return out;
}

function renderStrikes(segments: readonly TextSegment[], before: string, after: string): string {
  let out = '';
  let at = 0;
  for (const group of groupBy(segments, (segment) => segment.strike)) {
    at += group.length;
    const [left, right] = [out === '' ? before : lastPoint(out), at < segments.length ? firstOf(segments[at]) : after];
    const bare = group.map((segment) => ({ ...segment, strike: false }));
    const strike = group[0]?.strike === true && isReadable(left, firstOf(bare[0]), lastOf(bare.at(-1)), right);
    out += strike ? `~~${renderStars(bare, '~', '~')}~~` : renderStars(bare, left, right);
  }
  return out;
}

function renderStars(segments: readonly TextSegment[], before: string, after: string): string {
  let out = '';
  let at = 0;
  for (const group of groupBy(segments, (segment) => segment.stars)) {
    at += group.length;
    const [left, right] = [out === '' ? before : lastPoint(out), at < segments.length ? firstOf(segments[at]) : after];
    const bare = group.map((segment) => ({ ...segment, stars: 0 }));
    const seen = left !== '*' && isReadable(left, firstOf(bare[0]), lastOf(bare.at(-1)), right);
    const mark = seen ? '*'.repeat(group[0]?.stars ?? 0) : '';
    out += mark + bare.map(renderText).join('') + mark;
  }
  return out;
}

/** CommonMark's flanking rules for a mark with `first` and `last` inside and `left` and `right` outside. */
function isReadable(left: string, first: string, last: string, right: string): boolean {
  const opens = !isPunctuation(first) || !isWord(left);
  const closes = !isPunctuation(last) || !isWord(right);
  return opens && closes;
}

function renderText(segment: TextSegment): string {
  if (!segment.code) return escapeText(segment.text);
  const fence = codeFence(segment.text) ?? '`';
  const pad = segment.text.startsWith('`') || segment.text.endsWith('`') ? ' ' : '';
  return fence + pad + segment.text + pad + fence;
}

/** One or two backticks, whichever the code does not hold: three would look like a fenced block. `null` when it holds both. */
function codeFence(code: string): string | null {
  const runs = new Set((code.match(/`+/g) ?? []).map((run) => run.length));
  if (!runs.has(1)) return '`';
  return runs.has(2) ? null : '``';
}

/** Code that a naive reader could take for structure becomes plain text, which is escaped. */
function withoutRiskyCode(segment: LineSegment, place: Place): LineSegment {
  if (segment.kind === 'break' || !segment.code) return segment;
  const risky =
    codeFence(segment.text) === null ||
    (segment.link !== null && /[[\]]/.test(segment.text)) ||
    (place === 'between-tags' && STRUCTURAL_TAG.test(segment.text));
  return risky ? { ...segment, code: false } : segment;
}

/** The first character that a segment puts on the line. */
function firstOf(segment: LineSegment | undefined): string {
  if (segment === undefined) return '';
  return outermostMark(segment, ['<', '[']) ?? firstPoint((segment as TextSegment).text);
}

/** The last character that a segment puts on the line. */
function lastOf(segment: LineSegment | undefined): string {
  if (segment === undefined) return '';
  return outermostMark(segment, ['>', ')']) ?? lastPoint((segment as TextSegment).text);
}

function outermostMark(segment: LineSegment, [breakMark, linkMark]: readonly [string, string]): string | null {
  if (segment.kind === 'break') return breakMark;
  if (segment.link !== null) return linkMark;
  if (segment.strike) return '~';
  if (segment.stars !== 0) return '*';
  return segment.code ? '`' : null;
}

function groupBy<T>(items: readonly T[], key: (item: T) => unknown): T[][] {
  const groups: T[][] = [];
  let last: unknown;
  for (const item of items) {
    const own = key(item);
    if (groups.length > 0 && own === last) groups.at(-1)?.push(item);
    else groups.push([item]);
    last = own;
  }
  return groups;
}
