import { Actor, log } from 'apify';
import type { ProxyConfiguration } from 'apify';
import type { Item } from './collect/item.js';
import { EVENTS, type Till } from './charging.js';
import { cleanEveryLine } from './platform/clean-lines.js';
import { isRefused, missingPermission } from './platform/permissions.js';
import { refuseBrokenInputFile } from './platform/local-input.js';
import { mendLocalStorage } from './platform/local-mend.js';
import type { Redactor } from './redact.js';
import { openMemoryStore, RunStorages } from './platform/run-storages.js';
import type { StageLog } from './log.js';
import { credentialsIn } from './secrets.js';
import type { ItemSource, ResultRow } from './sinks/sink.js';
import { StatusSender } from './platform/status-sender.js';
import { listenForStop, type StopReason } from './platform/stop-events.js';
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
  liveView: { port: string | number | null; url: string | null };
}

export interface RunLog extends StageLog {
  /** Shows debug lines too, from now on. */
  showDebug(): void;
}

/** Apify's side of the run: storages, events, status. The only thing in `src/` that talks to the `apify` package. */
export interface Platform {
  readonly env: RunEnvironment;
  /** True when an earlier container of this run already worked (migration, resurrection, `CRAWLEE_PURGE_ON_START=0`). */
  readonly resumed: boolean;
  /** This run's own records, in the default key-value store. */
  readonly checkpoint: Store;
  /** What may be spent; `null` when the run is not paid per event. */
  readonly till: Till | null;
  readInput(): Promise<unknown>;
  /**
   * Moves items, results, addresses and the checkpoint to named storages, so that the run's default ones hold counts
   * only. Called before anything is stored. Throws when the platform refuses it.
   */
  keepPrivate(datasetName: string): Promise<void>;
  /** Called before a crawl. Throws when the run may not add to its request queue: Crawlee would go on with an empty one. */
  openQueue(): Promise<void>;
  /** Removes what a private run needed only while it worked. What cannot be removed is a warning. */
  dropWorkings(): Promise<void>;
  /** What earlier runs of this user remembered; `null` when the store is refused (restricted token). */
  openMemory(): Promise<Store | null>;
  pushItem(item: Item): Promise<void>;
  pushResult(row: ResultRow): Promise<void>;
  /** The items of the default dataset, or of another one. */
  items(datasetId: string | null): Promise<ItemSource>;
  /** Writes a record that the user reads: JSON, or the HTML of a page when `value` is a string. */
  setRecord(key: 'OUTPUT' | 'COVERAGE' | 'NOTION_DATABASE', value: unknown): Promise<void>;
  setStatus(message: string): Promise<void>;
  readonly log: RunLog;
  proxy(configuration: Record<string, unknown> | null): Promise<ProxyConfiguration | undefined>;
  onStop(listener: (reason: StopReason) => void): void;
  /** Ends the process: 0 = SUCCEEDED, 1 = FAILED. */
  exit(exitCode: number, message: string): Promise<void>;
  /**
   * Asks the platform to move the run now instead of when the container is killed, and waits for that: a run that is
   * being moved has not ended, whatever the platform answers. Never resolves, never throws.
   */
  reboot(): Promise<never>;
}

/**
 * Starts the SDK and opens this run's storages. Throws when the platform cannot be reached or refuses what no run can
 * do without.
 * @param redactor cleans whatever goes to the log, the records or the status message
 */
