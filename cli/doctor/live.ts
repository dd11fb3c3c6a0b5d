import { SILENT } from '../../src/log.js';
import { createConnection } from '../../src/connect/connection.js';
import type { CommandContext } from '../operator/command.js';
import { wrap } from '../operator/table.js';
import { showMark } from './check.js';
import { operatorScalekit } from '../operator/scalekit.js';
import { openBench, type Bench } from './bench.js';
import { PROBES, type Observation, type Probe } from './probes.js';
import { ROW_PROBES } from './row-probes.js';
import { scalekitProbes, type ScalekitProbeOptions } from './scalekit-probes.js';
import { UNTRIED } from './untried.js';

export interface LiveOptions {
  /** The scratch page, as a person copies its address. */
  page: string;
  /** Whose connection is used. */
  user: string;
}

/** Lines longer than this are broken. */
const WIDTH = 100;

/**
 * Tries each assumption on the real vendors, prints assumed against observed, and clears away what it made.
 * @returns true when everything was as assumed and nothing is left over
 */
export async function liveProbes(context: CommandContext, { page, user }: LiveOptions): Promise<boolean> {
  const { settings, terminal, signal, onSecret } = context;
  const connection = createConnection({
    connector: 'notion',
    settings,
    userId: user,
    runId: null,
    reconnect: false,
    hadEarlierSync: async () => false,
    log: SILENT,
    onSecret,
  });
  const token = () => connection.tokens.get();
  const bench = await openBench(settings.notion, token, page);
  const scalekit = connection.mode === 'token' ? null : scalekitSide(context, user);
  let differ = 0;
  let told = 0;
  try {
    const probes = [...PROBES, ...ROW_PROBES, ...(scalekit === null ? [] : scalekitProbes(scalekit))];
    for (const probe of probes) {
      if (signal.aborted) break;
      const seen = await observe(probe, bench);
      tell(terminal, probe, seen);
      told += 1;
      if (!seen.holds) differ += 1;
    }
  } finally {
    const { cleared, left } = await bench.clear();
    terminal.say(`Cleared away: ${cleared} ${cleared === 1 ? 'database' : 'databases'} moved to the trash.`);
    for (const id of left)
      terminal.complain(`Still there, delete it in Notion: https://www.notion.so/${id.replaceAll('-', '')}`);
    if (left.length > 0) differ += 1;
    if (scalekit !== null && !(await isScratchGone(scalekit))) {
      terminal.complain(`Still there: npm run accounts -- disconnect ${scalekit.scratch.identifier}`);
      differ += 1;
    }
    await connection.stop();
  }
  if (scalekit === null) terminal.say('Scalekit was not tried: NOTION_TOKEN is used here.');
  terminal.say('\nTaken for granted, and not to be tried by a command:');
  for (const { fact, assumed } of UNTRIED) {
    terminal.say(`${showMark('open', terminal.coloured)}  ${fact}`);
    line(terminal, 'assumed', assumed);
  }
  terminal.say('');
  if (signal.aborted) terminal.complain('Stopped before all facts were tried.');
  else terminal.say(`${told} facts tried, ${differ} not as assumed.`);
  return differ === 0 && !signal.aborted;
}

async function observe(probe: Probe, bench: Bench): Promise<Observation> {
  try {
    return await probe.run(bench);
  } catch (error) {
    return { holds: false, observed: `could not be tried: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function tell(terminal: CommandContext['terminal'], { fact, assumed }: Probe, { holds, observed }: Observation): void {
  terminal.say(`${showMark(holds ? 'ok' : 'fix', terminal.coloured)}  ${fact}`);
  line(terminal, 'assumed', assumed);
  line(terminal, 'observed', observed);
}

function line(terminal: CommandContext['terminal'], name: string, text: string): void {
  wrap(text, WIDTH).forEach((part, index) => terminal.say(`        ${(index === 0 ? name : '').padEnd(8)}  ${part}`));
}

function scalekitSide({ settings, onSecret }: CommandContext, user: string): ScalekitProbeOptions {
  const { identifier, connectionName } = settings.connectors.notion;
  return {
    gateway: operatorScalekit(settings),
    account: { connectionName, identifier: identifier ?? user },
    scratch: { connectionName, identifier: `doctor-${Date.now()}` },
    onSecret,
  };
}

/** True when the account that nobody has is gone, whichever probe was the last. */
async function isScratchGone({ gateway, scratch }: ScalekitProbeOptions): Promise<boolean> {
  try {
    await gateway.deleteAccount(scratch);
    return true;
  } catch {
    return false;
  }
}
