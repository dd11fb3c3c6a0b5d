import { WebSocketServer, type WebSocket } from 'ws';
import { freePort } from '../../../sandbox/free-port.js';
import { Container } from './container.js';
import { newId, type Storage, type Storages } from './storages.js';

export const ACTOR_ID = 'stubActorId';
export const USER_ID = 'stub-user';

const ITEM_EVENT = 'apify-default-dataset-item';

export interface RunOptions {
  input: unknown;
  /** Default `WEB`. */
  origin?: string;
  /** Default: none. */
  timeoutSecs?: number;
  /** Price per event in US dollars; absent: the Actor is not paid per event. */
  prices?: Record<string, number>;
  maxTotalChargeUsd?: number;
  env?: Record<string, string>;
}

export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTING' | 'ABORTED' | 'TIMED-OUT';

/** A run of the Actor: its storages, its containers one after the other, and what the API knows of it. */
export class Run {
  readonly id = newId();
  readonly token = `apify_run_${newId()}`;
  readonly options: RunOptions;
  readonly dataset: Storage;
  readonly results: Storage;
  readonly keyValueStore: Storage;
  readonly requestQueue: Storage;
  readonly charged: Record<string, number> = {};
  /** Every status message, in order. */
  readonly messages: { text: string; terminal: boolean }[] = [];
  liveView = '';
  status: RunStatus = 'RUNNING';
  exitCode: number | null = null;
  log = '';
  /** Containers started so far. */
  starts = 0;
  readonly #platform: { url: string; wsUrl: string };
  readonly #sockets = new Set<WebSocket>();
  #container: Container | null = null;
  #startedAt = new Date();
  #timeoutAt: Date | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: RunOptions, storages: Storages, platform: { url: string; wsUrl: string }) {
    this.options = options;
    this.#platform = platform;
    this.dataset = storages.create('datasets', 'platform');
    this.results = storages.create('datasets', 'platform');
    this.keyValueStore = storages.create('key-value-stores', 'platform');
    this.requestQueue = storages.create('request-queues', 'platform');
    const body = JSON.stringify(options.input);
    this.keyValueStore.records.set('INPUT', { contentType: 'application/json; charset=utf-8', body });
  }

  /** Starts the first container, or one more with a new time window. */
  async start(timeoutSecs = this.options.timeoutSecs): Promise<this> {
    this.#startedAt = new Date();
    this.#timeoutAt = timeoutSecs === undefined ? null : new Date(Date.now() + timeoutSecs * 1000);
    this.status = 'RUNNING';
    await this.#launch();
    return this;
  }

  /** Resolves when the run is over; a container that was replaced does not count. */
  async finished(): Promise<this> {
    for (let waited; waited !== this.#ended;) {
      waited = this.#ended;
      await waited;
    }
    return this;
  }

  /** Sends an event of the platform to the Actor. */
  emit(name: 'migrating' | 'aborting'): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify({ name, data: null }));
  }

  /** As `POST abort` does. */
  async abort(gracefully: boolean): Promise<void> {
    this.status = 'ABORTING';
    if (gracefully) this.emit('aborting');
    else await this.#container?.kill();
  }

  /** The container is replaced by one on another machine: same storages, same time window. */
  async reboot(): Promise<void> {
    const old = this.#container;
    this.#container = null;
    await old?.kill();
    await this.#launch();
  }

  /** The time of the run is up. */
  async timeOut(): Promise<void> {
    this.status = 'TIMED-OUT';
    await this.#container?.kill();
  }

  /** The machine is gone, without any event; nothing is started in its place. */
  async crash(): Promise<void> {
    await this.#container?.kill();
  }

  record(key: string): Record<string, unknown> | null {
    const record = this.keyValueStore.records.get(key);
    return record === undefined ? null : (JSON.parse(record.body) as Record<string, unknown>);
  }

  get output() {
    return this.record('OUTPUT') as (Record<string, unknown> & { status: string; message: string }) | null;
  }

  get items(): Record<string, unknown>[] {
    return this.dataset.items.map(({ value }) => value);
  }

  get resultRows(): Record<string, unknown>[] {
    return this.results.items.map(({ value }) => value);
  }

  /** With those that the platform charges by itself. */
  get chargedEvents(): Record<string, number> {
    const isItemPriced = this.options.prices?.[ITEM_EVENT] !== undefined;
    return { ...this.charged, ...(isItemPriced && { [ITEM_EVENT]: this.dataset.items.length }) };
  }

  describe(): Record<string, unknown> {
    const { options } = this;
    return {
      id: this.id,
      actId: ACTOR_ID,
      userId: USER_ID,
      status: this.status,
      statusMessage: this.messages.at(-1)?.text ?? null,
      startedAt: this.#startedAt,
      finishedAt: this.exitCode === null ? null : new Date(),
      exitCode: this.exitCode,
      containerUrl: this.liveView,
      meta: { origin: options.origin ?? 'WEB' },
      options: { ...(options.maxTotalChargeUsd && { maxTotalChargeUsd: options.maxTotalChargeUsd }) },
      pricingInfo: pricingInfo(options.prices),
      chargedEventCounts: this.chargedEvents,
      defaultDatasetId: this.dataset.id,
      defaultKeyValueStoreId: this.keyValueStore.id,
      defaultRequestQueueId: this.requestQueue.id,
    };
  }

  connect(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#container?.kill();
  }

  async #launch(): Promise<void> {
    const port = await freePort();
    this.liveView = `http://127.0.0.1:${port}`;
    this.exitCode = null;
    this.starts += 1;
    const container = new Container(this.#environment(port), (chunk) => (this.log += chunk));
    this.#container = container;
    this.#ended = container.ended.then((code) => this.#over(container, code));
    clearTimeout(this.#timer);
    if (this.#timeoutAt !== null) {
      this.#timer = setTimeout(() => void this.timeOut(), this.#timeoutAt.getTime() - Date.now());
    }
  }

  #over(container: Container, code: number | null): void {
    if (this.#container !== container) return;
    clearTimeout(this.#timer);
    this.exitCode = code;
    if (this.status === 'ABORTING') this.status = 'ABORTED';
    else if (this.status === 'RUNNING') this.status = code === 0 ? 'SUCCEEDED' : 'FAILED';
  }

  #environment(port: number): Record<string, string> {
    const { options } = this;
    const storages = {
      datasets: { default: this.dataset.id, notionResults: this.results.id },
      keyValueStores: { default: this.keyValueStore.id },
      requestQueues: { default: this.requestQueue.id },
    };
    return {
      APIFY_IS_AT_HOME: '1',
      APIFY_TOKEN: this.token,
      APIFY_USER_ID: USER_ID,
      APIFY_META_ORIGIN: options.origin ?? 'WEB',
      APIFY_API_BASE_URL: this.#platform.url,
      APIFY_API_PUBLIC_BASE_URL: this.#platform.url,
      ACTOR_EVENTS_WEBSOCKET_URL: `${this.#platform.wsUrl}/${this.id}`,
      ACTOR_ID,
      ACTOR_RUN_ID: this.id,
      ACTOR_STARTED_AT: this.#startedAt.toISOString(),
      ...(this.#timeoutAt && { ACTOR_TIMEOUT_AT: this.#timeoutAt.toISOString() }),
      ACTOR_DEFAULT_DATASET_ID: this.dataset.id,
      ACTOR_DEFAULT_KEY_VALUE_STORE_ID: this.keyValueStore.id,
      ACTOR_DEFAULT_REQUEST_QUEUE_ID: this.requestQueue.id,
      ACTOR_STORAGES_JSON: JSON.stringify(storages),
      ACTOR_INPUT_KEY: 'INPUT',
      ACTOR_MEMORY_MBYTES: '1024',
      ACTOR_PERMISSION_LEVEL: 'LIMITED_PERMISSIONS',
      ...(options.maxTotalChargeUsd && { ACTOR_MAX_TOTAL_CHARGE_USD: String(options.maxTotalChargeUsd) }),
      ACTOR_WEB_SERVER_PORT: String(port),
      ACTOR_WEB_SERVER_URL: this.liveView,
      // The sample site is on loopback.
      ALLOW_PRIVATE_ADDRESSES: '1',
      ...options.env,
    };
  }
}

function pricingInfo(prices: Record<string, number> | undefined) {
  if (prices === undefined) return { pricingModel: 'PRICE_PER_DATASET_ITEM' };
  const events = Object.entries(prices).map(([name, eventPriceUsd]) => [name, { eventTitle: name, eventPriceUsd }]);
  return {
    pricingModel: 'PAY_PER_EVENT',
    pricingPerEvent: { actorChargeEvents: Object.fromEntries(events) as Record<string, unknown> },
  };
}

/** The websocket over which runs hear of events. */
export function eventServer(find: (runId: string) => Run | undefined): WebSocketServer {
  const server = new WebSocketServer({ noServer: true });
  server.on('connection', (socket, request) => find((request.url ?? '').split('/').at(-1) ?? '')?.connect(socket));
  return server;
}
