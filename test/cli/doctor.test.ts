import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { doctorCommand } from '../../cli/operator/doctor-command.js';
import { PROBES } from '../../cli/doctor/probes.js';
import { ROW_PROBES } from '../../cli/doctor/row-probes.js';
import { UNTRIED } from '../../cli/doctor/untried.js';
import { verificationCheck } from '../../cli/doctor/scalekit-checks.js';
import { connectorTable } from '../../src/connect/connectors.js';
import { connectionCheck, scalekitChecks } from '../../cli/doctor/scalekit-checks.js';
import { findBrowser } from '../../src/collect/browser.js';
import { openScalekit } from '../../src/connect/scalekit.js';
import { readConnectSettings } from '../../src/connect/settings.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.js';
import { runHere } from './support.js';

let sandbox: Sandbox | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

async function open(options: SandboxOptions = {}): Promise<Sandbox> {
  sandbox = await startSandbox({ ...options, scalekit: { verification: 'scalekit-users', ...options.scalekit } });
  return sandbox;
}

const env = (world: Sandbox, more: Record<string, string> = {}): Record<string, string> => ({
  ...world.env,
  CRAWLEE_DEFAULT_BROWSER_PATH: findBrowser()?.executablePath ?? '',
  ACTOR_WEB_SERVER_PORT: '0',
  ...more,
});

async function connect(world: Sandbox, connectionName: string, identifier: string): Promise<void> {
  const { scalekit } = readConnectSettings(world.env);
  if (scalekit === null) throw new Error('not configured');
  const gateway = openScalekit(scalekit);
  await gateway.ensureAccount({ connectionName, identifier });
  const options = { state: 's', userVerifyUrl: 'http://127.0.0.1:9/callback/notion' };
  await world.scalekit.approve((await gateway.mintLink({ connectionName, identifier }, options)).link);
}

