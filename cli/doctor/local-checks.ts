import { createServer } from 'node:net';
import { findBrowser } from '../../src/collect/browser.js';
import type { ConnectSettings } from '../../src/connect/settings.js';
import { browserStarts } from '../install-browser.js';
import type { Check } from './check.js';

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 4321;

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

/** Can the live view have its port? */
export async function portCheck(env: Environment): Promise<Check> {
  const name = 'Live view port';
  const text = env.ACTOR_WEB_SERVER_PORT ?? String(DEFAULT_PORT);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return { name, mark: 'fix', found: `ACTOR_WEB_SERVER_PORT must be a port from 0 to 65535; it is "${text}".` };
  }
  if (await isFree(port)) return { name, mark: 'ok', found: `${port} is free` };
  return { name, mark: 'fix', found: `${port} is in use. End what uses it, or set ACTOR_WEB_SERVER_PORT.` };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
