import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ApifyClient } from 'apify-client';
import { isLoopback } from '../../src/loopback.js';
import { UsageError } from '../operator/command.js';

/**
 * The platform's client with the person's own token: `APIFY_TOKEN`, else what `apify login` left. The token travels in
 * the header only.
 * @param onSecret is told the token before anything else happens
 * @throws UsageError when there is no token, or the address of the API is not safe to send it to
 */
export function openClient(
  env: Readonly<Record<string, string | undefined>>,
  onSecret: (secret: string) => void,
): ApifyClient {
  const token = env.APIFY_TOKEN?.trim() || loginToken(env.HOME ?? homedir());
  if (!token) {
    throw new UsageError(
      'There is no token: set APIFY_TOKEN (Apify Console → Settings → API & Integrations), or run `apify login` once.',
    );
  }
  onSecret(token);
  const baseUrl = env.APIFY_CLIENT_BASE_URL;
  if (baseUrl !== undefined && !isSafe(baseUrl)) {
    throw new UsageError('APIFY_CLIENT_BASE_URL must begin with https://, or the token could be read on the way.');
  }
  return new ApifyClient({ token, ...(baseUrl !== undefined && { baseUrl }) });
}

/** Apify's command line keeps the token of `apify login` in `.apify/auth.json`. */
function loginToken(home: string): string | null {
  const file = path.join(home, '.apify', 'auth.json');
  if (!existsSync(file)) return null;
  try {
    const { token } = JSON.parse(readFileSync(file, 'utf8')) as { token?: unknown };
    return typeof token === 'string' && token !== '' ? token : null;
  } catch {
    return null;
  }
}

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
