import { checkSink } from './check-sink.js';
import { ConnectionLostError } from './errors.js';
import { rememberConnection } from './memory.js';
import type { OpenRun } from './open-run.js';
import type { RunFacts } from './report.js';
import type { ItemSource } from './sinks/sink.js';
import { waitForConsent } from './waiting.js';

/**
 * Waits for consent where a person can give it, then writes; what came of it goes into `facts`. A connection that is
 * lost midway gets one more chance, while a person can be there.
 * @throws the RunError that ends the run
 */
export async function sync(run: OpenRun, items: ItemSource, facts: RunFacts): Promise<void> {
  const { connection, progress, stopping } = run;
  let since = Date.now();
  for (let attempt = 1; ; attempt++) {
    const usable = await waitForConsent(run, since);
    if (stopping.cause() === 'migrating') return;
    if (!usable) {
      const failure = connection.failure();
      if (failure) throw failure;
      if (connection.state().need === 'lost') throw lostError(run, facts);
      facts.notConnected = connection.mode === 'none' ? 'not-configured' : 'never';
      return;
    }
    try {
      await write(run, items, facts);
      progress.update('sync', { state: 'done', databaseUrl: facts.sync?.destination?.databaseUrl ?? null });
      return;
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      if (connection.mode === 'token' || attempt > 1) throw lostError(run, facts, error);
      connection.reportLost();
      // However long the writing took, a person gets the whole wait again.
      since = Date.now();
    }
  }
}

async function write(run: OpenRun, items: ItemSource, facts: RunFacts): Promise<void> {
  const { sink, progress, memory, userId, input, stopping } = run;
  // Asked anew each time: since an earlier check a person may have connected another workspace.
  const check = await checkSink(run);
  facts.workspace = check.workspace;
  if (!input.dryRun) await rememberConnection(memory, userId, check.workspace);
  progress.update('sync', { state: 'running', total: items.count });
  try {
    facts.sync = await sink.sync(items);
  } catch (error) {
    facts.sync = sink.partialReport();
    throw error;
  }
  if (!facts.sync.finished) facts.stopped ??= stopping.cause();
}

function lostError(run: OpenRun, facts: RunFacts, cause?: ConnectionLostError): ConnectionLostError {
  const detail = cause?.detail ?? undefined;
  if (run.connection.mode === 'token') {
    return new ConnectionLostError(
      'Notion refuses the token in NOTION_TOKEN. Check that it is complete and has not been revoked.',
      { cause, detail },
    );
  }
  const whose = facts.workspace ? ` to "${facts.workspace.name}"` : '';
  return new ConnectionLostError(
    `The connection${whose} was lost. Start this Actor once from the Console and choose Reconnect Notion.`,
    { cause, detail },
  );
}
