import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { accessibilityFindings, launch, picture } from './chromium.js';
import { stage, stopAll } from './support.js';
import { NOW, STATES } from './states.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser.close());
afterEach(async () => {
  vi.useRealTimers();
  await stopAll();
});

/** States that between them hold every element and colour of the page. */
const VARIED = [
  'collecting-not-connected',
  'waiting',
  'syncing',
  'done-with-failures',
  'dry-run',
  'failed',
  'operator',
];

const shown = async (state: (typeof STATES)[number], look: (page: Page) => Promise<void>) => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  const { view } = await stage(state.progress());
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  try {
    await page.goto(view.url);
    await look(page);
    expect(await accessibilityFindings(page)).toEqual([]);
  } finally {
    await page.close();
  }
};

test.each(STATES)('$name: says its sentence; axe finds nothing', async (state) => {
  await shown(state, async (page) => {
    expect((await page.getByRole('status').textContent())?.trim()).toBe(state.headline);
    expect(await page.getByRole('link', { name: /Notion$/ }).allTextContents()).toEqual(
      state.action === null ? [] : [state.action],
    );
    await picture(page, state.name);
  });
});

test.each(STATES.filter(({ name }) => VARIED.includes(name)))('$name: dark', async (state) => {
  await shown(state, async (page) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, `${state.name}-dark`);
  });
});

test.each(STATES.filter(({ name }) => VARIED.includes(name)))('$name: fits a phone', async (state) => {
  await shown(state, async (page) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, `${state.name}-phone`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
