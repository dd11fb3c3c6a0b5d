import { chromium, type Browser } from 'playwright';
import { browserArguments, requireBrowser } from '../src/collect/browser.js';

/** A real Chromium: the one that the product itself finds, started the way the product starts it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: requireBrowser(),
    args: browserArguments({ isAtHome: false, blockMedia: false }),
  });
}
