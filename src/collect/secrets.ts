/** Cookies and headers of the input, which go to the start URLs' hosts and nowhere else. */
export interface Secrets {
  /** Origins of the start URLs. */
  origins: ReadonlySet<string>;
  /** Names in lower case, no cookies among them. */
  headers: Record<string, string>;
  cookies: Record<string, unknown>[];
}

/**
 * The secret headers for a request to `url`, the cookies among them; none where they may not go.
 * @param siteCookies those that the site has set, as a `Cookie` header has them: they replace secret ones of the same name
 */
export function secretHeaders(secrets: Secrets, url: string, siteCookies = ''): Record<string, string> {
  const isOwn = mayGoTo(secrets, url);
  const { pathname, protocol } = new URL(url);
  const own = (isOwn ? secrets.cookies : [])
    .filter((cookie) => belongsTo(cookie, url) && matchesPath(pathname, cookiePath(cookie)))
    .filter((cookie) => cookie['secure'] !== true || protocol === 'https:')
    .map(({ name, value }) => `${String(name)}=${String(value)}`);
  const pairs = [...own, ...siteCookies.split('; ').filter((pair) => pair !== '')];
  const cookie = [...new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair])).values()].join('; ');
  return { ...(isOwn ? secrets.headers : {}), ...(cookie !== '' && { cookie }) };
}

/** True when the secrets may go to this URL: a start URL's host and port, in clear text only where a start URL is. */
export function mayGoTo(secrets: Secrets, url: string): boolean {
  const { host, protocol } = new URL(url);
  return [...secrets.origins].some((origin) => {
    const start = new URL(origin);
    return start.host === host && (start.protocol === protocol || protocol === 'https:');
  });
}

/** The cookies as a browser takes them: bound to the start URLs' hosts, whatever wider domain they were given with. */
export function browserCookies(secrets: Secrets): { name: string; value: string; url: string }[] {
  return [...secrets.origins].flatMap((origin) =>
    secrets.cookies
      .filter((cookie) => belongsTo(cookie, origin) && (cookie['secure'] !== true || origin.startsWith('https:')))
      .map((cookie) => ({
        name: String(cookie['name']),
        value: String(cookie['value']),
        // A browser takes a cookie of an https URL as one that is never sent in clear text.
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
  const path = cookie['path'];
  return typeof path === 'string' && path.startsWith('/') ? path : '/';
}

/** RFC 6265 §5.1.4: `/doc` is not part of `/docs`. */
function matchesPath(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
