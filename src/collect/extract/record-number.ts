/** Zero of each decimal digit block that web pages use; the other nine follow it (Unicode, general category Nd). */
const ZEROS = ['٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐', '０'].map(
  (zero) => zero.codePointAt(0) ?? 0,
);

const CURRENCY =
  /(?:(?<!\p{L})\p{Lu}\p{L}{0,2})?\p{Sc}|(?<!\p{L})(?:AUD|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EUR|Euros?|GBP|HKD|HUF|INR|JPY|KRW|MXN|NOK|NZD|PLN|RON|RUB|SEK|SGD|TRY|USD|ZAR|Fr\.|Rs\.?|kr\.?|zł|Kč|Ft|лв|руб)(?!\p{L})/iu;

const ENDS_IN_CURRENCY = new RegExp(`(?:${CURRENCY.source})$`, 'iu');
const BEGINS_WITH_CURRENCY = new RegExp(`^(?:${CURRENCY.source})`, 'iu');
const MINUS_BY_CURRENCY = new RegExp(
  `(?:^|[\\s(:])-\\s?(?:${CURRENCY.source})\\s?$|(?:${CURRENCY.source})\\s?-\\s?$`,
  'iu',
);

/** Digits with marks between them, or a decimal mark with digits after it. */
const TOKEN = /(?:\d+(?:[.,'٫٬ ]\d+)*|(?<![\p{L}\p{N}])[.,٫]\d+)/gu;

/** What numbers are multiplied by, where it follows at once or after a space. Units such as kg are not read. */
const MULTIPLIERS: readonly (readonly [pattern: RegExp, factor: number])[] = [
  [/^k(?![\p{L}\p{N}])/iu, 1e3],
  [/^k(?=[€$£])/iu, 1e3],
  [/^ ?(?:tsd\.?|thousand|tausend|mille|mila)(?!\p{L})/iu, 1e3],
  [/^ ?lakhs?(?!\p{L})/iu, 1e5],
  [/^ ?crores?(?!\p{L})/iu, 1e7],
  [/^M(?![\p{L}\p{N}])|^ ?M(?=[€$£])/u, 1e6],
  [/^ ?(?:mio\.?|mln\.?|million(?:s|en)?|mill(?:ón|ones|ões|ioni|ione)|milh(?:ão|ões)|miljoen)(?!\p{L})/iu, 1e6],
  [/^ ?(?:mrd\.?|mld\.?|milliarde?n?s?|miliard[io]?|miljard|mil millones|mil milhões)(?!\p{L})/iu, 1e9],
  [/^(?:B|bn)(?![\p{L}\p{N}])/u, 1e9],
  [/^ ?万/u, 1e4],
  [/^ ?[億亿]/u, 1e8],
];

/** A thousand in Spanish, Portuguese and their neighbours. Elsewhere a million of money, or a unit as thin as foil. */
const MIL = /^ ?mil(?!\p{L})/iu;

/** "billion" is a thousand million in English only. */
const BILLION = /^ ?billi?[oó]n(?:s|en|es)?(?!\p{L})/iu;

/** Dates in digits, the year written out, and times of day with the offset behind: their digits are no numbers. */
const DATE_OR_TIME = new RegExp(
  [
    String.raw`(?<![\d.,])(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4})(?!\d)(?:T\S*)?`,
    String.raw`\d+:\d{2,}(?::\d+)*(?:[.,]\d+)*(?: ?(?:UTC|GMT) ?[+-]\d{1,2}(?::?\d{2})?| ?[+-]\d{2}:?\d{2})?(?!\d)`,
  ].join('|'),
  'g',
);

/** Machine-readable attributes write numbers as programs do, whatever the page's language. */
const MACHINE = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * The number that a text says, or `null` when it says none that can be read for certain.
 *
 * Of several numbers it is the one beside a currency, else the first. A mark that could be decimal as well as grouping
 * (`1,299`) is read as the language writes it (Unicode CLDR, through `Intl`). Percent and units are left off: `12 %` is 12.
 * @param languageCode of the text; `null` counts as English
 * @param isMachine the text was written for programs: `1.299` has three decimals in any language
 */
export function parseNumber(raw: string, languageCode: string | null, isMachine = false): number | null {
  const written = normalize(raw);
  if (MACHINE.test(written) && (isMachine || /e/i.test(written))) return finite(Number(written));
  // A sign stands in for them, so that the numbers around do not join.
  const text = written.replace(DATE_OR_TIME, '|');
  const tokens = [...text.matchAll(TOKEN)].map(({ 0: token, index }) => cutAtSpace(token, index));
  const chosen = tokens.find((token) => isBesideCurrency(text, token)) ?? tokens[0];
  if (chosen === undefined || joinsWord(text, chosen)) return null;
  const isMoney = CURRENCY.test(text);
  const value = valueOf(chosen.token, languageCode, isMoney);
  if (value === null) return null;
  const rest = text.slice(chosen.end);
  // Decimal multiples come out as 1200000.0000000002 otherwise.
  const scaled = Number((value * multiplier(rest, languageCode, isMoney) + fraction(rest)).toPrecision(15));
  return isNegative(text, chosen) && scaled !== 0 ? -scaled : scaled;
}

interface Token {
  token: string;
  start: number;
  end: number;
}

/** One spelling of digits, spaces, apostrophes and minus signs; marks of writing direction left out. */
function normalize(raw: string): string {
  return raw
    .replace(/[\u061c\u200e\u200f\u2066-\u2069]/g, '')
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      const zero = ZEROS.find((start) => code >= start && code < start + 10);
      return zero === undefined ? digit : String(code - zero);
    })
    .replace(/\s+/g, ' ')
    .replace(/[’‘ʼ′＇]/g, "'")
    .replace(/．/g, '.')
    .replace(/，|、/g, ',')
    .replace(/[−–‒﹣－]/g, '-')
    .trim();
}

/** A space belongs to a number only between a group of at most three digits and groups of exactly three. */
function cutAtSpace(token: string, start: number): Token {
  const [head = ''] = token.includes(' ') ? (/^\d{1,3}(?: \d{3})+(?![\d ])(?:[.,٫]\d+)?/.exec(token) ?? []) : [token];
  const kept = head !== '' ? head : (token.split(' ')[0] ?? token);
  return { token: kept, start, end: start + kept.length };
}

function isBesideCurrency(text: string, { start, end }: Token): boolean {
  const before = text.slice(Math.max(0, start - 6), start).replace(/[\s:+-]+$/, '');
  const after = text.slice(end, end + 8).replace(/^[\s.,-]+/, '');
  return ENDS_IN_CURRENCY.test(before) || BEGINS_WITH_CURRENCY.test(after);
}

/** `A4`, `v1.2` and `#7` are names and not numbers. */
function joinsWord(text: string, { start }: Token): boolean {
  const before = text.slice(0, start);
  return /[\p{L}_#]$/u.test(before) && !ENDS_IN_CURRENCY.test(before);
}

/** Checks the grouping, so that versions, addresses and dates are no numbers. */
function valueOf(token: string, languageCode: string | null, isMoney: boolean): number | null {
  const plain = token.replace(/٫/g, '.').replace(/٬/g, "'");
  if (/^\d+$/.test(plain)) return finite(Number(plain));
  if (/^[.,]\d+$/.test(plain)) return finite(Number(plain.replace(',', '.')));
  const marks = [...new Set(plain.replace(/\d/g, ''))];
  const used = plain.replace(/\d/g, '');
  const last = used.at(-1) ?? '';
  const isSingle = used.length === 1;
  let decimal: string | null = null;
  if (marks.length === 2 && used.indexOf(last) === used.length - 1) decimal = last;
  else if (isSingle && /[.,]/.test(last)) decimal = isGrouping(plain, last, languageCode, isMoney) ? null : last;
  else if (marks.length > 1) return null;
  if (decimal === "'" || decimal === ' ') return null;
  const [whole = '', decimals = ''] = decimal === null ? [plain] : plain.split(decimal);
  if (decimal === null || marks.length === 2) {
    const group = marks.find((mark) => mark !== decimal) ?? '';
    if (!isGrouped(whole, group)) return null;
  }
  return finite(Number(`${whole.replace(/\D/g, '')}${decimals === '' ? '' : `.${decimals}`}`));
}

/** Groups of three, or the Indian ones: three at the end, pairs before. */
function isGrouped(whole: string, group: string): boolean {
  const [first = '', ...groups] = whole.split(group);
  const lastGroup = groups.pop();
  if (lastGroup?.length !== 3 || !/^[1-9]\d{0,2}$/.test(first)) return false;
  return (
    groups.every(({ length }) => length === 3) || (first.length <= 2 && groups.every(({ length }) => length === 2))
  );
}

/** One comma or point alone: before three digits it may group, elsewhere it is the decimal mark. */
function isGrouping(text: string, mark: string, languageCode: string | null, isMoney: boolean): boolean {
  if (!/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return false;
  // Without a language, money with three decimals is less likely than a thousand.
  if (languageCode === null && isMoney) return true;
  return decimalMark(languageCode) !== mark;
}

const decimalMarks = new Map<string, string>();

function decimalMark(languageCode: string | null): string {
  const code = (languageCode ?? 'en').replaceAll('_', '-');
  const known = decimalMarks.get(code);
  if (known !== undefined) return known;
  let mark = '.';
  try {
    const parts = new Intl.NumberFormat(code, { numberingSystem: 'latn' }).formatToParts(1.5);
    mark = parts.find(({ type }) => type === 'decimal')?.value ?? '.';
  } catch {
    // Not a language code at all: pages write anything there.
  }
  decimalMarks.set(code, mark);
  return mark;
}

function multiplier(rest: string, languageCode: string | null, isMoney: boolean): number {
  const code = languageCode ?? '';
  if (BILLION.test(rest)) return /^en\b|^$/i.test(code) ? 1e9 : 1e12;
  const factor = MULTIPLIERS.find(([pattern]) => pattern.test(rest))?.[1];
  if (factor !== undefined || !MIL.test(rest)) return factor ?? 1;
  if (/^(?:es|pt|ca|gl)(?![a-z])/i.test(code)) return 1e3;
  return isMoney ? 1e6 : 1;
}

/** `1½` */
function fraction(rest: string): number {
  const sign = /^ ?([¼½¾⅐-⅞])/.exec(rest)?.[1];
  const [top = '', bottom = ''] = sign?.normalize('NFKD').split('⁄') ?? [];
  return bottom === '' ? 0 : Number(top) / Number(bottom);
}

/**
 * A minus before the number or before its currency; behind an amount with two decimals, as accounts write it; or round
 * brackets around money or an amount with two decimals. `(128)` is a count of reviews and not negative.
 */
function isNegative(text: string, { token, start, end }: Token): boolean {
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (/(?:^|[\s(:])-\s?$/.test(before)) return true;
  if (MINUS_BY_CURRENCY.test(before)) return true;
  const hasCents = /[.,]\d\d$/.test(token);
  if (hasCents && /^-(?!\s?\d)/.test(after)) return true;
  return /^\(/.test(text) && /\)$/.test(text) && (hasCents || CURRENCY.test(text));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
