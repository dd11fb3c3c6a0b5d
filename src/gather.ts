import { collect, type CrawlReport } from './collect/collect.js';
import type { Item } from './collect/item.js';
import { coverage } from './coverage.js';
import { RunError } from './errors.js';
import type { OpenRun } from './open-run.js';
import { isRefused } from './platform/permissions.js';
import type { Platform } from './platform.js';
import type { CrawlOutput, RunFacts } from './report.js';
import type { ItemSource } from './sinks/sink.js';

/** What an earlier part of this run has stored already. */
async function* storedItems(platform: Platform): AsyncIterable<Item> {
  for await (const { item } of (await platform.items(null)).entries()) yield item;
}

/** Fills the dataset by a crawl, or opens the one that the input names. */
export async function gather(run: OpenRun, facts: RunFacts): Promise<ItemSource> {
  const { platform, input, progress, stopping } = run;
  if (input.datasetId !== null) {
    const items = await openDataset(platform, input.datasetId);
    facts.items = items.count;
    progress.update('collect', { state: 'skipped', itemsStored: items.count });
    return items;
  }
  await platform.openQueue();
  progress.update('collect', { state: 'running' });
  const crawl = await collect({
    input,
    proxyConfiguration: await platform.proxy(input.proxyConfiguration),
    onItem: (item) => run.storeItem(item),
    onProgress: (counts) => progress.update('collect', counts),
    state: platform.checkpoint,
    signal: stopping.collecting,
    isAtHome: platform.env.isAtHome,
    allowPrivateAddresses: run.allowPrivateAddresses,
    ownOrigin: run.liveViewOrigin(),
    log: platform.log,
    ...(platform.resumed && { storedItems: storedItems(platform) }),
  });
  run.throwIfNotStored();
  if (stopping.collecting.aborted) facts.stopped = run.stopping.cause();
  facts.nothingFound = crawl.nothingFound;
  const isPrivate = input.datasetName !== null;
  facts.crawl = crawlOutput(crawl, isPrivate ? [] : crawl.failures.slice(0, 100));
  run.crawlEnded(crawl);
  await platform.setRecord('COVERAGE', coverage(crawl, isPrivate));
  const items = await platform.items(null);
  facts.items = items.count;
  progress.update('collect', { state: 'done', itemsStored: items.count });
  return items;
}

/** What OUTPUT tells of a crawl. */
function crawlOutput(crawl: CrawlReport, failures: CrawlOutput['failures']): CrawlOutput {
  const { pagesLoaded, itemsStored, pagesFailed, skipped, complete } = crawl;
  const { browserPages, httpPages, seconds, unreadableValues } = crawl;
  return {
    ...{ pagesLoaded, itemsStored, pagesFailed, skipped, complete },
    ...{ browserPages, httpPages, seconds, unreadableValues, failures },
  };
}

async function openDataset(platform: Platform, datasetId: string): Promise<ItemSource> {
  try {
    return await platform.items(datasetId);
  } catch (error) {
    if (isRefused(error)) {
      throw new RunError(
        `This run may not read the dataset "${datasetId}": its token lacks the permission "Datasets: Read" for it. ` +
          "Name the dataset in `datasetId`; one that only a webhook's payload names is not open to the run.",
        { cause: error },
      );
    }
    throw new RunError(
      `The dataset "${datasetId}" cannot be read. Check \`datasetId\`, and that this run may read it.`,
      { cause: error, detail: error instanceof Error ? error.message : String(error) },
    );
  }
}
