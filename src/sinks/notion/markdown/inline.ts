import { firstPoint, isPunctuation, isWord, lastPoint } from './characters.js';
import { escapeText } from './escape.js';
import type { ImageSegment, Segment, TextSegment } from './segments.js';
import { tidy } from './tidy.js';

/** Where a line stands. In a cell or a summary a reader may look for tags before it looks for code. */
export type Place = 'line' | 'between-tags';

type LineSegment = Exclude<Segment, ImageSegment>;

const STRUCTURAL_TAG = /<\/?(?:table|tr|td|col|colgroup|summary|details|callout|columns?|br)\b/i;

/** A line whose marks hide each other in ever new ways gets this many chances; then it loses them all. */
const MAX_PASSES = 10;

/** Marks that would not be seen, by the segment that they are on. */
type Unseen = Map<TextSegment, Partial<TextSegment>>;

/**
 * Marks nest in one order only: link, strike, stars, code. A mark that a strict reader would not see where it stands is
 * left out, never its text. Without it its neighbours stand beside other characters, so that the line is looked at anew.
 * @returns the segments as one line of enhanced markdown, empty when there is nothing to see
 */
export function renderLine(segments: readonly LineSegment[], place: Place): string {
  let line = tidy(segments.map((segment) => withoutRiskyCode(segment, place)));
  for (let pass = 1; ; pass++) {
    const unseen: Unseen = new Map();
    const out = renderLinks(line, unseen);
    if (unseen.size === 0) return out;
    line = tidy(
      line.map((segment) => {
        if (segment.kind === 'break') return segment;
        return pass < MAX_PASSES ? { ...segment, ...unseen.get(segment) } : { ...segment, strike: false, stars: 0 };
      }),
    );
  }
}

function renderLinks(line: readonly LineSegment[], unseen: Unseen): string {
  let out = '';
  let at = 0;
  for (const group of groupBy(line, (segment) => (segment.kind === 'break' ? 'break' : (segment.link ?? '')))) {
    at += group.length;
    const texts = group.filter((segment) => segment.kind === 'text');
    const link = texts[0]?.link ?? null;
    if (texts.length === 0) out += '<br>'.repeat(group.length);
    else if (link === null) out += renderStrikes(texts, lastPoint(out), firstOf(line[at], 'link'), unseen);
    else {
      // An exclamation mark right before a link would make an image of it.
      if (out.endsWith('!')) out = `${out.slice(0, -1)}\\!`;
      out += `[${renderStrikes(texts, '[', ']', unseen)}](${link})`;
    }
  }
  return out;
}

function renderStrikes(segments: readonly TextSegment[], before: string, after: string, unseen: Unseen): string {
  let out = '';
  let at = 0;
  for (const group of groupBy(segments, (segment) => segment.strike)) {
    at += group.length;
    const left = out === '' ? before : lastPoint(out);
    const right = at < segments.length ? firstOf(segments[at], 'strike') : after;
    const struck = group[0]?.strike === true;
    const seen = isReadable(left, firstOf(group[0], 'stars'), lastOf(group.at(-1), 'stars'), right);
    if (struck && !seen) for (const segment of group) unseen.set(segment, { strike: false });
    const inner = struck ? renderStars(group, '~', '~', unseen) : renderStars(group, left, right, unseen);
    out += struck ? `~~${inner}~~` : inner;
  }
  return out;
}

function renderStars(segments: readonly TextSegment[], before: string, after: string, unseen: Unseen): string {
  let out = '';
  let at = 0;
  for (const group of groupBy(segments, (segment) => segment.stars)) {
    at += group.length;
    const left = out === '' ? before : lastPoint(out);
    const right = at < segments.length ? firstOf(segments[at], 'stars') : after;
    const mark = '*'.repeat(group[0]?.stars ?? 0);
    const seen = left !== '*' && isReadable(left, firstOf(group[0], 'code'), lastOf(group.at(-1), 'code'), right);
    if (mark !== '' && !seen) for (const segment of group) unseen.set(segment, { ...unseen.get(segment), stars: 0 });
    out += mark + group.map(renderText).join('') + mark;
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

/** From the outermost to the innermost. */
const MARKS = ['link', 'strike', 'stars', 'code'] as const;

/** The first character that a segment puts on the line, leaving the marks outside of `from` aside. */
function firstOf(segment: LineSegment | undefined, from: (typeof MARKS)[number]): string {
  if (segment === undefined) return '';
  return outermostMark(segment, from, ['<', '[']) ?? firstPoint((segment as TextSegment).text);
}

/** The last one. */
function lastOf(segment: LineSegment | undefined, from: (typeof MARKS)[number]): string {
  if (segment === undefined) return '';
  return outermostMark(segment, from, ['>', ')']) ?? lastPoint((segment as TextSegment).text);
}

function outermostMark(
  segment: LineSegment,
  from: (typeof MARKS)[number],
  [breakMark, linkMark]: readonly [string, string],
): string | null {
  if (segment.kind === 'break') return breakMark;
  const shown = { link: linkMark, strike: '~', stars: '*', code: '`' };
  const mark = MARKS.slice(MARKS.indexOf(from)).find((one) => Boolean(segment[one]));
  return mark === undefined ? null : shown[mark];
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
