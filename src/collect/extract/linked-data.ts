import { absoluteUrl, cleanText } from './document.js';

/** An object of schema.org, from JSON-LD or microdata. */
export type LinkedData = Record<string, unknown>;

export interface LinkedPage {
  /** What describes the page, the most telling first: its article, the thing that it shows, the page itself. */
  subjects: LinkedData[];
  /** The site, when it is described. */
  site: LinkedData | null;
}

/** Types of schema.org by how much they tell of a page. */
const TIERS = [
  /^(?:\w*Article|\w*Posting(?<!JobPosting)|Report|Review|Legislation|Thesis)$/,
  /^(?:Product\w*|Recipe|\w*Event|JobPosting|VideoObject|HowTo|Course|Book|Movie|Dataset|Software\w+|MobileApplication|Question|PodcastEpisode)$/,
  /^(?:\w*Page|CreativeWork|Documentation)$/,
];

/**
 * What a page says in JSON-LD and microdata about itself. Scripts that cannot be read are as if they were not there.
 * @param items of microdata
 */
export function linkedPage(scripts: readonly Element[], items: LinkedData[], pageUrl: string): LinkedPage {
  const data = scripts.filter((script) =>
    /^\s*application\/ld\+json\s*(?:;|$)/i.test(script.getAttribute('type') ?? ''),
  );
  const roots = data.map((script) => parseJson(script.textContent ?? ''));
  const byId = new Map<string, LinkedData>();
  for (const root of roots) remember(root, byId, 0);
  const objects = [...topLevel(roots), ...topLevel(items)].map((object) => resolve(object, byId));
  const subjects = TIERS.flatMap((tier) =>
    ofPage(
      objects.filter((object) => isOf(object, tier)),
      pageUrl,
    ),
  );
  return { subjects, site: objects.find((object) => isOf(object, /^WebSite$/)) ?? null };
}

export function isOf(object: LinkedData, type: RegExp): boolean {
  return listOf(object['@type']).some((name) => typeof name === 'string' && type.test(name.replace(/^.*[/:#]/, '')));
}

/** Of several objects of a kind only those that name the page's address: the others are teasers of other pages. */
function ofPage(objects: LinkedData[], pageUrl: string): LinkedData[] {
  if (objects.length < 2) return objects;
  const here = bare(pageUrl);
  return objects.filter((object) =>
    [object['url'], object['mainEntityOfPage'], object['@id']].some((value) => {
      const entry: unknown = isObject(value) ? (value['@id'] ?? value['url']) : value;
      const url = typeof entry === 'string' ? absoluteUrl(entry, pageUrl) : null;
      return url !== null && bare(url) === here;
    }),
  );
}

function bare(url: string): string {
  return url
    .replace(/^https?:\/\/(?:www\.)?/, '')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '');
}

/** Repairs what content management systems commonly break: comment marks around, raw line breaks, commas before a bracket. */
function parseJson(source: string): unknown {
  const bareSource = source
    .trim()
    .replace(/^(?:<!--|(?:\/\*|\/\/)?\s*<!\[CDATA\[\s*(?:\*\/)?)/, '')
    .replace(/(?:-->|(?:\/\*|\/\/)?(?<!\s)\s*\]\]>\s*(?:\*\/)?|;)$/, '');
  for (const attempt of [bareSource, repaired(bareSource)]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next attempt may be able to.
    }
  }
  return null;
}

function repaired(source: string): string {
  // eslint-disable-next-line no-control-regex -- raw control characters are what breaks such texts
  return source.replace(/[\u0000-\u001f]+/g, ' ').replace(/,\s*([\]}])/g, '$1');
}

export function isObject(value: unknown): value is LinkedData {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Deeper nesting says nothing about the page. */
const MAX_DEPTH = 6;

function remember(value: unknown, byId: Map<string, LinkedData>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) for (const entry of value) remember(entry, byId, depth + 1);
  if (!isObject(value)) return;
  const id = value['@id'];
  if (typeof id === 'string' && Object.keys(value).length > 1 && !byId.has(id)) byId.set(id, value);
  for (const entry of Object.values(value)) if (typeof entry === 'object') remember(entry, byId, depth + 1);
}

/** The objects that stand for themselves: those in `@graph`, and what a page names as its main entity. */
function topLevel(value: unknown, depth = 0): LinkedData[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => topLevel(entry, depth + 1));
  if (!isObject(value)) return [];
  return [value, ...topLevel(value['@graph'], depth + 1), ...topLevel(value['mainEntity'], depth + 1)];
}

/** References (`{"@id": …}`) of the properties become what they refer to. */
function resolve(object: LinkedData, byId: Map<string, LinkedData>): LinkedData {
  const follow = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(follow);
    const id = isObject(value) ? value['@id'] : null;
    return typeof id === 'string' ? { ...byId.get(id), ...(value as LinkedData) } : value;
  };
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, follow(value)]));
}

/** JSON-LD writes one value and a list of one alike. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A text, also of a list of texts or of one with a language (`{"@value": …}`). */
export function textOf(value: unknown): string | null {
  const [only] = listOf(value);
  if (typeof only === 'string') return cleanText(only);
  return isObject(only) && typeof only['@value'] === 'string' ? cleanText(only['@value']) : null;
}

/** The names of persons and organisations: texts, objects with a name, or a list of either. Addresses are no names. */
export function namesOf(value: unknown): string[] {
  return listOf(value)
    .map((entry) => (isObject(entry) ? textOf(entry['name']) : textOf(entry)))
    .filter((name): name is string => name !== null && !/^https?:/i.test(name));
}

/** An image is an address, an object with one, or a list of either. */
export function imageOf(value: unknown): string | null {
  const [image] = listOf(value);
  return isObject(image) ? (textOf(image['url']) ?? textOf(image['contentUrl'])) : textOf(image);
}
