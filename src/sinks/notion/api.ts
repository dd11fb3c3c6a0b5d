import type {
  BlockObjectResponse,
  CreateDatabaseParameters,
  CreatePageParameters,
  DatabaseObjectResponse,
  DataSourceObjectResponse,
  GetSelfResponse,
  PageObjectResponse,
  QueryDataSourceParameters,
  UpdateDataSourceParameters,
} from '@notionhq/client';
import { isFullPage } from './client.js';
import type { NotionClient } from './client.js';
import { NotFoundError, NotionFailure, RefusedError } from './errors.js';
import { LIMITS } from './limits.js';
import type { Look } from './look.js';
import type { Sender } from './send.js';

export type PropertyValues = NonNullable<CreatePageParameters['properties']>;
/** The page's body after the edit; `truncated` when Notion does not show all of it. */
export type MarkdownReply = Awaited<ReturnType<NotionClient['pages']['updateMarkdown']>>;
export type RowQuery = Pick<QueryDataSourceParameters, 'filter' | 'sorts' | 'filter_properties'>;
export type NewColumns = NonNullable<UpdateDataSourceParameters['properties']>;

/** One page of query results. `incomplete`: Notion's cap on one query was reached, more rows exist. */
export interface RowPage {
  rows: PageObjectResponse[];
  nextCursor: string | null;
  incomplete: boolean;
}

/**
 * The operations that the sink uses, each with how often it may be sent. Whatever writes to a page that is there takes the
 * `Look` that it was decided on; `null` where nothing of a person's can be lost. Throws what `Sender.send` throws.
 */
export class NotionApi {
  readonly #client: NotionClient;
  readonly #sender: Sender;

  constructor(client: NotionClient, sender: Sender) {
    this.#client = client;
    this.#sender = sender;
  }

