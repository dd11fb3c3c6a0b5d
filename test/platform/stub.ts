import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';
import { accountApi, USER_NAME, type Schedule, type Task } from './stub/account-api.js';
import { ApiError, json, notFound, readRequest, type ApiRequest } from './stub/http.js';
import { ACTOR_ID, eventServer, Run, type RunOptions } from './stub/runs.js';
import { datasetApi, keyValueStoreApi, requestQueueApi, type ItemCheck, type Lag } from './stub/storage-api.js';
import { Storages, type Storage, type StorageKind } from './stub/storages.js';

/** What can go wrong, changed by a test at any time. */
export interface PlatformFaults {
  /** The scope of the token: 403 for what this returns true for. */
  refuse: (request: ApiRequest) => boolean;
  /** 429 for what this returns true for. */
  rateLimited: (request: ApiRequest) => boolean;
  lag: Lag;
}

export interface PlatformStub {
  url: string;
  storages: Storages;
  runs: Run[];
  tasks: Task[];
  schedules: Schedule[];
  /** Every request that arrived, refused ones too. */
  requests: ApiRequest[];
  faults: PlatformFaults;
  /** Starts a run of the built Actor, as the API does. */
  run(options: RunOptions): Promise<Run>;
  close(): Promise<void>;
}

/** The token of a person, as `npm run actor` uses it; each run has its own. */
export const USER_TOKEN = 'apify_api_stubUserToken';

/**
 * The part of Apify's API that a run and our client use, on loopback, under limited permissions: a run may open its own
 * storages, those that this Actor made, and those that its input names. The rest is 403.
 * @param defaults what runs get that are started over the API
 */
export async function startPlatformStub(defaults: Partial<RunOptions> = {}): Promise<PlatformStub> {
  const storages = new Storages();
  const stub: Omit<PlatformStub, 'url'> = {
    storages,
    runs: [],
    tasks: [],
    schedules: [],
    requests: [],
    faults: { refuse: () => false, rateLimited: () => false, lag: { counts: 0, items: 0 } },
    run: async (options) => {
      const run = new Run({ ...defaults, ...options, env: { ...defaults.env, ...options.env } }, storages, {
        url,
        wsUrl: `${url.replace('http', 'ws')}/events`,
      });
      stub.runs.push(run);
      return run.start();
    },
    close: async () => {
      await Promise.all(stub.runs.map((run) => run.dispose()));
      events.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const answer = async (request: ApiRequest, response: ServerResponse): Promise<void> => {
    stub.requests.push(request);
    if (stub.faults.rateLimited(request)) {
      throw new ApiError(429, 'rate-limit-exceeded', 'You have exceeded the rate limit');
    }
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer === undefined) throw new ApiError(401, 'token-not-provided', 'Authentication token was not provided');
    const run = stub.runs.find(({ token }) => token === bearer);
    if (run === undefined && bearer !== USER_TOKEN) {
      throw new ApiError(401, 'user-or-token-not-found', 'User was not found or authentication token is not valid');
    }
    if (stub.faults.refuse(request)) throw refused();
    if (await storageApi(stub, request, response, run ?? null)) return;
    if (run !== undefined && !request.path.startsWith(`/actor-runs/${run.id}`)) throw refused();
    await accountApi(stub, request, response);
  };
  const server = createServer((message, response) => {
    void readRequest(message)
      .then((request) => answer(request, response))
      .catch((error: unknown) => fail(response, error));
  });
  const events = eventServer((runId) => stub.runs.find((run) => run.id === runId));
  server.on('upgrade', (request, socket, head) =>
    events.handleUpgrade(request, socket, head, (client) => events.emit('connection', client, request)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ...stub, url };
}

const STORAGE_PATH = /^\/(datasets|key-value-stores|request-queues)(?:\/([^/]+)(\/.*)?)?$/;

/**
 * Answers what is about a storage; false when `request` is about something else.
 * @param run whose token came with the request; `null` for a person's
 */
async function storageApi(
  stub: Omit<PlatformStub, 'url'>,
  request: ApiRequest,
  response: ServerResponse,
  run: Run | null,
): Promise<boolean> {
  const match = STORAGE_PATH.exec(request.path);
  if (match === null) return false;
  const [, kind, id, rest = ''] = match as unknown as [string, StorageKind, string | undefined, string | undefined];
  const { storages, faults } = stub;
  if (id === undefined) {
    const name = request.query.get('name');
    const known = name === null ? undefined : storages.byName(kind, name);
    if (known?.maker === 'user' && run !== null) throw refused();
    const { id: made } = known ?? storages.create(kind, run === null ? 'user' : 'actor', name);
    json(response, 201, { data: { id: made, name } });
    return true;
  }
  // A bare name is no id: the platform wants it with the account's name before it.
  const name = id.startsWith(`${USER_NAME}~`) ? id.slice(USER_NAME.length + 1) : null;
  const storage = name === null ? storages.byId(kind, id) : storages.byName(kind, name);
  if (storage === undefined) throw notFound('The storage');
  if (run !== null && !mayOpen(storage, run)) throw refused();
  if (request.method === 'DELETE' && rest === '') {
    storages.drop(storage);
    response.writeHead(204).end();
  } else if (kind === 'datasets') {
    const ofRun = stub.runs.some((run) => run.dataset === storage);
    datasetApi(storage, rest, request, response, { lag: faults.lag, check: ofRun ? itemCheck : () => null });
  } else if (kind === 'key-value-stores') keyValueStoreApi(storage, rest, request, response);
  else requestQueueApi(storage, rest, request, response);
  return true;
}

/** Limited permissions: a storage of the user only when the input names it in a field of the type for it. */
function mayOpen(storage: Storage, run: Run): boolean {
  return storage.maker !== 'user' || (run.options.input as { datasetId?: unknown } | null)?.datasetId === storage.id;
}

function refused(): ApiError {
  return new ApiError(403, 'insufficient-permissions', 'Insufficient permissions for the requested resource.');
}

function fail(response: ServerResponse, error: unknown): void {
  if (!(error instanceof ApiError)) {
    return json(response, 500, { error: { type: 'internal-error', message: String(error) } });
  }
  const { type, message, data } = error;
  json(response, error.status, { error: { type, message, ...(data !== undefined && { data }) } });
}

/** The platform holds every item of the default dataset against the schema's `fields`. */
const itemCheck: ItemCheck = (() => {
  const file = new URL('../../.actor/dataset_schema.json', import.meta.url);
  const { fields } = JSON.parse(readFileSync(file, 'utf8')) as { fields: object };
  const ajv = new Ajv({ strict: false });
  const validate = ajv.compile(fields);
  return (item) => (validate(item) ? null : ajv.errorsText(validate.errors));
})();

export { ACTOR_ID };
export type { ApiRequest, Run, RunOptions };
