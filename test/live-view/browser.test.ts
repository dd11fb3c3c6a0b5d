import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '../../src/progress.js';
import { accessibilityFindings, launch, picture } from './chromium.js';
import {
  authorizationServer,
  COLLECTED,
  CONNECTED,
  PREVIEW,
  progressWith,
  SmallConsent,
  stage,
  stopAll,
  type Stage,
} from './support.js';

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 900, height: 700 } });
});
afterEach(async () => {
  await context.close();
  await stopAll();
});

/** A live view whose consent leads over two further origins, as Scalekit's and Notion's do. */
async function connectable(
  progress: Progress = progressWith({ collect: COLLECTED, preview: PREVIEW }),
): Promise<Stage> {
  const consent = new SmallConsent(`${await authorizationServer()}/link`);
  consent.onVerified = () => progress.update('connect', CONNECTED);
  consent.onAttempt = (lastAttempt) => progress.update('connect', { lastAttempt });
  return { ...(await stage(progress, { consent })), consent };
}

/** Opens the status page, clicks its button and returns both tabs. */
async function toConfirmation(url: string): Promise<{ first: Page; tab: Page }> {
  const first = await context.newPage();
  await first.goto(url);
  const opened = context.waitForEvent('page');
  await first.getByRole('link', { name: 'Connect Notion' }).click();
  return { first, tab: await opened };
}

describe('consent, clicked through', () => {
  test('from the status page to Notion and back, with the first tab following by itself', async () => {
    const { view, progress, consent } = await connectable();
    const { first, tab } = await toConfirmation(view.url);
    expect(await tab.getByRole('heading', { level: 1 }).textContent()).toBe('Connect Notion to this run?');
    expect(await tab.locator('main').innerText()).toMatch(/Continue only if you started this run yourself\./);
    expect(await tab.locator('dl').innerText()).toContain(progress.get().run.userId);
    expect(await tab.locator('dl').innerText()).toContain(progress.get().run.runId);
    expect(await tab.evaluate('window.opener')).toBeNull();
    expect(await tab.content()).not.toContain(new URL(consent.authorizeUrl).host);
    expect(consent.calls).toEqual([]);
    expect(await accessibilityFindings(tab)).toEqual([]);
    await picture(tab, 'confirm');

    const posted = tab.waitForRequest((request) => request.method() === 'POST');
    await tab.getByRole('button', { name: 'Continue to Notion' }).click();
    await tab.getByRole('heading', { name: 'Allow access?' }).waitFor();
    // Under `no-referrer` Chromium would say `null` here, and older browsers have nothing else to tell us.
    expect((await (await posted).allHeaders()).origin).toBe(view.url);
    await first.getByText('Go on at Notion, in the other tab.').waitFor();

    await tab.getByRole('link', { name: 'Allow' }).click();
    await tab.getByRole('heading', { name: 'Authorized — returning to task' }).waitFor();
    await picture(tab, 'callback-verified');
    await first.getByText('Connected to Research · Acme').waitFor();
    expect(await first.getByRole('link', { name: /Connect/ }).count()).toBe(0);
    expect(await first.title()).toBe('42/42 · Website to Notion');
    await tab.waitForURL(`${view.url}/`);
    expect(consent.calls).toEqual([
      `begin notion ${view.url}/callback/notion`,
      'finish notion state=state-1&auth_request_id=abc cookie-1',
    ]);
    expect(await context.cookies()).toEqual([]);
  });

  test('the state cookie is out of reach of scripts and other sites', async () => {
    const { view } = await connectable();
    const { tab } = await toConfirmation(view.url);
    await tab.getByRole('button').click();
    await tab.getByRole('link', { name: 'Allow' }).waitFor();
    expect(await context.cookies()).toMatchObject([
      { name: 'wtn-consent', value: 'cookie-1', httpOnly: true, sameSite: 'Lax', path: '/', domain: '127.0.0.1' },
    ]);
  });

  test('cancelled at Notion: its own screen, and one click starts again', async () => {
    const { view } = await connectable();
    const { first, tab } = await toConfirmation(view.url);
    await tab.getByRole('button').click();
    await tab.getByRole('link', { name: 'Cancel' }).click();
    await tab.getByRole('heading', { name: 'You stopped at Notion' }).waitFor();
    expect(await tab.content()).not.toContain('access_denied');
    await picture(tab, 'callback-cancelled');
    await first.getByText('You stopped at Notion, and nothing was changed.').waitFor();
    await tab.getByRole('link', { name: 'Connect again' }).click();
    await tab.getByRole('button').click();
    await tab.getByRole('link', { name: 'Allow' }).click();
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
  });

  test('finished in another browser: nothing is connected, and this one can still finish', async () => {
    const { view, progress } = await connectable();
    const { tab } = await toConfirmation(view.url);
    await tab.getByRole('button').click();
    const back = await tab.getByRole('link', { name: 'Allow' }).getAttribute('href');
    const other = await (await browser.newContext()).newPage();
    const answer = await other.goto(back ?? '');
    expect(answer?.status()).toBe(403);
    await other.getByRole('heading', { name: 'This is not the browser that started' }).waitFor();
    await other.context().close();
    expect(progress.get().connect.status).toBe('PENDING_AUTH');
    await tab.getByRole('link', { name: 'Allow' }).click();
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
  });

  test('"This was not me" connects nothing', async () => {
    const { view, consent } = await connectable();
    const { tab } = await toConfirmation(view.url);
    await tab.emulateMedia({ colorScheme: 'dark' });
    await tab.setViewportSize({ width: 360, height: 740 });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await accessibilityFindings(tab)).toEqual([]);
    await picture(tab, 'confirm-phone-dark');
    await tab.getByRole('link', { name: 'This was not me' }).click();
    await tab.getByRole('heading', { name: 'Nothing was changed' }).waitFor();
    expect(consent.calls).toEqual([]);
    await picture(tab, 'not-me');
  });

  test('with the keyboard alone', async () => {
    const { view } = await connectable();
    const first = await context.newPage();
    await first.goto(view.url);
    await first.keyboard.press('Tab');
    expect(await first.evaluate('document.activeElement.textContent')).toBe('Connect Notion');
    expect(await first.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    const opened = context.waitForEvent('page');
    await first.keyboard.press('Enter');
    const tab = await opened;
    await tab.waitForLoadState();
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await tab.getByRole('heading', { name: 'Allow access?' }).waitFor();
  });

  test('a form on another site cannot start it', async () => {
    const { view, consent } = await connectable();
    const page = await context.newPage();
    await page.route('http://evil.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${view.url}/connect/notion"><button>Win</button></form>`,
      }),
    );
    await page.goto('http://evil.example/');
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'That click did not come from this page' }).waitFor();
    expect(consent.calls).toEqual([]);
  });
});

