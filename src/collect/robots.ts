import robotsModule from 'robots-parser';

/** The package is CommonJS and its types say otherwise. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

/** The name that robots.txt files may address (RFC 9309 §2.2.1). */
export const ROBOTS_AGENT = 'WebsiteToNotion';

/** What the server said to the request for robots.txt; `null` when it could not be reached. */
export type RobotsAnswer = { status: number; body: string } | null;

interface Rules {
  allows: (url: string) => boolean;
  sitemaps: string[];
}

/** Origins whose rules are kept. */
const MAX_ORIGINS = 1_000;
const ALL: Rules = { allows: () => true, sitemaps: [] };
const NOTHING: Rules = { allows: () => false, sitemaps: [] };

/**
 * robots.txt by RFC 9309: read once for each origin; 4xx allows everything (§2.3.1.3), 5xx nothing
 * (§2.3.1.4).
 */
export class Robots {
  readonly #fetch: (url: string) => Promise<RobotsAnswer>;
  readonly #rules = new Map<string, Promise<Rules>>();

  /** @param fetch asks for a robots.txt, redirects followed; never throws */
  constructor(fetch: (url: string) => Promise<RobotsAnswer>) {
    this.#fetch = fetch;
  }

  async allows(url: string): Promise<boolean> {
    return (await this.#rulesFor(url)).allows(url);
  }

  /** The sitemaps that the origin's robots.txt names. */
  async sitemaps(url: string): Promise<string[]> {
    return (await this.#rulesFor(url)).sitemaps;
  }

  #rulesFor(url: string): Promise<Rules> {
    const { origin } = new URL(url);
    let rules = this.#rules.get(origin);
    if (rules === undefined) {
      rules = this.#read(`${origin}/robots.txt`);
      if (this.#rules.size >= MAX_ORIGINS) this.#rules.clear();
      this.#rules.set(origin, rules);
    }
    return rules;
  }

  async #read(url: string): Promise<Rules> {
    let answer = await this.#fetch(url);
    // One more try: a server that stumbles once should not close the whole site.
    if (answer === null || answer.status >= 500) answer = await this.#fetch(url);
    // Where nothing answers, asking for the page fails as well and says why.
    if (answer === null) return ALL;
    if (answer.status >= 500) return NOTHING;
    if (answer.status >= 400) return ALL;
    const robots = robotsParser(url, answer.body);
    return {
      allows: (page) => robots.isAllowed(page, ROBOTS_AGENT) ?? true,
      sitemaps: robots.getSitemaps().filter((sitemap) => URL.canParse(sitemap)),
    };
  }
}
