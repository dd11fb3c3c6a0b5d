/** What a reader, over HTTP or in a browser, brings back for a page with a status below 400 and HTML in it. */
export interface FetchedPage {
  loadedUrl: string;
  httpStatusCode: number | null;
  html: string;
}

/** A body that is larger, decompressed, is not a page that a person reads (design §3.7). */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** True when a `Content-Type` header says HTML; an absent one is judged by the body's first characters. */
export function isHtml(contentType: string | null, start: string): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '') return /^\s*(?:<!doctype html|<html|<head|<body|<!--)/i.test(start);
  return type === 'text/html' || type === 'application/xhtml+xml';
}

/** Cookies and headers of the input, which go to the start URLs' hosts and nowhere else. */
export interface Secrets {
  hosts: ReadonlySet<string>;
  headers: Record<string, string>;
  cookies: Record<string, unknown>[];
}

/** The secret headers for a request to `url`, the cookies among them; `{}` for any other host. */
export function secretHeaders(secrets: Secrets, url: string): Record<string, string> {
  const { host, hostname, pathname, protocol } = new URL(url);
  if (!secrets.hosts.has(host)) return {};
  const cookies = secrets.cookies.filter((cookie) => {
    const domain = typeof cookie['domain'] === 'string' ? cookie['domain'].replace(/^\./, '').toLowerCase() : hostname;
    const path = typeof cookie['path'] === 'string' ? cookie['path'] : '/';
    if (cookie['secure'] === true && protocol !== 'https:') return false;
    return (hostname === domain || hostname.endsWith(`.${domain}`)) && pathname.startsWith(path);
  });
  const pairs = cookies.map(({ name, value }) => `${String(name)}=${String(value)}`);
  return pairs.length === 0 ? secrets.headers : { ...secrets.headers, Cookie: pairs.join('; ') };
}
