import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountsCommand } from '../../cli/operator/accounts-command.js';
import { connectCommand } from '../../cli/operator/connect-command.js';
import { doctorCommand } from '../../cli/operator/doctor-command.js';
import { openScalekit } from '../../src/connect/scalekit.js';
import { readConnectSettings } from '../../src/connect/settings.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { runHere, startCommandHere } from './support.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ scalekit: { verification: 'scalekit-users' } });
  await connect('notion', 'anna');
  await connect('notion', 'ben');
  await connect('gmail', 'anna');
  await connect('youtube', 'shared-research');
  sandbox.scalekit.setStatus('notion', 'ben', 'EXPIRED');
});
afterEach(() => sandbox.close());

async function connect(connectionName: string, identifier: string): Promise<void> {
  const settings = readConnectSettings(sandbox.env).scalekit;
  if (settings === null) throw new Error('not configured');
  const gateway = openScalekit(settings);
  await gateway.ensureAccount({ connectionName, identifier });
  const options = { state: 's', userVerifyUrl: 'http://127.0.0.1:9/callback/notion' };
  await sandbox.scalekit.approve((await gateway.mintLink({ connectionName, identifier }, options)).link);
}

const run = (args: string[], answer: boolean | null = null, env = sandbox.env) =>
  runHere(accountsCommand, args, env, answer);

