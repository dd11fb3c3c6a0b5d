import { ScheduleActions, type ApifyClient, type ScheduleCreateOrUpdateData } from 'apify-client';
import type { Terminal } from '../operator/command.js';

export interface ScheduleWish {
  name: string;
  cron: string;
  timezone: string;
  /** What is started: a saved task, or the Actor with this input. */
  target: { task: string } | { actor: string };
  input: Record<string, unknown>;
}

/** A resource's own id, which needs no look-up. */
const RESOURCE_ID = /^[A-Za-z0-9]{17}$/;

/** Five fields, six with seconds, or one of the platform's names such as `@daily`. */
export function isCron(text: string): boolean {
  return /^@(yearly|annually|monthly|weekly|daily|hourly)$/.test(text) || /^(\S+\s+){4,5}\S+$/.test(text.trim());
}

/**
 * Creates the schedule, or changes the one of the same name. It is switched on, and skips a start while the run before
 * still works, so that two runs never write to one database at once.
 */
export async function setSchedule(client: ApifyClient, wish: ScheduleWish, terminal: Terminal): Promise<void> {
  const schedule = {
    name: wish.name,
    cronExpression: wish.cron,
    timezone: wish.timezone as ScheduleCreateOrUpdateData['timezone'],
    isEnabled: true,
    isExclusive: true,
    actions: [await actionFor(client, wish)],
    description: 'Collects the website and updates Notion. Made by `npm run actor -- schedule`.',
  };
  const { items } = await client.schedules().list();
  const known = items.find(({ name }) => name === wish.name);
  const made = known ? await client.schedule(known.id).update(schedule) : await client.schedules().create(schedule);
  const next = made.nextRunAt ? ` Next start: ${new Date(made.nextRunAt).toISOString()}.` : '';
  terminal.say(
    `● ${known ? 'Changed' : 'Created'} the schedule "${wish.name}" (${wish.cron}, ${wish.timezone}).${next}`,
  );
  terminal.say('Scheduled runs wait for nobody: connect Notion in a run that you start by hand, if you have not yet.');
}

type Action = NonNullable<ScheduleCreateOrUpdateData['actions']>[number];

async function actionFor(client: ApifyClient, { target, input }: ScheduleWish): Promise<Action> {
  if ('task' in target) {
    const id = await idOf(target.task, () => client.task(target.task).get());
    return { type: ScheduleActions.RunActorTask, actorTaskId: id, input: JSON.stringify(input) };
  }
  const id = await idOf(target.actor, () => client.actor(target.actor).get());
  const runInput = { body: JSON.stringify(input), contentType: 'application/json; charset=utf-8' };
  return { type: ScheduleActions.RunActor, actorId: id, runInput };
}

async function idOf(given: string, look: () => Promise<{ id: string } | undefined>): Promise<string> {
  if (RESOURCE_ID.test(given)) return given;
  const found = await look();
  if (found === undefined) throw new Error(`Apify has no "${given}", or hides it from this token. Check the name.`);
  return found.id;
}
