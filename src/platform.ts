import { Actor, log } from 'apify';
import type { ProxyConfiguration } from 'apify';
import type { Item } from './collect/item.js';
import type { Redactor } from './redact.js';
import { datasetItems } from './dataset-items.js';
import type { ItemSource, ResultRow, SinkLog } from './sinks/sink.js';
import type { Store } from './store.js';

/** What the platform says about this run; off the platform the variables of the same names, or local defaults. */
export interface RunEnvironment {
  isAtHome: boolean;
  actorId: string | null;
  runId: string | null;
  /** The account that the run belongs to (in an organization, the organization). */
  userId: string | null;
  /** WEB and DEVELOPMENT suggest a person; no origin off the platform counts as DEVELOPMENT. */
  origin: string;
  /** When the platform kills the run, epoch ms; `null` without a timeout. */
  timeoutAt: number | null;
  /** The id under which the default dataset can be named in `datasetId`. */
  defaultDatasetId: string;
  startedAt: number;
  liveView: { port: number; url: string | null };
}

export interface RunLog extends SinkLog {
  /** Shows debug lines too, from now on. */
  showDebug(): void;
}

/** Why the run has to end before its time. */
export type StopReason = 'aborted' | 'migrating';

/** Apify's side of the run: storages, events, status. The only thing in `src/` that talks to the `apify` package. */
export interface Platform {
  readonly env: RunEnvironment;
  /** True when an earlier container of this run already worked (migration, resurrection, `CRAWLEE_PURGE_ON_START=0`). */
  readonly resumed: boolean;
  /** This run's own records, in the default key-value store. */
  readonly checkpoint: Store;
  readInput(): Promise<unknown>;
  /** What earlier runs of this user remembered; `null` when the store is refused (restricted token). */
  openMemory(): Promise<Store | null>;
  pushItem(item: Item): Promise<void>;
  pushResult(row: ResultRow): Promise<void>;
  /** The items of the default dataset, or of another one. */
  items(datasetId: string | null): Promise<ItemSource>;
  setRecord(key: 'OUTPUT' | 'COVERAGE', value: unknown): Promise<void>;
  setStatus(message: string): Promise<void>;
  readonly log: RunLog;
  proxy(configuration: Record<string, unknown> | null): Promise<ProxyConfiguration | undefined>;
  onStop(listener: (reason: StopReason) => void): void;
  /** Ends the process: 0 = SUCCEEDED, 1 = FAILED. */
  exit(exitCode: number, message: string): Promise<void>;
  /** Asks the platform to move the run now instead of when the container is killed. */
  reboot(): Promise<void>;
}

const RUN_STARTED = 'RUN_STARTED';
const RESULTS = { alias: 'notionResults', name: 'notion-results' };

/**
 * Starts the SDK and opens this run's storages. Throws when the platform cannot be reached.
 * @param redactor cleans whatever goes to the log or the status message
 */
export async function openPlatform(redactor: Redactor): Promise<Platform> {
  // Aborting and migrating are ours to handle: the sink finishes what it has in flight (design §3.5).
  await Actor.init({ gracefulShutdown: false });
  const env = readEnvironment();
  const records = await Actor.openKeyValueStore();
  const checkpoint: Store = {
    get: (key) => records.getValue(key),
    set: (key, value) => records.setValue(key, value),
  };
  const resumed = (await checkpoint.get(RUN_STARTED)) !== null;
  if (!resumed) await checkpoint.set(RUN_STARTED, { version: 1, at: new Date().toISOString() });
  const results = await openResults(env.isAtHome, resumed);

  return {
    env,
    resumed,
    checkpoint,
    readInput: () => Actor.getInput(),
    openMemory: () => openMemory(env.actorId),
    pushItem: async (item) => void (await Actor.pushData(item)),
    pushResult: async (row) => results?.pushData(row),
    items: async (datasetId) => datasetItems(await Actor.openDataset(datasetId)),
    setRecord: (key, value) => records.setValue(key, value),
    setStatus: async (message) => void (await Actor.setStatusMessage(redactor.text(message))),
    log: cleanLog(redactor),
    proxy: async (configuration) =>
      configuration === null ? undefined : Actor.createProxyConfiguration(configuration),
    onStop: listenForStop,
    exit: (exitCode, message) => Actor.exit(redactor.text(message), { exitCode }),
    reboot: () => Actor.reboot(),
  };
}

function readEnvironment(): RunEnvironment {
  const env = Actor.getEnv();
  const config = Actor.config;
  const isAtHome = Actor.isAtHome();
  return {
    isAtHome,
    actorId: env.actorId ?? null,
    runId: env.actorRunId ?? null,
    userId: env.userId ?? null,
    origin: process.env.APIFY_META_ORIGIN ?? (isAtHome ? 'UNKNOWN' : 'DEVELOPMENT'),
    timeoutAt: env.timeoutAt?.getTime() ?? null,
    defaultDatasetId: config.get('defaultDatasetId'),
    startedAt: env.startedAt?.getTime() ?? Date.now(),
    liveView: {
      port: config.get('containerPort') ?? 4321,
      url: isAtHome ? (config.get('containerUrl') ?? null) : (process.env.ACTOR_WEB_SERVER_URL ?? null),
    },
  };
}

/**
 * Opens `notion-results`. On the platform it is an aliased storage of the run; elsewhere a named one, which outlives
 * runs and is therefore emptied when a fresh run starts.
 */
async function openResults(isAtHome: boolean, resumed: boolean) {
  if (isAtHome) {
    try {
      return await Actor.openDataset({ alias: RESULTS.alias });
    } catch (error) {
      log.warning('The notion-results dataset cannot be opened; the counts are in OUTPUT.', { reason: String(error) });
      return null;
    }
  }
  const dataset = await Actor.openDataset(RESULTS.name);
  if (resumed) return dataset;
  await dataset.drop();
  return Actor.openDataset(RESULTS.name);
}

async function openMemory(actorId: string | null): Promise<Store | null> {
  try {
    const store = await Actor.openKeyValueStore(actorId ? `website-to-notion-${actorId}` : 'website-to-notion');
    return { get: (key) => store.getValue(key), set: (key, value) => store.setValue(key, value) };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 403) return null;
    throw error;
  }
}

function listenForStop(listener: (reason: StopReason) => void): void {
  Actor.on('aborting', () => listener('aborted'));
  Actor.on('migrating', () => listener('migrating'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => listener('aborted'));
}

function cleanLog(redactor: Redactor): RunLog {
  const line =
    (level: 'debug' | 'info' | 'warning') =>
    (message: string, data?: Record<string, unknown>): void =>
      log[level](redactor.text(message), redactor.data(data) as Record<string, unknown> | undefined);
  return {
    debug: line('debug'),
    info: line('info'),
    warning: line('warning'),
    showDebug: () => log.setLevel(log.LEVELS.DEBUG),
  };
}
