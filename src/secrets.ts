import type { RunInput } from './input.js';

/** What a variable is called whose value is a secret: ours, the platform's, and whatever else an operator has set. */
const SECRET_NAME = /(SECRET|TOKEN|PASSWORD|PASSPHRASE|PRIVATE_KEY|PRIVATE_KEY_FILE)$/i;
/** Variables that may hold a proxy's address with credentials in it. */
const PROXY_NAME = /(^|_)PROXY$/i;

/** The secrets that stand in the environment: read before any is taken out of it. Pure. */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (SECRET_NAME.test(name)) return [value, value.trim()];
    return PROXY_NAME.test(name) ? credentialsIn(value) : [];
  });
}

/** The secrets that a user gives a run: headers, cookies, credentials of their own proxies. Pure. */
export function inputSecrets(
  input: Pick<RunInput, 'customHttpHeaders' | 'initialCookies' | 'proxyConfiguration'>,
): string[] {
  const { proxyUrls } = input.proxyConfiguration ?? {};
  return [
    // Whole, and without the scheme before it: `Bearer x`.
    ...Object.values(input.customHttpHeaders).flatMap((value) => [value, value.replace(/^\w+ +/, '')]),
    ...input.initialCookies.map(({ value }) => value),
    ...(Array.isArray(proxyUrls) ? proxyUrls.flatMap((url) => credentialsIn(url)) : []),
  ].filter((value) => typeof value === 'string');
}

/**
 * User and password of a URL, as they are and as a Basic header joins them; a key may stand in the place of the user.
 * Nothing, when it is no URL. Pure.
 */
export function credentialsIn(url: unknown): string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  if (password === '') return [username, decoded(username)];
  return [password, decoded(password), `${username}:${password}`, `${decoded(username)}:${decoded(password)}`];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
