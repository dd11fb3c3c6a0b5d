import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ApifyClient } from 'apify-client';
import { UsageError, type Command, type CommandContext, type Terminal } from '../operator/command.js';
import { openClient } from './client.js';
import { follow, tellRun } from './follow.js';
import { tellItems } from './items.js';
import { explain } from './refusals.js';
import { isCron, setSchedule } from './schedule.js';

const USAGE = `Usage: npm run actor -- <command>

  start     --actor user/name | --task user/name  [--input file.json] [--detach]
            Starts a run and shows its log until it ends. With --task the file overrides the saved input.
  schedule  --actor user/name | --task user/name  --cron "0 6 * * *"  [--input file.json] [--name text] [--timezone Europe/Berlin]
            Creates the schedule of that name, or changes it; without --input or --timezone those stay as they were.
            An Actor needs an input file the first time; with --task the file overrides the saved input.
  status    RUN     How a run stands, and where its live view is.
  resurrect RUN     Goes on with a run that has ended.
  items     RUN     The collected items, one JSON object a line. For a file: npm run -s actor -- items RUN > items.jsonl

The token is APIFY_TOKEN, else that of \`apify login\`. A scoped token needs:
  start     "Run" on the Actor (for a task also "Read" on the task), "Read" on Actor runs
  schedule  "Read" and "Write" on schedules, "Run" on the Actor (for a task: "Read" on the task)
  status    "Read" on Actor runs
  items     "Read" on Actor runs and datasets (for a private dataset also on key-value stores)
  resurrect "Write" on Actor runs, "Run" on the Actor
Access to the run's default storages shows the result as well.`;

const OPTIONS = {
  actor: { type: 'string' },
  task: { type: 'string' },
  input: { type: 'string' },
  detach: { type: 'boolean' },
  cron: { type: 'string' },
  name: { type: 'string' },
  timezone: { type: 'string' },
} as const;

type Options = Partial<Record<'actor' | 'task' | 'input' | 'cron' | 'name' | 'timezone', string>> & {
  detach?: boolean;
};

export const actorCommand: Command = {
  usage: USAGE,
  run: async ({ args, env, terminal, signal, onSecret }: CommandContext) => {
    const { name, operand, options } = read(args);
    const client = openClient(env, onSecret);
    try {
      switch (name) {
        case 'start':
          return await start(client, options, terminal, signal);
        case 'schedule':
          return await schedule(client, options, terminal);
        case 'status':
          return await tellRun(client, await runOf(client, operand), terminal);
        case 'resurrect': {
          const run = await client.run(operand).resurrect();
          terminal.say(`Resurrected the run ${run.id}.`);
          return await follow(client, run.id, terminal, signal);
        }
        case 'items':
          return await tellItems(client, await runOf(client, operand), terminal);
      }
    } catch (error) {
      throw explain(error);
    }
  },
};

async function start(client: ApifyClient, options: Options, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const target = targetOf(options);
  const input = readInput(options.input);
  const run =
    'task' in target
      ? await client.task(target.task).start(input ?? {})
      : await client.actor(target.actor).start(input ?? {});
  terminal.say(`Started the run ${run.id}: https://console.apify.com/actors/runs/${run.id}`);
  if (run.containerUrl) terminal.say(`Live view, for you to connect Notion: ${run.containerUrl}`);
  return options.detach ? 0 : follow(client, run.id, terminal, signal);
}

async function schedule(client: ApifyClient, options: Options, terminal: Terminal): Promise<number> {
  const { cron = '', name = 'website-to-notion', timezone = null } = options;
  if (!isCron(cron)) throw new UsageError('schedule needs --cron with five fields such as "0 6 * * *", or @daily.');
  const input = readInput(options.input);
  await setSchedule(client, { name, cron, timezone, target: targetOf(options), input }, terminal);
  return 0;
}

async function runOf(client: ApifyClient, runId: string) {
  const run = await client.run(runId).get();
  if (run === undefined) throw new Error(`Apify has no run "${runId}", or hides it from this token. Check the ID.`);
  return run;
}

const COMMANDS = ['start', 'schedule', 'status', 'resurrect', 'items'] as const;

function read(args: string[]): { name: (typeof COMMANDS)[number]; operand: string; options: Options } {
  let parsed;
  try {
    parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('.')[0]}.`);
  }
  const [given = '', operand = '', ...more] = parsed.positionals;
  const name = COMMANDS.find((command) => command === given);
  if (name === undefined) throw new UsageError(given === '' ? 'Say what to do.' : `There is no command "${given}".`);
  const needsRun = name !== 'start' && name !== 'schedule';
  if (needsRun && operand === '') throw new UsageError(`${name} needs the ID of a run.`);
  if (more.length > 0 || (!needsRun && operand !== '')) throw new UsageError('There are words too many.');
  return { name, operand, options: parsed.values };
}

function targetOf({ actor, task }: Options): { task: string } | { actor: string } {
  if ((actor === undefined) === (task === undefined))
    throw new UsageError('Say either --actor or --task, as user/name or ID.');
  return task === undefined ? { actor: actor ?? '' } : { task };
}

function readInput(file: string | undefined): Record<string, unknown> | null {
  if (file === undefined) return null;
  try {
    const input = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`The input file ${file} cannot be read: ${(error as Error).message}.`);
  }
  throw new UsageError(`The input file ${file} must hold one JSON object.`);
}
