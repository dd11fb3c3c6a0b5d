/** Value → what it is. */
const secrets = new Map<string, string>();
/** What is shorter is no secret, and stands in ordinary words. */
const SHORTEST = 16;

/**
 * Notes a secret that a stand-in of this process made or was given, so that tests can look for it in what a run leaves
 * behind.
 * @param what names the kind in a finding, for example `a refresh token`
 * @returns `secret`
 */
export function handOut(what: string, secret: string): string {
  if (secret.length >= SHORTEST) secrets.set(secret, what);
  return secret;
}

/** Everything noted so far. */
export function secretsHandedOut(): ReadonlyMap<string, string> {
  return secrets;
}
