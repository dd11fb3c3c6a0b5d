/** What a reader, over HTTP or in a browser, brings back for a page with a status below 400. */
export interface FetchedPage {
  loadedUrl: string;
  httpStatusCode: number | null;
  /** The page; `""` for a PDF. */
  html: string;
  /** The document's bytes when it is a PDF, else `null`. */
  pdf: Uint8Array | null;
}

/** True when a body with this header is worth reading to see whether it is a PDF. */
export function mayBePdf(contentType: string, url: string): boolean {
  return (
    isPdf(contentType, '') ||
    (/octet-stream|x-pdf|force-download/i.test(contentType) && /\.pdf$/i.test(new URL(url).pathname))
  );
}

/** True when a `Content-Type` header, or without one the body's first characters, say PDF. */
export function isPdf(contentType: string | null, start: string): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    type === 'application/pdf' || (/^(?:|application\/(?:octet-stream|x-pdf))$/.test(type) && start.startsWith('%PDF-'))
  );
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
  /** Origins of the start URLs. */
  origins: ReadonlySet<string>;
  headers: Record<string, string>;
  cookies: Record<string, unknown>[];
}

/** The secret headers for a request to `url`, the cookies among them; `{}` for any other host. */
export function secretHeaders(secrets: Secrets, url: string): Record<string, string> {
  const { host, pathname, protocol } = new URL(url);
  if (!isStartHost(secrets, host)) return {};
  const pairs = secrets.cookies
    .filter((cookie) => belongsTo(cookie, url) && pathname.startsWith(cookiePath(cookie)))
    .filter((cookie) => cookie['secure'] !== true || protocol === 'https:')
    .map(({ name, value }) => `${String(name)}=${String(value)}`);
  return pairs.length === 0 ? secrets.headers : { ...secrets.headers, Cookie: pairs.join('; ') };
}

/** True when the secrets may go to this host (with its port). */
export function isStartHost(secrets: Secrets, host: string): boolean {
  return [...secrets.origins].some((origin) => new URL(origin).host === host);
}

/** The cookies as a browser takes them: bound to the start URLs' hosts, whatever wider domain they were given with. */
export function browserCookies(secrets: Secrets): { name: string; value: string; url: string }[] {
  return [...secrets.origins].flatMap((origin) =>
    secrets.cookies
      .filter((cookie) => belongsTo(cookie, origin))
      .map((cookie) => ({
        name: String(cookie['name']),
        value: String(cookie['value']),
        url: new URL(cookiePath(cookie), origin).href,
      })),
  );
}

/** A cookie without a domain belongs to every start host. */
function belongsTo(cookie: Record<string, unknown>, url: string): boolean {
  const { hostname } = new URL(url);
  const given = typeof cookie['domain'] === 'string' ? cookie['domain'] : hostname;
  const domain = given.replace(/^\./, '').toLowerCase();
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function cookiePath(cookie: Record<string, unknown>): string {
  return typeof cookie['path'] === 'string' ? cookie['path'] : '/';
}
