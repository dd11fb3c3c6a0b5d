import { expect, it } from 'vitest';
import { conclude } from '../../src/report.js';
import { removeFolder, runCollect } from './run-collect.js';
import { page, TestSite } from './site.js';

it('makes no item of pages in which recordSelector matches nothing, and the run says what to check', async () => {
  const site = await TestSite.start({ '/': page('Home', ['/a']), '/a': page('A') });
  const run = await runCollect({ startUrls: [site.url('/')], recordSelector: '.product' });
  removeFolder(run);
  expect(run.items).toEqual([]);
  expect(run.report).toMatchObject({ pagesLoaded: 2, itemsStored: 0, pagesFailed: 0 });
  const message =
    'No record was found: `recordSelector` ".product" matches nothing on any of the 2 pages read. ' +
    `Inspect a record on ${site.url('/')} in a browser and enter a selector that matches it. ` +
    'If scripts write the records, set `crawlerType` to "playwright:adaptive".';
  expect(run.warnings).toEqual([message]);
  const end = conclude({
    crawl: run.report,
    nothingFound: run.report.nothingFound,
    items: run.items.length,
    emptiedOnStart: false,
    datasetId: 'dataset-1',
    connections: [],
    workspace: null,
    sync: null,
    dryRun: false,
    planned: null,
    notConnected: null,
    stopped: null,
    error: null,
  });
  expect(end).toMatchObject({
    status: 'FAILED',
    exitCode: 1,
    message,
  });
  await site.close();
});
