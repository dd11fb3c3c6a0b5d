import { ScheduleActions, type ApifyClient, type ScheduleAction, type ScheduleCreateOrUpdateData } from 'apify-client';
import { InvalidInputError, RunError } from '../../src/errors.js';
import { parseInput } from '../../src/input.js';
import { UsageError, type Terminal } from '../operator/command.js';

export interface ScheduleWish {
  name: string;
  cron: string;
  /** `null`: as it was, else UTC. */
  timezone: string | null;
  /** What is started: a saved task, or the Actor. */
  target: { task: string } | { actor: string };
  /** The Actor's input, or what overrides the task's; `null`: as it was. */
  input: Record<string, unknown> | null;
}

/** A resource's own id, which needs no look-up. */
const RESOURCE_ID = /^[A-Za-z0-9]{17}$/;

/** Five fields, six with seconds, or one of the platform's names such as `@daily`. */
export function isCron(text: string): boolean {
  return /^@(yearly|annually|monthly|weekly|daily|hourly)$/.test(text) || /^(\S+\s+){4,5}\S+$/.test(text.trim());
}

/**
 * Creates the schedule, or changes the one of the same name: what the wish does not mention stays as it was. It is
 * switched on, and skips a start while the run before still works, so that two runs never write to one database at once.
 * @throws UsageError when it would start something else, or nothing that can work
 */
export async function setSchedule(client: ApifyClient, wish: ScheduleWish, terminal: Terminal): Promise<void> {
  const { items } = await client.schedules().list();
  const id = items.find(({ name }) => name === wish.name)?.id;
  const known = id === undefined ? undefined : await client.schedule(id).get();
  const timezone = (wish.timezone ?? known?.timezone ?? 'UTC') as NonNullable<ScheduleCreateOrUpdateData['timezone']>;
  const schedule = {
    name: wish.name,
    cronExpression: wish.cron,
    timezone,
    isEnabled: true,
    isExclusive: true,
    actions: await actionsFor(client, wish, known?.actions ?? []),
    description: 'Collects the website and updates Notion. Made by `npm run actor -- schedule`.',
  };
  const made = known ? await client.schedule(known.id).update(schedule) : await client.schedules().create(schedule);
  const next = made.nextRunAt ? ` Next start: ${new Date(made.nextRunAt).toISOString()}.` : '';
  terminal.say(`● ${known ? 'Changed' : 'Created'} the schedule "${wish.name}" (${wish.cron}, ${timezone}).${next}`);
  terminal.say('Scheduled runs wait for nobody: connect Notion in a run that you start by hand, if you have not yet.');
}

type Actions = NonNullable<ScheduleCreateOrUpdateData['actions']>;

/** The one action that starts the target takes what is new; others of the same schedule stay. */
async function actionsFor(client: ApifyClient, wish: ScheduleWish, known: ScheduleAction[]): Promise<Actions> {
  const { target, input } = wish;
  const id =
    'task' in target
      ? await idOf(target.task, () => client.task(target.task).get())
      : await idOf(target.actor, () => client.actor(target.actor).get());
  const before = known.find((action) => ('actorTaskId' in action ? action.actorTaskId : action.actorId) === id);
  if (before === undefined && known.length > 1) {
    throw new UsageError(
      `The schedule "${wish.name}" starts several other things. Give this one another --name, or change it in the Console.`,
    );
  }
  const action =
    'task' in target ? taskAction(id, input, before) : actorAction(id, input === null ? null : checked(input), before);
  return before === undefined ? [action] : known.map((one) => (one === before ? action : one));
}

function taskAction(id: string, input: ScheduleWish['input'], before: ScheduleAction | undefined): Actions[number] {
  const saved = before !== undefined && 'input' in before ? before.input : undefined;
  const override = input === null ? saved : JSON.stringify(input);
  return {
    type: ScheduleActions.RunActorTask,
    actorTaskId: id,
    ...(override !== undefined && { input: override }),
  };
}

function actorAction(id: string, input: ScheduleWish['input'], before: ScheduleAction | undefined): Actions[number] {
  const { runInput: saved, runOptions } = before !== undefined && 'actorId' in before ? before : {};
  const runInput =
    input === null ? saved : { body: JSON.stringify(input), contentType: 'application/json; charset=utf-8' };
  if (runInput === undefined) {
    throw new UsageError(
      'schedule --actor needs --input: without `startUrls` every run of the schedule would fail. A saved task has its own.',
    );
  }
  return { type: ScheduleActions.RunActor, actorId: id, runInput, ...(runOptions !== undefined && { runOptions }) };
}

/** Nobody is there to read why a scheduled run fails, so what is wrong is said now. */
function checked(input: Record<string, unknown>): Record<string, unknown> {
  try {
    parseInput(input);
    return input;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new RunError(`Every run of the schedule would fail: ${error.message} Correct the input file.`, {
      cause: error,
    });
  }
}

async function idOf(given: string, look: () => Promise<{ id: string } | undefined>): Promise<string> {
  if (RESOURCE_ID.test(given)) return given;
  const found = await look();
  if (found === undefined) throw new Error(`Apify has no "${given}", or hides it from this token. Check the name.`);
  return found.id;
}
