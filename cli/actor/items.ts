import type { ActorRun, ApifyClient, DatasetClient } from 'apify-client';
import { readStarted, RUN_STARTED } from '../../src/platform/run-started.js';
import type { Terminal } from '../operator/command.js';
import { isRefusedToken } from './refusals.js';

/** Items per request: their bodies can be long. */
const PAGE_SIZE = 100;

/** Says the items that the run collected, one JSON object a line; of a private dataset only those of this run. */
export async function tellItems(client: ApifyClient, run: ActorRun, terminal: Terminal): Promise<number> {
  const { dataset, from, count } = (await privateItems(client, run)) ?? {
    dataset: client.dataset(run.defaultDatasetId),
    from: 0,
    count: Infinity,
  };
  let told = 0;
  while (told < count) {
    const limit = Math.min(PAGE_SIZE, count - told);
    const { items } = await dataset.listItems({ offset: from + told, limit });
    for (const item of items) terminal.say(JSON.stringify(item));
    if (items.length === 0) break;
    told += items.length;
  }
  if (told === 0) terminal.complain('This run has stored no items.');
  return 0;
}

interface Place {
  dataset: DatasetClient;
  /** Items of earlier runs before those of this one. */
  from: number;
  /** Items of this run; `Infinity` while it works. */
  count: number;
}

/** Where a run with `datasetName` put its items; `null` when they are in its default dataset. */
async function privateItems(client: ApifyClient, run: ActorRun): Promise<Place | null> {
  const store = client.keyValueStore(run.defaultKeyValueStoreId);
  const record = await store.getRecord(RUN_STARTED).catch((error: unknown) => {
    // Without the right to read it the default dataset is all there is to look at.
    if (isRefusedToken(error)) return undefined;
    throw error;
  });
  const place = readStarted(record?.value)?.private ?? null;
  if (place === null) return null;
  const output = (await store.getRecord('OUTPUT'))?.value as { crawl?: { itemsStored?: number } | null } | undefined;
  // A dataset of the account is found by its name and the name of the account that the run belongs to.
  const { username } = await client.user(run.userId).get();
  return {
    dataset: client.dataset(`${username}/${place.datasetName}`),
    from: place.from,
    count: output?.crawl?.itemsStored ?? Infinity,
  };
}
