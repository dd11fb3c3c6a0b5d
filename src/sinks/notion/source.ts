import { createHash } from 'node:crypto';
import { normalizeUrl } from '../../normalize-url.js';
import { LIMITS } from './limits.js';

/**
 * The value of the `Source` column: which crawl a row belongs to. The same start URLs in another order, or in another
 * spelling of the same address, are the same source.
 * @param datasetId used when there are no start URLs
 */
export function sourceOf(startUrls: readonly string[], datasetId: string | null): string {
  if (startUrls.length === 0) return `dataset ${datasetId ?? ''}`.trim();
  const urls = [...new Set(startUrls.map(normalise))].sort();
  const whole = urls.join(' ');
  if (whole.length <= LIMITS.richTextChars) return whole;
  return `${urls.length} start URLs, ${createHash('sha256').update(whole).digest('hex')}`;
}

/** What the `Source` of a row is to this run. */
export type RowSource =
  /** The start URLs of this run. */
  | 'own'
  /** A dataset, or only some of the start URLs: a row that becomes this run's as soon as its page is seen. */
  | 'part'
  /** Start URLs on other hosts only. */
  | 'other-site'
  /** Other start URLs on the same hosts, or nobody knows. */
  | 'other';

/** Pure. @param own this run's own `Source` */
export function rowSource(source: string, own: string): RowSource {
  if (source === own) return 'own';
  if (isOtherSite(source, own)) return 'other-site';
  // A dataset tells of no page that is gone, so that there is nothing for it to take over.
  if (isDataset(own)) return 'other';
  const owns = new Set(own.split(' '));
  const isPart = isDataset(source) || (hostsOf(source).length > 0 && source.split(' ').every((url) => owns.has(url)));
  return isPart ? 'part' : 'other';
}

/** Whether a key says by itself which website its item is of; any other may mean something else on each. */
export function namesWebsite(key: string): boolean {
  return /^https?:/i.test(key) && URL.canParse(key);
}

/**
 * Whether `other` are the start URLs of crawls on other hosts only. Datasets may hold the items of any crawl, and of start
 * URLs that were too long nothing is known: both are nobody else's.
 */
export function isOtherSite(other: string, own: string): boolean {
  const [others, owns] = [hostsOf(other), hostsOf(own)];
  return others.length > 0 && owns.length > 0 && !others.some((host) => owns.includes(host));
}

function isDataset(source: string): boolean {
  return /^dataset(?: |$)/.test(source);
}

function hostsOf(source: string): string[] {
  return source.split(' ').flatMap((url) => (URL.canParse(url) ? new URL(url).host.replace(/^www\./, '') : []));
}

function normalise(url: string): string {
  if (!URL.canParse(url)) return url;
  return normalizeUrl(url, { keepFragment: false });
}
