import type { LookupAddress } from 'node:dns';
import { RequestError, Server } from 'proxy-chain';
import type { AddressGuard } from './address-guard.js';
import { allowedAddresses, lookupOf, REFUSED_ADDRESS } from './guarded-lookup.js';
import { asPageFailure } from './network-failure.js';
import type { PageFailure } from './page-errors.js';
import type { Trackers } from './trackers.js';

export interface GuardedProxy {
  url: string;
  /** The URL of a guarded proxy that goes on through this one of the run, until `end`. */
  through(proxyUrl: string): Promise<string>;
  /** The run's proxy that `through` gave this URL for. */
  upstreamOf(url: string | undefined): string | undefined;
  /** Ends what `through` gave this URL for: its browser is gone. */
  end(url: string | undefined): void;
  close(): Promise<void>;
}

/**
 * A proxy on loopback that the browser sends everything through: pages, what their scripts ask for, WebSockets. It
 * refuses what the guard refuses, after the name was resolved, and trackers, of which the browser does not tell when a
 * frame in a process of its own asks for them. Crawlee puts a proxy of its own there otherwise.
 *
 * Chosen over `page.route` by what each lets through (`npm run bench -- guard`, Chromium 151, 100 pages that try seven ways
 * to a forbidden address): Playwright routes neither what a redirect leads to (100 of 100 fetches, frames and navigations
 * arrived) nor WebSockets (100 of 100) nor what service workers ask for (46 and 69 requests in two runs); the proxy let
 * nothing through. A page's time was within the noise of a busy machine (.97 of an unguarded one, `page.route` .60).
 */
export async function startGuardedProxy(guard: AddressGuard, trackers: Trackers): Promise<GuardedProxy> {
  const servers = new Map<string, { server: Server; upstream: string | undefined }>();
  const start = async (upstream?: string): Promise<string> => {
    const server = new Server({
      port: 0,
      host: '127.0.0.1',
      prepareRequestFunction: async ({ hostname, port, isHttp }) => {
        if (hostname === BROWSERS_CLOCK || trackers.has(hostname))
          throw new RequestError('Nothing of the site.', REFUSED_STATUS);
        const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
        const allowed = await guard.allowsUrl(`${isHttp || port === 80 ? 'http' : 'https'}://${host}:${port}/`);
        if (!allowed) throw new RequestError('This address is not crawled.', REFUSED_STATUS);
        if (upstream !== undefined) return { upstreamProxyUrl: upstream };
        // Resolved once more, and for the connection: by then the name could say something else.
        return { dnsLookup: lookupOf(await addressesOf(guard, hostname)) };
      },
    });
    await server.listen();
    const own = `http://127.0.0.1:${server.port}`;
    servers.set(own, { server, upstream });
    return own;
  };
  const url = await start();
  return {
    url,
    through: start,
    upstreamOf: (own = '') => servers.get(own)?.upstream,
    end: (own = '') => {
      if (servers.get(own)?.upstream === undefined) return;
      void servers.get(own)?.server.close(true);
      servers.delete(own);
    },
    close: async () => void (await Promise.all([...servers.values()].map(({ server }) => server.close(true)))),
  };
}

/** Where Chromium asks for the time; no page needs it, and no command line keeps it from asking. */
const BROWSERS_CLOCK = 'clients2.google.com';

/** Not used by servers (RFC 9110 reserves nothing there), so it can only come from the guarded proxy. */
export const REFUSED_STATUS = 470;

const UNRESOLVED_STATUS = 593;

/** What the guarded proxy answers when the host itself cannot be reached (`statuses` of proxy-chain 2.7), as Node says it. */
const UNREACHABLE: Record<number, string> = {
  [UNRESOLVED_STATUS]: 'ENOTFOUND',
  594: 'ECONNREFUSED',
  595: 'ECONNRESET',
  596: 'EPIPE',
  599: 'EHOSTUNREACH',
};

/** The failure behind a status that the guarded proxy answered in place of the site, else `null`. */
export function unreachable(status: number, url: string): PageFailure | null {
  const code = UNREACHABLE[status];
  return code === undefined ? null : asPageFailure({ code }, url);
}

/** proxy-chain itself answers 404 for a name that does not resolve, as if the page were gone. */
async function addressesOf(guard: AddressGuard, hostname: string): Promise<LookupAddress[]> {
  return allowedAddresses(guard, hostname.replace(/^\[|\]$/g, '')).catch((error: NodeJS.ErrnoException) => {
    // With words: of an answer without, Chromium makes an error of its own.
    throw new RequestError('No address.', error.code === REFUSED_ADDRESS ? REFUSED_STATUS : UNRESOLVED_STATUS);
  });
}
