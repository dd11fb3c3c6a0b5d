import type { AddressGuard } from './address-guard.js';
import { allowedAddresses, REFUSED_ADDRESS } from './guarded-lookup.js';
import { asPageFailure } from './network-failure.js';
import { PageSkipped, type PageFailure } from './page-errors.js';

/** All that Chromium says when the guarded proxy opens it no way to a host, whatever the reason. */
export const TUNNEL_FAILED = 'ERR_TUNNEL_CONNECTION_FAILED';

/**
 * What it means that the browser could not show an address.
 * @param said the browser's words
 * @param proxyUrl the run's proxy that the page came through, if any; only the proxy knows the host then
 */
export async function whyNotShown(
  guard: AddressGuard,
  url: string,
  said: string,
  proxyUrl: string | undefined,
): Promise<PageSkipped | PageFailure> {
  if (!/^https?:/.test(url)) return new PageSkipped('protocol');
  if (!(await guard.allowsUrl(url))) return new PageSkipped('privateAddress');
  if (proxyUrl !== undefined || !said.includes(TUNNEL_FAILED)) return asPageFailure(new Error(said), url, proxyUrl);
  try {
    await allowedAddresses(guard, new URL(url).hostname.replace(/^\[|\]$/g, ''));
    return asPageFailure(new Error(said), url);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === REFUSED_ADDRESS) return new PageSkipped('privateAddress');
    return asPageFailure(error, url);
  }
}
