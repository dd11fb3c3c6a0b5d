import type { RecordFieldType } from '../../record-field.js';
import type { RecordScalar } from '../item.js';
import { cleanText, webUrl } from './document.js';
import { parseDate } from './parse-date.js';
import { parseNumber } from './record-number.js';

export interface ValueContext {
  baseUrl: string;
  /** The language around the value, which tells `1,299` from `1,299` and orders `03/04/2024`; `null` when none is said. */
  languageCode: string | null;
}

/** What an element says for a field. */
export interface RawValue {
  text: string;
  /**
   * `words` are for readers, `attribute` for programs; an `address` stands in an attribute that holds one, and is relative
   * to the page.
   */
  from: 'words' | 'attribute' | 'address';
}

/** No number, date or address is longer; what follows is another text that a selector took along. */
const MAX_VALUE_LENGTH = 2_000;

/** Turns what the page says into the field's type; `null` when it cannot be read as one. */
export function recordValue(raw: RawValue, type: RecordFieldType, context: ValueContext): RecordScalar {
  const text = cleanText(raw.text);
  if (text === null) return null;
  if (type === 'text') return text;
  const value = text.slice(0, MAX_VALUE_LENGTH);
  switch (type) {
    case 'number':
      return parseNumber(value, context.languageCode, raw.from !== 'words');
    case 'date':
      return parseDate(value, context.languageCode, raw.from !== 'words');
    case 'url':
    case 'image':
      return readUrl(value, raw.from, context.baseUrl);
    case 'email':
      return readEmail(value);
    case 'boolean':
      return readBoolean(value);
  }
}

/** An http(s) address. In words only what begins like one: `/a`, `https://…`, `www.example.com/a`, `example.com`. */
function readUrl(text: string, from: RawValue['from'], baseUrl: string): string | null {
  // A link to nothing, as buttons have it.
  if (text === '#') return null;
  const isDomain = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/:?#]\S*)?$/u.test(text);
  if (from === 'words' && isDomain) return webUrl(`https://${text}`, baseUrl);
  if (from === 'words' && !/^(?:https?:\/\/|\/)\S*$/i.test(text)) return null;
  return webUrl(text, baseUrl);
}

/** The first address in a text or a `mailto:` link. */
function readEmail(text: string): string | null {
  const isLink = /^mailto:/i.test(text);
  const words = isLink ? decoded(text.slice('mailto:'.length).split('?')[0] ?? '') : text;
  return /[^\s@<>()[\]:;,"']+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/u.exec(words)?.[0] ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const YES =
  /^(?:true|yes|y|1|on|checked|ja|oui|s[ií]|sim|✓|✔|✅|☑|available|in stock|auf lager|verfügbar|lieferbar|sofort lieferbar|en stock|disponible|disponibile|disponível|em estoque|em stock|op voorraad|beschikbaar)$/i;
const NO =
  /^(?:false|no|n|0|off|unchecked|nein|non|n[ãa]o|nee|✗|✘|❌|☐|unavailable|not available|out of stock|sold out|ausverkauft|nicht verfügbar|nicht auf lager|nicht lieferbar|épuisé|rupture de stock|en rupture de stock|indisponible|agotado|sin stock|no disponible|esaurito|non disponibile|esgotado|indisponível|sem estoque|uitverkocht|niet op voorraad|niet beschikbaar)$/i;
/** Availability as https://schema.org/ItemAvailability names it. */
const SCHEMA_AVAILABILITY =
  /^https?:\/\/schema\.org\/(?:(InStock|InStoreOnly|OnlineOnly|LimitedAvailability)|(OutOfStock|SoldOut|Discontinued))$/i;

function readBoolean(text: string): boolean | null {
  const word = text.replace(/^[✓✔✅☑✗✘❌☐]\s*(?=\p{L})|[.!]$/gu, '');
  if (YES.test(word)) return true;
  if (NO.test(word)) return false;
  const availability = SCHEMA_AVAILABILITY.exec(word);
  return availability === null ? null : availability[1] !== undefined;
}