describe('npm run doctor', () => {
  it('finds nothing wrong in a good configuration', async () => {
    const world = await open();
    await connect(world, 'notion', 'anna');
    await connect(world, 'youtube', 'shared-research');
    const { exitCode, out, err } = await runHere(doctorCommand, [], env(world));
    expect([exitCode, err]).toEqual([0, '']);
    expect(out.split('\n').map((line) => line.replace(/127\.0\.0\.1:\d+/, 'HOST'))).toEqual([
      'Scalekit address      ● ok    http://HOST',
      'Scalekit credentials  ● ok    accepted',
      'Notion connection     ● ok    "notion", each user their own, 1 connected',
      'YouTube connection    ● ok    "youtube", shared as "shared-research", connected',
      'Gmail connection      ● ok    "gmail", each user their own, 0 connected',
      'User verification     ● ok    a mode is chosen: 2 of 2 are connected',
      'Notion                ● ok    HOST answers',
      expect.stringMatching(/^Browser {15}● ok {4}\/\S+$/),
      'Live view port        ● ok    0 is free',
      'Nothing to put right.',
    ]);
  });

  it('says what to put right, and where', async () => {
    const world = await open({
      scalekit: { connections: [{ name: 'notion-Xy', provider: 'NOTION', enabled: true }] },
    });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { exitCode, out, err } = await runHere(
      doctorCommand,
      [],
      env(world, {
        ACTOR_WEB_SERVER_PORT: String(port),
        NOTION_API_URL: `http://127.0.0.1:${port}`,
        NOTION_TIMEOUT_MS: '500',
      }),
    );
    await new Promise((resolve) => {
      taken.closeAllConnections();
      taken.close(resolve);
    });
    expect(exitCode).toBe(1);
    const said = out.replace(/\s+/g, ' ');
    expect(said).toContain('Notion connection ✕ fix Scalekit has no connection named "notion"; it has "notion-Xy"');
    expect(said).toContain('SCALEKIT_NOTION_CONNECTION');
    expect(said).toContain('YouTube connection ○ open');
    expect(said).toContain('User verification ○ open');
    expect(said).toContain(`Live view port ✕ fix ${port} is in use`);
    expect(said).toContain('Notion ✕ fix Notion does not answer at');
    expect(err).toBe('3 to put right; docs/operate.md says how.');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(112);
  });

  it.each([
    [{}, 'No Scalekit environment is configured'],
    [
      { SCALEKIT_ENV_URL: 'http://example.com', SCALEKIT_CLIENT_ID: 'a', SCALEKIT_CLIENT_SECRET: 'b' },
      'must begin with https://',
    ],
  ])('without a usable address: %j', async (settings, said) => {
    const world = await open();
    const { exitCode, out } = await runHere(doctorCommand, [], {
      NOTION_API_URL: world.env.NOTION_API_URL ?? '',
      ACTOR_WEB_SERVER_PORT: '0',
      ...settings,
    });
    expect(exitCode).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain(said);
  });

  it('a wrong secret is named, never shown', async () => {
    const world = await open();
    const { out } = await runHere(doctorCommand, [], env(world, { SCALEKIT_CLIENT_SECRET: 'quite-wrong-0815' }));
    expect(out.replace(/\s+/g, ' ')).toContain('Scalekit credentials ✕ fix Scalekit refuses the credentials');
    expect(out).not.toContain('quite-wrong-0815');
  });

  it.each([
    [{ ACTOR_WEB_SERVER_URL: 'foo' }, 'Live view address ✕ fix ACTOR_WEB_SERVER_URL must be a URL'],
    [{ ACTOR_WEB_SERVER_URL: 'https://tunnel.example/x' }, 'Live view address ● ok https://tunnel.example'],
    [{ ACTOR_WEB_SERVER_PORT: 'abc' }, 'Live view port ✕ fix ACTOR_WEB_SERVER_PORT must be a port'],
  ])('the live view at %j', async (settings, said) => {
    const { out } = await runHere(doctorCommand, [], env(await open(), settings));
    expect(out.replace(/\s+/g, ' ')).toContain(said);
  });

  it.each([
    [['--live'], '--live needs --page'],
    [['--page', 'x'], '--page and --user need --live.'],
    [['now'], 'Unexpected argument'],
  ])('wrong usage: %j', async (args, said) => {
    const { exitCode, err } = await runHere(doctorCommand, args, env(await open()));
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
  });
});

describe('what accounts tell', () => {
  const account = (status: 'ACTIVE' | 'PENDING_AUTH' | 'PENDING_VERIFICATION') => ({
    identifier: status,
    status,
    updatedAt: null,
  });

  it('of the verification mode', () => {
    expect(verificationCheck([account('PENDING_VERIFICATION')])).toMatchObject({
      mark: 'fix',
      found: expect.stringContaining('AgentKit → User Verification') as string,
    });
    expect(verificationCheck([account('PENDING_VERIFICATION'), account('ACTIVE')]).mark).toBe('ok');
    expect(verificationCheck([account('PENDING_AUTH')]).mark).toBe('open');
  });

  it('of a shared Notion account that nobody connected: every run would fail', () => {
    const { notion } = connectorTable({ NOTION_SHARED_IDENTIFIER: 'team' });
    const connections = [{ name: 'notion', provider: 'NOTION', enabled: true }];
    expect(connectionCheck(notion, connections, [])).toMatchObject({
      mark: 'fix',
      found: expect.stringContaining('npm run connect -- notion') as string,
    });
    const disabled = connections.map((one) => ({ ...one, enabled: false }));
    expect(connectionCheck(notion, disabled, []).found).toContain('is disabled');
  });
});

