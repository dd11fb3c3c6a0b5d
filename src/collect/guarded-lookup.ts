import { lookup, type LookupAddress } from 'node:dns';
import type { AddressGuard } from './address-guard.js';

/** The code of the error when a name resolves to nothing but addresses that are not crawled. */
export const REFUSED_ADDRESS = 'ERR_ADDRESS_NOT_CRAWLED';

type Done = (error: NodeJS.ErrnoException | null, address?: string | LookupAddress[], family?: number) => void;

/** Resolves names for a connection as Node does, without the addresses that the guard refuses. */
export function guardedLookup(guard: AddressGuard): typeof lookup {
  const guarded = (hostname: string, options: object, done: Done): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error);
      const allowed = addresses.filter(({ address }) => guard.allowsAddress(address));
      if (allowed.length === 0) return done(Object.assign(new Error('refused'), { code: REFUSED_ADDRESS }));
      answer(allowed, options, done);
    });
  };
  return guarded as unknown as typeof lookup;
}

/**
 * The addresses of a host that may be connected to.
 * @throws the error of the name's resolution; its code is `REFUSED_ADDRESS` when there are none that the guard allows
 */
export function allowedAddresses(guard: AddressGuard, hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    guardedLookup(guard)(hostname, { all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    );
  });
}

/** A lookup that gives these addresses whatever it is asked: what was looked at is what is connected to. */
export function lookupOf(addresses: LookupAddress[]): typeof lookup {
  return ((_: string, options: object, done: Done): void =>
    answer(addresses, options, done)) as unknown as typeof lookup;
}

function answer(addresses: LookupAddress[], options: object, done: Done): void {
  const [first] = addresses;
  if ('all' in options && options.all === true) done(null, addresses);
  else done(null, first?.address, first?.family);
}
