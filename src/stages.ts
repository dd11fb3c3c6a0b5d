import type { CrawlReport } from './collect/collect.js';
import type { Item } from './collect/item.js';
import { isRecordItem } from './collect/item.js';
import { createConnection, type Connection } from './connect/connection.js';
import type { ConnectSettings } from './connect/settings.js';
import type { RunInput } from './input.js';
import { LiveViewPortTakenError, startLiveView, type LiveView } from './live-view/server.js';
import { forgetfulStore, recallConnection } from './memory.js';
import type { Platform } from './platform.js';
import { Progress } from './progress.js';
import type { Redactor } from './redact.js';
import type { ConnectionOutput } from './report.js';
import { createNotionSink } from './sinks/notion/sink.js';
import type { Sink } from './sinks/sink.js';
import { keepStatus } from './status.js';
import { createStopping, type Stopping } from './stopping.js';
import type { Store } from './store.js';

/** Items shown on the live view before consent, and how much of each. */
const PREVIEW = { items: 3, characters: 4_000 } as const;

/** Everything that is up while the run works. */
export interface Stages {
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
  crawlEnded(report: CrawlReport): void;
  connectionOutput(): ConnectionOutput[];
  /** Ends the live view (after a grace for somebody who watches), polling and timers. */
  close(graceSecs: number): Promise<void>;
}

/** Starts what runs beside the crawl: the look-up of the connection, the live view, the status message. */
export async function openStages(
  platform: Platform,
  settings: ConnectSettings,
  input: RunInput,
  redactor: Redactor,
): Promise<Stages> {
  const { env } = platform;
  const userId = env.userId ?? 'local';
  const progress = new Progress({
    runId: env.runId,
    userId: env.userId,
    startUrls: input.startUrls,
    dryRun: input.dryRun,
    destination: input.notionDatabase === null ? input.notionDatabaseTitle : null,
  });
  const memory = (await platform.openMemory()) ?? refusedMemory(platform);
  const connection = createConnection({
    connector: 'notion',
    settings,
    userId,
    runId: env.runId,
    reconnect: input.reconnectNotion,
    hadEarlierSync: async () => (await recallConnection(memory, userId)) !== null,
    log: platform.log,
    onSecret: (secret) => redactor.add(secret),
  });
  connection.onChange(() => {
    const { status, need, offersConsent, problem } = connection.state();
    progress.update('connect', { status, need, offersConsent, problem });
  });
  progress.update('connect', { mode: connection.mode });
  connection.start();

  const liveView = await openLiveView(platform, progress, connection);
  const stopping = createStopping((listener) => platform.onStop(listener), env);
  const stopStatus = keepStatus(
    progress,
    (message) => platform.setStatus(message),
    () => liveView?.url ?? null,
  );
  let crawl: CrawlReport | null = null;

  const sink = createNotionSink(
    {
      input,
      userId,
      tokens: connection.tokens,
      memory,
      checkpoint: platform.checkpoint,
      crawlComplete: () => crawl?.complete ?? false,
      record: async (row, title) => {
        await platform.pushResult(row);
        if (row.action === 'unchanged') return;
        const { url, action, notionUrl } = row;
        progress.addChange({ title, url, action, reason: row.error ?? row.reason ?? null, notionUrl });
      },
      onCounts: (counts) => progress.update('sync', counts),
      onPause: (pausedUntil) => progress.update('sync', { pausedUntil }),
      signal: stopping.writing,
      log: platform.log,
    },
    settings.notion,
  );

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
    storeItem: async (item) => {
      await platform.pushItem(item);
      if (progress.get().preview.length < PREVIEW.items) progress.addPreview(previewOf(item));
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
    close: async (graceSecs) => {
      stopStatus();
      stopping.dispose();
      await connection.stop();
      await liveView?.close({ graceSecs });
    },
  };
}

function refusedMemory(platform: Platform): Store {
  platform.log.warning(
    'The store of earlier runs is refused to this run, so it remembers nothing of them and will not be remembered.',
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
    if (!(error instanceof LiveViewPortTakenError)) throw error;
    platform.log.warning(error.message);
    return null;
  }
}

function previewOf(item: Item): { title: string; url: string; markdown: string } {
  if (!isRecordItem(item)) {
    const { title } = item.metadata;
    return { title: title ?? item.url, url: item.url, markdown: item.markdown.slice(0, PREVIEW.characters) };
  }
  const fields = Object.entries(item.record).map(([name, value]) => `- **${name}**: ${String(value ?? '')}`);
  const title = String(Object.values(item.record).find((value) => typeof value === 'string') ?? item.url);
  return { title, url: item.url, markdown: fields.join('\n').slice(0, PREVIEW.characters) };
}
