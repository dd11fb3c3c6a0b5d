import type { Client } from '@notionhq/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../sandbox/notion/faults.js';
import { startNotion } from '../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../sandbox/notion/server.js';
import { connect, makeDatabase, text } from './notion-client.js';

let notion: NotionStandIn;
let client: Client;
let botId: string;
let dataSourceId: string;
let now = Date.parse('2026-11-22T09:00:00Z');
beforeEach(async () => {
  notion = await startNotion({ clock: () => now, budget: 5, windowMs: 60_000 });
  ({ client, botId } = connect(notion, { workspace: 'Acme' }));
  ({ dataSourceId } = await makeDatabase(client));
});
afterEach(() => notion.close());

const create = () =>
  client.pages.create({ parent: { data_source_id: dataSourceId }, properties: { Name: { title: text('x') } } });
const rows = () => notion.world.liveRows(dataSourceId);

describe('rate window', () => {
  it('spends the budget in one burst, then tells the seconds to wait', async () => {
    for (let index = 0; index < 4; index += 1) await create();
    now += 20_500;
    const reply = await fetch(`${notion.url}/v1/users/me`, {
      headers: {
        authorization: `Bearer ${notion.authorize({ workspace: 'Acme' }).accessToken}`,
        'notion-version': '2026-03-11',
      },
    });
    expect(reply.status).toBe(429);
    expect(reply.headers.get('retry-after')).toBe('40');
    expect(await reply.json()).toMatchObject({
      object: 'error',
      code: 'rate_limited',
      additional_data: { rate_limit_reason: 'public_api_request_rate_limit', retry_after: '40' },
    });
    now += 39_499;
    await expect(create()).rejects.toMatchObject({ status: 429, code: 'rate_limited' });
    now += 1;
    await create();
    expect(rows()).toHaveLength(5);
  });

  it('counts each connection by itself', async () => {
    for (let index = 0; index < 4; index += 1) await create();
    await expect(create()).rejects.toMatchObject({ status: 429 });
    const other = connect(notion, { workspace: 'Globex' });
    await expect(other.client.users.me({})).resolves.toMatchObject({ id: other.botId });
  });
});

describe('faults', () => {
  it.each<[Effect, object, number]>([
    ['429', { status: 429, code: 'rate_limited', additional_data: { retry_after: '7' } }, 0],
    ['blocked', { status: 429, additional_data: { rate_limit_reason: 'public_api_request_blocked' } }, 0],
    ['529', { status: 529 }, 0],
    ['409', { status: 409, code: 'conflict_error' }, 0],
    ['row-limit', { status: 409, body: expect.stringContaining('row_limit_exceeded') as string }, 0],
    [
      'block-limit',
      { status: 403, code: 'restricted_resource', additional_data: { block_limit: 'block_creation' } },
      0,
    ],
    ['413', { status: 413 }, 0],
    ['500', { status: 500, code: 'internal_server_error' }, 0],
    ['502', { status: 502 }, 0],
    ['503', { status: 503, code: 'service_unavailable' }, 0],
    ['503-uncommitted', { status: 503, code: 'service_unavailable' }, 0],
    ['503-committed', { status: 503, additional_data: { committed_resource_id: expect.any(String) as string } }, 1],
    ['504', { status: 504, code: 'gateway_timeout' }, 0],
    ['html-error', { status: 502, body: expect.stringContaining('<html>') as string }, 0],
    ['drop-before', { message: expect.stringContaining('fetch failed') as string }, 0],
    ['drop-after', { message: expect.stringContaining('fetch failed') as string }, 1],
  ])('%s', async (effect, expected, made) => {
    notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, times: 1, effect, retryAfterSecs: 7 });
    await expect(create()).rejects.toMatchObject(expected);
    expect(rows()).toHaveLength(made);
    expect(notion.requests.at(-1)).toMatchObject({ method: 'POST', path: '/v1/pages', tokenBot: botId });
    await create();
    expect(rows()).toHaveLength(made + 1);
  });

  it('names the row that was saved before a 503', async () => {
    notion.faults.add({ times: 1, effect: '503-committed' });
    const error = await create().then(
      () => null,
      (reason: { additional_data?: { committed_resource_id?: string; retry_guidance?: string[] } }) => reason,
    );
    expect(error?.additional_data?.committed_resource_id).toBe(rows()[0]?.id);
    expect(error?.additional_data?.retry_guidance).toHaveLength(1);
  });

  it('names the blocks that were appended before a 503', async () => {
    const page = await create();
    notion.faults.add({ times: 1, effect: '503-committed' });
    const call = client.blocks.children.append({ block_id: page.id, children: [{ divider: {} }, { divider: {} }] });
    const ids = () => rows()[0]?.blocks.map((block) => block.id);
    const error = await call.then(
      () => null,
      (reason: object) => reason,
    );
    expect(error).toMatchObject({
      additional_data: { committed_resource_id: page.id, committed_child_ids: ids() },
    });
  });

  it('carries a request out before any failing reply where told so, or only late', async () => {
    notion.faults.add({ times: 1, effect: '504', committed: true });
    await expect(create()).rejects.toMatchObject({ status: 504 });
    notion.faults.add({ times: 1, effect: 'slow', delayMs: 20 });
    await create();
    expect(rows()).toHaveLength(2);
  });

  it('strikes with a probability that repeats with the seed', async () => {
    const strikes = (seed: number) => {
      notion.faults.clear();
      notion.faults.seed(seed);
      notion.faults.add({ probability: 0.3, effect: '500' });
      return Array.from({ length: 200 }, () => (notion.faults.next('GET', '/v1/users/me') === null ? '.' : 'x')).join(
        '',
      );
    };
    const first = strikes(7);
    expect(first).toBe(strikes(7));
    expect(first).not.toBe(strikes(8));
    expect(first.replaceAll('.', '').length).toBeGreaterThan(40);
    expect(first.replaceAll('.', '').length).toBeLessThan(80);
  });

  it('logs what came in', async () => {
    await create();
    expect(notion.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['POST', '/v1/databases', 200],
      ['POST', '/v1/pages', 200],
    ]);
    expect(notion.requests[1]?.body).toMatchObject({ parent: { data_source_id: dataSourceId } });
  });
});
