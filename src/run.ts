import { preflight } from './check-sink.js';
import type { ConnectSettings } from './connect/settings.js';
import { databasePage } from './database-page.js';
import { RunError } from './errors.js';
import { gather } from './gather.js';
import { parseInput, type RunInput } from './input.js';
import { openRun, type OpenRun } from './open-run.js';
import { missingPermission } from './platform/permissions.js';
import type { Platform } from './platform.js';
import type { Redactor } from './redact.js';
import { conclude, outputOf, type Conclusion, type RunFacts } from './report.js';
import { inputSecrets } from './secrets.js';
import { sync } from './sync.js';

/** How long the live view stays up for somebody who has it open when the run ends. */
const LIVE_VIEW_GRACE_SECS = 5;

/**
 * One run: input → connect (beside) → collect → wait for consent → sync → report (design §1).
 * @param redactor learns every secret that turns up on the way
 * @returns how the run ends, or `null` when it is being moved to another machine and goes on there
 */
export async function run(
  platform: Platform,
  settings: ConnectSettings,
  redactor: Redactor,
): Promise<Conclusion | null> {
  const facts: RunFacts = emptyFacts(platform);
  let opened: OpenRun | null = null;
  try {
    const input = await readInput(platform, redactor);
    facts.dryRun = input.dryRun;
    // The name of a private dataset, never its id: whoever reads the message could open it by that.
    facts.datasetId = input.datasetId ?? input.datasetName ?? facts.datasetId;
    if (input.datasetName !== null) {
      facts.emptiedOnStart = false;
      await platform.keepPrivate(input.datasetName);
    }
    opened = await openRun(platform, settings, input, redactor);
    await preflight(opened);
    const items = await gather(opened, facts);
    if (items.count > 0) await sync(opened, items, facts);
  } catch (error) {
    facts.error = missingPermission(error) ?? error;
  }
  await opened?.settleCharges(facts.sync);
  if (opened?.stopping.cause() === 'migrating') {
    await opened.close(null, 0);
    return null;
  }
  facts.connections = opened?.connectionOutput() ?? [];
  if (opened?.input.dryRun && opened.input.datasetName === null) facts.planned = opened.progress.get().changes;
  const conclusion = await report(platform, facts, redactor);
  await opened?.close(conclusion, LIVE_VIEW_GRACE_SECS);
  // What was cut, or failed with items stored, may be resumed and goes on from there.
  const itemsStored = opened?.progress.get().collect.itemsStored ?? 0;
  const goesOn = facts.stopped !== null || (conclusion.status === 'FAILED' && itemsStored > 0);
  if (!goesOn) await platform.dropWorkings();
  return conclusion;
}

async function readInput(platform: Platform, redactor: Redactor): Promise<RunInput> {
  const { input, warnings } = parseInput(await platform.readInput());
  for (const secret of inputSecrets(input)) redactor.add(secret);
  for (const warning of warnings) platform.log.warning(warning);
  if (input.debugLog) platform.log.showDebug();
  return input;
}

function emptyFacts(platform: Platform): RunFacts {
  return {
    crawl: null,
    items: null,
    emptiedOnStart: !platform.env.isAtHome,
    datasetId: platform.env.defaultDatasetId,
    connections: [],
    workspace: null,
    sync: null,
    dryRun: false,
    planned: null,
    notConnected: null,
    stopped: null,
    error: null,
  };
}

/** Writes OUTPUT and says how the run ended. */
async function report(platform: Platform, facts: RunFacts, redactor: Redactor): Promise<Conclusion> {
  const end = conclude(facts);
  const conclusion = { ...end, message: redactor.text(end.message) };
  await platform.setRecord('OUTPUT', outputOf(facts, conclusion));
  const databaseUrl = facts.sync?.destination?.databaseUrl;
  if (databaseUrl) await platform.setRecord('NOTION_DATABASE', databasePage(databaseUrl));
  if (facts.error instanceof RunError && facts.error.detail) platform.log.info(`For support: ${facts.error.detail}`);
  return conclusion;
}
