import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** A real site instead of the bundled one. */
  url: string | null;
  /** Give consent without a browser. */
  yes: boolean;
  /** End when the run ends. */
  once: boolean;
}

export const USAGE = `Usage: npm run demo -- [--url https://…] [--yes] [--once]

  --url   crawl this site instead of the bundled sample site
  --yes   give consent without a browser
  --once  end when the run ends
  Without a terminal, --yes and --once are on.`;

/**
 * Reads the demo's command line.
 * @param isTTY whether a person can watch; without one the demo consents and ends by itself
 * @returns the options, or a sentence that says what is wrong
 */
export function readDemoOptions(args: string[], isTTY: boolean): DemoOptions | string {
  try {
    const { values } = parseArgs({
      args,
      options: { url: { type: 'string' }, yes: { type: 'boolean' }, once: { type: 'boolean' } },
    });
    const url = values.url ?? null;
    if (url !== null && !/^https?:\/\//.test(url)) return `--url must be an http(s) address; it is "${url}".`;
    return { url, yes: values.yes ?? !isTTY, once: values.once ?? !isTTY };
  } catch (error) {
    return error instanceof Error ? `${error.message.split('.')[0]}.` : String(error);
  }
}
