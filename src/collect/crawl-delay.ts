import type { CrawlParts } from './crawl-parts.js';

/** The longest pause between two requests that a robots.txt gets, s: with more, a site of a thousand pages takes hours. */
const LONGEST_SECS = 5;

/** The pause between two requests that robots.txt asks for; the log says once for each site that it makes the crawl slow. */
export class CrawlDelay {
  readonly #parts: Pick<CrawlParts, 'input' | 'robots' | 'log'>;
  readonly #told = new Set<string>();

  constructor(parts: Pick<CrawlParts, 'input' | 'robots' | 'log'>) {
    this.#parts = parts;
  }

  /** For the URL's host, ms. */
  async ms(url: string): Promise<number> {
    const { input, robots, log } = this.#parts;
    if (!input.respectRobotsTxtFile) return 0;
    const asked = await robots.crawlDelaySecs(url);
    const secs = Math.min(asked, LONGEST_SECS);
    const { origin } = new URL(url);
    if (secs > 0 && !this.#told.has(origin)) {
      this.#told.add(origin);
      log.info(
        `${origin}/robots.txt asks for ${asked} seconds between two requests (Crawl-delay): one page is read every ` +
          `${secs} seconds. Switch off \`respectRobotsTxtFile\` to read a site of your own faster.`,
      );
    }
    return secs * 1000;
  }
}
