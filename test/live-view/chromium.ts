import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright';
import { expect } from 'vitest';

const DEBIAN = '/usr/bin/chromium';

/** A real Chromium: the configured one, Debian's, else Playwright's own. */
export async function launch(): Promise<Browser> {
  const configured = process.env.CRAWLEE_DEFAULT_BROWSER_PATH ?? process.env.APIFY_DEFAULT_BROWSER_PATH;
  const executablePath = configured ?? (existsSync(DEBIAN) ? DEBIAN : undefined);
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Tests let a page of a public name frame one on loopback, which Chromium otherwise asks a person about.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
}

/** In dark colours every text is still readable, and on a phone nothing sticks out; `keep` a picture of both for people. */
export async function expectFitsDarkAndPhone(page: Page, keep: string | null): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await accessibilityFindings(page, ['color-contrast'])).toEqual([]);
  if (keep !== null) await picture(page, `${keep}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 740 });
  if (keep !== null) await picture(page, `${keep}-phone`);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
}

/** Keeps a picture for people in test-results/, which is not tracked. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('test-results/live-view', { recursive: true });
  await page.screenshot({ path: `test-results/live-view/${name}.png`, fullPage: true });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; impact: string | null; nodes: { html: string; failureSummary?: string }[] }[];
}

/**
 * What axe finds, from moderate upwards, one line each. The page's own policy lets no script in, so it goes in by the debugger.
 * @param rules only these, for a page that was looked at whole before; default: all
 */
export async function accessibilityFindings(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify(rules ? { runOnly: rules } : {})})`,
  );
  return results.violations
    .filter(({ impact }) => impact !== 'minor')
    .map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.html).join(' | ')}`);
}
