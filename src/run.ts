import { setTimeout as sleep } from 'node:timers/promises';
import { collect } from './collect/collect.js';
import type { Item } from './collect/item.js';
import type { ConnectSettings } from './connect/settings.js';
import { ConnectionLostError, DestinationError, OtherWorkspaceError, RunError } from './errors.js';
import { parseInput, type RunInput } from './input.js';
import type { Redactor } from './redact.js';
import { recallConnection, rememberConnection } from './memory.js';
import type { Platform } from './platform.js';
import { conclude, outputOf, type Conclusion, type RunFacts } from './report.js';
import type { ItemSource, SinkCheck } from './sinks/sink.js';
import { openStages, type Stages } from './stages.js';
import { waitForConsent } from './waiting.js';

/** How long the crawl is held back for the first answer about the connection, so that a bad destination costs nothing. */
const PREFLIGHT_MS = 5_000;
/** How long the live view stays up for somebody who has it open when the run ends. */
const LIVE_VIEW_GRACE_SECS = 5;

/**
 * One run: input → connect (beside) → collect → wait for consent → sync → report (design §1).
 * @returns how the run ends, or `null` when it is being moved to another machine and goes on there
 */
export async function run(
  platform: Platform,
  settings: ConnectSettings,
  redactor: Redactor,
): Promise<Conclusion | null> {
  const facts: RunFacts = emptyFacts(platform);
  let input: RunInput;
  try {
    const parsed = parseInput(await platform.readInput());
    for (const warning of parsed.warnings) platform.log.warning(warning);
    input = parsed.input;
  } catch (error) {
    return report(platform, { ...facts, error });
  }

  if (input.debugLog) platform.log.showDebug();
  facts.dryRun = input.dryRun;
  facts.datasetId = input.datasetId ?? facts.datasetId;
  const stages = await openStages(platform, settings, input, redactor);
  try {
    const checked = await preflight(stages);
    const items = await gather(stages, facts);
    if (stages.stopping.cause() === 'migrating') return null;
    if (items.count > 0) await sync(stages, facts, items, checked);
  } catch (error) {
    facts.error = error;
  }
  if (stages.stopping.cause() === 'migrating') return null;

  const connection = stages.connection.state();
  facts.connections = stages.connectionOutput();
  if (facts.error !== null) stages.progress.update('sync', { state: 'failed' });
  const conclusion = await report(platform, facts);
  stages.progress.update('connect', { offersConsent: false, waitingUntil: null, status: connection.status });
  stages.progress.finish({ status: conclusion.status, message: conclusion.message });
  await stages.close(LIVE_VIEW_GRACE_SECS);
  return conclusion;
}

function emptyFacts(platform: Platform): RunFacts {
  return {
    crawl: null,
    items: null,
    datasetId: platform.env.defaultDatasetId,
    connections: [],
    workspace: null,
    sync: null,
    dryRun: false,
    notConnected: null,
    stopped: null,
    error: null,
  };
}

/** Checks the destination before anything is spent, when the connection is ready by then. */
async function preflight(stages: Stages): Promise<SinkCheck | null> {
  const { connection, platform } = stages;
  await Promise.race([connection.ready(), sleep(PREFLIGHT_MS, undefined, { ref: false })]);
  if (connection.state().status !== 'ACTIVE') return null;
  try {
    return await checkSink(stages);
  } catch (error) {
    if (error instanceof DestinationError || error instanceof OtherWorkspaceError) throw error;
    // Anything else may pass while the crawl runs; the sync asks again.
    platform.log.warning('Notion could not be checked before the crawl; it is asked again afterwards.', {
      reason: error instanceof Error ? error.message : String(error),
    });
    return null;
  }
}

/** Whose workspace is it, is it the one that earlier runs wrote to, and can the destination be used? */
async function checkSink(stages: Stages): Promise<SinkCheck> {
  const { sink, memory, input, progress, userId } = stages;
  const check = await sink.check();
  const remembered = await recallConnection(memory, userId);
  if (remembered && remembered.botId !== check.workspace.botId && !input.reconnectNotion) {
    throw new OtherWorkspaceError(
      `Notion is now connected to "${check.workspace.name}", but earlier runs wrote to "${remembered.workspaceName}". ` +
        'Nothing was written. To go on in the new workspace, start the run once with `reconnectNotion` switched on.',
      { detail: `bot ${check.workspace.botId}, remembered ${remembered.botId}` },
    );
  }
  const { name, userName } = check.workspace;
  progress.update('connect', { workspace: { name, userName } });
  return check;
}

