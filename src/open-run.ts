import { isAttended } from './attended.js';
import { Charging } from './charging.js';
import type { CrawlReport } from './collect/collect.js';
import { crawlFacts } from './collect/crawl-facts.js';
import type { Item } from './collect/item.js';
import { createConnection, type Connection } from './connect/connection.js';
import type { ConnectSettings } from './connect/settings.js';
import { fitItem } from './fit-item.js';
import type { RunInput } from './input.js';
import { itemId } from './item-id.js';
import { LiveViewAddressError } from './live-view/address.js';
import { LiveViewPortTakenError, startLiveView, type LiveView } from './live-view/server.js';
import { forgetfulStore, recallConnection } from './memory.js';
import { missingPermission } from './platform/permissions.js';
import type { Platform } from './platform.js';
import { PREVIEW_ITEMS, previewOf } from './preview.js';
import { Progress, type SyncCounts } from './progress.js';
import type { Redactor } from './redact.js';
import type { Conclusion, ConnectionOutput } from './report.js';
import type { Sink, SinkContext } from './sinks/sink.js';
import { sinkWhenNeeded } from './sinks/sink-when-needed.js';
import { keepStatus } from './status.js';
import { createStopping, type Stopping } from './stopping.js';
import type { Store } from './store.js';

/** Everything that is up while the run works. */
export interface OpenRun {
  platform: Platform;
  input: RunInput;
  userId: string;
  progress: Progress;
  memory: Store;
  connection: Connection;
  liveView: LiveView | null;
  sink: Sink;
  stopping: Stopping;
  allowPrivateAddresses: boolean;
  liveViewOrigin(): string | null;
  storeItem(item: Item): Promise<void>;
  /** Throws when items could not be stored because the platform refuses it. */
  throwIfNotStored(): void;
  /** Resolves when the pages that `counts` tells of are charged; `null` counts as none. */
  settleCharges(counts: SyncCounts | null): Promise<void>;
  crawlEnded(report: CrawlReport): void;
  connectionOutput(): ConnectionOutput[];
  /**
   * Ends polling, timers and the live view, which stays up to `graceSecs` for somebody who watches.
   * @param end how the run ended, for the live view; `null` when it goes on elsewhere
   */
  close(end: Conclusion | null, graceSecs: number): Promise<void>;
}

