/** Languages whose names of months are known on any page; those of the page's own language come first. */
const ALWAYS = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl'] as const;

/** Short forms that Unicode CLDR does not have. */
const EXTRA: Readonly<Record<string, number>> = {
  mrz: 3,
  sept: 9,
  maerz: 3,
  jaenner: 1,
  janner: 1,
  febr: 2,
  agos: 8,
  sett: 9,
};

/** Countries by whose domain English pages are not American. */
const ENGLISH_DOMAINS: Readonly<Record<string, string>> = {
  uk: 'en-GB',
  ie: 'en-IE',
  au: 'en-AU',
  nz: 'en-NZ',
  in: 'en-IN',
  za: 'en-ZA',
  sg: 'en-SG',
};

const monthsByLanguage = new Map<string, Map<string, number>>();

/**
 * The month from 1 to 12 that a word names, `null` when it names none. Case, accents and a point at the end do not matter;
 * the first letters are enough where no other month begins with them.
 */
export function monthOf(word: string, languageCode: string | null): number | null {
  const plain = fold(word);
  const own = baseOf(languageCode);
  const languages = own === null ? ALWAYS : [own, ...ALWAYS.filter((language) => language !== own)];
  for (const language of languages) {
    const exact = monthsOf(language).get(plain);
    if (exact !== undefined) return exact;
  }
  if (EXTRA[plain] !== undefined) return EXTRA[plain];
  // "Sept", "janv", "févr": only in the page's own language, where other words rarely look so.
  return own === null ? null : byPrefix(plain, monthsOf(own));
}

function byPrefix(start: string, months: Map<string, number>): number | null {
  const found = new Set([...months].filter(([name]) => name.startsWith(start)).map(([, month]) => month));
  return start.length >= 3 && found.size === 1 ? ([...found][0] ?? null) : null;
}

/** Names of months, long and short, alone and as they stand beside a day, from Unicode CLDR through `Intl`. */
function monthsOf(language: string): Map<string, number> {
  const known = monthsByLanguage.get(language);
  if (known !== undefined) return known;
  const names = new Map<string, number>();
  const styles = [
    { month: 'long' },
    { month: 'short' },
    { month: 'long', day: 'numeric' },
    { month: 'short', day: 'numeric' },
  ] as const;
  for (const style of styles) {
    const format = new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC', calendar: 'gregory' });
    for (let month = 1; month <= 12; month += 1) {
      const parts = format.formatToParts(Date.UTC(2024, month - 1, 1));
      const name = fold(parts.find(({ type }) => type === 'month')?.value ?? '');
      if (/\p{L}{3}/u.test(name) && !names.has(name)) names.set(name, month);
    }
  }
  monthsByLanguage.set(language, names);
  return names;
}

function fold(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();
}

function baseOf(languageCode: string | null): string | null {
  const tag = canonical(languageCode);
  return tag === null ? null : new Intl.Locale(tag).language;
}

/** How the language writes a date in digits; `null` without a language, or where the year stands first. */
export function dayOrder(languageCode: string | null): 'dmy' | 'mdy' | null {
  const tag = canonical(languageCode);
  if (tag === null) return null;
  const parts = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', calendar: 'gregory' }).formatToParts(0);
  const order = parts.map(({ type }) => type).filter((type) => /^(?:year|month|day)$/.test(type));
  if (order[0] === 'year') return null;
  return order.indexOf('day') < order.indexOf('month') ? 'dmy' : 'mdy';
}

/** The page's language with the country that its domain tells: `en` on a `.uk` site is British English. */
export function languageAt(languageCode: string | null, url: string): string | null {
  if (!/^en$/i.test(languageCode ?? '') || !URL.canParse(url)) return languageCode;
  const domain = new URL(url).hostname.split('.').at(-1) ?? '';
  return ENGLISH_DOMAINS[domain] ?? languageCode;
}

/** The code in its canonical form, `null` when it is none: pages write anything there. */
function canonical(languageCode: string | null): string | null {
  try {
    return Intl.getCanonicalLocales((languageCode ?? '').replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}
