import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findBrowser } from '../src/collect/browser.js';
import { browserStarts, installSteps, type InstallStep } from './install-browser.js';

/** What `ensureBrowser` does to the computer; tests put their own in its place. */
export interface BrowserHost {
  find(): string | null;
  starts(executablePath: string): Promise<boolean>;
  steps: InstallStep[];
  say(line: string): void;
}

/**
 * Finds a Chrome or Chromium that starts. Where there is none, tries Playwright's download and then apt.
 * @returns the path of the executable
 * Throws with one sentence that says what to do when none can be had.
 */
export async function ensureBrowser(host: BrowserHost = thisComputer()): Promise<string> {
  const present = await usable(host);
  if (present !== null) return present;
  for (const step of host.steps) {
    if (!(await step.possible())) continue;
    host.say(`No usable Chrome or Chromium was found: installing ${step.name}. This takes a minute or two.`);
    await step.run();
    const installed = await usable(host);
    if (installed !== null) return installed;
  }
  throw new Error(
    'No usable Chrome or Chromium was found and none could be installed: install one, ' +
      'or set CRAWLEE_DEFAULT_BROWSER_PATH to the path of its executable.',
  );
}

async function usable(host: BrowserHost): Promise<string | null> {
  const executablePath = host.find();
  return executablePath !== null && (await host.starts(executablePath)) ? executablePath : null;
}

function thisComputer(): BrowserHost {
  return {
    find: () => findBrowser()?.executablePath ?? null,
    starts: browserStarts,
    steps: installSteps(),
    say: (line) => console.error(line),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(`Browser: ${await ensureBrowser()}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
