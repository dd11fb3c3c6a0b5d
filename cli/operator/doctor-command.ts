import { parseArgs } from 'node:util';
import { showMark, type Check } from '../doctor/check.js';
import { liveProbes, type LiveOptions } from '../doctor/live.js';
import { browserCheck, liveViewChecks, notionCheck } from '../doctor/local-checks.js';
import { scalekitChecks } from '../doctor/scalekit-checks.js';
import { orStopped, UsageError, type Command, type CommandContext } from './command.js';
import { wrap } from './table.js';

const USAGE = `Usage: npm run doctor [-- --live --page ADDRESS [--user USER]]

  Without options it checks the configuration and changes nothing.
  --live  tries, with real credentials, each fact about Notion and Scalekit that no document states for certain
  --page  a scratch page in Notion that the connection may write to; what is made there is moved to the trash again
  --user  whose connection is used: an Apify user id; default APIFY_USER_ID, else local`;

const WIDTH = 100;

export const doctorCommand: Command = {
  usage: USAGE,
  run: async (context) => {
    const live = parse(context);
    const { terminal, signal } = context;
    const checks = await orStopped(allChecks(context), signal);
    print(context, checks);
    const faults = checks.filter(({ mark }) => mark === 'fix').length;
    const verdict = faults === 0 ? 'Nothing to put right.' : `${faults} to put right; docs/operate.md says how.`;
    if (live === null) {
      if (faults === 0) terminal.say(verdict);
      else terminal.complain(verdict);
      return faults === 0 ? 0 : 1;
    }
    terminal.say(`${verdict}\n`);
    const asAssumed = await liveProbes(context, live);
    return faults === 0 && asAssumed ? 0 : 1;
  },
};

async function allChecks({ settings, env }: CommandContext): Promise<Check[]> {
  return [
    ...(await scalekitChecks(settings)),
    await notionCheck(settings),
    await browserCheck(env),
    ...(await liveViewChecks(env)),
  ];
}

function parse({ args, env }: CommandContext): LiveOptions | null {
  const values = read(args);
  if (values.live !== true) {
    if (values.page !== undefined || values.user !== undefined) throw new UsageError('--page and --user need --live.');
    return null;
  }
  if (values.page === undefined) throw new UsageError('--live needs --page with the address of a scratch page.');
  return { page: values.page, user: values.user ?? env.APIFY_USER_ID ?? 'local' };
}

function read(args: string[]): { live?: boolean; page?: string; user?: string } {
  try {
    const options = { live: { type: 'boolean' }, page: { type: 'string' }, user: { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message.split('.')[0]}.` : String(error));
  }
}

function print({ terminal }: CommandContext, checks: Check[]): void {
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, mark, found } of checks) {
    wrap(found, WIDTH - width).forEach((line, index) => {
      const head = index === 0 ? `${name.padEnd(width)}  ${showMark(mark, terminal.coloured)}` : ' '.repeat(width + 8);
      terminal.say(`${head}  ${line}`);
    });
  }
}
