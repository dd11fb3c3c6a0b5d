import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ConsentFinish } from '../../src/consent.js';
import * as notices from '../../src/live-view/notices.js';
import { subjectOf } from '../../src/live-view/notices.js';
import { noticePage, type Notice } from '../../src/live-view/pages/notice.js';
import { securityHeaders } from '../../src/live-view/security.js';
import { accessibilityFindings, expectFitsDarkAndPhone, launch, picture } from './chromium.js';
import { COLLECTED, PREVIEW, progressWith, stage, stopAll } from './support.js';
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

test.each(STATES)('$name: says its sentence; axe finds nothing, in dark neither; fits a phone', async (state) => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  const { view } = await stage(state.progress());
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  try {
    await page.goto(view.url);
    expect((await page.getByRole('status').textContent())?.trim()).toBe(state.headline);
    expect(await page.getByRole('link', { name: /Notion$/ }).allTextContents()).toEqual(
      state.action === null ? [] : [state.action],
    );
    expect(await accessibilityFindings(page)).toEqual([]);
    await picture(page, state.name);
    await expectFitsDarkAndPhone(page, VARIED.includes(state.name) ? state.name : null);
  } finally {
    await page.close();
  }
});

/** Every screen that is not the status page, by the name of its picture. */
const NOTICES: Record<string, Notice> = {
  ...screens(subjectOf(progressWith().get())),
  'other-origin': notices.OTHER_ORIGIN,
  'not-found': notices.NOT_FOUND,
  'wrong-method': notices.WRONG_METHOD,
  'wrong-host': notices.WRONG_HOST,
  'too-large': notices.TOO_LARGE,
  broken: notices.BROKEN,
};

function screens(subject: notices.Subject): Record<string, Notice> {
  const message = 'Scalekit does not answer at the moment. Try again in a minute.';
  const finishes: ConsentFinish[] = [
    { kind: 'verified' },
    { kind: 'cancelled' },
    { kind: 'already-connected' },
    { kind: 'expired' },
    { kind: 'other-browser' },
    { kind: 'mismatch' },
    { kind: 'bogus' },
    { kind: 'unavailable', message },
  ];
  return Object.fromEntries([
    ...finishes.map((finish) => [`callback-${finish.kind}`, notices.finishNotice(finish, subject)] as const),
    ['already-connected', notices.alreadyConnected(subject)],
    ['not-offered', notices.notOffered(subject)],
    ['not-me', notices.notMe(subject)],
    ['too-many-tries', notices.tooManyTries(15, subject)],
  ]);
}

test('every other screen: one thing to say, at most one to do; axe, dark and phone', async () => {
  const { view } = await stage();
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const headers = { ...securityHeaders('plain', false), 'content-type': 'text/html; charset=UTF-8' };
  for (const [name, notice] of Object.entries(NOTICES)) {
    const body = noticePage(notice).toString();
    // Below the live view's own address, so that its style is there; without its headers pages would not look alike.
    await page.route(`${view.url}/screen/${name}`, (route) => route.fulfill({ body, headers }));
    await page.goto(`${view.url}/screen/${name}`);
    expect(await page.getByRole('heading').allTextContents(), name).toEqual([notice.headline]);
    expect(await page.getByRole('link').count(), name).toBe(notice.action === null ? 0 : 1);
    expect(await page.locator('script').count(), name).toBe(notice.action?.forward === true ? 1 : 0);
    expect(await accessibilityFindings(page), name).toEqual([]);
    await picture(page, `screen-${name}`);
    await expectFitsDarkAndPhone(page, name === 'callback-verified' ? `screen-${name}` : null);
  }
  await page.close();
});

test.each([
  ['a run', progressWith({ collect: COLLECTED, preview: PREVIEW }), 'notion'],
  [
    'a shared account',
    progressWith({
      run: { runId: null, userId: null, sharedAccount: { connectionName: 'yt-1', identifier: 'shared-research' } },
      connect: { connector: 'youtube' },
    }),
    'youtube',
  ],
])('the confirmation page of %s: no script; axe, dark and phone', async (name, progress, connector) => {
  const { view } = await stage(progress);
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  await page.goto(`${view.url}/connect/${connector}`);
  expect(await page.locator('script').count()).toBe(0);
  expect(await accessibilityFindings(page)).toEqual([]);
  await expectFitsDarkAndPhone(page, `screen-confirm-${name.replaceAll(' ', '-')}`);
  await page.close();
});