describe('without scripts', () => {
  test('the page reloads itself, consent works, and the reloads end with the run', async () => {
    await context.close();
    context = await browser.newContext({ javaScriptEnabled: false });
    const { view, progress } = await connectable();
    const { first, tab } = await toConfirmation(view.url);
    await tab.getByRole('button').click();
    await tab.getByRole('link', { name: 'Allow' }).click();
    await tab.waitForURL(`${view.url}/`);
    await first.getByText('Connected to Research · Acme').waitFor();
    expect(view.watchers()).toBe(1);
    progress.finish({ status: 'NOT_CONNECTED', message: 'x' });
    await first.getByText('The run is over.').waitFor();
    expect(await first.locator('meta[http-equiv]').count()).toBe(0);
  });
});

describe('kept current by events', () => {
  test('counts, tab and icon change without a reload; focus, open cards and the button stay', async () => {
    const { view, progress } = await connectable(progressWith({ preview: PREVIEW }));
    const page = await context.newPage();
    // The first message comes when the person has the button in focus already.
    let listen = (): void => undefined;
    const held = new Promise<void>((resolve) => (listen = resolve));
    await page.route('**/events', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(view.url);
    await page.evaluate('window.mark = document.getElementById("action")');
    await page.getByText('Configuration').click();
    await page.getByRole('link', { name: 'Connect Notion' }).focus();
    listen();
    await expect.poll(() => view.watchers(), { timeout: 20_000 }).toBe(1);

    progress.update('collect', { pagesLoaded: 55, itemsStored: 55 });
    await page.getByText('55 of about 60 pages').waitFor();
    expect(await page.evaluate('window.mark === document.activeElement && window.mark.isConnected')).toBe(true);

    progress.addPreview({ title: 'A fourth', url: 'https://docs.example.com/4', markdown: 'x' });
    await page.getByText('A fourth').waitFor();
    expect(await page.getByText('One file holds it all.').isVisible()).toBe(true);

    progress.update('connect', { ...CONNECTED, need: 'reconnect', offersConsent: true });
    await page.getByText('Reconnect Notion').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Reconnect Notion');

    progress.update('connect', CONNECTED);
    progress.finish({ status: 'SYNCED', message: '' });
    await page.getByText('Nothing to do.').waitFor();
    expect(await page.title()).toBe('Done · Website to Notion');
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain('favicon-done');
  });

  test('the count-down moves by itself', async () => {
    const { view } = await connectable(progressWith({ connect: { waitingUntil: Date.now() + 90_000 } }));
    const page = await context.newPage();
    await page.goto(view.url);
    const left = () => page.locator('.clock').textContent();
    const before = await left();
    await expect.poll(left, { timeout: 20_000 }).not.toBe(before);
  });

  test('a run that vanished is told, not hidden', async () => {
    const { view } = await connectable();
    const page = await context.newPage();
    await page.goto(view.url);
    await expect.poll(() => view.watchers(), { timeout: 20_000 }).toBe(1);
    await view.close({ graceSecs: 0 });
    await page.getByText('This page has lost the run').waitFor();
    await picture(page, 'lost');
  });

  test('at the end the server waits until the page has seen the outcome, not longer', async () => {
    const { view, progress } = await connectable();
    const page = await context.newPage();
    await page.goto(view.url);
    await expect.poll(() => view.watchers(), { timeout: 20_000 }).toBe(1);
    progress.finish({ status: 'FAILED', message: 'The database is full.' });
    await view.close({ graceSecs: 60 });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This run failed.');
    expect(await page.getByText('The database is full.').isVisible()).toBe(true);
    expect(await page.getByText('lost the run').isVisible()).toBe(false);
  });
});

describe('frames', () => {
  const CONSOLE = 'https://console.apify.com';

  /** Shows `target` in a frame on a page of `origin`; `blocked` is what the browser says about the framing policy. */
  const framed = async (origin: string, target: string) => {
    const page = await context.newPage();
    const blocked: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('frame-ancestors')) blocked.push(message.text());
    });
    await page.route(`${origin}/`, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${target}" width="860" height="640"></iframe>` }),
    );
    await page.goto(`${origin}/`);
    return { page, blocked };
  };

  test('the Console may frame the status page, and its button opens a tab of its own', async () => {
    const { view } = await connectable();
    const { page, blocked } = await framed(CONSOLE, view.url);
    const frame = page.frameLocator('iframe');
    await frame.getByText('42 pages are ready.').waitFor();
    expect(blocked).toEqual([]);
    await picture(page, 'framed-by-the-console');
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      frame.getByRole('link', { name: 'Connect Notion' }).click(),
    ]);
    await tab.getByRole('button', { name: 'Continue to Notion' }).click();
    await tab.getByRole('link', { name: 'Allow' }).click();
    await tab.getByRole('heading', { name: 'Authorized' }).waitFor();
    await frame.getByText('Connected to Research · Acme').waitFor();
  });

  test.each([
    [CONSOLE, '/connect/notion'],
    [CONSOLE, '/connect/notion/not-me'],
    [CONSOLE, '/callback/notion'],
    ['https://console.apify.com.evil.example', '/'],
    ['https://evil.example', '/'],
  ])('%s may not frame %s', async (origin, path) => {
    const { view } = await connectable();
    const { blocked } = await framed(origin, view.url + path);
    await expect.poll(() => blocked.length, { timeout: 20_000 }).toBe(1);
  });
});

test('hostile page text stays text and loads nothing', async () => {
  const hostile =
    '</div><script>window.owned = 1</script>\n\n<img src=x onerror="window.owned = 1">\n\n[Connect Notion](javascript:window.owned=1) ![alt](https://evil.example/pixel.png)\n\n\u202Ereversed';
  const { view } = await connectable(
    progressWith({
      connect: {
        ...CONNECTED,
        workspace: { name: '<b onclick=1>W</b>', userName: '"><script>window.owned=1</script>' },
      },
      preview: [{ title: '<script>window.owned = 1</script>\u202E', url: 'javascript:alert(1)', markdown: hostile }],
    }),
  );
  const page = await context.newPage();
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).host));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(view.url);
  await page.getByText('Image: alt').waitFor();
  expect(await page.evaluate('window.owned')).toBeUndefined();
  expect(await page.locator('.prose a, .prose img, .prose script, b[onclick]').count()).toBe(0);
  expect(new Set(requested)).toEqual(new Set([new URL(view.url).host]));
  expect(complaints).toEqual([]);
  await picture(page, 'hostile');
});
