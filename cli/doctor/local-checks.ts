import { createServer } from 'node:net';
import { findBrowser } from '../../src/collect/browser.js';
import type { ConnectSettings } from '../../src/connect/settings.js';
import { LiveViewAddressError, readLiveViewAddress, type LiveViewAddress } from '../../src/live-view/address.js';
import { browserStarts } from '../install-browser.js';
import type { Check } from './check.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Is Notion's API there? Without a token it has to answer 401 in its own words. */
export async function notionCheck({ notion }: ConnectSettings): Promise<Check> {
  const name = 'Notion';
  const { host } = new URL(notion.apiUrl);
  try {
    const answer = await fetch(`${notion.apiUrl}/v1/users/me`, {
      headers: { 'notion-version': '2026-03-11' },
      signal: AbortSignal.timeout(notion.timeoutMs),
    });
    const body = (await answer.json()) as { object?: unknown };
    if (answer.status === 401 && body.object === 'error') return { name, mark: 'ok', found: `${host} answers` };
  } catch {
    // Told below: whatever it was, it was not Notion.
  }
  return {
    name,
    mark: 'fix',
    found: `Notion does not answer at ${host}. Check NOTION_API_URL and this computer’s way to the network.`,
  };
}

/** Is there a browser that starts? The image brings one; this is for runs on the operator's computer. */
export async function browserCheck(env: Environment): Promise<Check> {
  const name = 'Browser';
  const browser = findBrowser(env);
  if (browser === null) {
    return {
      name,
      mark: 'fix',
      found: 'No Chrome or Chromium was found: npx playwright install chromium, or set CRAWLEE_DEFAULT_BROWSER_PATH.',
    };
  }
  if (await browserStarts(browser.executablePath)) return { name, mark: 'ok', found: browser.executablePath };
  return { name, mark: 'fix', found: `${browser.executablePath} does not start. Install another one.` };
}

/** Can the live view have its port, and the address that it is told? */
export async function liveViewChecks(env: Environment): Promise<Check[]> {
  const port = portCheck(attempt({ port: env.ACTOR_WEB_SERVER_PORT, url: null }));
  const address = addressCheck(attempt({ port: null, url: env.ACTOR_WEB_SERVER_URL }));
  return [await port, ...(address === null ? [] : [address])];
}

function attempt(given: Parameters<typeof readLiveViewAddress>[0]): LiveViewAddress | LiveViewAddressError {
  try {
    return readLiveViewAddress(given);
  } catch (error) {
    if (error instanceof LiveViewAddressError) return error;
    throw error;
  }
}

async function portCheck(read: LiveViewAddress | LiveViewAddressError): Promise<Check> {
  const name = 'Live view port';
  if (read instanceof LiveViewAddressError) return { name, mark: 'fix', found: read.message };
  if (await isFree(read.port)) return { name, mark: 'ok', found: `${read.port} is free` };
  return { name, mark: 'fix', found: `${read.port} is in use. End what uses it, or set ACTOR_WEB_SERVER_PORT.` };
}

/** `null` where none is set: nobody needs one on their own computer. */
function addressCheck(read: LiveViewAddress | LiveViewAddressError): Check | null {
  const name = 'Live view address';
  if (read instanceof LiveViewAddressError) return { name, mark: 'fix', found: read.message };
  return read.origin === null ? null : { name, mark: 'ok', found: read.origin };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
