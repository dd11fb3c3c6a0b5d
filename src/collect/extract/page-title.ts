/** What a page's title is made of. */
export interface TitleParts {
  /** `<title>` */
  full: string | null;
  /** `og:title` and the like. */
  social: string | null;
  /** The words of the page's own heading. */
  heading: string | null;
  /** What the site calls itself. */
  siteNames: string[];
  pageUrl: string;
}

/**
 * The page's title without the site's name: "Page – Site" and "Site: Page" are both usual. A site's home page keeps its
 * whole title, which is about the site.
 */
export function pageTitle({ full, social, heading, siteNames, pageUrl }: TitleParts): string | null {
  if (isHome(pageUrl)) return full ?? social ?? heading;
  const short = (title: string): string => withoutSite(title, heading, siteNames, pageUrl);
  if (full === null) return social === null ? heading : short(social);
  const shortened = short(full);
  if (shortened !== full || social === null) return shortened;
  return short(social);
}

function isHome(url: string): boolean {
  const { pathname, search } = new URL(url);
  return search === '' && /^\/(?:index\.\w+)?$/.test(pathname);
}

// A bare hyphen or colon between letters belongs to the title's own words.
const SIGNS = '|–—―·•⋅»«›‹∣｜→←';
const SEPARATOR_AT_START = new RegExp(`^(?:\\s+(?:[${SIGNS}:/\\\\~>-]|::)+\\s+|\\s*[${SIGNS}]+\\s*|:{1,2}\\s+)`);
const SEPARATOR_AT_END = new RegExp(`(?:\\s+(?:[${SIGNS}:/\\\\~>-]|::)+\\s+|\\s*[${SIGNS}]+\\s*|:{1,2}\\s+)$`);
const SEPARATOR = new RegExp(`\\s+(?:[${SIGNS}:/\\\\~>-]|::)+\\s+|\\s*[${SIGNS}]+\\s*`, 'g');

/** Nobody writes longer titles, and looking for separators in one would take long, characters. */
const MAX_TITLE_LENGTH = 500;

/** A part is taken off only when the heading, the site's declared name or its domain says which part is the site. */
function withoutSite(full: string, heading: string | null, siteNames: string[], pageUrl: string): string {
  if (full.length > MAX_TITLE_LENGTH) return full;
  if (heading !== null && !siteNames.includes(heading)) {
    if (full.startsWith(heading) && SEPARATOR_AT_START.test(full.slice(heading.length))) return heading;
    if (full.endsWith(heading) && SEPARATOR_AT_END.test(full.slice(0, -heading.length))) return heading;
  }
  for (const site of [...siteNames, ...outerParts(full).filter((part) => isNameOfHost(part, pageUrl))]) {
    const rest = withoutName(full, site);
    if (rest !== null) return rest;
  }
  return full;
}

function withoutName(full: string, site: string): string | null {
  const [title, name] = [full.toLowerCase(), site.toLowerCase()];
  const before = full.slice(0, -site.length);
  if (title.endsWith(name) && SEPARATOR_AT_END.test(before)) return before.replace(SEPARATOR_AT_END, '') || null;
  const after = full.slice(site.length);
  if (title.startsWith(name) && SEPARATOR_AT_START.test(after)) return after.replace(SEPARATOR_AT_START, '') || null;
  return null;
}

/** The last and the first part of a title with separators. */
function outerParts(title: string): string[] {
  const parts = title.split(SEPARATOR).filter((part) => part !== '');
  return parts.length < 2 ? [] : [parts.at(-1) ?? '', parts[0] ?? ''];
}

/** Parts of host names that name no site. */
const GENERIC = new Set([
  'www',
  'docs',
  'doc',
  'blog',
  'help',
  'support',
  'dev',
  'developer',
  'api',
  'wiki',
  'news',
  'shop',
  'app',
  'com',
]);

/** "The Example" is the site at theexample.com, docs.the-example.org. */
function isNameOfHost(part: string, pageUrl: string): boolean {
  const name = letters(part);
  const { hostname } = new URL(pageUrl);
  if (name.length < 3 || /^[\d.[]/.test(hostname)) return false;
  const labels = hostname.replace(/^www\./, '').split('.');
  const names = [
    ...labels.slice(0, -1).filter((label) => !GENERIC.has(label)),
    labels.join(''),
    labels.slice(-2).join(''),
  ];
  return names.some((label) => letters(label) === name);
}

function letters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
