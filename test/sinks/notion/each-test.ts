import { afterEach, beforeEach } from 'vitest';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { Page } from '../../../sandbox/notion/records.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { MemoryStore, page, sync } from './harness.js';
import type { RigOptions } from './harness.js';

/** What most tests of the sink start from: Notion, Anna's token for it, and a memory that knows nothing yet. */
export interface AtNotion {
  notion: NotionStandIn;
  token: string;
  memory: MemoryStore;
}

/** A Notion of its own for each test of the file or of the `describe` in which it is called; its fields change with the tests. */
export function notionForEachTest(): AtNotion {
  const at = {} as AtNotion;
  beforeEach(async () => {
    at.notion = await startNotion({ budget: 100_000 });
    at.token = at.notion.authorize({ workspace: 'Anna’s', user: 'Anna' }).accessToken;
    at.memory = new MemoryStore();
  });
  afterEach(() => at.notion.close());
  return at;
}

/** Syncs as Anna, with her memory; `over` says what is otherwise. */
export function syncWith(
  at: AtNotion,
): (items: Parameters<typeof sync>[1], over?: Partial<RigOptions>) => ReturnType<typeof sync> {
  return (items, over = {}) => sync({ ...at, ...over }, items);
}

/** The rows of `page(name)`, those in the trash too. */
export function rowsOf({ notion }: AtNotion, name: string): Page[] {
  const { key } = page(name);
  return [...notion.world.pages.values()].filter((row) => notion.world.plainValues(row)['Sync key'] === key);
}

/** The same function; what a test starts with it is closed after the test. */
export function closedAfterEach<A extends unknown[], T extends { close: () => Promise<void> }>(
  start: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  const open: T[] = [];
  afterEach(async () => {
    for (const started of open.splice(0)) await started.close();
  });
  return async (...args) => {
    const started = await start(...args);
    open.push(started);
    return started;
  };
}
