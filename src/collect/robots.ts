import robotsModule from 'robots-parser';
import { boundedRules, ROBOTS_AGENT } from './robots-bounds.js';
import { statusFailure, type PageFailure } from './page-errors.js';

/** The package is CommonJS and its types say otherwise. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

/** What the server said to the request for robots.txt, or why it could not be asked. */
export type RobotsAnswer = { status: number; body: string } | { failure: PageFailure };

/** `unreachable`: nobody knows what the site allows, so nothing of it is read (RFC 9309 §2.3.1.4). */
export type RobotsVerdict = 'allowed' | 'disallowed' | { unreachable: PageFailure };

interface Rules {
  verdict: (url: string) => RobotsVerdict;
  sitemaps: string[];
  crawlDelaySecs: number;
  /** When to ask again, epoch ms. */
  until: number;
}

/** Origins whose rules are kept. */
const MAX_ORIGINS = 1_000;
const ALL: Rules = { verdict: () => 'allowed', sitemaps: [], crawlDelaySecs: 0, until: Infinity };
/** How long a robots.txt that cannot be read closes its site before it is asked for again, ms. */
const CLOSED_MS = 60_000;

/**
 * robots.txt by RFC 9309: read once for each origin; 4xx allows everything (§2.3.1.3), 5xx and a server that does not
 * answer nothing, for a while (§2.3.1.4).
 */
export class Robots {
  readonly #fetch: (url: string) => Promise<RobotsAnswer>;
  readonly #rules = new Map<string, Promise<Rules>>();

  /** @param fetch asks for a robots.txt, redirects followed; never throws */
  constructor(fetch: (url: string) => Promise<RobotsAnswer>) {
    this.#fetch = fetch;
  }

  async verdict(url: string): Promise<RobotsVerdict> {
    return (await this.#rulesFor(url)).verdict(url);
  }

  /** The sitemaps that the origin's robots.txt names. */
  async sitemaps(url: string): Promise<string[]> {
    return (await this.#rulesFor(url)).sitemaps;
  }

  /** `Crawl-delay`, which no standard names and many sites do; 0 without one. */
  async crawlDelaySecs(url: string): Promise<number> {
    return (await this.#rulesFor(url)).crawlDelaySecs;
  }

  async #rulesFor(url: string): Promise<Rules> {
    const { origin } = new URL(url);
    const known = this.#rules.get(origin);
    if (known !== undefined && (await known).until > Date.now()) return known;
    // Another page of the origin may have asked while this one looked.
    const current = this.#rules.get(origin);
    if (current !== undefined && current !== known) return current;
    const rules = this.#read(`${origin}/robots.txt`);
    if (this.#rules.size >= MAX_ORIGINS) this.#rules.clear();
    this.#rules.set(origin, rules);
    return rules;
  }

  async #read(url: string): Promise<Rules> {
    let answer = await this.#fetch(url);
    // One more try: a server that stumbles once should not close the whole site.
    if ('failure' in answer || answer.status >= 500) answer = await this.#fetch(url);
    if ('failure' in answer) return closed(answer.failure);
    if (answer.status >= 500) {
      return closed(statusFailure(answer.status, null, { url, proxyUrl: undefined }));
    }
    if (answer.status >= 400) return ALL;
    const robots = robotsParser(url, boundedRules(answer.body));
    return {
      verdict: (page) => ((robots.isAllowed(page, ROBOTS_AGENT) ?? true) ? 'allowed' : 'disallowed'),
      sitemaps: robots.getSitemaps().filter((sitemap) => URL.canParse(sitemap)),
      crawlDelaySecs: Math.max(Number(robots.getCrawlDelay(ROBOTS_AGENT) ?? 0) || 0, 0),
      until: Infinity,
    };
  }
}

function closed(failure: PageFailure): Rules {
  return { verdict: () => ({ unreachable: failure }), sitemaps: [], crawlDelaySecs: 0, until: Date.now() + CLOSED_MS };
}