describe('npm run accounts', () => {
  it('list: an aligned table and a count', async () => {
    const { exitCode, out } = await run(['list']);
    expect(exitCode).toBe(0);
    const lines = out.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/, 'TIME'));
    expect(lines).toEqual([
      'User             Connection  State                          Changed',
      'anna             notion      connected                      TIME',
      'ben              notion      lost: it could not be renewed  TIME',
      'shared-research  youtube     connected                      TIME',
      'anna             gmail       connected                      TIME',
      '',
      '4 accounts, 3 connected.',
    ]);
  });

  it('show: what is known of one user, and the next step', async () => {
    const { exitCode, out } = await run(['show', 'ben']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Connector +Notion, per user$/m);
    expect(out).toMatch(/^State +lost: it could not be renewed$/m);
    expect(out).toMatch(/^Next +The user starts the Actor from the Console and reconnects\.$/m);
    expect(out).toMatch(/^For support +EXPIRED$/m);
    expect((await run(['show', 'anna'])).out).toContain('2 accounts of "anna".');
    expect((await run(['show', 'shared-research'])).out).toContain('YouTube, shared by every run');
  });

  it('disconnect: asks, deletes this user’s accounts only, and takes the grant back', async () => {
    const token = sandbox.scalekit.accounts.get('notion/anna')?.accessToken ?? '';
    const no = await run(['disconnect', 'anna'], false);
    expect(no).toMatchObject({ exitCode: 1, err: 'Nothing was changed.' });
    expect(no.out).toBe('Delete the Notion, Gmail connection of "anna"?');
    const yes = await run(['disconnect', 'anna'], true);
    expect(yes.exitCode).toBe(0);
    expect(yes.out).toContain('"anna" is disconnected');
    expect([...sandbox.scalekit.accounts.keys()]).toEqual(['notion/ben', 'youtube/shared-research']);
    const me = await fetch(`${sandbox.notion.url}/v1/users/me`, {
      headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
    });
    expect(me.status).toBe(401);
    expect((await run(['show', 'anna'])).exitCode).toBe(1);
  });

  it('disconnect of a shared account says whom it concerns; --yes asks nobody', async () => {
    const asked = await run(['disconnect', 'shared-research'], false);
    expect(asked.out).toContain('Every run uses it.');
    const done = await run(['disconnect', 'shared-research', '--yes']);
    expect(done.exitCode).toBe(0);
    expect(done.out).not.toContain('?');
    expect(sandbox.scalekit.accounts.has('youtube/shared-research')).toBe(false);
  });

  it('disconnect where nobody can be asked changes nothing', async () => {
    const { exitCode, err } = await run(['disconnect', 'anna']);
    expect(exitCode).toBe(2);
    expect(err).toContain('`--yes`');
    expect(sandbox.scalekit.accounts.size).toBe(4);
  });

  it('asks only for connections that the environment has', async () => {
    const before = sandbox.scalekit.calls.length;
    const { exitCode, out } = await run(['list'], null, {
      ...sandbox.env,
      SCALEKIT_GMAIL_CONNECTION: 'gmail-not-made',
    });
    expect(exitCode).toBe(0);
    expect(out).toContain('3 accounts, 2 connected.');
    const asked = sandbox.scalekit.calls.slice(before).filter((name) => name === 'ListConnectedAccounts');
    expect(asked).toHaveLength(2);
  });

  it('list takes as long as it needs, show and disconnect ask for one user only, however many there are', async () => {
    await sandbox.close();
    sandbox = await startSandbox({ scalekit: { verification: 'scalekit-users', maxPage: 3 } });
    const { scalekit } = readConnectSettings(sandbox.env);
    if (scalekit === null) throw new Error('not configured');
    const gateway = openScalekit(scalekit);
    await gateway.connections();
    const users = Array.from({ length: 40 }, (_, index) => `user-${index + 10}`);
    await Promise.all(users.map((identifier) => gateway.ensureAccount({ connectionName: 'notion', identifier })));

    // Fourteen pages take longer than any single call may.
    sandbox.scalekit.faults.delay(100);
    const listed = await run(['list'], null, { ...sandbox.env, SCALEKIT_TIMEOUT_MS: '400' });
    sandbox.scalekit.faults.delay(0);
    expect(listed).toMatchObject({ exitCode: 0, err: '' });
    expect(listed.out).toContain('40 accounts, 0 connected.');
    for (const user of users) expect(listed.out).toContain(user);

    const before = sandbox.scalekit.calls.length;
    expect((await run(['show', 'user-49'])).out).toContain('1 account of "user-49".');
    expect((await run(['disconnect', 'user-49', '--yes'])).exitCode).toBe(0);
    expect(sandbox.scalekit.accounts.size).toBe(39);
    const lists = sandbox.scalekit.calls.slice(before).filter((name) => name === 'ListConnectedAccounts');
    // Two commands, three connections.
    expect(lists).toHaveLength(6);
  });

  it.each([
    [accountsCommand, ['list']],
    [doctorCommand, []],
    [connectCommand, ['youtube']],
  ])('Ctrl-C ends a command whose Scalekit is silent, at once: %#', async (command, args) => {
    sandbox.scalekit.faults.delay(600_000);
    const env = { ...sandbox.env, SCALEKIT_TIMEOUT_MS: '60000' };
    const running = startCommandHere(command, args, env);
    running.stop();
    expect(await running.ended).toMatchObject({ exitCode: 130, err: 'Stopped.' });
  });

  it('shows no token', async () => {
    const tokens = [...sandbox.scalekit.accounts.values()].flatMap((one) => [one.accessToken, one.refreshToken]);
    const said = (await run(['list'])).out + (await run(['show', 'anna'])).out;
    for (const token of tokens.filter(Boolean)) expect(said).not.toContain(token);
  });

  it.each([
    [[], 'Say what to do'],
    [['remove', 'anna'], 'Say what to do'],
    [['show'], '`show` takes one user.'],
    [['show', 'anna', 'ben'], '`show` takes one user.'],
    [['list', 'anna'], '`list` takes nothing more.'],
    [['show', 'anna', '--yes'], '`--yes` belongs to `disconnect`.'],
    [['list', '--all'], "Unknown option '--all'"],
  ])('wrong usage: %j', async (args, said) => {
    const { exitCode, err } = await run(args);
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
    expect(err).toContain('Usage: npm run accounts');
  });

  it('an unknown user and an unreachable Scalekit are failures with a sentence', async () => {
    const unknown = await run(['show', 'Anna']);
    expect(unknown).toMatchObject({ exitCode: 1 });
    expect(unknown.err).toContain('No account belongs to "Anna"');
    const down = await run(['list'], null, {
      ...sandbox.env,
      SCALEKIT_ENV_URL: 'http://127.0.0.1:9',
      SCALEKIT_TIMEOUT_MS: '300',
    });
    expect(down.exitCode).toBe(1);
    expect(down.err).toMatch(/^Scalekit does not answer/);
  });

  it('as its own process: npm script, exit code, nothing but sentences', () => {
    const env = { ...process.env, ...sandbox.env, SCALEKIT_ENV_URL: '' };
    const ran = spawnSync('npm', ['run', '--silent', 'accounts', '--', 'list'], { env, encoding: 'utf8' });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/Scalekit is configured only in part: SCALEKIT_ENV_URL is missing/);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });
});
