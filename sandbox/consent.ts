import type { ScalekitStandIn } from './scalekit/server.js';

/**
 * Gives consent as a person would, without a browser: confirms on the live view, allows at the sandbox's consent page,
 * and returns to the live view with the cookie that it set.
 * @returns the status code of the page that the person ends on
 */
export async function consentWithoutBrowser(
  liveView: string,
  scalekit: ScalekitStandIn,
  workspace?: string,
  connector = 'notion',
): Promise<number> {
  const confirmed = await fetch(`${liveView}/connect/${connector}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(liveView).origin, 'sec-fetch-site': 'same-origin' },
  });
  const link = confirmed.headers.get('location');
  if (!link) throw new Error(`the live view gave no link (status ${confirmed.status})`);
  const cookie = confirmed.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const callback = await scalekit.approve(link, workspace);
  const returned = await fetch(callback, { headers: { cookie } });
  return returned.status;
}
