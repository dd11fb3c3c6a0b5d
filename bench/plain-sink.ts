import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@notionhq/client';
import type { CreatePageParameters } from '@notionhq/client';
import { markdownToBlocks } from '@tryfabric/martian';
import { isRecordItem } from '../src/collect/item.js';
import type { ItemSource } from '../src/sinks/sink.js';

/**
 * The sink that one writes in an hour: martian for the body, the official client with its defaults, one item after the
 * other, a row looked up by its URL before it is written. For a row that is there only the columns are written (generous:
 * a changed body would cost a request per block).
 */
export class PlainSink {
  readonly #client: Client;
  #requests = 0;

  constructor(options: { apiUrl: string; token: string }) {
    this.#client = new Client({
      auth: options.token,
      baseUrl: options.apiUrl,
      notionVersion: '2026-03-11',
      logger: () => undefined,
      fetch: async (url, init) => {
        for (;;) {
          this.#requests += 1;
          const response = await fetch(url, init);
          if (response.status !== 429) return response;
          // The client would wait as well, but takes whole seconds only, and these are scaled down.
          await sleep(Number(response.headers.get('retry-after')) * 1000);
        }
      },
    });
  }

  async createDatabase(): Promise<string> {
    const database = await this.#client.databases.create({
      parent: { type: 'workspace', workspace: true },
      title: [{ text: { content: 'Plain' } }],
      initial_data_source: { properties: { Name: { title: {} }, URL: { url: {} }, Description: { rich_text: {} } } },
    });
    const source = 'data_sources' in database ? database.data_sources[0] : undefined;
    if (source === undefined) throw new Error('the database has no data source');
    return source.id;
  }

  async sync(dataSourceId: string, items: ItemSource): Promise<{ failed: number; requests: number }> {
    let failed = 0;
    const before = this.#requests;
    for await (const { item } of items.entries()) {
      if (isRecordItem(item)) continue;
      try {
        const properties: NonNullable<CreatePageParameters['properties']> = {
          Name: { title: [{ text: { content: item.metadata.title ?? item.url } }] },
          URL: { url: item.url },
          Description: { rich_text: [{ text: { content: item.metadata.description ?? '' } }] },
        };
        const found = await this.#client.dataSources.query({
          data_source_id: dataSourceId,
          filter: { property: 'URL', url: { equals: item.url } },
        });
        const [row] = found.results;
        if (row !== undefined) {
          await this.#client.pages.update({ page_id: row.id, properties });
          continue;
        }
        const blocks = blocksOf(item.markdown);
        const page = await this.#client.pages.create({
          parent: { data_source_id: dataSourceId },
          properties,
          children: blocks.slice(0, 100),
        });
        for (let at = 100; at < blocks.length; at += 100) {
          await this.#client.blocks.children.append({ block_id: page.id, children: blocks.slice(at, at + 100) });
        }
      } catch {
        failed += 1;
      }
    }
    return { failed, requests: this.#requests - before };
  }
}

/** martian writes links with a `type` that the official types do not have; Notion is lenient there, the stand-in is not. */
function blocksOf(markdown: string): NonNullable<CreatePageParameters['children']> {
  const text = JSON.stringify(markdownToBlocks(markdown));
  return JSON.parse(text, (key, value: unknown) => {
    if (key !== 'link' || typeof value !== 'object' || value === null) return value;
    return 'url' in value ? { url: value.url } : null;
  }) as NonNullable<CreatePageParameters['children']>;
}
