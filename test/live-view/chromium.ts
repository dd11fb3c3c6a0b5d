import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright';

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

/** Keeps a picture for people in test-results/, which is not tracked. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('test-results/live-view', { recursive: true });
  await page.screenshot({ path: `test-results/live-view/${name}.png`, fullPage: true });
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeResults {
  violations: { id: string; impact: string | null; nodes: { html: string; failureSummary?: string }[] }[];
}

/** What axe finds, from moderate upwards, one line each. The page's own policy lets no script in, so it goes in by the debugger. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate((await import('node:fs')).readFileSync(axePath, 'utf8'));
  const results = await page.evaluate<AxeResults>('axe.run(document)');
  return results.violations
    .filter(({ impact }) => impact !== 'minor')
    .map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.html).join(' | ')}`);
}
