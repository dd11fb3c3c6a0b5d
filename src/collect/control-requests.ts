import type { Page } from 'playwright';
import { mayGoTo, type Secrets } from './secrets.js';
import { TRACKERS, type Trackers } from './trackers.js';

export interface RequestRules {
  blockMedia: boolean;
  secrets: Secrets;
  trackers: Trackers;
}

/** By what the browser wants it for: an address may look like anything. Images are off on the browser's command line. */
const MEDIA = ['Media', 'Font'] as const;

/**
 * Keeps a page from asking for films, sounds, fonts and trackers, and adds the secret headers to requests for the start
 * hosts. Asked of the browser itself: headers set on a Playwright page go to every host, and those set on a route go along
 * when it redirects to another.
 */
export async function controlRequests(page: Page, { blockMedia, secrets, trackers }: RequestRules): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const hasHeaders = Object.keys(secrets.headers).length > 0;
  const { frameTree } = await client.send('Page.getFrameTree');
  client.on('Fetch.requestPaused', ({ requestId, request, resourceType, frameId }) => {
    const isMedia = blockMedia && MEDIA.some((type) => type === resourceType);
    const { hostname } = new URL(request.url);
    // A redirect may lead to the very pages of such a service.
    if (resourceType === 'Document' && frameId === frameTree.frame.id) trackers.admit(hostname);
    if (isMedia || trackers.has(hostname)) {
      client.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }).catch(() => undefined);
      return;
    }
    const own = hasHeaders && mayGoTo(secrets, request.url) ? secrets.headers : {};
    const given = Object.entries(request.headers).filter(([name]) => !(name.toLowerCase() in own));
    const headers = [...given, ...Object.entries(own)].map(([name, value]) => ({ name, value }));
    client.send('Fetch.continueRequest', { requestId, headers }).catch(() => undefined);
  });
  const hosts = hasHeaders ? [...secrets.origins].map((origin) => new URL(origin).host) : [];
  await client.send('Fetch.enable', {
    patterns: [
      ...(blockMedia ? MEDIA.map((resourceType) => ({ urlPattern: '*', resourceType })) : []),
      ...[...hosts, ...TRACKERS, ...TRACKERS.map((host) => `*.${host}`)].map((host) => ({
        urlPattern: `*://${host}/*`,
      })),
    ],
  });
}
