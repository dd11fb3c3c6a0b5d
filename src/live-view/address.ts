/** Where the live view is when nobody says: the default of Apify's SDK. */
const DEFAULT_PORT = 4321;

/** ACTOR_WEB_SERVER_URL or ACTOR_WEB_SERVER_PORT cannot be used; `message` says what it has to be. */
export class LiveViewAddressError extends Error {}

export interface LiveViewAddress {
  /** 0 takes any free port. */
  port: number;
  /** The public origin, without a trailing slash; `null`: that of the port on this computer. */
  origin: string | null;
}

/**
 * Reads both variables; an empty one is as good as none.
 * @throws LiveViewAddressError
 */
export function readLiveViewAddress(given: {
  port: string | number | null | undefined;
  url: string | null | undefined;
}): LiveViewAddress {
  return { port: readPort(given.port), origin: readOrigin(given.url) };
}

function readPort(given: string | number | null | undefined): number {
  const text = String(given ?? '').trim();
  const port = text === '' ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new LiveViewAddressError(
    `ACTOR_WEB_SERVER_PORT must be a port from 0 to 65535, or there is no live view; it is "${text}".`,
  );
}

function readOrigin(given: string | null | undefined): string | null {
  const text = given?.trim() ?? '';
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  throw new LiveViewAddressError(
    `ACTOR_WEB_SERVER_URL must be a URL that begins with https:// or http://, or there is no live view; it is "${text}".`,
  );
}
