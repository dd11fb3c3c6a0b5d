import type { RecordScalar } from '../item.js';
import type { RecordFieldType } from '../../record-field.js';
import { absoluteUrl, cleanText } from './document.js';

export interface ValueContext {
  baseUrl: string;
  /** The page's language, which tells `1.299` from `1.299`; `null` when it says none. */
  languageCode: string | null;
}

/** Turns what the page says into the field's type; `null` when it cannot be read as one. */
export function recordValue(raw: string | null, type: RecordFieldType, context: ValueContext): RecordScalar {
  const text = cleanText(raw);
  if (text === null) return null;
  switch (type) {
    case 'text':
      return text;
    case 'number':
      return parseNumber(text, context.languageCode);
    case 'url':
    case 'image': {
      const url = absoluteUrl(text, context.baseUrl);
      return url !== null && /^https?:/.test(url) ? url : null;
    }
    case 'email':
      return /[^\s@<>():;,"]+@[^\s@<>():;,"?]+\.[a-z]{2,}/i.exec(text.replace(/^mailto:/i, ''))?.[0] ?? null;
    case 'boolean':
      return parseBoolean(text);
    case 'date':
      return parseDate(text, context.languageCode);
  }
}

/** Languages that write the decimal comma, from Unicode CLDR (https://cldr.unicode.org); the rest write a point. */
const DECIMAL_COMMA = new Set(
  'af az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk ky lt lv mk mn nb nl nn no pl pt ro ru sk sl sq sr sv tr uk uz vi'.split(
    ' ',
  ),
);
/** Regions of those languages that write a point all the same. */
const DECIMAL_POINT = new Set(['de-ch', 'de-li', 'es-mx', 'es-us', 'it-ch', 'es-pr', 'es-gt', 'es-sv', 'es-hn']);

function parseNumber(text: string, languageCode: string | null): number | null {
  const found = /([-−–(]?)\s*(?:[^\d\s.,()-]{0,4}\s*)?(\d[\d.,'’\s\u00a0\u202f]*|[.,]\d+)/u.exec(text);
  if (found === null) return null;
  const [, sign = '', body = ''] = found;
  const digits = body.replace(/['’\s\u00a0\u202f]/g, '').replace(/[.,]$/, '');
  const value = Number(withDecimalPoint(digits, usesDecimalComma(languageCode)));
  if (!Number.isFinite(value)) return null;
  return /[-−–]/.test(sign) || (sign === '(' && text.includes(')') && /^\(/.test(text)) ? -value : value;
}

/** The last of two different marks is the decimal one; a single mark before three digits is decided by the language. */
function withDecimalPoint(digits: string, decimalComma: boolean): string {
  const comma = digits.lastIndexOf(',');
  const point = digits.lastIndexOf('.');
  if (comma !== -1 && point !== -1) {
    return comma > point ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', '');
  }
  const mark = comma !== -1 ? ',' : '.';
  const groups = digits.split(mark);
  if (groups.length === 1) return digits;
  if (groups.length > 2) return groups.join('');
  const couldGroup = groups[1]?.length === 3 && (groups[0]?.length ?? 0) <= 3 && !/^0?$/.test(groups[0] ?? '');
  if (!couldGroup) return groups.join('.');
  return (mark === ',') === decimalComma ? groups.join('.') : groups.join('');
}

function usesDecimalComma(languageCode: string | null): boolean {
  const code = languageCode?.toLowerCase().replace('_', '-') ?? '';
  return !DECIMAL_POINT.has(code) && DECIMAL_COMMA.has(code.split('-')[0] ?? '');
}

function parseBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  if (/^(?:true|yes|y|1|on|ja|oui|s[ií]|sim|✓|✔|✅|checked|available|in stock)$/.test(word)) return true;
  if (/^(?:false|no|n|0|off|nein|non|n[ãa]o|✗|✘|❌|unavailable|out of stock|sold out)$/.test(word)) return false;
  return null;
}

/** ISO 8601 as it stands; day and month in words; `d.m.y`; `d/m/y`, or `m/d/y` on pages in American English. */
function parseDate(text: string, languageCode: string | null): string | null {
  const iso = /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/.exec(text)?.[0];
  if (iso !== undefined) return Number.isNaN(Date.parse(iso)) ? null : iso.replace(' ', 'T');
  const numeric = /\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b/.exec(text);
  if (numeric !== null) {
    const [, first = '', mark, second = '', year = ''] = numeric;
    const american = mark === '/' && (languageCode === null || /^en(?:-us)?$/i.test(languageCode));
    // A number above twelve can only be the day, whatever the language.
    const monthFirst = Number(second) > 12 || (american && Number(first) <= 12);
    return calendarDay(Number(year), Number(monthFirst ? first : second), Number(monthFirst ? second : first));
  }
  if (!/[a-z]{3}/i.test(text) || !/\b\d{4}\b/.test(text)) return null;
  const parsed = new Date(`${text.replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1')} UTC`);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString().slice(0, 10);
}

function calendarDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}
