import { mkdirSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright';

/** The tab in which a person goes through consent, opened by the status page's button. */
export async function openConfirmation(context: BrowserContext, status: Page): Promise<Page> {
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    status.getByRole('link', { name: /^(Connect|Reconnect) Notion$/ }).click(),
  ]);
  await tab.getByRole('button', { name: 'Continue to Notion' }).waitFor();
  return tab;
}

/** From the confirmation page to the vendor's consent page. */
export async function continueToNotion(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: 'Continue to Notion' }).click();
  await tab.getByRole('button', { name: 'Allow access' }).waitFor();
}

/** Chooses a workspace and allows access. */
export async function allow(tab: Page, workspace: string): Promise<void> {
  await tab.getByRole('radio', { name: workspace }).check();
  await tab.getByRole('button', { name: 'Allow access' }).click();
}

/** A picture for people, in test-results/, which is not tracked. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('test-results/e2e', { recursive: true });
  await page.screenshot({ path: `test-results/e2e/${name}.png`, fullPage: true });
}