/** What an earlier part of this run has stored already. */
async function* storedItems(platform: Platform): AsyncIterable<Item> {
  for await (const { item } of (await platform.items(null)).entries()) yield item;
}

/** Fills the dataset by a crawl, or opens the one that the input names. */
async function gather(stages: Stages, facts: RunFacts): Promise<ItemSource> {
  const { platform, input, progress, stopping } = stages;
  if (input.datasetId !== null) {
    const items = await openDataset(platform, input.datasetId);
    facts.items = items.count;
    progress.update('collect', { state: 'skipped', itemsStored: items.count });
    return items;
  }
  progress.update('collect', { state: 'running' });
  const crawl = await collect({
    input,
    proxyConfiguration: await platform.proxy(input.proxyConfiguration),
    onItem: (item) => stages.storeItem(item),
    onProgress: (counts) => progress.update('collect', counts),
    state: platform.checkpoint,
    signal: stopping.collecting,
    isAtHome: platform.env.isAtHome,
    allowPrivateAddresses: stages.allowPrivateAddresses,
    ownOrigin: stages.liveViewOrigin(),
    log: platform.log,
    ...(platform.resumed && { storedItems: storedItems(platform) }),
  });
  if (stopping.collecting.aborted) facts.stopped = cutBy(stages);
  const { gone, skippedUrls, failures, ...counts } = crawl;
  facts.crawl = { ...counts, failures: failures.slice(0, 100) };
  stages.crawlEnded(crawl);
  await platform.setRecord('COVERAGE', { failed: failures, skipped: skippedUrls, gone });
  const items = await platform.items(null);
  facts.items = items.count;
  progress.update('collect', { state: 'done', itemsStored: items.count });
  return items;
}

async function openDataset(platform: Platform, datasetId: string): Promise<ItemSource> {
  try {
    return await platform.items(datasetId);
  } catch (error) {
    throw new RunError(
      `The dataset "${datasetId}" cannot be read. Check \`datasetId\`, and that this run may read it.`,
      { cause: error, detail: error instanceof Error ? error.message : String(error) },
    );
  }
}

/** Waits for consent where a person can give it, then writes. A connection lost midway gets one more chance. */
async function sync(stages: Stages, facts: RunFacts, items: ItemSource, checked: SinkCheck | null): Promise<void> {
  const { connection, sink, progress, memory, userId, input, stopping } = stages;
  const crawlEndedAt = Date.now();
  for (let attempt = 1; ; attempt++) {
    const active = await waitForConsent(stages, crawlEndedAt);
    if (stopping.cause() === 'migrating') return;
    if (!active) {
      const failure = connection.failure();
      if (failure) throw failure;
      if (connection.state().need === 'lost') throw lostError(facts);
      facts.notConnected = connection.mode === 'none' ? 'not-configured' : 'never';
      return;
    }
    try {
      const check: SinkCheck = (attempt === 1 ? checked : null) ?? (await checkSink(stages));
      facts.workspace = check.workspace;
      if (!input.dryRun) await rememberConnection(memory, userId, check.workspace);
      progress.update('sync', { state: 'running', total: items.count });
      facts.sync = await sink.sync(items);
      if (!facts.sync.finished) facts.stopped ??= cutBy(stages);
      progress.update('sync', { state: 'done', databaseUrl: facts.sync.destination?.databaseUrl ?? null });
      return;
    } catch (error) {
      facts.sync = sink.partialReport();
      if (!(error instanceof ConnectionLostError) || attempt > 1) throw error;
      connection.reportLost();
    }
  }
}

function lostError(facts: RunFacts): ConnectionLostError {
  const whose = facts.workspace ? ` to "${facts.workspace.name}"` : '';
  return new ConnectionLostError(
    `The connection${whose} was lost. Start this Actor once from the Console and choose Connect Notion to reconnect.`,
  );
}

function cutBy(stages: Stages): RunFacts['stopped'] {
  const cause = stages.stopping.cause();
  return cause === 'migrating' ? null : cause;
}

/** Writes OUTPUT and says how the run ended. */
async function report(platform: Platform, facts: RunFacts): Promise<Conclusion> {
  const conclusion = conclude(facts);
  await platform.setRecord('OUTPUT', outputOf(facts, conclusion));
  if (facts.error instanceof RunError && facts.error.detail) platform.log.info(`For support: ${facts.error.detail}`);
  return conclusion;
}
