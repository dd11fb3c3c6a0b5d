import { describe, expect, it } from 'vitest';
import { degradeWhenRefused } from '../../src/platform/degrading-store.js';
import { missingPermission } from '../../src/platform/permissions.js';
import { openResultsLog } from '../../src/platform/results-log.js';
import type { ResultRow } from '../../src/sinks/sink.js';
import { StatusSender } from '../../src/platform/status-sender.js';

const refusal = (httpMethod: string, path: string) =>
  Object.assign(new Error('Insufficient permissions'), {
    statusCode: 403,
    type: 'insufficient-permissions',
    httpMethod,
    path,
  });

describe('a missing permission', () => {
  it.each([
    ['get', '/v2/datasets/x', 'Datasets: Read'],
    ['post', '/v2/datasets/x/items', 'Datasets: Write'],
    ['put', '/v2/key-value-stores/x/records/A', 'Key-value stores: Write'],
    ['post', '/v2/request-queues/x/requests/batch', 'Request queues: Write'],
    ['put', '/v2/actor-runs/x', 'Actor runs: Write'],
    ['get', '/v2/users/me', 'Proxy'],
  ])('%s %s is named %s', (method, path, name) => {
    expect(missingPermission(refusal(method, path))?.message).toContain(`"${name}"`);
  });

  it('is not what any other error says', () => {
    expect(missingPermission(new Error('403'))).toBeNull();
    expect(missingPermission(Object.assign(new Error(), { statusCode: 404 }))).toBeNull();
    expect(missingPermission(null)).toBeNull();
  });
});

describe('a store that is refused', () => {
  it('goes on in memory and says so once', async () => {
    const told: unknown[] = [];
    const refuse = () => Promise.reject(refusal('put', '/v2/key-value-stores/x'));
    const store = degradeWhenRefused({ get: refuse, set: refuse }, (error) => told.push(error));
    expect(await store.get('a')).toBeNull();
    await store.set('a', 1);
    expect(await store.get('a')).toBe(1);
    expect(told).toHaveLength(1);
  });

  it('passes every other error on', async () => {
    const broken = () => Promise.reject(new Error('down'));
    const store = degradeWhenRefused({ get: broken, set: broken }, () => undefined);
    await expect(store.get('a')).rejects.toThrow('down');
  });
});

describe('notion-results of a resumed run', () => {
  const row = (key: string, action: ResultRow['action']): ResultRow => ({
    key,
    url: key,
    action,
    notionPageId: null,
    notionUrl: null,
  });

  it('has no second row that says what an earlier part said', async () => {
    const rows = [row('a', 'created'), row('b', 'failed'), row('c', 'updated')];
    const dataset = {
      pushData: async (added: ResultRow) => void rows.push(added),
      getData: async ({ offset }: { offset: number }) => ({ items: rows.slice(offset) }),
    };
    const push = await openResultsLog(dataset, true, () => undefined);
    await push(row('a', 'created'));
    await push(row('c', 'unchanged'));
    await push(row('b', 'created'));
    await push(row('d', 'unchanged'));
    expect(rows.slice(3).map(({ key, action }) => [key, action])).toEqual([
      ['b', 'created'],
      ['d', 'unchanged'],
    ]);
  });
});

describe('status messages', () => {
  it('go out one after the other', async () => {
    const sent: string[] = [];
    const sender = new StatusSender(async (message) => {
      await new Promise((resolve) => setTimeout(resolve, message === 'first' ? 30 : 0));
      sent.push(message);
    });
    await Promise.all([sender.tell('first', false), sender.tell('last', true)]);
    expect(sent).toEqual(['first', 'last']);
  });

  it('are not sent again by a token that may not', async () => {
    let tries = 0;
    const sender = new StatusSender(() => {
      tries += 1;
      return Promise.reject(refusal('put', '/v2/actor-runs/x'));
    });
    await sender.tell('one', false);
    await sender.tell('two', true);
    expect(tries).toBe(1);
  });
});
