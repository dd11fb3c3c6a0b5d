import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { secretsHandedOut } from '../../sandbox/handed-out.js';

/** What may never be written down, whichever process made it: told by its shape. */
const FORBIDDEN: Record<string, RegExp> = {
  'a Notion token': /ntn_[0-9a-f]{40}/,
  'a refresh token': /nrt_[0-9a-f]{40}/,
  'a link to consent': /\/(magicLink|consent)\/[0-9a-f-]{36}/,
  'the state cookie': /wtn-consent=/,
  'an authorization id': /auth_request_id=/,
  'a state': /\b[0-9a-z]{7,9}\.[\w-]{43}\.[\w-]{43}/,
  'the client secret': /sks_[0-9a-f]{40}/,
  'a bearer of Scalekit': /skat_[0-9a-f]{40}/,
};

/** As long as the value of the state cookie, which nobody but the browser has: only its hash is in a state. */
const COOKIE_LENGTH = /(?<![\w-])[\w-]{43}(?![\w-])/g;

/** Variables that a browser has no business with. */
const SECRET_NAMES = /^(SCALEKIT_CLIENT_SECRET|NOTION_TOKEN|APIFY_TOKEN|APIFY_PROXY_PASSWORD)=/;

const BROWSER = /chrom|headless_shell/i;

/**
 * Names what of the forbidden things is in `text`, never the thing itself: all that the stand-ins of this process handed
 * out, the cookies that belong to the states they saw, `given`, and whatever has the shape of a secret.
 */
export function secretsIn(text: string, given: readonly string[]): string[] {
  const found = new Set<string>();
  for (const [name, pattern] of Object.entries(FORBIDDEN)) if (pattern.test(text)) found.add(name);
  const known = secretsHandedOut();
  for (const [secret, what] of known) if (hides(text, secret)) found.add(what);
  if (given.some((secret) => secret !== '' && hides(text, secret))) found.add('a given secret');
  const cookieHashes = new Set([...known.keys()].map((secret) => secret.split('.')[1]));
  for (const [candidate] of text.matchAll(COOKIE_LENGTH)) {
    const hash = createHash('sha256').update(candidate).digest('base64url');
    if (cookieHashes.has(hash)) found.add('the state cookie');
  }
  return [...found];
}

/** True when `secret` is in `text` as it is, URL-encoded, or in base64. */
function hides(text: string, secret: string): boolean {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [secret, encodeURIComponent(secret), base64].some((form) => text.includes(form));
}

/** Looks through every file below `dir`. */
export async function secretsBelow(dir: string, given: readonly string[]): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const findings = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const found = secretsIn(await readFile(file, 'utf8').catch(() => ''), given);
      return found.map((what) => `${what} in ${path.relative(dir, file)}`);
    });
  return (await Promise.all(findings)).flat();
}

/** What a process left behind: its words, its folder, and what was seen of its browsers. */
export interface Leavings {
  log: string;
  /** Folder of its storages. */
  dir?: string;
  watch?: BrowserWatch;
}

/** Throws, naming each finding, when there is a secret in anything that a process left behind. */
export async function expectNoSecrets({ log, dir, watch }: Leavings, given: readonly string[] = []): Promise<void> {
  const findings = [
    ...secretsIn(log, given).map((what) => `${what} in the log`),
    ...(dir === undefined ? [] : await secretsBelow(dir, given)),
    ...(watch?.findings ?? []),
  ];
  if (findings.length > 0) throw new Error(`The run left secrets behind: ${findings.join('; ')}`);
}

/** Reads the environments of the browsers that a process has started, for as long as it runs. */
export class BrowserWatch {
  readonly #pid: number;
  readonly #given: readonly string[];
  readonly #timer: NodeJS.Timeout;
  readonly #seen = new Set<number>();
  readonly findings = new Set<string>();

  constructor(pid: number, given: readonly string[]) {
    this.#pid = pid;
    this.#given = given;
    this.#timer = setInterval(() => void this.#look(), 150);
  }

  /** How many browser processes were looked at. */
  get browsers(): number {
    return this.#seen.size;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (!existsSync('/proc/self/environ')) return;
    for (const pid of await descendants(this.#pid)) {
      if (this.#seen.has(pid)) continue;
      const [environment, command] = await Promise.all([read(pid, 'environ'), read(pid, 'comm')]);
      if (environment === '' || !BROWSER.test(command)) continue;
      this.#seen.add(pid);
      const names = environment.split('\0').filter((line) => SECRET_NAMES.test(line));
      for (const line of names) this.findings.add(`${line.split('=')[0]} in the environment of a browser`);
      const said = `${environment}\0${await read(pid, 'cmdline')}`;
      for (const what of secretsIn(said, this.#given)) this.findings.add(`${what} in the environment of a browser`);
    }
  }
}

/** The browsers that a process has running now. */
export async function browsersOf(pid: number): Promise<number[]> {
  const all = await descendants(pid);
  const commands = await Promise.all(all.map((one) => read(one, 'comm')));
  return all.filter((_, index) => BROWSER.test(commands[index] ?? ''));
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await read(pid, `task/${pid}/children`)).split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
