import { afterEach, beforeEach } from 'vitest';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { MemoryStore, sync } from './harness.js';
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
