import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as browser from '../../src/collect/browser.js';
import { RunError } from '../../src/errors.js';
import { removeFolder, runCollect, runFolder, type RunFolder } from './run-collect.js';
import { page, TestSite } from './site.js';

// A machine without a browser; this one has one in a place that is always looked at.
vi.mock('../../src/collect/browser.js', async (original) => ({
  ...(await original<typeof browser>()),
  requireBrowser: () => {
    throw new RunError('This crawl needs Chrome or Chromium and none was found.');
  },
}));

const WORDS = '<p>It has more words than a shell would have, so that nobody takes it for one.</p>'.repeat(4);
const WHOLE = page('Whole').replace('</main>', `${WORDS}</main>`);
const SHELL = '<!doctype html><html><body><div id="root"></div><script src="/app.js"></script></body></html>';

let site: TestSite;
let folder: RunFolder;

async function crawl(home: string, crawlerType: 'playwright:adaptive' | 'playwright:chrome') {
  site = await TestSite.start({ '/': home, '/app.js': 'document.title = "x"' });
  folder = runFolder();
  return runCollect({ crawlerType, startUrls: [site.url('/')] }, {}, folder);
}

afterEach(async () => {
  await site.close();
  removeFolder(folder);
});

describe('a machine without a browser', () => {
  it('is enough for a site whose pages are whole as served', async () => {
    const { report } = await crawl(WHOLE, 'playwright:adaptive');
    expect(report).toMatchObject({ pagesLoaded: 1, itemsStored: 1, httpPages: 1 });
  });

  it('ends the crawl of a site that needs one, with the way out', async () => {
    await expect(crawl(SHELL, 'playwright:adaptive')).rejects.toThrow(/^This crawl needs Chrome or Chromium/);
  });

  it('ends a crawl in the browser before it asks the site anything', async () => {
    await expect(crawl(WHOLE, 'playwright:chrome')).rejects.toThrow(/^This crawl needs Chrome or Chromium/);
    expect(site.requests).toEqual([]);
  });
});
