import { createInterface } from 'node:readline';
import type { ActorRun, ApifyClient } from 'apify-client';
import type { Terminal } from '../operator/command.js';
import { isRefusedToken } from './refusals.js';

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED-OUT']);
/** The platform holds an answer back this long while nothing ends. */
const POLL_SECS = 3;
/** How a run that waits for a person says where. */
const WAITING = /^Waiting .* connect Notion at (\S+?)\.( |$)/;
const STATUS_IN_LOG = '[Status message]:';

/**
 * Shows the run's log and status until it has ended.
 * @param signal stops the showing, not the run
 * @returns the exit code: 0 when the run succeeded, or when showing was stopped
 */
export async function follow(
  client: ApifyClient,
  runId: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const log = showLog(client, runId, terminal, signal);
  let told = '';
  let asked = false;
  for (;;) {
    const run = await client.run(runId).get({ waitForFinish: POLL_SECS });
    if (run === undefined) throw new Error(`Apify no longer knows the run ${runId}.`);
    const status = run.statusMessage ?? '';
    if (status !== told && status !== '') terminal.say(`  ${status}`);
    told = status;
    const page = WAITING.exec(status)?.[1];
    if (page !== undefined && !asked) terminal.say(`Open this page and choose Connect Notion: ${page}`);
    asked ||= page !== undefined;
    if (ENDED.has(run.status)) {
      await log;
      return tellEnd(client, run, terminal);
    }
    if (signal.aborted) {
      terminal.say(`The run goes on. To look again: npm run actor -- status ${runId}`);
      return 0;
    }
    // Where the platform does not hold answers back, this keeps the pace.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** How a run stands, in a few lines. */
export async function tellRun(client: ApifyClient, run: ActorRun, terminal: Terminal): Promise<number> {
  if (ENDED.has(run.status)) return tellEnd(client, run, terminal);
  terminal.say(`${run.status.toLowerCase()}: ${run.statusMessage ?? 'no message yet'}`);
  if (run.containerUrl) terminal.say(`Live view: ${run.containerUrl}`);
  return 0;
}

async function tellEnd(client: ApifyClient, run: ActorRun, terminal: Terminal): Promise<number> {
  const database = await databaseOf(client, run);
  if (database !== null) terminal.say(`The pages: ${database}`);
  const [shape, word] = run.status === 'SUCCEEDED' ? ['●', 'Done'] : ['✕', run.status.toLowerCase()];
  terminal.say(`${shape} ${word}  ${run.statusMessage ?? ''}`.trimEnd());
  return run.status === 'SUCCEEDED' ? 0 : 1;
}

/** The address of the Notion database; without the right to read the report there is none. */
async function databaseOf(client: ApifyClient, run: ActorRun): Promise<string | null> {
  try {
    const record = await client.keyValueStore(run.defaultKeyValueStoreId).getRecord('OUTPUT');
    const output = record?.value as { notion?: { databaseUrl?: string | null } | null } | undefined;
    return output?.notion?.databaseUrl ?? null;
  } catch (error) {
    if (isRefusedToken(error)) return null;
    throw error;
  }
}

/** Log lines as they come; the status message is shown on its own. */
async function showLog(client: ApifyClient, runId: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  try {
    const stream = await client.run(runId).log().stream();
    if (stream === undefined) return;
    signal.addEventListener('abort', () => stream.destroy());
    for await (const line of createInterface({ input: stream })) {
      if (line.trim() !== '' && !line.includes(STATUS_IN_LOG)) terminal.say(line);
    }
  } catch (error) {
    if (signal.aborted) return;
    terminal.complain(
      isRefusedToken(error)
        ? 'The log is not shown: the token needs "Read" on Actor runs.'
        : 'The log is not shown: it could not be read.',
    );
  }
}
