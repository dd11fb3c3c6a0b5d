import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What may never be written down, whichever run it is: the sandbox's tokens, links to consent, the state cookie. */
const FORBIDDEN: Record<string, RegExp> = {
  'a Notion token': /ntn_[0-9a-f]{40}/,
  'a link to consent': /\/(magicLink|consent)\/[0-9a-f-]{36}/,
  'the state cookie': /wtn-consent=/,
  'an authorization id': /auth_request_id=/,
};

/** Variables that a browser has no business with. */
const SECRET_NAMES = /^(SCALEKIT_CLIENT_SECRET|NOTION_TOKEN|APIFY_TOKEN|APIFY_PROXY_PASSWORD)=/;

const BROWSER = /chrom|headless_shell/i;

/** Names what of the forbidden things is in `text`, never the thing itself. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  const found = Object.entries(FORBIDDEN).flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []));
  return secrets.some((secret) => secret !== '' && text.includes(secret)) ? [...found, 'a given secret'] : found;
}

/** Looks through every file below `dir`. */
export async function secretsBelow(dir: string, secrets: readonly string[]): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const findings = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const found = secretsIn(await readFile(file, 'utf8').catch(() => ''), secrets);
      return found.map((what) => `${what} in ${path.relative(dir, file)}`);
    });
  return (await Promise.all(findings)).flat();
}

/** Reads the environments of the browsers that a process has started, for as long as it runs. */
export class BrowserWatch {
  readonly #pid: number;
  readonly #secrets: readonly string[];
  readonly #timer: NodeJS.Timeout;
  readonly #seen = new Set<number>();
  readonly findings = new Set<string>();

  constructor(pid: number, secrets: readonly string[]) {
    this.#pid = pid;
    this.#secrets = secrets;
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
      for (const what of secretsIn(environment, this.#secrets)) {
        this.findings.add(`${what} in the environment of a browser`);
      }
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
