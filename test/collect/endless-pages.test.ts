import { afterAll, expect, it } from 'vitest';
import { browserProcesses } from './browser-processes.js';
import { crawlsForEachTest, pageItem } from './each-test.js';
import { page, type Route } from './site.js';

const { start, crawl } = crawlsForEachTest({ crawlerType: 'playwright:chrome' });

/** A page whose script does its worst once the page is there. */
const endless = (title: string, body: string): Route =>
  page(title).replace('</main>', `</main><script>${body}</script>`);

const ENDLESS: Record<string, Route> = {
  '/loop': endless('Loop', 'setTimeout(() => { while (true); }, 50);'),
  '/loop-at-once': endless('Loop at once', 'while (true);'),
  '/growth': endless(
    'Growth',
    `setInterval(() => document.body.insertAdjacentHTML('beforeend', '<p>more</p>'.repeat(50)), 10);`,
  ),
  '/moves': endless('Moves', `setTimeout(() => location.replace('/moves?' + Math.random()), 20);`),
  '/popups': endless('Popups', `for (let i = 0; i < 100; i += 1) open('/popup?' + i);`),
  '/popup': page('Popup'),
  '/dialogs': endless('Dialogs', `setTimeout(() => { while (true) alert('Look here!'); }, 50);`),
};

afterAll(() => expect(browserProcesses()).toEqual([]));

it('pages without an end are read as far as they can be or fail with a reason, and hold up no others', async () => {
  const site = await start({ ...ENDLESS, '/good': page('Good', ['/better']), '/better': page('Better') });
  const names = ['/loop', '/loop-at-once', '/growth', '/moves', '/popups', '/dialogs'];
  const run = await crawl({
    startUrls: [...names, '/good'].map((path) => site.url(path)),
    includeUrlGlobs: [site.url('/**')],
    maxRequestRetries: 0,
    requestTimeoutSecs: 6,
    dynamicContentWaitSecs: 2,
  });
  expect(pageItem(run, '/better').text).toContain('This is what the page Better says');
  expect(pageItem(run, '/growth').text).toContain('This is what the page Growth says');
  expect(pageItem(run, '/popups').text).toContain('This is what the page Popups says');
  const reasons = Object.fromEntries(run.report.failures.map(({ url, reason }) => [new URL(url).pathname, reason]));
  expect(reasons).toMatchObject({ '/loop': 'timeout', '/loop-at-once': 'timeout', '/dialogs': 'timeout' });
  for (const { message } of run.report.failures) expect(message).not.toContain('no name here');
  // Whether it is caught standing still is left to chance.
  expect(run.report.pagesLoaded + run.report.pagesFailed + (run.report.skipped.redirect ?? 0)).toBe(8);
});
