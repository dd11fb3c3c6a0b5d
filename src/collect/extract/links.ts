import { normalizeUrl } from '../../normalize-url.js';
import { absoluteUrl, type ParsedPage } from './document.js';

export interface PageLinks {
  /** Absolute, without the fragment unless it is kept, each once, in page order. */
  follow: string[];
  /** Links that the page or their `rel` asks not to follow. */
  nofollow: string[];
  /** Where a meta refresh sends the reader soon, else `null`. */
  refresh: string | null;
}

/** A refresh after a longer time is a page that updates itself, not a redirect. */
const REDIRECT_DELAY_SECS = 10;

/** The links of a page, as its author means them to be followed. Any scheme; who crawls decides on it. */
export function pageLinks(page: ParsedPage, keepFragments: boolean): PageLinks {
  const { document, baseUrl } = page;
  const follow = new Set<string>();
  const nofollow = new Set<string>();
  const pageSaysNo = metaRobots(document).some((word) => word === 'nofollow' || word === 'none');
  for (const anchor of document.querySelectorAll('a[href], area[href], frame[src]')) {
    const href = absoluteUrl(anchor.getAttribute('href') ?? anchor.getAttribute('src'), baseUrl);
    if (href === null) continue;
    const url = keepFragments ? href : (href.split('#')[0] ?? href);
    const rel = (anchor.getAttribute('rel') ?? '').toLowerCase().split(/\s+/);
    (pageSaysNo || rel.includes('nofollow') ? nofollow : follow).add(url);
  }
  for (const url of follow) nofollow.delete(url);
  return { follow: [...follow], nofollow: [...nofollow], refresh: metaRefresh(page, keepFragments) };
}

function metaRobots(document: Document): string[] {
  return [...document.querySelectorAll('meta[name]')]
    .filter((meta) => meta.getAttribute('name')?.trim().toLowerCase() === 'robots')
    .flatMap((meta) => (meta.getAttribute('content') ?? '').toLowerCase().split(/[\s,]+/));
}

/** No address is longer, and looking for its end takes the square of the length. */
const MAX_REFRESH_CHARS = 4000;

function metaRefresh({ document, url, baseUrl }: ParsedPage, keepFragment: boolean): string | null {
  for (const meta of document.querySelectorAll('meta[http-equiv]')) {
    if (meta.getAttribute('http-equiv')?.trim().toLowerCase() !== 'refresh') continue;
    // It is for readers without scripts, who are sent to a page that says so.
    if (meta.closest('noscript') !== null) continue;
    const parts = /^\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)["']?\s*$/i.exec(
      (meta.getAttribute('content') ?? '').slice(0, MAX_REFRESH_CHARS),
    );
    const target = parts === null ? null : absoluteUrl(parts[2], baseUrl);
    if (target === null || isUpdate(url, target, Number(parts?.[1]), keepFragment)) continue;
    return target;
  }
  return null;
}

/** True when the page only shows itself anew: later, at an address that is its own, or at its path with another query. */
function isUpdate(url: string, target: string, delaySecs: number, keepFragment: boolean): boolean {
  if (
    delaySecs > REDIRECT_DELAY_SECS ||
    normalizeUrl(target, { keepFragment }) === normalizeUrl(url, { keepFragment })
  ) {
    return true;
  }
  const [from, to] = [new URL(url), new URL(target)];
  const isOwnPath = from.origin === to.origin && from.pathname === to.pathname;
  return delaySecs > 0 && isOwnPath && (!keepFragment || from.hash === to.hash);
}
