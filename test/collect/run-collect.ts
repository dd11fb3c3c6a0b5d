import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Configuration, MemoryStorage, StorageManager } from 'crawlee';
import { collect, type CollectOptions, type CollectProgress, type CrawlReport } from '../../src/collect/collect.js';
import type { Item } from '../../src/collect/item.js';
import { parseInput, type RunInput } from '../../src/input.js';
import type { Store } from '../../src/store.js';

/** The defaults of the form, quick to give up, with `input` over them. */
export function testInput(input: Partial<RunInput>): RunInput {
  const { input: defaults } = parseInput({ startUrls: [{ url: 'https://start.example/' }] });
  return { ...defaults, crawlerType: 'cheerio', maxRequestRetries: 1, requestTimeoutSecs: 10, ...input };
}

export class MapStore implements Store {
  readonly values = new Map<string, string>();

  async get(key: string): Promise<unknown> {
    const value = this.values.get(key);
    return value === undefined ? null : (JSON.parse(value) as unknown);
  }

  async set(key: string, value: unknown): Promise<void> {
    if (value === null) this.values.delete(key);
    else this.values.set(key, JSON.stringify(value));
  }
}

/** What a run leaves behind and a resumed one finds again. */
export interface RunFolder {
  dir: string;
  state: MapStore;
  items: Item[];
  warnings: string[];
  progress: CollectProgress[];
}

export function runFolder(): RunFolder {
  const dir = mkdtempSync(path.join(tmpdir(), 'collect-'));
  return { dir, state: new MapStore(), items: [], warnings: [], progress: [] };
}

export interface Collected extends RunFolder {
  report: CrawlReport;
  byUrl(url: string): Item | undefined;
  keys(): string[];
}

/** Runs the stage as `run.ts` does, on its own storage folder; the folder of a resumed run is given. */
export async function runCollect(
  input: Partial<RunInput>,
  options: Partial<CollectOptions> = {},
  folder: RunFolder = runFolder(),
): Promise<Collected> {
  openStorage(folder.dir);
  const report = await collect({
    input: testInput(input),
    proxyConfiguration: undefined,
    onItem: async (item) => void folder.items.push(item),
    onProgress: (progress) => void folder.progress.push(progress),
    state: folder.state,
    signal: new AbortController().signal,
    allowPrivateAddresses: true,
    isAtHome: false,
    ownOrigin: null,
    log: { debug: () => undefined, info: () => undefined, warning: (message) => void folder.warnings.push(message) },
    ...options,
  });
  return {
    ...folder,
    report,
    byUrl: (url) => folder.items.find((item) => item.url === url),
    keys: () => folder.items.map((item) => item.key).sort(),
  };
}

export function removeFolder({ dir }: RunFolder): void {
  rmSync(dir, { recursive: true, force: true });
}

/** Gives Crawlee a fresh view of the folder, as a new process would have; the queue in it is kept. */
function openStorage(dir: string): void {
  const configuration = Configuration.getGlobalConfig();
  configuration.set('purgeOnStart', false);
  configuration.useStorageClient(new MemoryStorage({ localDataDirectory: dir, persistStorage: true }));
  StorageManager.clearCache(configuration);
}
