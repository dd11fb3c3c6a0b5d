import { LIMITS } from '../limits.js';

const LINK_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const IMAGE_PROTOCOLS = new Set(['http:', 'https:']);

/** What would end or change a link in markdown, for readers more naive than CommonMark too. */
const UNSAFE = /[\s"'()*<>[\\\]^`{|}$]|~(?=~)|[^\u0021-\u007e]/gu;

/**
 * @returns the absolute http, https or mailto address, percent-encoded so that no character of it means something in
 * markdown, at most 2,000 characters; `null` for everything else (relative, `javascript:`, `data:`, `blob:`, malformed)
 */
export function linkTarget(url: string): string | null {
  return target(url, LINK_PROTOCOLS);
}

/** The same for an image: http and https only. */
export function imageTarget(url: string): string | null {
  return target(url, IMAGE_PROTOCOLS);
}

function target(url: string, protocols: ReadonlySet<string>): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !protocols.has(parsed.protocol)) return null;
  if (parsed.protocol === 'mailto:' ? !parsed.pathname.includes('@') : /^$|[^\w.-]/.test(parsed.hostname)) return null;
  const encoded = parsed.href.replace(UNSAFE, percentEncode);
  return encoded.length <= LIMITS.urlChars ? encoded : null;
}

function percentEncode(character: string): string {
  return Array.from(
    Buffer.from(character, 'utf8'),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
