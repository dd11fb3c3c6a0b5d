import { firstPoint, isPunctuation, isWord, lastPoint } from './characters.js';
import { isVisible } from './escape.js';
import type { ImageSegment, Segment, TextSegment } from './segments.js';

type LineSegment = Exclude<Segment, ImageSegment>;

/**
 * Brings a line into a form in which its marks can be read in one way only: no space at the line's ends, beside a break
 * or just inside a mark; neighbours with the same format joined; star marks that would touch reduced to what they share.
 * @returns an empty array for a line that shows nothing
 */
export function tidy(segments: readonly LineSegment[]): LineSegment[] {
  if (!segments.some((segment) => segment.kind === 'text' && isVisible(segment.text))) return [];
  const line = joinEqual(formatSpaces(oneSpace(segments.flatMap(cutSpaces))));
  separateStars(line);
  return joinEqual(line.flatMap((segment, index) => peel(segment, line[index - 1], line[index + 1])));
}

function isSpace(segment: LineSegment | undefined): segment is TextSegment {
  return segment?.kind === 'text' && /^\s*$/.test(segment.text);
}

/** Spaces at the ends of a segment become segments of their own. */
function cutSpaces(segment: LineSegment): LineSegment[] {
  if (segment.kind === 'break') return [segment];
  const core = segment.text.trim();
  if (core === '') return [{ ...segment, code: false }];
  const start = segment.text.indexOf(core);
  const [before, after] = [segment.text.slice(0, start), segment.text.slice(start + core.length)];
  const space = (text: string): TextSegment[] => (text === '' ? [] : [{ ...segment, text, code: false }]);
  return [...space(before), { ...segment, text: core }, ...space(after)];
}

/** Drops spaces at the line's ends and beside breaks, all but the first of several in a row, and breaks at the ends. */
function oneSpace(segments: readonly LineSegment[]): LineSegment[] {
  const line: LineSegment[] = [];
  for (const segment of segments) {
    const last = line.at(-1);
    if (isSpace(segment)) {
      if (segment.text !== '' && last !== undefined && last.kind === 'text' && !isSpace(last)) line.push(segment);
      continue;
    }
    if (segment.kind === 'break') {
      if (isSpace(last)) line.pop();
      if (line.length > 0) line.push(segment);
    } else line.push(segment);
  }
  while (line.length > 0 && (isSpace(line.at(-1)) || line.at(-1)?.kind === 'break')) line.pop();
  return line;
}

/** A space takes the format that both its neighbours have. */
function formatSpaces(line: readonly LineSegment[]): LineSegment[] {
  return line.map((segment, index) => {
    const [before, after] = [line[index - 1], line[index + 1]];
    if (!isSpace(segment) || before?.kind !== 'text' || after?.kind !== 'text') return segment;
    const link = before.link === after.link ? before.link : null;
    const strike = before.strike && after.strike && before.link === after.link;
    const stars = before.stars === after.stars && before.strike === after.strike && before.link === after.link;
    return { ...segment, link, strike, stars: stars ? before.stars : 0 };
  });
}

function joinEqual(line: readonly LineSegment[]): LineSegment[] {
  const joined: LineSegment[] = [];
  for (const segment of line) {
    const last = joined.at(-1);
    if (segment.kind === 'text' && last?.kind === 'text' && sameFormat(segment, last)) {
      joined[joined.length - 1] = { ...last, text: last.text + segment.text };
    } else joined.push(segment);
  }
  return joined;
}

function sameFormat(a: TextSegment, b: TextSegment): boolean {
  return a.code === b.code && a.stars === b.stars && a.strike === b.strike && a.link === b.link;
}

/** `**a***b*` can be read in several ways: where stars would touch, both sides keep what they have in common. */
function separateStars(line: LineSegment[]): void {
  for (let i = 1; i < line.length;) {
    const [a, b] = [line[i - 1], line[i]];
    const touch =
      a?.kind === 'text' && b?.kind === 'text' && a.link === b.link && a.strike === b.strike && a.stars !== b.stars;
    if (!touch || a.stars === 0 || b.stars === 0) {
      i++;
      continue;
    }
    const common = a.stars & b.stars;
    if (common !== 0) line[i - 1] = { ...a, stars: common };
    line[i] = { ...b, stars: common };
    i = Math.max(1, common === 0 ? i + 1 : i - 1);
  }
}

/** Punctuation at the end of a mark that touches a word goes outside, where CommonMark would not see the mark otherwise. */
function peel(segment: LineSegment, before: LineSegment | undefined, after: LineSegment | undefined): LineSegment[] {
  if (segment.kind === 'break' || segment.stars === 0 || segment.code) return [segment];
  const points = Array.from(segment.text);
  let [start, end] = [0, points.length];
  if (touches(before, segment) && isWord(lastPoint(before.text))) {
    while (start < end && isPunctuation(points[start])) start++;
  }
  if (touches(after, segment) && isWord(firstPoint(after.text))) {
    while (end > start && isPunctuation(points[end - 1])) end--;
  }
  if (start === 0 && end === points.length) return [segment];
  const core = points.slice(start, end).join('');
  const plain = (text: string): TextSegment[] => (text === '' ? [] : [{ ...segment, text, stars: 0 }]);
  if (core === '' || core.trim() !== core) return plain(segment.text);
  return [...plain(points.slice(0, start).join('')), { ...segment, text: core }, ...plain(points.slice(end).join(''))];
}

/** True for a neighbour in the same link and strike without stars of its own. */
function touches(other: LineSegment | undefined, segment: TextSegment): other is TextSegment {
  if (other?.kind !== 'text' || other.code || other.stars !== 0) return false;
  return other.strike === segment.strike && other.link === segment.link;
}
