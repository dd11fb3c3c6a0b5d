/**
 * Walks through the consent pages as a browser would, by fetch: follows the link, chooses a workspace, allows access.
 * @param link as the SDK returned it
 * @param workspace one of the choices on the page; default: the first
 * @returns the address that the browser is sent back to, or the page it ends on when there is no way back
 * @throws Error with the page's title when the link is used up or expired, or has no such workspace
 */
export async function approveLink(link: string, workspace?: string): Promise<string> {
  const consent = await fetch(link);
  const html = await consent.text();
  if (!consent.ok) throw new Error(titleOf(html));
  const choice = workspace ?? unescape(/name="workspace" value="([^"]*)"/.exec(html)?.[1] ?? '');
  const reply = await fetch(consent.url, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'allow', workspace: choice }),
    redirect: 'manual',
  });
  const location = reply.headers.get('location');
  if (location !== null) return new URL(location, consent.url).href;
  if (!reply.ok) throw new Error(titleOf(await reply.text()));
  return reply.url;
}

function titleOf(html: string): string {
  return unescape(/<h1>([^<]*)<\/h1>/.exec(html)?.[1] ?? 'The consent page could not be read');
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
