import { SILENT } from '../../src/log.js';
import { createConnection } from '../../src/connect/connection.js';
import { openScalekit } from '../../src/connect/scalekit.js';
import type { CommandContext } from '../operator/command.js';
import { wrap } from '../operator/table.js';
import { showMark } from './check.js';
import { openBench, whoAmI, type Bench } from './bench.js';
import { PROBES, type Observation, type Probe } from './probes.js';

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
  let differ = 0;
  let told = 0;
  try {
    const probes = connection.mode === 'token' ? PROBES : [...PROBES, tokenProbe(context, user)];
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
    await connection.stop();
  }
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
  for (const [name, text] of [
    ['assumed', assumed],
    ['observed', observed],
  ] as const) {
    wrap(text, WIDTH).forEach((line, index) => terminal.say(`        ${(index === 0 ? name : '').padEnd(8)}  ${line}`));
  }
}

/** A second read of the token, as after a 401: Notion must take what comes. */
function tokenProbe({ settings, onSecret }: CommandContext, user: string): Probe {
  return {
    fact: 'The token, read twice',
    assumed: 'works both times',
    run: async (bench) => {
      if (settings.scalekit === null) return { holds: false, observed: 'Scalekit is not configured' };
      const { identifier, connectionName } = settings.connectors.notion;
      const gateway = openScalekit(settings.scalekit);
      const tokens: string[] = [];
      for (let read = 1; read <= 2; read++) {
        const { accessToken } = await gateway.readToken({ connectionName, identifier: identifier ?? user });
        onSecret(accessToken);
        const me = await bench.attempt(() => whoAmI(bench.client, accessToken));
        if (!me.ok) return { holds: false, observed: `read ${read}: ${me.refusal}` };
        tokens.push(accessToken);
      }
      return { holds: true, observed: `works both times (${tokens[0] === tokens[1] ? 'the same' : 'a new'} one)` };
    },
  };
}
