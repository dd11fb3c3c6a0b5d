/** What protects the pages: response headers by kind of page, and the check of who may POST. All pure. */

/** The Console shows the status page in a frame of its own; nobody may frame anything else (design §4). */
const CONSOLE = 'https://console.apify.com';

/** `status` may be framed, `confirm` holds the form that leads away, `plain` is all else, `asset` may be kept. */
export type PageKind = 'status' | 'confirm' | 'plain' | 'asset';

/**
 * Chromium applies `form-action` to every redirect that follows the POST, and those lead over hosts that the operator
 * chooses (Scalekit, then Notion), so the confirmation page allows any https address; cleartext loopback only where the
 * run itself is on this computer.
 */
function formAction(kind: PageKind, isAtHome: boolean): string {
  if (kind !== 'confirm') return "'none'";
  return isAtHome ? "'self' https:" : "'self' https: http://127.0.0.1:* http://localhost:*";
}

/** @returns all security headers of a response of this kind */
export function securityHeaders(kind: PageKind, isAtHome: boolean): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      `form-action ${formAction(kind, isAtHome)}`,
      `frame-ancestors ${kind === 'status' ? CONSOLE : "'none'"}`,
    ].join('; '),
    // The confirmation page must name its origin in its POST: under no-referrer browsers send `Origin: null` instead.
    'Referrer-Policy': kind === 'confirm' ? 'same-origin' : 'no-referrer',
    ...(kind === 'status' ? {} : { 'X-Frame-Options': 'DENY', 'Cross-Origin-Resource-Policy': 'same-origin' }),
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': kind === 'asset' ? 'public, max-age=31536000, immutable' : 'no-store',
  };
}

/**
 * True when a POST comes from our own page. Browsers that know Fetch Metadata say so themselves and cannot be made to
 * lie by a page; older ones at least name the origin. A request with neither is refused.
 */
export function comesFromOwnPage(headers: Headers, ownOrigin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return headers.get('origin') === ownOrigin;
}
