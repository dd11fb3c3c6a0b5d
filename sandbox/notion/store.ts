import type { Block } from './block.js';
import { newId } from './ids.js';
import type {
  Authorship,
  Bot,
  Comment,
  Database,
  DataSource,
  Page,
  Parent,
  PropertyValue,
  Staleness,
  User,
  Workspace,
} from './records.js';

type Shareable = Database | DataSource | Page;

/** Everything that the stand-in knows, and the questions that only need reading. Changes: `content.ts`, `objects.ts`. */
export class WorldStore {
  /** Origin of all addresses; set when the server listens. */
  baseUrl = 'http://127.0.0.1';
  readonly workspaces = new Map<string, Workspace>();
  readonly users = new Map<string, User>();
  readonly bots = new Map<string, Bot>();
  /** Access token → bot id. */
  readonly tokens = new Map<string, string>();
  readonly databases = new Map<string, Database>();
  readonly dataSources = new Map<string, DataSource>();
  readonly pages = new Map<string, Page>();
  /** Data source id → ids of its rows, trashed ones too. */
  readonly rows = new Map<string, Set<string>>();
  /** Block id → id of the page that holds it. */
  readonly blockPages = new Map<string, string>();

  readonly comments: Comment[] = [];

  authorship: Authorship = 'blocks-keep-author';
  staleness: Staleness = { ms: 0, queries: 0 };
  /** Notion's own caps (reference, sections 2, 3.2 and 5.4); tests lower them. */
  readonly caps = { queryResults: 10_000, pageRecords: 20_000, dataSourceRows: 250_000, markdownBlocks: 20_000 };

  /** @param clock epoch milliseconds */
  constructor(readonly clock: () => number = Date.now) {}

  now(): string {
    return new Date(this.clock()).toISOString();
  }

  /** Whom Notion names as the author of what `bot` writes. */
  authorOf(bot: Bot): string {
    return this.authorship === 'token-writes-as-person' && bot.userId !== null ? bot.userId : bot.id;
  }

  /** `object`, what it lies in, and so on up to the workspace. */
  *lineage(object: Shareable): Iterable<Shareable> {
    let current: Shareable | undefined = object;
    while (current !== undefined) {
      yield current;
      current = this.#container(current);
    }
  }

  #container(object: Shareable): Shareable | undefined {
    if (object.object === 'data_source') return this.databases.get(object.databaseId);
    const parent: Parent = object.parent;
    if (parent.type === 'page_id') return this.pages.get(parent.page_id);
    return parent.type === 'data_source_id' ? this.dataSources.get(parent.data_source_id) : undefined;
  }

  isVisible(object: Shareable, bot: Bot): boolean {
    if (object.workspaceId !== bot.workspaceId) return false;
    return [...this.lineage(object)].some((one) => one.sharedWith.has(bot.id));
  }

  /** True when `object` or anything above it lies in the trash: nothing in it can be written then. */
  isTrashed(object: Shareable): boolean {
    return [...this.lineage(object)].some((one) => one.in_trash);
  }

  /** Rows of a data source that are not in the trash, oldest first. */
  liveRows(dataSourceId: string): Page[] {
    const ids = [...(this.rows.get(dataSourceId) ?? [])];
    return ids.map((id) => this.pages.get(id)).filter((page) => page !== undefined && !page.in_trash) as Page[];
  }

  /** False while queries do not show `page` yet. */
  isIndexed(page: Page): boolean {
    if (this.clock() - Date.parse(page.created_time) < this.staleness.ms) return false;
    if (page.parent.type !== 'data_source_id') return true;
    const queries = this.dataSources.get(page.parent.data_source_id)?.queries ?? 0;
    return queries - page.queriesBefore > this.staleness.queries;
  }

  /** The block with `id` and its page; a page's own id is no block here. */
  findBlock(id: string): { page: Page; block: Block } | null {
    const page = this.pages.get(this.blockPages.get(id) ?? '');
    const block = page === undefined ? undefined : find(page.blocks, id);
    return page === undefined || block === undefined ? null : { page, block };
  }

  titleOf(page: Page): PropertyValue & { type: 'title' } {
    for (const value of page.properties.values()) if (value.type === 'title') return value;
    return { type: 'title', value: [] };
  }

  /** Marks `object` as edited now. */
  touch(object: Shareable, authorId: string): void {
    object.last_edited_time = this.now();
    object.last_edited_by = { id: authorId };
  }

  /** What every new object begins with. */
  newCommon(workspaceId: string, authorId: string) {
    const now = this.now();
    return {
      id: newId(),
      workspaceId,
      sharedWith: new Set<string>(),
      in_trash: false,
      icon: null,
      cover: null,
      created_time: now,
      last_edited_time: now,
      created_by: { id: authorId },
      last_edited_by: { id: authorId },
    };
  }
}

function find(blocks: readonly Block[], id: string): Block | undefined {
  for (const block of blocks) {
    if (block.id === id) return block;
    const inside = find(block.children, id);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
