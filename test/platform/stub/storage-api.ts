import type { ServerResponse } from 'node:http';
import { ApiError, json, notFound, type ApiRequest } from './http.js';
import { newId, type QueuedRequest, type Storage } from './storages.js';

/** How far reads lag behind writes, ms. */
export interface Lag {
  /** What is said of the number of items. */
  counts: number;
  /** The items themselves. */
  items: number;
}

/** What the platform does with a dataset's items before it takes them; returns the fault or `null`. */
export type ItemCheck = (item: unknown) => string | null;

const page = (query: URLSearchParams, name: string, fallback: number): number => Number(query.get(name) ?? fallback);

/** `/datasets/{id}` and below. */
export function datasetApi(
  storage: Storage,
  rest: string,
  request: ApiRequest,
  response: ServerResponse,
  options: { lag: Lag; check: ItemCheck },
): void {
  const seen = (lagMs: number) => storage.items.filter(({ at }) => at + lagMs <= Date.now());
  const counted = seen(options.lag.counts).length;
  if (rest === '') return json(response, 200, { data: { ...describe(storage), itemCount: counted } });
  if (rest !== '/items') throw notFound('This part of a dataset');
  if (request.method === 'POST') {
    const body = JSON.parse(request.body) as unknown;
    const items = (Array.isArray(body) ? body : [body]) as Record<string, unknown>[];
    const invalidItems = items.flatMap((item, itemPosition) => {
      const fault = options.check(item);
      return fault === null ? [] : [{ itemPosition, validationErrors: [fault] }];
    });
    if (invalidItems.length > 0) {
      throw new ApiError(400, 'schema-validation-error', 'Schema validation failed', { invalidItems });
    }
    storage.items.push(...items.map((value) => ({ at: Date.now(), value })));
    storage.modifiedAt = Date.now();
    return json(response, 201, {});
  }
  const offset = page(request.query, 'offset', 0);
  const limit = page(request.query, 'limit', 999_999_999_999);
  const items = seen(options.lag.items).slice(offset, offset + limit);
  const values = items.map(({ value }) => value);
  json(response, 200, values, {
    'x-apify-pagination-total': String(counted),
    'x-apify-pagination-offset': String(offset),
    'x-apify-pagination-limit': String(limit),
    'x-apify-pagination-count': String(items.length),
  });
}

/** `/key-value-stores/{id}` and below. */
export function keyValueStoreApi(storage: Storage, rest: string, request: ApiRequest, response: ServerResponse): void {
  if (rest === '') return json(response, 200, { data: describe(storage) });
  const key = /^\/records\/(.+)$/.exec(rest)?.[1];
  if (key === undefined) throw notFound('This part of a key-value store');
  if (request.method === 'PUT') {
    storage.records.set(key, {
      contentType: request.headers['content-type'] ?? 'application/octet-stream',
      body: request.body,
    });
    return json(response, 201, {});
  }
  if (request.method === 'DELETE') {
    storage.records.delete(key);
    response.writeHead(204).end();
    return;
  }
  const record = storage.records.get(key);
  if (record === undefined) throw notFound(`Record "${key}"`);
  response.writeHead(200, { 'content-type': record.contentType }).end(record.body);
}

/** `/request-queues/{id}` and below. */
export function requestQueueApi(storage: Storage, rest: string, request: ApiRequest, response: ServerResponse): void {
  const { method } = request;
  const answer = (data: unknown, status = 200): void => json(response, status, { data });
  if (rest === '') {
    const handled = storage.requests.filter(({ handledAt }) => handledAt).length;
    const totalRequestCount = storage.requests.length;
    const counts = {
      totalRequestCount,
      handledRequestCount: handled,
      pendingRequestCount: totalRequestCount - handled,
    };
    return answer({ ...describe(storage), ...counts, hadMultipleClients: false });
  }
  if (rest === '/requests/batch' && method === 'POST') {
    const given = JSON.parse(request.body) as Record<string, unknown>[];
    return answer({ processedRequests: given.map((one) => add(storage, one)), unprocessedRequests: [] }, 201);
  }
  if (rest === '/requests' && method === 'POST') {
    return answer(add(storage, JSON.parse(request.body) as Record<string, unknown>), 201);
  }
  if (rest === '/head') {
    const waiting = storage.requests
      .filter((one) => one.orderNo !== null)
      .sort((a, b) => (a.orderNo ?? 0) - (b.orderNo ?? 0));
    return answer({
      limit: page(request.query, 'limit', 100),
      queueModifiedAt: new Date(storage.modifiedAt).toISOString(),
      hadMultipleClients: false,
      items: waiting.slice(0, page(request.query, 'limit', 100)),
    });
  }
  const id = /^\/requests\/(\w+)$/.exec(rest)?.[1];
  const found = storage.requests.find((one) => one.id === id);
  if (found === undefined) throw notFound('The request');
  if (method === 'GET') return answer(found);
  const change = JSON.parse(request.body) as Record<string, unknown>;
  const wasHandled = Boolean(found.handledAt);
  Object.assign(found, change, { orderNo: change.handledAt ? null : Date.now() });
  storage.modifiedAt = Date.now();
  answer({ requestId: found.id, wasAlreadyPresent: true, wasAlreadyHandled: wasHandled });
}

function add(storage: Storage, given: Record<string, unknown>) {
  const uniqueKey = String(given.uniqueKey);
  const known = storage.requests.find((one) => one.uniqueKey === uniqueKey);
  if (known === undefined) {
    const orderNo = given.handledAt ? null : Date.now();
    storage.requests.push({ ...given, id: newId(), uniqueKey, orderNo } satisfies QueuedRequest);
    storage.modifiedAt = Date.now();
  }
  return {
    requestId: (known ?? storage.requests.at(-1))?.id,
    uniqueKey,
    wasAlreadyPresent: known !== undefined,
    wasAlreadyHandled: Boolean(known?.handledAt),
  };
}

function describe(storage: Storage) {
  const { id, name } = storage;
  return { id, ...(name !== null && { name }), userId: 'stub-user', modifiedAt: new Date(storage.modifiedAt) };
}
