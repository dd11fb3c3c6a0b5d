import { minimatch } from 'minimatch';
import { isWebUrl, siteOf } from './item-key.js';

export interface ScopeOptions {
  startUrls: string[];
  includeUrlGlobs: string[];
  excludeUrlGlobs: string[];
}

/** `outside` is another site's page: not this crawl's business, so it is not counted as skipped. */
export type ScopeDecision = 'inside' | 'outside' | 'filters' | 'protocol';

/** What a start URL opens: its site, and the path that pages have to lie below. */
interface Root {
  site: string;
  /** The path itself, for `/docs` which is a page as well as a folder; `null` when only the folder counts. */
  page: string | null;
  /** Ends in `/`. */
  folder: string;
}

const PAGE_FILE = /\.(?:x?html?|shtml|php\d?|aspx?|jspx?|cgi|pl|cfm|do|md|txt|pdf)$/i;
const HOST_OF_GLOB = /^https?:\/\/([^/*?[\]{}()!+@]+)(?:\/|$)/i;

/**
 * Which URLs belong to the crawl (design §3.7): by default the start URL's site (host and port, `www.` and http/https
 * alike) below its path; include globs replace the path rule, and one that spells out a host opens that host; exclude
 * globs win. Start URLs themselves are read in any case.
 */
export class Scope {
  readonly #roots: Root[];
  readonly #include: string[];
  readonly #exclude: string[];
  readonly #globSites: Set<string>;
  /** Further pages of lists; see `admit`. */
  readonly #admitted = new Set<string>();

  constructor(options: ScopeOptions) {
    this.#roots = options.startUrls.map(rootOf);
    this.#include = options.includeUrlGlobs;
    this.#exclude = options.excludeUrlGlobs;
    this.#globSites = new Set(options.includeUrlGlobs.flatMap(siteOfGlob));
  }

  /** A start URL was redirected to `loadedUrl`: what lies below that belongs to the crawl too. */
  follow(loadedUrl: string): void {
    const root = rootOf(loadedUrl);
    const known = this.#roots.some(({ site, folder }) => site === root.site && root.folder.startsWith(folder));
    if (!known) this.#roots.push(root);
  }

  /** The next page of a list belongs to the crawl as the list does, whatever its path; excludes and include globs hold. */
  admit(url: string): void {
    this.#admitted.add(bare(url));
  }

  /** @param url absolute URL of any scheme */
  decide(url: string): ScopeDecision {
    if (!isWebUrl(url)) return 'protocol';
    const site = siteOf(url);
    const roots = this.#roots.filter((root) => root.site === site);
    if (roots.length === 0 && !this.#globSites.has(site)) return 'outside';
    if (matchesAny(url, this.#exclude)) return 'filters';
    if (this.#include.length > 0) return matchesAny(url, this.#include) ? 'inside' : 'filters';
    if (this.#admitted.has(bare(url))) return 'inside';
    const { pathname } = new URL(url);
    return roots.some((root) => pathname === root.page || pathname.startsWith(root.folder)) ? 'inside' : 'filters';
  }
}

function rootOf(url: string): Root {
  const { pathname } = new URL(url);
  const lastSegment = pathname.slice(pathname.lastIndexOf('/') + 1);
  const isFolder = lastSegment === '';
  if (isFolder || PAGE_FILE.test(lastSegment)) {
    return { site: siteOf(url), page: pathname, folder: pathname.slice(0, pathname.length - lastSegment.length) };
  }
  return { site: siteOf(url), page: pathname, folder: `${pathname}/` };
}

/** Without the fragment, by which records of one page have keys of their own. */
function bare(url: string): string {
  return url.split('#')[0] ?? url;
}

function siteOfGlob(glob: string): string[] {
  const host = HOST_OF_GLOB.exec(glob)?.[1];
  return host === undefined || !URL.canParse(`http://${host}`) ? [] : [siteOf(`http://${host}`)];
}

/** Globs are matched against the whole URL without its fragment, case-insensitively as Crawlee does. */
function matchesAny(url: string, globs: string[]): boolean {
  const address = bare(url);
  return globs.some((glob) => minimatch(address, glob, { nocase: true, dot: true, nocomment: true, nonegate: true }));
}
