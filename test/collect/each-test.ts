import { afterEach } from 'vitest';
import { isRecordItem, type PageItem } from '../../src/collect/item.js';
import type { RunInput } from '../../src/input.js';
import { removeFolder, runCollect, runFolder, type Collected, type RunFolder } from './run-collect.js';
import { TestSite } from './site.js';

/** Sites and crawls of one test, which are gone after it. */
export interface Crawls {
  sites: readonly TestSite[];
  start: (...args: Parameters<typeof TestSite.start>) => Promise<TestSite>;
  crawl: (...args: Parameters<typeof runCollect>) => Promise<Collected>;
}

/** @param defaults what each crawl of the file is given beside the form’s own defaults */
export function crawlsForEachTest(defaults: Partial<RunInput> = {}): Crawls {
  const sites: TestSite[] = [];
  const folders: RunFolder[] = [];
  afterEach(async () => {
    for (const site of sites.splice(0)) await site.close();
    for (const folder of folders.splice(0)) removeFolder(folder);
  });
  return {
    sites,
    start: async (...args) => {
      const site = await TestSite.start(...args);
      sites.push(site);
      return site;
    },
    crawl: (input, options = {}, folder = runFolder()) => {
      folders.push(folder);
      return runCollect({ ...defaults, ...input }, options, folder);
    },
  };
}

/** The item of the page that was found at `path` of any site. @throws Error when there is none, or a record */
export function pageItem(run: Collected, path: string): PageItem {
  const found = run.items.find(({ url }) => new URL(url).pathname === path);
  if (found === undefined || isRecordItem(found)) throw new Error(`No page item for ${path}`);
  return found;
}