export async function openPlatform(redactor: Redactor): Promise<Platform> {
  cleanEveryLine(log.getOptions().logger, redactor);
  // Aborting and migrating are ours to handle: the sink finishes what it has in flight (design §3.5).
  const mended = Actor.isAtHome() ? null : mendLocalStorage(process.env);
  await startSdk();
  const onStop = listenForStop({
    event: (name, heard) => Actor.on(name, heard),
    signal: (name, heard) => process.once(name, heard),
  });
  const env = readEnvironment();
  const runLog = cleanLog(redactor);
  if (mended !== null) runLog.warning(mended);
  const sender = new StatusSender((message, last) => sendStatus(env, message, last));
  const tell = (message: string, last: boolean): Promise<void> => {
    const clean = redactor.text(message);
    // The SDK's own words for it, which the demo and people who read logs look for.
    log.info(`[Status message]: ${clean}`);
    return sender.tell(clean, last);
  };
  const warn = (message: string): void => runLog.warning(message);
  const options = { actor: Actor, isAtHome: env.isAtHome, runId: env.runId, warn };
  const storages = await RunStorages.open(options).catch(async (error: unknown) => {
    const refused = missingPermission(error);
    if (refused !== null) await tell(refused.message, true);
    throw refused ?? error;
  });

  return {
    env,
    resumed: storages.resumed,
    checkpoint: storages.checkpoint,
    till: openTill(env.isAtHome),
    readInput: () => {
      if (!env.isAtHome) refuseBrokenInputFile(process.env);
      return Actor.getInput();
    },
    openMemory: () => openMemoryStore(Actor, env.actorId, warn),
    keepPrivate: (datasetName) => storages.keepPrivate(datasetName),
    openQueue: () => storages.openQueue(),
    dropWorkings: () => storages.dropWorkings(),
    pushItem: (item) => storages.pushItem(item),
    pushResult: (row) => storages.pushResult(row),
    items: (datasetId) => storages.items(datasetId),
    setRecord: (key, value) => storages.setRecord(key, redactor.data(value)),
    setStatus: (message) => tell(message, false),
    log: runLog,
    proxy: async (configuration) => {
      if (configuration === null) return undefined;
      const proxy = await Actor.createProxyConfiguration(configuration);
      // Where the environment has no password the SDK has fetched the account's.
      for (const secret of credentialsIn(await proxy?.newUrl())) redactor.add(secret);
      return proxy;
    },
    onStop,
    exit: async (exitCode, message) => {
      await tell(message, true);
      await Actor.exit({ exitCode });
    },
    reboot: () => leave(warn),
  };
}

/** A token that may not read its own run says nothing about prices; the run then works as one that is not paid per event. */
async function startSdk(): Promise<void> {
  try {
    await Actor.init({ gracefulShutdown: false });
  } catch (error) {
    if (!isRefused(error)) throw error;
    Actor.config.set('actorPricingInfo', '{}');
    Actor.config.set('chargedEventCounts', '{}');
    await Actor.getChargingManager().init();
  }
}

async function leave(warn: (message: string) => void): Promise<never> {
  // Kept alive until the platform ends this container: an exit would end the run.
  setInterval(() => undefined, 60_000);
  await Actor.reboot().catch((error: unknown) => {
    const reason = missingPermission(error)?.message ?? (error instanceof Error ? error.message : String(error));
    warn(`The run could not ask to be moved at once; it waits until the platform moves it. ${reason}`);
  });
  return new Promise<never>(() => undefined);
}

async function sendStatus({ isAtHome, runId }: RunEnvironment, statusMessage: string, last: boolean): Promise<void> {
  if (!isAtHome || runId === null) return;
  await Actor.apifyClient.run(runId).update({ statusMessage, isStatusMessageTerminal: last });
}

/** Off the platform every event costs one dollar, as the SDK has it; `null` when the run is not paid per event. */
function openTill(isAtHome: boolean): Till | null {
  const manager = Actor.getChargingManager();
  const { isPayPerEvent, maxTotalChargeUsd, perEventPrices } = manager.getPricingInfo();
  if (!isPayPerEvent) return null;
  const prices: Record<string, number> = isAtHome ? perEventPrices : { [EVENTS.item]: 1, [EVENTS.page]: 1 };
  return {
    limit: maxTotalChargeUsd,
    price: (event) => prices[EVENTS[event]] ?? 0,
    spent: () =>
      Object.entries(prices).reduce((sum, [event, price]) => sum + price * manager.getChargedEventCount(event), 0),
    charged: (event) => manager.getChargedEventCount(EVENTS[event]),
    chargePages: async (count) => void (await Actor.charge({ eventName: EVENTS.page, count })),
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
      // As it was set: the SDK reads a number out of anything, and the live view says what it cannot use.
      port: process.env.ACTOR_WEB_SERVER_PORT ?? config.get('containerPort') ?? null,
      url: isAtHome ? (config.get('containerUrl') ?? null) : (process.env.ACTOR_WEB_SERVER_URL ?? null),
    },
  };
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
