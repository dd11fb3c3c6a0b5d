import { lookup } from 'node:dns';
import { RequestError, Server } from 'proxy-chain';
import type { AddressGuard } from './address-guard.js';

/**
 * A proxy on loopback that the browser sends everything through: pages, what their scripts ask for, WebSockets. It
 * refuses what the guard refuses, after the name was resolved. Crawlee puts a proxy of its own there otherwise, so it
 * costs nothing more.
 * @returns its URL and how to end it
 */
export async function startGuardedProxy(guard: AddressGuard): Promise<{ url: string; close(): Promise<void> }> {
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: async ({ hostname, port, isHttp }) => {
      const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
      const allowed = await guard.allowsUrl(`${isHttp || port === 80 ? 'http' : 'https'}://${host}:${port}/`);
      if (!allowed) throw new RequestError('This address is not crawled.', REFUSED_STATUS);
      // The name is resolved again for the connection and could say something else by then.
      return { dnsLookup: guardedLookup(guard) };
    },
  });
  await server.listen();
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.close(true) };
}

/** Not used by servers (RFC 9110 reserves nothing there), so it can only come from the guarded proxy. */
export const REFUSED_STATUS = 470;

function guardedLookup(guard: AddressGuard): typeof lookup {
  const guarded = (
    hostname: string,
    options: object,
    done: (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void,
  ): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error);
      const allowed = addresses.filter(({ address }) => guard.allowsAddress(address));
      const first = allowed[0];
      if (first === undefined) return done(Object.assign(new Error('refused'), { code: 'EACCES' }));
      if ('all' in options && options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
  return guarded as unknown as typeof lookup;
}