describe('npm run doctor -- --live', () => {
  /** A page that the person made and the connection may use, and the text of its address. */
  async function scratch(world: Sandbox, user: string): Promise<string> {
    await connect(world, 'notion', user);
    const page = world.notion.world.addPageAsPerson({ workspace: 'Research', title: 'Scratch' });
    const token = world.scalekit.accounts.get(`notion/${user}`)?.accessToken ?? '';
    world.notion.world.share(page.id, world.notion.world.tokens.get(token) ?? '');
    return page.url;
  }

  const live = (world: Sandbox) =>
    [...world.notion.world.databases.values()].filter((database) => !database.in_trash).length;

  it('everything in the sandbox is as assumed, and nothing is left over', async () => {
    const world = await open({ notion: { budget: 10_000 } });
    const page = await scratch(world, 'anna');
    const { exitCode, out, err } = await runHere(
      doctorCommand,
      ['--live', '--page', page, '--user', 'anna'],
      env(world),
    );
    expect([err, exitCode], out).toEqual(['', 0]);
    const facts = out.split('\n').filter((line) => /^[●✕] \w+ {2,}/.test(line));
    const configuration = 9;
    expect(facts.filter((line) => !line.startsWith('● ok'))).toEqual([]);
    const tried = PROBES.length + ROW_PROBES.length + 10;
    expect(facts.length).toBeGreaterThanOrEqual(tried);
    expect(facts.length).toBeLessThanOrEqual(tried + configuration);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'observed before: works; a wrong one: 401 unauthorized; after: works (the same one)',
    );
    const leftOver = [...world.scalekit.accounts.keys()].filter((key) => key.includes('doctor-'));
    expect(leftOver).toEqual([]);
    expect(world.scalekit.calls).toContain('DeleteConnectedAccount');
    for (const { fact } of UNTRIED) expect(out).toContain(`○ open  ${fact}`);
    expect(out).toContain('Cleared away: 2 databases moved to the trash.');
    expect(out.split('\n').at(-1)).toBe(`${tried} facts tried, 0 not as assumed.`);
    expect(live(world)).toBe(0);
    const { accessToken } = world.scalekit.accounts.get('notion/anna') ?? { accessToken: 'none' };
    expect(out).not.toContain(accessToken);
  });

  it('tells what differs, goes on, and clears away all the same', async () => {
    const world = await open({ notion: { budget: 10_000 } });
    const page = await scratch(world, 'anna');
    world.notion.world.caps.markdownBlocks = 100;
    world.scalekit.faults.refuse('DeleteConnectedAccount');
    const { exitCode, out, err } = await runHere(
      doctorCommand,
      ['--live', '--page', page, '--user', 'anna'],
      env(world),
    );
    expect(exitCode).toBe(1);
    expect(out).toMatch(/✕ fix {3}A deleted account\n.*\n +observed {2}could not be tried: Scalekit does not answer/);
    expect(err).toMatch(/^Still there: npm run accounts -- disconnect doctor-\d+$/m);
    expect(out).toMatch(/✕ fix {3}`truncated` of a long page\n +assumed {3}false\n +observed {2}true/);
    expect(out.split('\n').at(-1)).toContain('3 not as assumed.');
    expect(live(world)).toBe(0);
  });

  it('a page that is not shared, and a user who never connected, are sentences', async () => {
    const world = await open();
    await connect(world, 'notion', 'anna');
    const { url: elsewhere } = world.notion.world.addPageAsPerson({ workspace: 'Elsewhere', title: 'Hidden' });
    const hidden = await runHere(doctorCommand, ['--live', '--page', elsewhere, '--user', 'anna'], env(world));
    expect(hidden.exitCode).toBe(1);
    expect(hidden.err).toContain('Share it with the connection');
    const nobody = await runHere(doctorCommand, ['--live', '--page', elsewhere, '--user', 'zoe'], env(world));
    expect(nobody.err).toContain('The connection to Notion was lost');
    expect(live(world)).toBe(0);
  });
});

describe('a list of accounts that cannot be read', () => {
  it('is a row of its own, and the table is still whole', async () => {
    const world = await open();
    world.scalekit.faults.refuse('ListConnectedAccounts');
    const checks = await scalekitChecks(readConnectSettings(world.env));
    expect(checks.find(({ name }) => name === 'Notion connection')?.mark).toBe('fix');
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Scalekit address', 'Scalekit credentials', 'Gmail connection', 'User verification']),
    );
  });
});
