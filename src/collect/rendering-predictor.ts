import { isStrongSignal } from './extract/render-signals.js';

/**
 * `http`: the page as served is what a browser would show. `browser`: it is not. `compare`: nobody knows yet, so the page
 * is read both ways.
 */
export type RenderingPlan = 'http' | 'browser' | 'compare';

interface Seen {
  equal: number;
  different: number;
  /** The browser could not read the page. */
  failed: number;
}

/** Comparisons of one site after which an unknown empty place alone is no reason for one more. */
const ENOUGH_EQUAL = 10;
/** Equal comparisons of pages made alike that outweigh a difference seen on other pages with the same script. */
const TEMPLATE_EQUAL = 2;
/** Pages made alike that the browser could not read, before it is asked for no more of them. */
const TEMPLATE_FAILED = 2;
/** Pages of a site that all differed, before HTTP is not even tried. */
const ALL_DIFFERENT = 3;
/** One page in so many is looked at again, in case the site changes from one part to the next. */
const LOOK_AGAIN = { http: 50, browser: 20 } as const;

/** Entries of each kind that are kept for a resumed run. */
const MAX_KEPT = 2_000;

/**
 * Learns per site which pages need a browser. A page is read over HTTP alone only when each of its signals (see
 * `render-signals.ts`) was on a page that a browser showed no more of, and on none that it did.
 */
export class RenderingPredictor {
  readonly #signals: Map<string, Seen>;
  readonly #templates: Map<string, Seen>;
  readonly #sites: Map<string, Seen>;
  readonly #reads = new Map<string, number>();

  /** @param learned what an earlier part of the run learned (`learned`); anything else counts as nothing */
  constructor(learned: unknown = null) {
    const stored = isRecord(learned) ? learned : {};
    this.#signals = readSeen(stored['signals']);
    this.#templates = readSeen(stored['templates']);
    this.#sites = readSeen(stored['sites']);
  }

  /** What was learned, as plain JSON; the first entries when there are very many. */
  get learned(): Record<'signals' | 'templates' | 'sites', [string, Seen][]> {
    const first = (map: Map<string, Seen>): [string, Seen][] => [...map].slice(0, MAX_KEPT);
    return { signals: first(this.#signals), templates: first(this.#templates), sites: first(this.#sites) };
  }

  /** True when the site's pages need a browser so surely that its HTML is not asked for first. */
  skipsHttp(site: string): boolean {
    const { equal, different } = seen(this.#sites, site);
    return equal === 0 && different >= ALL_DIFFERENT && this.#nth(`${site} browser`, LOOK_AGAIN.browser);
  }

  /** True while so little is known of a site that one comparison may settle the next pages. */
  isNew(site: string): boolean {
    const { equal, different, failed } = seen(this.#sites, site);
    return equal + different + failed < ALL_DIFFERENT;
  }

  /** @param signals of the page as served; without any there is nothing to render */
  plan(site: string, signals: string[]): RenderingPlan {
    if (signals.length === 0) return 'http';
    const template = seen(this.#templates, templateOf(site, signals));
    const isUnreadable = template.failed >= TEMPLATE_FAILED;
    // A shell has nothing to keep as served.
    if (template.different > 0 || (isUnreadable && signals.includes('shell'))) return 'browser';
    if (isUnreadable || template.equal >= TEMPLATE_EQUAL || this.#isHarmless(site, signals)) {
      return this.#nth(`${site} http`, LOOK_AGAIN.http) ? 'http' : 'compare';
    }
    return 'compare';
  }

  /** @param equal the browser showed nothing that the HTML did not have */
  learn(site: string, signals: string[], equal: boolean): void {
    const outcome = equal ? 'equal' : 'different';
    seen(this.#sites, site)[outcome] += 1;
    seen(this.#templates, templateOf(site, signals))[outcome] += 1;
    for (const signal of signals) seen(this.#signals, `${site} ${signal}`)[outcome] += 1;
  }

  /** The browser could not read a page of which there is a served version. */
  fail(site: string, signals: string[]): void {
    seen(this.#sites, site).failed += 1;
    seen(this.#templates, templateOf(site, signals)).failed += 1;
  }

  #isHarmless(site: string, signals: string[]): boolean {
    const known = seen(this.#sites, site);
    const hasEnough = known.equal >= ENOUGH_EQUAL && known.different === 0;
    return signals.every((signal) => {
      const { equal, different } = seen(this.#signals, `${site} ${signal}`);
      return different === 0 && (equal > 0 || (hasEnough && !isStrongSignal(signal)));
    });
  }

  /** False for every `every`th call. */
  #nth(name: string, every: number): boolean {
    const count = (this.#reads.get(name) ?? 0) + 1;
    this.#reads.set(name, count);
    return count % every !== 0;
  }
}

/** Pages with the same signals are made alike; which template that is does not depend on their order. */
export function templateOf(site: string, signals: string[]): string {
  return [site, ...[...signals].sort()].join('\n');
}

function seen(map: Map<string, Seen>, key: string): Seen {
  let entry = map.get(key);
  if (entry === undefined) map.set(key, (entry = { equal: 0, different: 0, failed: 0 }));
  return entry;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function readSeen(value: unknown): Map<string, Seen> {
  const isEntry = (entry: unknown): entry is [string, Seen] =>
    Array.isArray(entry) && typeof entry[0] === 'string' && isRecord(entry[1]) && isCount(entry[1]);
  const isCount = ({ equal, different, failed }: Record<string, unknown>): boolean =>
    [equal, different, failed].every((count) => Number.isInteger(count));
  return new Map(Array.isArray(value) ? value.filter(isEntry) : []);
}
