/** The name that robots.txt files may address (RFC 9309 §2.2.1). */
export const ROBOTS_AGENT = 'WebsiteToNotion';

/**
 * What is matched against each URL of the crawl. Rules without a star cost next to nothing; one with stars costs its length
 * times the URL's, so those that are for us have a length together, in characters.
 */
const LIMITS = { rule: 2_000, rulesWithStars: 50_000 } as const;

/** A robots.txt without the rules that go beyond what any real site has, so that no file makes the crawl stand still. */
export function boundedRules(body: string): string {
  let isForUs = false;
  let isInAgents = false;
  let left: number = LIMITS.rulesWithStars;
  const counts = (line: string): boolean => {
    const colon = line.indexOf(':');
    const field = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (field === 'user-agent') {
      const agent = value.toLowerCase().split('/')[0]?.trim();
      isForUs = (isInAgents && isForUs) || agent === '*' || agent === ROBOTS_AGENT.toLowerCase();
      isInAgents = true;
    }
    if (field !== 'allow' && field !== 'disallow') return true;
    isInAgents = false;
    if (value.length > LIMITS.rule) return false;
    if (isForUs && value.includes('*')) left -= value.length;
    return left >= 0 || !value.includes('*');
  };
  return body
    .split(/\r\n|\r|\n/)
    .filter(counts)
    .join('\n');
}
