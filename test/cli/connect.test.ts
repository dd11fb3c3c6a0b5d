import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectCommand, createConnectCommand } from '../../cli/operator/connect-command.js';
import { consentWithoutBrowser } from '../../sandbox/consent.js';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { launchBrowser } from '../browser.js';
import { eventually } from '../e2e/actor.js';
import { accessibilityFindings, picture } from '../live-view/chromium.js';
import { runHere, startCommandHere, type Running } from './support.js';

const ACCOUNT = 'youtube/shared-research';
const quick = createConnectCommand({ patienceMs: 60_000, timing: { pollMs: 30, pollMaxMs: 60 } });

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** Starts `connect -- youtube` and waits for the address that it prints. */
async function started(env: Record<string, string> = {}): Promise<Running & { page: string }> {
  const running = startCommandHere(quick, ['youtube'], { ...sandbox.env, ACTOR_WEB_SERVER_PORT: '0', ...env });
  const page = await eventually('the page is announced', async () => /http:\/\/\S+/.exec(running.out())?.[0]);
  return { ...running, page };
}

describe('npm run connect -- youtube', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each(['custom', 'scalekit-users'] as const)(
    'takes the operator through consent in a browser (%s verification)',
    async (verification) => {
      sandbox = await startSandbox({ workspaces: ['Channel'], scalekit: { verification } });
      const command = await started();
      const context = await browser.newContext();
      const first = await context.newPage();
      await first.goto(command.page);
      const [tab] = await Promise.all([
        context.waitForEvent('page'),
        first.getByRole('link', { name: 'Connect YouTube' }).click(),
      ]);
      expect(await accessibilityFindings(first)).toEqual([]);
      expect(await accessibilityFindings(tab)).toEqual([]);
      await picture(tab, 'shared-confirm');
      expect(await tab.locator('dl').innerText()).toMatch(/shared-research[\s\S]*Every run of every user/);
      await tab.getByRole('button', { name: 'Continue to YouTube' }).click();
      await tab.getByRole('button', { name: 'Allow access' }).click();
      await tab
        .getByRole('heading', { name: verification === 'custom' ? 'Authorized — returning to task' : 'Connected' })
        .waitFor();
      await first.getByRole('heading', { name: 'YouTube is connected. Every run uses this account' }).waitFor();
      await picture(first, 'shared-connected');
      const { exitCode, out } = await command.ended;
      expect(exitCode).toBe(0);
      expect(out.split('\n').at(-1)).toBe(
        'YouTube is connected: every run uses connection "youtube" as "shared-research".',
      );
      expect(sandbox.scalekit.accounts.get(ACCOUNT)).toMatchObject({ status: 'ACTIVE', workspace: 'Channel' });
      expect(await first.getByText('The command is over.').isVisible()).toBe(true);
      await context.close();
    },
  );

  it('leaves an account alone that is connected already, and reconnects a lost one', async () => {
    sandbox = await startSandbox();
    const first = await started();
    expect(await consentWithoutBrowser(first.page, sandbox.scalekit, 'Research', 'youtube')).toBe(200);
    expect((await first.ended).exitCode).toBe(0);
    const again = await runHere(quick, ['youtube'], sandbox.env);
    expect(again).toMatchObject({ exitCode: 0, err: '' });
    expect(again.out).toMatch(/connected already.*npm run accounts -- disconnect shared-research/);

    sandbox.scalekit.setStatus('youtube', 'shared-research', 'EXPIRED');
    const lost = await started();
    expect(await (await fetch(lost.page)).text()).toContain('Reconnect YouTube');
    await consentWithoutBrowser(lost.page, sandbox.scalekit, 'Side project', 'youtube');
    expect((await lost.ended).exitCode).toBe(0);
    expect(sandbox.scalekit.accounts.get(ACCOUNT)?.workspace).toBe('Side project');
  });

  it('says nothing was changed when nobody connects, and when the operator stops it', async () => {
    sandbox = await startSandbox();
    const impatient = createConnectCommand({ patienceMs: 50, timing: { pollMs: 30, pollMaxMs: 60 } });
    const late = await runHere(impatient, ['youtube'], { ...sandbox.env, ACTOR_WEB_SERVER_PORT: '0' });
    const stopped = await started();
    stopped.stop();
    for (const ran of [late, await stopped.ended]) {
      expect(ran.exitCode).toBe(1);
      expect(ran.err).toBe(
        'YouTube was not connected, and nothing was changed. Start again when you are ready: npm run connect -- youtube',
      );
    }
    expect(sandbox.scalekit.accounts.size).toBe(0);
    await expect(fetch(stopped.page)).rejects.toThrow();
  });

  it('points to the verification mode when consent was given and never came back', async () => {
    sandbox = await startSandbox();
    const brief = createConnectCommand({ patienceMs: 3_000, timing: { pollMs: 30, pollMaxMs: 60 } });
    const running = startCommandHere(brief, ['youtube'], { ...sandbox.env, ACTOR_WEB_SERVER_PORT: '0' });
    const page = await eventually('the page is announced', async () => /http:\/\/\S+/.exec(running.out())?.[0]);
    const headers = { 'sec-fetch-site': 'same-origin' };
    const begun = await fetch(`${page}/connect/youtube`, { method: 'POST', redirect: 'manual', headers });
    await sandbox.scalekit.approve(begun.headers.get('location') ?? '');
    const { exitCode, err } = await running.ended;
    expect(exitCode).toBe(1);
    expect(err).toContain('AgentKit → User Verification');
  });

  it('says what the operator must put right', async () => {
    sandbox = await startSandbox({ scalekit: { connections: [{ name: 'yt-7', provider: 'YOUTUBE', enabled: true }] } });
    const name = await runHere(quick, ['youtube'], sandbox.env);
    expect(name.exitCode).toBe(1);
    expect(name.err).toMatch(/no connection named "youtube"; it has "yt-7".*SCALEKIT_YOUTUBE_CONNECTION/);
    const secret = { ...sandbox.env, SCALEKIT_CLIENT_SECRET: 'quite-wrong-0815' };
    const refused = await runHere(quick, ['youtube'], secret);
    expect(refused.err).toContain('SCALEKIT_CLIENT_SECRET');
    expect(refused.err).not.toContain('quite-wrong-0815');
    expect((await runHere(quick, ['youtube'], {})).err).toContain('No Scalekit environment is configured');

    const mended = { ...sandbox.env, SCALEKIT_YOUTUBE_CONNECTION: 'yt-7', ACTOR_WEB_SERVER_PORT: '0' };
    const address = await runHere(quick, ['youtube'], { ...mended, ACTOR_WEB_SERVER_URL: 'foo' });
    expect(address).toMatchObject({ exitCode: 1, out: '' });
    expect(address.err).toContain('ACTOR_WEB_SERVER_URL must be a URL');

    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const env = { ...mended, ACTOR_WEB_SERVER_PORT: String(port) };
    expect((await runHere(quick, ['youtube'], env)).err).toContain(`Port ${port} is in use`);
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('wrong usage of connect', () => {
  it.each([
    [[], 'Name one connector.'],
    [['youtube', 'gmail'], 'Name one connector.'],
    [['slack'], 'There is no connector "slack"'],
    [['notion'], 'Notion is not shared'],
    [['youtube', '--force'], "Unknown option '--force'"],
  ])('%j', async (args, said) => {
    sandbox = await startSandbox();
    const ran = await runHere(connectCommand, args, sandbox.env);
    expect(ran.exitCode).toBe(2);
    expect(ran.err).toContain(said);
    expect(ran.err).toContain('Usage: npm run connect');
    expect(sandbox.scalekit.calls).toEqual([]);
  });

  it('takes notion where the operator shares it', async () => {
    sandbox = await startSandbox();
    const env = { ...sandbox.env, NOTION_SHARED_IDENTIFIER: 'team', ACTOR_WEB_SERVER_PORT: '0' };
    const running = startCommandHere(quick, ['notion'], env);
    const page = await eventually('the page is announced', async () => /http:\/\/\S+/.exec(running.out())?.[0]);
    await consentWithoutBrowser(page, sandbox.scalekit);
    expect((await running.ended).exitCode).toBe(0);
    expect(sandbox.scalekit.accounts.get('notion/team')?.status).toBe('ACTIVE');
  });
});
