import { dayOrder, monthOf } from './date-words.js';
import { timeIn } from './parse-time.js';

/** A day that a text names, and what the text says besides. */
interface FoundDay {
  year: number;
  month: number;
  day: number;
  /** The text without it. */
  rest: string;
}

/**
 * The date that a text says, as ISO 8601: `2024-03-12`, with the time when the text has one, and with an offset only when
 * the text names one (none is invented). `null` for texts without a complete date, also for relative ones such as
 * "yesterday", which mean another day each time they are read.
 * @param languageCode of the text: it gives the names of months, and the order of `03/04/2024`; without one an order that
 * could be either is not guessed
 * @param isMachine the text was written for programs: seconds or milliseconds since 1970 count too
 */
export function parseDate(raw: string, languageCode: string | null, isMachine = false): string | null {
  const plain = raw
    .replace(/[\u061c\u200e\u200f\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const text = extended(plain);
  if (isMachine && /^\d{10}(?:\d{3})?$/.test(text)) return epoch(Number(text), text.length === 13);
  const found = numericDay(text, languageCode) ?? eastAsianDay(text) ?? namedDay(text, languageCode);
  if (found === null) return null;
  const day = calendarDay(found);
  if (day === null) return null;
  const time = timeIn(found.rest);
  return time === 'invalid' ? null : `${day}${time}`;
}

/** ISO 8601's basic form with the marks of the extended one: `20240312T1030` → `2024-03-12T10:30`. */
function extended(text: string): string {
  return text
    .replace(/^(\d{4})(\d{2})(\d{2})(?=T|$)/i, '$1-$2-$3')
    .replace(/^([\d-]{10}T\d{2})(?=\d{2})/i, '$1:')
    .replace(/^([\d-]{10}T\d{2}:\d{2})(?=\d{2})/i, '$1:');
}

function epoch(value: number, isMilliseconds: boolean): string {
  return new Date(isMilliseconds ? value : value * 1000).toISOString().replace('.000Z', 'Z');
}

/** `2024-03-12`, `12.03.2024`, `3/12/2024`, `2024/3/12`, `12-03-24`. */
function numericDay(text: string, languageCode: string | null): FoundDay | null {
  const yearFirst = /(?<![\d.])(\d{4})([./-]) ?(\d{1,2})\2 ?(\d{1,2})(?!\d)/.exec(text);
  if (yearFirst !== null) {
    const [whole, year, , month, day] = yearFirst;
    // A time that stands behind a second date is not the first one's.
    const [after = ''] = text.slice(yearFirst.index + whole.length).split(/(?<!\d)\d{4}[./-] ?\d{1,2}[./-]/);
    const rest = `${text.slice(0, yearFirst.index)} ${after}`;
    return { year: Number(year), month: Number(month), day: Number(day), rest };
  }
  const parts = /(?<![\d.])(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d|\.\d)/.exec(text);
  if (parts === null) return null;
  const [whole, a = '', mark = '', b = '', y = ''] = parts;
  const [first, second] = [Number(a), Number(b)];
  const order = dayFirst(first, second, mark, languageCode);
  if (order === null) return null;
  const [day, month] = order ? [first, second] : [second, first];
  return { year: fullYear(y), month, day, rest: text.replace(whole, ' ') };
}

/** True for day and month, false for month and day, `null` when nothing tells. */
function dayFirst(first: number, second: number, mark: string, languageCode: string | null): boolean | null {
  // Only the day can be above twelve; and nobody writes points between month and day.
  if (second > 12) return false;
  if (first > 12 || first === second || mark === '.') return true;
  const order = dayOrder(languageCode);
  return order === null ? null : order === 'dmy';
}

/** As POSIX reads two digits (strptime, %y). */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}

/** `2024年3月12日`, `2024년 3월 12일` */
function eastAsianDay(text: string): FoundDay | null {
  const parts = /(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日号號일]?/.exec(text);
  if (parts === null) return null;
  const [whole, year, month, day] = parts;
  return { year: Number(year), month: Number(month), day: Number(day), rest: text.replace(whole, ' ') };
}

/** Words and signs between the parts of a date that say nothing. */
const FILLER = /^(?:st|nd|rd|th|er|ère|re|e|de|del|of|the|di|den|der|am|le|[.,ºª°'’]|d)$/i;

/** `12 March 2024`, `March 12, 2024`, `12. März 2024`, `12 de marzo de 2024`, `2024. március 12.`, `12-Mar-24` */
function namedDay(text: string, languageCode: string | null): FoundDay | null {
  const tokens = [...text.matchAll(/[\p{L}\p{M}]+|\d+|[^\s]/gu)].map(({ 0: token, index }) => ({ token, index }));
  // Where a month has a day but no year: "30 April – 2 May 2024" begins on a day that it says only half.
  let halfSaid: number | null = null;
  for (const [at, { token }] of tokens.entries()) {
    const month = /^\p{L}{3}/u.test(token) ? monthOf(token, languageCode) : null;
    if (month === null) continue;
    const before = tokens
      .slice(0, at)
      .reverse()
      .filter(({ token: word }) => !FILLER.test(word));
    const after = tokens.slice(at + 1).filter(({ token: word }) => !FILLER.test(word));
    const [day, year, first, last] = readAround(
      before.map(({ token: word }) => word),
      after.map(({ token: word }) => word),
    );
    if (day === undefined || year === undefined) {
      const bare = [before[0], after[0]].find((near) => isDay(near?.token));
      halfSaid ??= bare?.index ?? null;
      continue;
    }
    const start = first === 0 ? tokens[at]?.index : before[first - 1]?.index;
    if (halfSaid !== null && start !== undefined && halfSaid < start) return null;
    const final = last === 0 ? tokens[at] : after[last - 1];
    const end = (final?.index ?? 0) + (final?.token.length ?? 0);
    return { year, month, day, rest: `${text.slice(0, start)} ${text.slice(end)}` };
  }
  return null;
}

type Around = [day: number | undefined, year: number | undefined, tokensBefore: number, tokensAfter: number];

/** Day and year from the words before a month, nearest first, and those after it. */
function readAround(before: string[], after: string[]): Around {
  const dash = (word: string | undefined): boolean => word !== undefined && /^[-–—/]$/.test(word);
  // `12-Mar-2024`
  if (isDay(before[1]) && dash(before[0]) && dash(after[0])) {
    const year = after[1] ?? '';
    if (/^(?:\d{4}|\d{2})$/.test(year)) return [Number(before[1]), fullYear(year), 2, 2];
  }
  if (isDay(before[0]) && isYear(after[0])) {
    // "12–14 March 2024" begins on the 12th.
    const start = dash(before[1]) && isDay(before[2]) ? before[2] : before[0];
    return [Number(start), Number(after[0]), start === before[0] ? 1 : 3, 1];
  }
  if (isDay(after[0]) && isYear(after[1])) return [Number(after[0]), Number(after[1]), 0, 2];
  if (isDay(after[0]) && dash(after[1]) && isDay(after[2]) && isYear(after[3])) {
    return [Number(after[0]), Number(after[3]), 0, 4];
  }
  // `Tue Mar 05 10:00:00 2024`, as C and RFC 850 have it.
  if (isDay(after[0]) && after[2] === ':' && after[4] === ':' && isYear(after[6])) {
    return [Number(after[0]), Number(after[6]), 0, 1];
  }
  if (isYear(before[0]) && isDay(after[0])) return [Number(after[0]), Number(before[0]), 1, 1];
  return [undefined, undefined, 0, 0];
}

function isDay(word: string | undefined): boolean {
  return word !== undefined && /^(?:0?[1-9]|[12]\d|3[01])$/.test(word);
}

function isYear(word: string | undefined): boolean {
  return word !== undefined && /^[12]\d{3}$/.test(word);
}

function calendarDay({ year, month, day }: { year: number; month: number; day: number }): string | null {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1000;
  return exists ? date.toISOString().slice(0, 10) : null;
}
