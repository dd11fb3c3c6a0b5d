import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { actorCommand } from '../../cli/actor/command.js';
import { isCron } from '../../cli/actor/schedule.js';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { eventually } from '../e2e/actor.js';
import { ACTOR_ID, USER_TOKEN, type ApiRequest } from '../platform/stub.js';
import { startWorld, WORKSPACE, type World } from '../platform/world.js';
import { runHere, startCommandHere } from './support.js';

const ACTOR = 'someone/website-to-notion';

describe('npm run actor', { timeout: 180_000 }, () => {
  let world: World;
  let folder: string;
  let input: string;
  beforeAll(async () => {
    world = await startWorld({ pages: 3 });
    folder = await mkdtemp(path.join(tmpdir(), 'wtn-actor-'));
    input = path.join(folder, 'input.json');
    await writeFile(input, JSON.stringify({ startUrls: [{ url: world.site.url }], crawlerType: 'cheerio' }));
  });
  afterEach(() => {
    world.platform.faults.refuse = () => false;
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    APIFY_TOKEN: USER_TOKEN,
    APIFY_CLIENT_BASE_URL: world.platform.url,
    HOME: folder,
    ...more,
  });
  const actor = (...args: string[]) => runHere(actorCommand, args, env());
  const refuse = (method: string, part: RegExp): void => {
    world.platform.faults.refuse = (request: ApiRequest) => request.method === method && part.test(request.path);
  };

  it('start: follows log and status, says where to connect, and names the database', async () => {
    await writeFile(
      path.join(folder, 'asking.json'),
      JSON.stringify({ startUrls: [{ url: world.site.url }], crawlerType: 'cheerio', authorizationWaitSecs: 60 }),
    );
    const running = startCommandHere(
      actorCommand,
      ['start', '--actor', ACTOR, '--input', path.join(folder, 'asking.json')],
      env(),
    );
    const page = await eventually(
      'it says where',
      async () => /Open this page and choose Connect Notion: (\S+)/.exec(running.out())?.[1],
    );
    expect(page).toBe(world.platform.runs.at(-1)?.liveView);
    expect(await consentWithoutBrowser(page, world.sandbox.scalekit, WORKSPACE)).toBe(200);
    const { exitCode, out, err } = await running.ended;
    expect(exitCode, out + err).toBe(0);
    expect(out).toContain('System info');
    expect(out).toMatch(/The pages: http/);
    expect(out).toMatch(/● Done {2}3 pages created/);
    expect(out + err).not.toContain(USER_TOKEN);
  });

  it('start --task: the file overrides the saved input', async () => {
    const saved = { startUrls: [{ url: world.site.url }], crawlerType: 'cheerio', maxCrawlPages: 1 };
    world.platform.tasks.push({ id: 'taskTaskTaskTask1', name: 'docs', actId: ACTOR_ID, input: saved });
    const { exitCode, out, err } = await actor('start', '--task', 'someone/docs', '--input', input, '--detach');
    expect(exitCode, err).toBe(0);
    const run = world.platform.runs.at(-1);
    expect(out).toContain(`Started the run ${run?.id}`);
    expect(run?.options.input).toMatchObject({ maxCrawlPages: 1 });
    await run?.finished();

    const status = await actor('status', run?.id ?? '');
    expect(status.exitCode).toBe(0);
    expect(status.out).toContain('● Done');
    const items = await actor('items', run?.id ?? '');
    expect(items.out.split('\n').map((line) => (JSON.parse(line) as { key: string }).key)).toEqual([world.site.url]);
    const again = await actor('resurrect', run?.id ?? '');
    expect(again.exitCode, again.err).toBe(0);
    expect(run?.starts).toBe(2);
  });

  it('items: of a run with a private dataset, those of this run and no others', async () => {
    const { storages } = world.platform;
    const named = storages.create('datasets', 'actor', 'quiet');
    named.items.push({ at: 0, value: { key: 'of an earlier run' } });
    const file = path.join(folder, 'private.json');
    const saved = JSON.parse(await readFile(input, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...saved, datasetName: 'quiet' }));
    const started = await actor('start', '--actor', ACTOR, '--input', file);
    expect(started.exitCode, started.out).toBe(0);
    named.items.push({ at: 0, value: { key: 'of a later run' } });
    const run = world.platform.runs.at(-1);
    expect(run?.items).toEqual([]);
    const items = await actor('items', run?.id ?? '');
    expect(items.exitCode, items.err).toBe(0);
    const keys = items.out.split('\n').map((line) => (JSON.parse(line) as { key: string }).key);
    expect(keys).toHaveLength(3);
    expect(keys.every((key) => key.startsWith(world.site.url))).toBe(true);
  });

  it('schedule: creates it switched on and exclusive; a change keeps what it does not mention', async () => {
    const body = await readFile(input, 'utf8');
    const made = await actor(
      ...['schedule', '--actor', ACTOR, '--cron', '0 6 * * *', '--name', 'docs', '--input', input],
      ...['--timezone', 'Europe/Berlin'],
    );
    expect(made.exitCode, made.err).toBe(0);
    expect(made.out).toContain('Created the schedule "docs" (0 6 * * *, Europe/Berlin)');
    const runInput = { body: JSON.stringify(JSON.parse(body)), contentType: 'application/json; charset=utf-8' };
    const asMade = {
      name: 'docs',
      cronExpression: '0 6 * * *',
      timezone: 'Europe/Berlin',
      isEnabled: true,
      isExclusive: true,
      actions: [{ type: 'RUN_ACTOR', actorId: ACTOR_ID, runInput }],
    };
    expect(world.platform.schedules).toEqual([expect.objectContaining(asMade)]);
    // Somebody has set more of it in the Console since.
    const [schedule] = world.platform.schedules;
    const runOptions = { build: 'latest', timeoutSecs: 600, memoryMbytes: 1024 };
    const digest = { id: 'other', type: 'RUN_ACTOR', actorId: 'anotherAnotherAnt', runInput: { body: '{}' } };
    Object.assign(schedule ?? {}, { isEnabled: false, actions: [{ ...asMade.actions[0], runOptions }, digest] });

    const changed = await actor('schedule', '--actor', ACTOR, '--cron', '@weekly', '--name', 'docs');
    expect(changed.exitCode, changed.err).toBe(0);
    expect(changed.out).toContain('Changed the schedule "docs" (@weekly, Europe/Berlin)');
    const actions = [{ ...asMade.actions[0], runOptions }, digest];
    expect(world.platform.schedules).toEqual([
      expect.objectContaining({ ...asMade, cronExpression: '@weekly', actions }),
    ]);

    const task = ['schedule', '--task', 'someone/docs', '--cron', '*/5 0 6 * * *'];
    const other = await actor(...task, '--name', 'docs');
    expect(other).toMatchObject({ exitCode: 2, err: expect.stringContaining('several other things') as string });
    const own = await actor(...task, '--name', 'by task');
    expect(own.exitCode, own.err).toBe(0);
    // What the task has saved is its input; an override is sent only when there is one.
    const action = { type: 'RUN_ACTOR_TASK', actorTaskId: 'taskTaskTaskTask1' };
    expect(world.platform.schedules[1]).toMatchObject({ timezone: 'UTC', cronExpression: '*/5 0 6 * * *' });
    expect(world.platform.schedules[1]?.actions).toEqual([action]);
    await actor(...task, '--name', 'by task', '--input', input);
    await actor(...task, '--name', 'by task');
    expect(world.platform.schedules[1]?.actions).toEqual([{ ...action, input: runInput.body }]);
  });

  it('schedule: refuses what could only fail, and creates nothing', async () => {
    const before = world.platform.schedules.length;
    const cron = ['--cron', '@daily', '--name', 'new'];
    const without = await actor('schedule', '--actor', ACTOR, ...cron);
    expect(without.exitCode).toBe(2);
    expect(without.err).toMatch(/needs --input.*`startUrls`/);
    const file = path.join(folder, 'wrong.json');
    await writeFile(file, JSON.stringify({ maxCrawlPages: 'ten' }));
    const wrong = await actor('schedule', '--actor', ACTOR, ...cron, '--input', file);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.err).toMatch(/Every run of the schedule would fail: `maxCrawlPages` must be/);
    expect(world.platform.schedules).toHaveLength(before);
  });

  it.each<[string, string[], string, RegExp, RegExp]>([
    ['start', ['start', '--actor', ACTOR], 'POST', /\/actors\//, /"Run" on the Actor/],
    [
      'start a task',
      ['start', '--task', 'someone/docs'],
      'POST',
      /\/actor-tasks\//,
      /"Read" on the task and "Run" on its Actor/,
    ],
    [
      'schedule',
      ['schedule', '--task', 'taskTaskTaskTask1', '--cron', '@daily', '--name', 'never'],
      'POST',
      /\/schedules/,
      /"Write" on schedules, and "Run" on the Actor/,
    ],
    ['status', ['status', 'someRun'], 'GET', /\/actor-runs\//, /"Read" on Actor runs/],
    ['resurrect', ['resurrect', 'someRun'], 'POST', /\/resurrect/, /"Write" on Actor runs/],
  ])('a token that may not %s: the permission is named', async (_, args, method, part, sentence) => {
    refuse(method, part);
    const { exitCode, err } = await actor(...args);
    expect(exitCode).toBe(1);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('a log that may not be read is left out, the status is still shown', async () => {
    refuse('GET', /\/log$/);
    const { exitCode, out, err } = await actor('start', '--actor', ACTOR, '--input', input);
    expect(exitCode, err).toBe(0);
    expect(err).toContain('The log is not shown');
    expect(out).toContain('● Done');
  });

  it('takes the token of `apify login`, and sends it in the header only', async () => {
    await mkdir(path.join(folder, '.apify'));
    await writeFile(path.join(folder, '.apify', 'auth.json'), JSON.stringify({ token: USER_TOKEN }));
    const run = world.platform.runs.at(-1);
    const { exitCode, err } = await runHere(actorCommand, ['status', run?.id ?? ''], env({ APIFY_TOKEN: '' }));
    expect(exitCode, err).toBe(0);
    await rm(path.join(folder, '.apify'), { recursive: true });
    for (const { query, body } of world.platform.requests) {
      expect(query.has('token')).toBe(false);
      expect(body).not.toContain(USER_TOKEN);
    }
  });

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /Say what to do/],
    ['another command', ['fly'], /no command "fly"/],
    ['no target', ['start'], /either --actor or --task/],
    ['both targets', ['start', '--actor', 'a/b', '--task', 'c/d'], /either --actor or --task/],
    ['no run', ['status'], /needs the ID of a run/],
    ['no cron', ['schedule', '--actor', 'a/b'], /--cron with five fields/],
    ['an unknown option', ['start', '--token', 'x'], /Unknown option '--token'/],
    ['a file that is not there', ['start', '--actor', 'a/b', '--input', '/nowhere.json'], /cannot be read/],
  ])('wrong usage, %s: exit code 2 and the usage', async (_, args, sentence) => {
    const { exitCode, err } = await actor(...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(sentence);
    expect(err).toContain('Usage: npm run actor');
  });

  it('says what to do without a token, with a wrong one, and with an unknown run', async () => {
    const none = await runHere(actorCommand, ['status', 'x'], env({ APIFY_TOKEN: '' }));
    expect(none).toMatchObject({ exitCode: 2, err: expect.stringContaining('set APIFY_TOKEN') as string });
    const wrong = await runHere(actorCommand, ['status', 'x'], env({ APIFY_TOKEN: 'apify_api_wrong' }));
    expect(wrong).toMatchObject({ exitCode: 1, err: expect.stringContaining('does not know this token') as string });
    const unknown = await actor('status', 'x');
    expect(unknown).toMatchObject({ exitCode: 1, err: expect.stringContaining('has no run "x"') as string });
    const plain = await runHere(actorCommand, ['status', 'x'], env({ APIFY_CLIENT_BASE_URL: 'http://example.com' }));
    expect(plain).toMatchObject({ exitCode: 2, err: expect.stringContaining('https://') as string });
  });

  it('tells cron lines from other text', () => {
    expect(['0 6 * * *', '*/30 0 6 * * *', '@daily'].every(isCron)).toBe(true);
    expect(['', 'daily', '0 6 * *', '@sometimes', '* * * * * * *'].some(isCron)).toBe(false);
  });
});
