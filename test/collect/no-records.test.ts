import { expect, it } from 'vitest';
import { conclude } from '../../src/report.js';
import { removeFolder, runCollect } from './run-collect.js';
import { page, TestSite } from './site.js';

it('makes no item of pages in which recordSelector matches nothing, and the run says what to check', async () => {
  const site = await TestSite.start({ '/': page('Home', ['/a']), '/a': page('A') });
  const run = await runCollect({ startUrls: [site.url('/')], recordSelector: '.product' });
  await site.close();
  removeFolder(run);
  expect(run.items).toEqual([]);
  expect(run.report).toMatchObject({ pagesLoaded: 2, itemsStored: 0, pagesFailed: 0 });
  expect(run.warnings).toEqual(['recordSelector ".product" matches nothing on any of the 2 pages read.']);
  const end = conclude({
    crawl: run.report,
    items: run.items.length,
    emptiedOnStart: false,
    datasetId: 'dataset-1',
    connections: [],
    workspace: null,
    sync: null,
    dryRun: false,
    notConnected: null,
    stopped: null,
    error: null,
  });
  expect(end).toMatchObject({
    status: 'FAILED',
    exitCode: 1,
    message: '2 pages loaded, but none gave an item. Check `recordSelector` and the start URLs.',
  });
});