/** Starts what runs beside the crawl: the look-up of the connection, the live view, the status message. */
export async function openRun(
  platform: Platform,
  settings: ConnectSettings,
  input: RunInput,
  redactor: Redactor,
): Promise<OpenRun> {
  const { env } = platform;
  const userId = env.userId ?? 'local';
  const progress = new Progress({
    runId: env.runId,
    userId: env.userId,
    startUrls: input.startUrls,
    dryRun: input.dryRun,
    destination: input.notionDatabase === null ? input.notionDatabaseTitle : null,
  });
  const memory = await openMemory(platform);
  const connection = createConnection({
    connector: 'notion',
    settings,
    userId,
    runId: env.runId,
    reconnect: mayReconnect(platform, input),
    hadEarlierSync: async () => (await recallConnection(memory, userId)) !== null,
    log: platform.log,
    onSecret: (secret) => redactor.add(secret),
  });
  connection.onChange(() => {
    progress.update('connect', connection.state());
  });
  progress.update('connect', { mode: connection.mode, ...connection.state() });
  connection.start();

  const liveView = await openLiveView(platform, progress, connection);
  const stopping = createStopping((listener) => platform.onStop(listener), env);
  const stopStatus = keepStatus(
    progress,
    (message) => platform.setStatus(message),
    () => liveView?.url ?? null,
  );
  let crawl: CrawlReport | null = null;
  let notStored: Error | null = null;
  const charging = new Charging({
    till: platform.till,
    itemsStored: platform.till !== null && platform.resumed ? (await platform.items(null)).count : 0,
    itemsArePaid: platform.env.isAtHome && input.datasetName === null,
    onLimit: (stage) => stopping.limitReached(stage),
    onFailure: (error) =>
      platform.log.warning(`Pages could not be charged. ${missingPermission(error)?.message ?? String(error)}`),
  });
  const charge = ({ created, updated, restored }: SyncCounts): void => {
    if (!input.dryRun) charging.confirmed(created + updated + restored);
  };

  const sinkContext: SinkContext = {
    input,
    userId,
    tokens: connection.tokens,
    memory,
    checkpoint: platform.checkpoint,
    crawl: () => (crawl === null ? null : crawlFacts(crawl, input)),
    budget: { reserve: () => input.dryRun || charging.reservePage(), release: () => charging.releasePage() },
    record: async (row, title) => {
      await platform.pushResult(row);
      const { url, action, notionUrl } = row;
      platform.log.debug('Item synced.', { item: itemId(row.key), url, action, notionUrl, reason: row.reason });
      if (row.action === 'unchanged') return;
      progress.addChange({ title, url, action, reason: row.error ?? row.reason ?? null, notionUrl });
    },
    onCounts: (counts) => {
      progress.update('sync', counts);
      charge(counts);
    },
    onPause: (pausedUntil) => progress.update('sync', { pausedUntil }),
    signal: stopping.writing,
    log: platform.log,
  };
  const sink = sinkWhenNeeded(async () => {
    const { createNotionSink } = await import('./sinks/notion/sink.js');
    return createNotionSink(sinkContext, settings.notion);
  });

  return {
    platform,
    input,
    userId,
    progress,
    memory,
    connection,
    liveView,
    sink,
    stopping,
    allowPrivateAddresses: !env.isAtHome || process.env.ALLOW_PRIVATE_ADDRESSES === '1',
    liveViewOrigin: () => (liveView ? new URL(liveView.url).origin : null),
    storeItem: async (found) => {
      const { item, cut } = fitItem(found);
      if (cut.length > 0) {
        platform.log.warning(
          `${item.url} is too long to be stored whole; the end of its ${cut.join(' and ')} is left out.`,
        );
      }
      try {
        await charging.storeItem(() => platform.pushItem(item));
      } catch (error) {
        notStored ??= missingPermission(error);
        if (notStored !== null) stopping.stopCollecting();
        throw error;
      }
      platform.log.debug('Item stored.', { item: itemId(item.key), url: item.url });
      if (progress.get().preview.length < PREVIEW_ITEMS) progress.addPreview(previewOf(item));
    },
    throwIfNotStored: () => {
      if (notStored !== null) throw notStored;
    },
    settleCharges: async (counts) => {
      if (counts !== null) charge(counts);
      await charging.settled();
    },
    crawlEnded: (report) => {
      crawl = report;
    },
    connectionOutput: () => {
      if (connection.mode !== 'per-user' && connection.mode !== 'shared') return [];
      const workspace = progress.get().connect.workspace?.name;
      const { connector, mode } = connection;
      return [{ connector, mode, state: connection.state().status, ...(workspace && { workspace }) }];
    },
    close: async (end, graceSecs) => {
      stopStatus();
      stopping.dispose();
      await connection.stop();
      if (end?.status === 'FAILED') progress.update('sync', { state: 'failed' });
      if (end) progress.finish({ status: end.status, message: end.message });
      await liveView?.close({ graceSecs: end ? graceSecs : 0 });
    },
  };
}

/**
 * Whether the page offers a new consent for a connection that works. Everybody who knows the page may take the offer, so
 * it is made only where the person who asked for it may be there to take it first.
 */
function mayReconnect({ env, log }: Platform, { reconnectNotion, authorizationWaitSecs }: RunInput): boolean {
  if (!reconnectNotion) return false;
  const offered = isAttended({ origin: env.origin, authorizationWaitSecs });
  log.warning(
    offered
      ? 'The input asks to reconnect: whoever opens the live view first can connect another workspace. Switch `reconnectNotion` off again after this run.'
      : 'The input asks to reconnect, but this run waits for nobody, so the connection stays as it is. Start the run from the Console to connect anew.',
  );
  return offered;
}

/** The memory of earlier runs. A run that cannot have it goes on without, and says so. */
async function openMemory(platform: Platform): Promise<Store> {
  const memory = await platform.openMemory().catch((error: unknown) => {
    platform.log.debug('The store of earlier runs cannot be opened.', { reason: String(error) });
    return null;
  });
  if (memory !== null) return memory;
  platform.log.warning(
    'The store of earlier runs cannot be used by this run, so it remembers nothing of them and will not be remembered.',
  );
  return forgetfulStore();
}

async function openLiveView(platform: Platform, progress: Progress, connection: Connection): Promise<LiveView | null> {
  const { env } = platform;
  try {
    return await startLiveView({
      port: env.liveView.port,
      baseUrl: env.liveView.url,
      progress,
      consent: connection,
      isAtHome: env.isAtHome,
      onFault: (what, error) =>
        platform.log.warning(what, { reason: error instanceof Error ? error.message : 'unknown' }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isSaid = error instanceof LiveViewPortTakenError || error instanceof LiveViewAddressError;
    platform.log.warning(
      isSaid ? reason : `This run has no live view: ${reason}. Check ACTOR_WEB_SERVER_URL and ACTOR_WEB_SERVER_PORT.`,
    );
    return null;
  }
}
