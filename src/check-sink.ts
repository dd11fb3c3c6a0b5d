import { setTimeout as sleep } from 'node:timers/promises';
import { DestinationError, OtherWorkspaceError } from './errors.js';
import { recallConnection } from './memory.js';
import type { OpenRun } from './open-run.js';
import type { SinkCheck } from './sinks/sink.js';

/** How long the crawl is held back for a first look at the destination, so that a bad one costs nothing. */
const PREFLIGHT_MS = 5_000;

/**
 * Checks the destination before anything is spent, when the connection is ready by then. Whatever else is wrong may
 * pass while the crawl runs, or a person may put it right: the check before the sync asks again.
 * @throws DestinationError, OtherWorkspaceError
 */
export async function preflight(run: OpenRun): Promise<void> {
  await Promise.race([checkWhenReady(run), sleep(PREFLIGHT_MS, undefined, { ref: false })]);
}

async function checkWhenReady(run: OpenRun): Promise<void> {
  const { connection, platform } = run;
  await connection.ready();
  const { status, need } = connection.state();
  // Somebody who is about to connect anew may connect another workspace.
  if (status !== 'ACTIVE' || need !== 'nothing') return;
  try {
    await checkSink(run);
  } catch (error) {
    if (error instanceof DestinationError || error instanceof OtherWorkspaceError) throw error;
    platform.log.warning('Notion could not be checked before the crawl; it is asked again afterwards.', {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

/**
 * Whose workspace is it, is it the one that earlier runs wrote to, and can the destination be used?
 * @throws OtherWorkspaceError, and what `Sink.check` throws
 */
export async function checkSink(run: OpenRun): Promise<SinkCheck> {
  const { sink, memory, input, progress, userId, platform } = run;
  const check = await sink.check();
  const remembered = await recallConnection(memory, userId);
  const isOther = remembered !== null && remembered.botId !== check.workspace.botId;
  if (isOther && !input.reconnectNotion) {
    throw new OtherWorkspaceError(
      `Notion is now connected to "${check.workspace.name}", but earlier runs wrote to "${remembered.workspaceName}". ` +
        'Nothing was written. To go on in the new workspace, start the run once with `reconnectNotion` switched on.',
      { detail: `bot ${check.workspace.botId}, remembered ${remembered.botId}` },
    );
  }
  const { name, userName } = check.workspace;
  if (isOther) {
    platform.log.warning(
      `Earlier runs wrote to "${remembered.workspaceName}"; \`reconnectNotion\` is on, so this run goes on in "${name}".`,
    );
  }
  progress.update('connect', { workspace: { name, userName } });
  return check;
}
