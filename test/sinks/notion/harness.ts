import type { Item, PageItem, RecordItem } from '../../../src/collect/item.js';
import type { CrawlFacts } from '../../../src/crawl-facts.js';
import { parseInput } from '../../../src/input.js';
import type { RunInput } from '../../../src/input.js';
import { createNotionSink } from '../../../src/sinks/notion/sink.js';
import type { Waits } from '../../../src/sinks/notion/limits.js';
import type { ItemSource, ResultRow, Sink, SinkContext, SinkReport } from '../../../src/sinks/sink.js';
import type { TokenSource } from '../../../src/token-source.js';
import type { Store } from '../../../src/store.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';

export const FAST: Waits = {
  lookupMs: [20, 40, 80],
  retryMs: [5, 10, 20, 40, 80],
  overloadMs: 20,
  minPauseMs: 5,
  settleMs: 60_000,
  freshMs: 2000,
  heldMs: 2000,
};

const INPUT = parseInput({ startUrls: [{ url: 'https://site.example/docs' }] }).input;

const CRAWL = {
  loadedTime: '2026-11-22T10:00:00.000Z',
  referrerUrl: null,
  depth: 0,
  httpStatusCode: 200,
  renderedWith: 'http',
} as const;

export function page(name: string, over: Partial<PageItem> = {}): PageItem {
  const url = `https://site.example/docs/${name}`;
  const metadata: PageItem['metadata'] = {
    canonicalUrl: null,
    title: `Page ${name}`,
    description: `About ${name}`,
    author: null,
    publishedTime: '2026-09-01T10:00:00+02:00',
    modifiedTime: null,
    languageCode: 'en',
    siteName: null,
    image: null,
  };
  const markdown = `# Page ${name}\n\nWords of ${name}.\n\n## More\n\n- one\n- two`;
  const base = { url, key: url, crawl: { ...CRAWL, loadedUrl: url }, contentHash: 'x' };
  return { ...base, metadata, text: '', markdown, ...over };
}

export function pages(count: number): PageItem[] {
  return Array.from({ length: count }, (_, index) => page(String(index + 1)));
}

export function record(name: string, fields: RecordItem['record']): RecordItem {
  const url = 'https://site.example/list';
  return { url, key: `${url}#${name}`, crawl: { ...CRAWL, loadedUrl: url }, record: fields, contentHash: 'x' };
}

export function itemSource(items: readonly Item[]): ItemSource {
  return {
    count: items.length,
    async *entries() {
      for (const [index, item] of items.entries()) yield { index, item };
    },
  };
}

/** Values are copied, as a real store does. */
export class MemoryStore implements Store {
  readonly values = new Map<string, string>();
  writes = 0;

  async get(key: string): Promise<unknown> {
    const value = this.values.get(key);
    return value === undefined ? null : (JSON.parse(value) as unknown);
  }

  async set(key: string, value: unknown): Promise<void> {
    this.writes += 1;
    if (value === null) this.values.delete(key);
    else this.values.set(key, JSON.stringify(value));
  }
}

export interface Rig {
  sink: Sink;
  results: ResultRow[];
  /** Of each result, as the live view shows it. */
  titles: string[];
  warnings: string[];
  infos: string[];
  pauses: (number | null)[];
  abort: AbortController;
}

export interface RigOptions {
  notion: Pick<NotionStandIn, 'url'>;
  token: string | TokenSource;
  memory?: Store;
  checkpoint?: Store;
  userId?: string;
  input?: Partial<RunInput>;
  waits?: Partial<Waits>;
  timeoutMs?: number;
  /** Called after each result, so that a test can act in the midst of a sync. */
  onResult?: (count: number) => unknown;
  onPause?: (until: number | null) => void;
  crawl?: CrawlFacts | null;
  budget?: NonNullable<SinkContext['budget']>;
}

/** Later than all that a test does before it. */
export const WHOLE_CRAWL: CrawlFacts = {
  complete: true,
  startedAt: Infinity,
  gone: [],
  unknown: [],
  unread: [],
  inScope: () => true,
};

/** A sink as `run.ts` makes it, with everything that it reports kept. */
export function rig(options: RigOptions): Rig {
  const { token } = options;
  const results: ResultRow[] = [];
  const titles: string[] = [];
  const warnings: string[] = [];
  const infos: string[] = [];
  const pauses: (number | null)[] = [];
  const abort = new AbortController();
  const context: SinkContext = {
    input: { ...INPUT, ...options.input },
    userId: options.userId ?? 'user-a',
    tokens: typeof token === 'string' ? { get: async () => token, renew: async () => null } : token,
    memory: options.memory ?? new MemoryStore(),
    checkpoint: options.checkpoint ?? new MemoryStore(),
    ...(options.budget === undefined ? {} : { budget: options.budget }),
    crawl: () => (options.crawl === undefined ? WHOLE_CRAWL : options.crawl),
    record: async (row, title) => {
      results.push(row);
      titles.push(title);
      await options.onResult?.(results.length);
    },
    onCounts: () => undefined,
    onPause: (until) => {
      pauses.push(until);
      options.onPause?.(until);
    },
    signal: abort.signal,
    log: {
      debug: () => undefined,
      info: (message) => infos.push(message),
      warning: (message) => warnings.push(message),
    },
  };
  const sink = createNotionSink(context, {
    apiUrl: options.notion.url,
    timeoutMs: options.timeoutMs ?? 5000,
    waits: { ...FAST, ...options.waits },
  });
  return { sink, results, titles, warnings, infos, pauses, abort };
}

export async function sync(options: RigOptions, items: readonly Item[]): Promise<Rig & { report: SinkReport }> {
  const made = rig(options);
  return { ...made, report: await made.sink.sync(itemSource(items)) };
}

/** The items of one round of the kill tests: in the second a third is new, a third changed, and some are gone. */
export function killPages(round: number): PageItem[] {
  if (round === 1) return pages(30);
  return pages(45)
    .slice(4)
    .map((item, index) => (index % 3 === 0 ? { ...item, markdown: `${item.markdown}\n\nChanged.` } : item));
}
