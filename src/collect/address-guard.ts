import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { addressKind } from './private-address.js';

const LOOPBACK = /^(?:127\.|0\.0\.0\.0$|::1$|::$|::ffff:(?:127\.|7f))/i;

export interface AddressGuardOptions {
  /** Loopback and private networks may be crawled: off the platform, or where the operator says so. */
  allowPrivate: boolean;
  /** The run's own live view, never crawled. */
  ownOrigin: string | null;
}

/** Keeps the crawl off addresses that are nobody's public site (design §3.7). Host names are resolved once a minute. */
export class AddressGuard {
  readonly #options: AddressGuardOptions;
  readonly #resolved = new Map<string, { until: number; allowed: Promise<boolean> }>();

  constructor(options: AddressGuardOptions) {
    this.#options = options;
  }

  /** May this IP address, which a connection was made to, be read? */
  allowsAddress(address: string): boolean {
    const kind = addressKind(address);
    return kind === 'public' || (kind === 'private' && this.#options.allowPrivate);
  }

  /**
   * May this URL be requested? A name that does not resolve is allowed: the request then fails with its true reason,
   * and behind a proxy only the proxy can resolve it.
   * @param url absolute http(s) URL
   */
  async allowsUrl(url: string): Promise<boolean> {
    const { hostname, origin, port } = new URL(url);
    const own = this.#options.ownOrigin === null ? null : new URL(this.#options.ownOrigin);
    if (own !== null && origin === own.origin) return false;
    const host = hostname.replace(/^\[|\]$/g, '');
    // On one's own computer the live view answers to every name of that computer.
    if (own !== null && port === own.port && (await isThisMachine(own.hostname)) && (await isThisMachine(host)))
      return false;
    if (isIP(host) !== 0) return this.allowsAddress(host);
    const known = this.#resolved.get(host);
    if (known !== undefined && known.until > Date.now()) return known.allowed;
    const allowed = lookup(host, { all: true }).then(
      (addresses) => addresses.every(({ address }) => this.allowsAddress(address)),
      () => true,
    );
    if (this.#resolved.size > 1000) this.#resolved.clear();
    this.#resolved.set(host, { until: Date.now() + 60_000, allowed });
    return allowed;
  }
}

/** True for loopback addresses and names that resolve to one. */
async function isThisMachine(host: string): Promise<boolean> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) !== 0 ? [{ address: bare }] : await lookup(bare, { all: true }).catch(() => []);
  return addresses.some(({ address }) => LOOPBACK.test(address));
}
