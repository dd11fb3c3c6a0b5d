import { normalizeUrl, type KeyOptions } from '../normalize-url.js';

/** The site that a URL belongs to: host and port; `www.` and http/https are alike. */
export function siteOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname.replace(/^www\./, '')}:${port}`;
}

/** The keys that a page may get; which one is decided when all pages that claim `canonical` are known. */
export interface PageKeys {
  /** The page's own key: its loaded URL, normalised. */
  own: string;
  /** The key that the page claims for itself when it differs from `own` in more than scheme and `www.`, else `null`. */
  claimed: string | null;
}

/**
 * The keys of a page. A canonical URL counts only on the same site. One that differs from the page's own address in
 * nothing but scheme and `www.` is the page itself and becomes its own key at once.
 */
export function pageKeys(loadedUrl: string, canonicalUrl: string | null, options: KeyOptions): PageKeys {
  const own = normalizeUrl(loadedUrl, options);
  if (canonicalUrl === null || !isWebUrl(canonicalUrl) || siteOf(canonicalUrl) !== siteOf(loadedUrl)) {
    return { own, claimed: null };
  }
  const canonical = normalizeUrl(canonicalUrl, options);
  // A fragment that is kept is part of the page's identity, and canonical links never carry one.
  if (new URL(own).hash !== '' && new URL(canonical).hash === '') return { own, claimed: null };
  return withoutSchemeAndWww(canonical) === withoutSchemeAndWww(own)
    ? { own: canonical, claimed: null }
    : { own, claimed: canonical };
}

/** True for absolute http and https URLs. */
export function isWebUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function withoutSchemeAndWww(url: string): string {
  return url.replace(/^https?:\/\/(?:www\.)?/, '');
}