  me(): Promise<GetSelfResponse> {
    return this.#sender.send('read', 'read content', (auth) =>
      this.#client.request<GetSelfResponse>({ path: 'users/me', method: 'get', auth }),
    );
  }

  database(id: string): Promise<DatabaseObjectResponse> {
    return this.#sender.send('read', 'read content', async (auth) => {
      return (await this.#client.databases.retrieve({ database_id: id, auth })) as DatabaseObjectResponse;
    });
  }

  dataSource(id: string): Promise<DataSourceObjectResponse> {
    return this.#sender.send('read', 'read content', async (auth) => {
      return (await this.#client.dataSources.retrieve({ data_source_id: id, auth })) as DataSourceObjectResponse;
    });
  }

  /** Whose view it is. */
  async view(id: string): Promise<{ databaseId: string; dataSourceId: string | null }> {
    const view = await this.#sender.send('read', 'read content', (auth) =>
      this.#client.views.retrieve({ view_id: id, auth }),
    );
    const dataSourceId = 'data_source_id' in view ? (view.data_source_id ?? null) : null;
    return { databaseId: view.parent.database_id, dataSourceId };
  }

  page(id: string): Promise<PageObjectResponse> {
    return this.#sender.send('read', 'read content', async (auth) => {
      return (await this.#client.pages.retrieve({ page_id: id, auth })) as PageObjectResponse;
    });
  }

  /** Data sources or pages whose title matches `title`, first 100; not exhaustive and not immediate. */
  async search(
    kind: 'data_source' | 'page',
    title: string,
  ): Promise<(DataSourceObjectResponse | PageObjectResponse)[]> {
    const found = await this.#sender.send('read', 'read content', (auth) =>
      this.#client.search({
        query: title,
        filter: { property: 'object', value: kind },
        page_size: LIMITS.pageSize,
        auth,
      }),
    );
    return found.results.filter((result) => result.object === kind) as (
      DataSourceObjectResponse | PageObjectResponse
    )[];
  }

  async query(dataSourceId: string, query: RowQuery, cursor: string | null): Promise<RowPage> {
    const page = await this.#sender.send('read', 'read content', (auth) =>
      this.#client.dataSources.query({
        data_source_id: dataSourceId,
        ...query,
        result_type: 'page',
        page_size: LIMITS.pageSize,
        ...(cursor === null ? {} : { start_cursor: cursor }),
        auth,
      }),
    );
    return {
      rows: page.results.filter((row): row is PageObjectResponse => row.object === 'page' && isFullPage(row)),
      nextCursor: page.has_more ? page.next_cursor : null,
      incomplete: page.request_status?.type === 'incomplete',
    };
  }

  /** The children of a page or block, 100 at a time. */
  async children(
    blockId: string,
    cursor: string | null,
  ): Promise<{ blocks: BlockObjectResponse[]; nextCursor: string | null }> {
    const page = await this.#sender.send('read', 'read content', (auth) =>
      this.#client.blocks.children.list({
        block_id: blockId,
        page_size: LIMITS.pageSize,
        ...(cursor === null ? {} : { start_cursor: cursor }),
        auth,
      }),
    );
    return { blocks: page.results as BlockObjectResponse[], nextCursor: page.has_more ? page.next_cursor : null };
  }

  createDatabase(body: CreateDatabaseParameters): Promise<DatabaseObjectResponse> {
    return this.#sender.send('once', 'insert content', async (auth) => {
      return whole((await this.#client.databases.create({ ...body, auth })) as DatabaseObjectResponse);
    });
  }

  /** Adds columns; never sent for columns that exist, so that repeating it changes nothing. */
  addColumns(dataSourceId: string, columns: NewColumns): Promise<DataSourceObjectResponse> {
    return this.#sender.send('repeatable', 'update content', async (auth) => {
      const body = { data_source_id: dataSourceId, properties: columns, auth };
      return (await this.#client.dataSources.update(body)) as DataSourceObjectResponse;
    });
  }

  createPage(body: CreatePageParameters): Promise<PageObjectResponse> {
    return this.#sender.send('once', 'insert content', async (auth) => {
      return whole((await this.#client.pages.create({ ...body, auth })) as PageObjectResponse);
    });
  }

  /** @param inTrash puts the page into the trash as well, or takes it out; left out: it stays where it is */
  updateProperties(
    pageId: string,
    properties: PropertyValues,
    look: Look | null,
    inTrash?: boolean,
  ): Promise<PageObjectResponse> {
    const trash = inTrash === undefined ? {} : { in_trash: inTrash };
    return this.#sender.send(
      'repeatable',
      'update content',
      async (auth) => {
        const body = { page_id: pageId, properties, ...trash, auth };
        return whole((await this.#client.pages.update(body)) as PageObjectResponse);
      },
      look,
    );
  }

  /** A page that lies there already counts as done. */
  async trash(pageId: string, look: Look): Promise<void> {
    try {
      await this.#sender.send(
        'repeatable',
        'update content',
        (auth) => this.#client.pages.update({ page_id: pageId, in_trash: true, auth }),
        look,
      );
    } catch (error) {
      if (!(error instanceof RefusedError) || !(await this.isGone(pageId))) throw error;
    }
  }

  trashDatabase(databaseId: string): Promise<void> {
    return this.#sender.send('repeatable', 'update content', async (auth) => {
      await this.#client.databases.update({ database_id: databaseId, in_trash: true, auth });
    });
  }

  /** Whether a page lies in the trash, or is not there for the connection. */
  async isGone(pageId: string): Promise<boolean> {
    try {
      return (await this.page(pageId)).in_trash;
    } catch (error) {
      if (error instanceof NotFoundError) return true;
      throw error;
    }
  }

  /** The body as Notion writes it. */
  markdown(pageId: string): Promise<MarkdownReply> {
    return this.#sender.send('read', 'read content', (auth) =>
      this.#client.pages.retrieveMarkdown({ page_id: pageId, auth }),
    );
  }

  /** Puts `markdown` in the place of the whole body. Nested pages make Notion refuse it: they are never deleted. */
  replaceBody(pageId: string, markdown: string, look: Look): Promise<MarkdownReply> {
    return this.#sender.send(
      'repeatable',
      'update content',
      (auth) =>
        this.#client.pages.updateMarkdown({
          page_id: pageId,
          type: 'replace_content',
          replace_content: { new_str: markdown },
          auth,
        }),
      look,
    );
  }

  /** Adds `markdown` at the end of the body. */
  appendBody(pageId: string, markdown: string, look: Look): Promise<MarkdownReply> {
    return this.#sender.send(
      'once',
      'update content',
      (auth) =>
        this.#client.pages.updateMarkdown({
          page_id: pageId,
          type: 'insert_content',
          insert_content: { content: markdown, position: { type: 'end' } },
          auth,
        }),
      look,
    );
  }
}

/** Throws `NotionFailure` for a reply of 200 that does not say what was written: it may have been cut, and is in doubt. */
function whole<T extends { id: string }>(reply: T): T {
  if (typeof (reply as Partial<T> | null)?.id !== 'string') throw new NotionFailure({ kind: 'garbled' });
  return reply;
}
