import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** A real site instead of the bundled one. */
  url: string | null;
  /** Give consent without a browser. */
  yes: boolean;
  /** End when the run ends. */
  once: boolean;
}

/** What a wrong or an asking command line gets. */
export interface DemoAnswer {
  /** `null` when it asked for help. */
  problem: string | null;
}

export const USAGE = `Usage: npm run demo -- [--url https://…] [--yes] [--once]

  --url   crawl this site instead of the bundled sample site
  --yes   give consent without a browser
  --once  end when the run ends
  Without a terminal, --yes and --once are on.`;

/**
 * Reads the demo's command line.
 * @param isTTY whether a person can watch; without one the demo consents and ends by itself
 * @returns the options, or what to answer instead
 */
export function readDemoOptions(args: string[], isTTY: boolean): DemoOptions | DemoAnswer {
  try {
    const { values } = parseArgs({
      args,
      options: {
        url: { type: 'string' },
        yes: { type: 'boolean' },
        once: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { problem: null };
    const url = values.url ?? null;
    if (url !== null && !isPublicAddress(url)) {
      return { problem: `--url must be an http(s) address without a user name; it is "${url}".` };
    }
    return { url, yes: values.yes ?? !isTTY, once: values.once ?? !isTTY };
  } catch (error) {
    return { problem: error instanceof Error ? `${error.message.split('.')[0]}.` : String(error) };
  }
}

function isPublicAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
