import { createRequire } from 'node:module';
import type { BrowserType } from 'playwright';
import { requireBrowser } from './browser.js';

/**
 * Playwright's Chromium as Crawlee's `launcher`. Playwright is loaded, and the browser looked for, when the first one is
 * launched: loading takes as long as a fifth of the start of a run, and many crawls never need a browser.
 * Its launches reject with a RunError when there is no browser.
 */
export function chromiumWhenNeeded(): BrowserType {
  const chromium = (): BrowserType =>
    (createRequire(import.meta.url)('playwright') as { chromium: BrowserType }).chromium;
  // All that Crawlee's browser pool asks of a launcher.
  const launcher: Pick<BrowserType, 'name' | 'launch' | 'launchPersistentContext'> = {
    name: () => 'chromium',
    launch: async (options) => chromium().launch({ ...options, executablePath: requireBrowser() }),
    launchPersistentContext: async (folder, options) =>
      chromium().launchPersistentContext(folder, { ...options, executablePath: requireBrowser() }),
  };
  return launcher as BrowserType;
}
