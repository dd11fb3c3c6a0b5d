import { setTimeout as sleep } from 'node:timers/promises';
import type { GetSelfResponse } from '@notionhq/client';
import { createClient, extractNotionId, toFailure, type NotionClient } from '../../src/sinks/notion/client.js';

/** What one request to Notion came to: a reply, or a refusal in few words without content. */
export type Attempt<T> = { ok: true; value: T } | { ok: false; refusal: string; message: string };

/** A place in Notion to try things out in, and a list of what has to be cleared away. */
export interface Bench {
  client: NotionClient;
  botId: string;
  /** The scratch page. */
  pageId: string;
  databaseId: string;
  dataSourceId: string;
  /** Sends once; only a request to slow down is waited for. Throws when Notion does not answer at all. */
  attempt<T>(request: (auth: string) => Promise<T>): Promise<Attempt<T>>;
  /** Makes a row whose body is `markdown`. */
  row(markdown: string, key?: string): Promise<Attempt<string>>;
  /** A database that was made beside the bench, to be cleared away with it. */
  made(databaseId: string): void;
  /** Moves everything to the trash. @returns how many things, and the ids of those that are still there */
  clear(): Promise<{ cleared: number; left: string[] }>;
}

export const KEY_COLUMN = 'Sync key';

/**
 * Makes a database under the scratch page.
 * @throws Error with a sentence when the page cannot be used
 */
export async function openBench(
  notion: { apiUrl: string; timeoutMs: number },
  token: () => Promise<string>,
  scratchPage: string,
): Promise<Bench> {
  const client = createClient({ ...notion, onRequest: () => undefined });
  const attempt: Bench['attempt'] = async (request) => {
    for (;;) {
      try {
        return { ok: true, value: await request(await token()) };
      } catch (error) {
        const { failure } = toFailure(error);
        if (failure.kind !== 'http') throw new Error(`Notion does not answer (${failure.kind}).`, { cause: error });
        if (failure.status !== 429) {
          return { ok: false, refusal: `${failure.status} ${failure.code}`, message: failure.message };
        }
        await sleep(failure.retryAfterMs ?? 10_000);
      }
    }
  };
  const needed = async <T>(what: string, request: (auth: string) => Promise<T>): Promise<T> => {
    const answer = await attempt(request);
    if (answer.ok) return answer.value;
    throw new Error(`${what} (Notion says ${answer.refusal}).`);
  };

  const me = await needed('The token cannot be used. Connect Notion once more', (auth) => whoAmI(client, auth));
  const pageId = extractNotionId(scratchPage);
  if (pageId === null) throw new Error(`--page must be the address of a Notion page; it is "${scratchPage}".`);
  const database = await needed(
    'No database can be made under the scratch page. Share it with the connection (••• → Connections)',
    (auth) =>
      client.databases.create({
        auth,
        parent: { type: 'page_id', page_id: pageId },
        title: [{ type: 'text', text: { content: 'Website to Notion: doctor (may be deleted)' } }],
        initial_data_source: { properties: { Name: { title: {} }, [KEY_COLUMN]: { rich_text: {} } } },
      }),
  );
  const databases = [database.id];
  const dataSourceId = 'data_sources' in database ? (database.data_sources[0]?.id ?? '') : '';

  return {
    client,
    botId: me.id,
    pageId,
    databaseId: database.id,
    dataSourceId,
    attempt,
    row: async (markdown, key = '') => {
      const created = await attempt((auth) =>
        client.pages.create({
          auth,
          parent: { type: 'data_source_id', data_source_id: dataSourceId },
          properties: {
            Name: { title: [{ text: { content: 'Probe' } }] },
            [KEY_COLUMN]: { rich_text: [{ text: { content: key } }] },
          },
          markdown,
        }),
      );
      return created.ok ? { ok: true, value: created.value.id } : created;
    },
    made: (databaseId) => void databases.push(databaseId),
    clear: async () => {
      const left: string[] = [];
      for (const id of databases) {
        const gone = await attempt((auth) => client.databases.update({ auth, database_id: id, in_trash: true })).catch(
          () => null,
        );
        if (gone?.ok !== true) left.push(id);
      }
      return { cleared: databases.length - left.length, left };
    },
  };
}

/** Whose token it is; the cheapest request that a token can be tried with. */
export function whoAmI(client: NotionClient, auth: string): Promise<GetSelfResponse> {
  return client.request<GetSelfResponse>({ path: 'users/me', method: 'get', auth });
}
