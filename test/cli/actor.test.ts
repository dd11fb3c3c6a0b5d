import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
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

  it('schedule: creates it switched on and exclusive, then changes it', async () => {
    const made = await actor('schedule', '--actor', ACTOR, '--cron', '0 6 * * *', '--name', 'docs', '--input', input);
    expect(made.exitCode, made.err).toBe(0);
    expect(made.out).toContain('Created the schedule "docs"');
    const changed = await actor(
      'schedule',
      '--actor',
      ACTOR,
      '--cron',
      '@weekly',
      '--name',
      'docs',
      '--timezone',
      'Europe/Berlin',
    );
    expect(changed.out).toContain('Changed the schedule "docs"');
    expect(world.platform.schedules).toHaveLength(1);
    expect(world.platform.schedules[0]).toMatchObject({
      cronExpression: '@weekly',
      timezone: 'Europe/Berlin',
      isEnabled: true,
      isExclusive: true,
      actions: [{ type: 'RUN_ACTOR', actorId: ACTOR_ID }],
    });
    const task = await actor('schedule', '--task', 'someone/docs', '--cron', '0 6 * * *', '--name', 'by task');
    expect(task.exitCode, task.err).toBe(0);
    expect(world.platform.schedules[1]?.actions).toMatchObject([{ type: 'RUN_ACTOR_TASK' }]);
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
      ['schedule', '--actor', ACTOR_ID, '--cron', '@daily'],
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
