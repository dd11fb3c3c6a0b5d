import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ScalekitStandIn } from '../../sandbox/scalekit/server.js';
import { allow, continueToNotion, openConfirmation } from '../e2e/consent-person.js';
import { accessibilityFindings, launch, picture } from '../live-view/chromium.js';
import { closeWorlds, liveViewOf, world } from './support.js';

/** Bounds a call to Scalekit at two and a half times this; long enough for one that works on a busy machine. */
const TIMEOUT_MS = 1_200;

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(async () => {
  await context.close();
  await closeWorlds();
});

/** A person who looks at the first page of a run that is not connected. */
async function arrive(): Promise<{ scalekit: ScalekitStandIn; status: Page }> {
  const { scalekit, connect } = await world();
  const connection = connect({ env: { SCALEKIT_TIMEOUT_MS: String(TIMEOUT_MS) } });
  const { view } = await liveViewOf(connection);
  await connection.ready();
  context = await browser.newContext();
  const status = await context.newPage();
  await status.goto(view.url);
  return { scalekit, status };
}

const authorized = (tab: Page) => tab.getByRole('heading', { name: 'Authorized — returning to task' }).waitFor();
const refused = (tab: Page) => tab.getByRole('heading', { name: 'Notion cannot be connected right now' }).waitFor();

describe('a Scalekit under stress, as a person sees it', () => {
  it.each([
    [
      '429',
      'Scalekit asks us to slow down.',
      (on: boolean, one: ScalekitStandIn) => one.faults.rateLimited(on ? Infinity : 0),
    ],
    [
      'down',
      'Scalekit does not answer at the moment.',
      (on: boolean, one: ScalekitStandIn) => one.faults.unavailable(on ? Infinity : 0),
    ],
    [
      'slow',
      'Scalekit does not answer at the moment.',
      (on: boolean, one: ScalekitStandIn) => one.faults.delay(on ? 60_000 : 0),
    ],
  ])('%s at the click: a plain screen, one button, and the next click works', async (name, said, fault) => {
    const { scalekit, status } = await arrive();
    const tab = await openConfirmation(context, status);
    fault(true, scalekit);
    await tab.getByRole('button', { name: 'Continue to Notion' }).click();
    await refused(tab);
    expect(await tab.locator('main').innerText()).toContain(said);
    expect(await tab.locator('.button').allTextContents()).toEqual(['Try again']);
    expect(await context.cookies()).toEqual([]);
    await status.getByText('The connection service did not answer. Try again in a minute.').waitFor();
    if (name === '429') {
      expect(await accessibilityFindings(tab)).toEqual([]);
      await picture(tab, 'scalekit-429');
      await picture(status, 'scalekit-429-status');
    }

    fault(false, scalekit);
    await tab.getByRole('link', { name: 'Try again' }).click();
    await continueToNotion(tab);
    await allow(tab, 'Acme');
    await authorized(tab);
    await status.getByText('Notion is connected').waitFor();
    expect(await status.getByRole('link', { name: /Connect Notion/ }).count()).toBe(0);
  });

  it('down at the return: what was allowed is kept, and one click finishes it', async () => {
    const { scalekit, status } = await arrive();
    const tab = await openConfirmation(context, status);
    await continueToNotion(tab);
    scalekit.faults.unavailable(Infinity);
    await allow(tab, 'Acme');
    await refused(tab);
    expect(await tab.content()).not.toMatch(/state=|auth_request_id/);
    scalekit.faults.unavailable(0);
    await tab.getByRole('link', { name: 'Try again' }).click();
    await authorized(tab);
    await status.getByText('Notion is connected').waitFor();
    expect(scalekit.calls.filter((call) => call === 'GetMagicLinkForConnectedAccount')).toHaveLength(1);
  });

  it('the reply to the verification lost: nobody notices', async () => {
    const { scalekit, status } = await arrive();
    const tab = await openConfirmation(context, status);
    await continueToNotion(tab);
    scalekit.faults.loseNextVerifyReply();
    await allow(tab, 'Acme');
    await authorized(tab);
    await status.getByText('Notion is connected').waitFor();
    expect(scalekit.calls.filter((call) => call === 'VerifyConnectedAccountUser')).toHaveLength(2);
  });
});
