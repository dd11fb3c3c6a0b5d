import { ScalekitClient, ScalekitTooManyRequestsException } from '@scalekit-sdk/node';
import { chromium } from 'playwright';
import { afterEach, describe, expect, it } from 'vitest';
import { ensureBrowser } from '../../cli/ensure-browser.js';
import { startScalekit } from '../../sandbox/scalekit/server.js';
import type { ScalekitStandIn, ScalekitStandInOptions } from '../../sandbox/scalekit/server.js';

const USER = { connectionName: 'notion', identifier: 'user-1' };
const CALLBACK = 'http://127.0.0.1:9/callback/notion';

let standIn: ScalekitStandIn | undefined;
let revoked: string[] = [];

async function start(options: Partial<ScalekitStandInOptions> = {}) {
  revoked = [];
  let count = 0;
  standIn = await startScalekit({
    workspaces: ['Acme', 'Private <b>'],
    grant: (workspace) => ({ accessToken: `token-${workspace}-${(count += 1)}`, refreshToken: 'refresh' }),
    revokeGrant: (token) => revoked.push(token),
    ...options,
  });
  const { actions } = new ScalekitClient(standIn.url, standIn.clientId, standIn.clientSecret, { timeoutMs: 5_000 });
  const link = async (state?: string, userVerifyUrl?: string) =>
    (await actions.getAuthorizationLink({ ...USER, ...(state && { state }), ...(userVerifyUrl && { userVerifyUrl }) }))
      .link;
  const read = async () => {
    const { connectedAccount } = await actions.getConnectedAccount(USER);
    const details = connectedAccount?.authorizationDetails?.details;
    return {
      status: connectedAccount?.status,
      accessToken: details?.case === 'oauthToken' ? details.value.accessToken : null,
    };
  };
  return { standIn, actions, link, read };
}

afterEach(async () => {
  await standIn?.close();
  standIn = undefined;
});

describe('Scalekit stand-in, asked by the unmodified SDK', () => {
  it('lets nobody in without a bearer that it handed out', async () => {
    const { standIn, actions } = await start();
    await actions.listConnectedAccounts(USER);
    expect(standIn.calls).toEqual(['ListConnectedAccounts', 'ListConnectedAccounts']);
    standIn.faults.revokeBearers();
    await actions.listConnectedAccounts(USER);
    expect(standIn.calls).toHaveLength(4);

    const stranger = new ScalekitClient(standIn.url, standIn.clientId, 'wrong', { timeoutMs: 5_000 });
    await expect(stranger.actions.listConnectedAccounts(USER)).rejects.toMatchObject({ response: { status: 401 } });
  });

  it('knows no account before it is made, and makes it pending and empty', async () => {
    const { actions, read } = await start();
    await expect(actions.getConnectedAccount(USER)).rejects.toMatchObject({ grpcStatus: 5 });
    await actions.getOrCreateConnectedAccount(USER);
    expect(await read()).toEqual({ status: 3, accessToken: '' });
  });

  it('holds the tokens back until the verify call names the same identifier, once', async () => {
    const { standIn, actions, link, read } = await start();
    await actions.getOrCreateConnectedAccount(USER);
    const returned = new URL(await standIn.approve(await link('s1', CALLBACK), 'Private <b>'));
    expect(returned.searchParams.get('state')).toBe('s1');
    expect(await read()).toEqual({ status: 4, accessToken: '' });

    const authRequestId = returned.searchParams.get('auth_request_id') ?? '';
    await expect(actions.verifyConnectedAccountUser({ authRequestId, identifier: 'user-2' })).rejects.toMatchObject({
      grpcStatus: 7,
    });
    const { postUserVerifyRedirectUrl } = await actions.verifyConnectedAccountUser({
      authRequestId,
      identifier: 'user-1',
    });
    expect(await (await fetch(postUserVerifyRedirectUrl)).text()).toContain('Connected');
    expect(await read()).toEqual({ status: 1, accessToken: 'token-Private <b>-1' });
    await expect(actions.verifyConnectedAccountUser({ authRequestId, identifier: 'user-1' })).rejects.toMatchObject({
      grpcStatus: 5,
    });
  });

  it('lists accounts without credentials, loosely filtered and page by page', async () => {
    const { actions } = await start();
    for (const identifier of ['user-1', 'USER-1', 'user-10'])
      await actions.getOrCreateConnectedAccount({ ...USER, identifier });
    const first = await actions.listConnectedAccounts({ ...USER, pageSize: 2 });
    expect(first.connectedAccounts.map(({ identifier }) => identifier)).toEqual(['user-1', 'USER-1']);
    expect(first.connectedAccounts[0]).not.toHaveProperty('authorizationDetails');
    const second = await actions.listConnectedAccounts({ ...USER, pageSize: 2, pageToken: first.nextPageToken });
    expect(second.connectedAccounts.map(({ identifier }) => identifier)).toEqual(['user-10']);
    expect(second.nextPageToken).toBe('');
  });

  it('follows a link once, voids it by a newer one, and lets it expire', async () => {
    const { standIn, actions, link } = await start();
    await actions.getOrCreateConnectedAccount(USER);
    const older = await link('s1', CALLBACK);
    const newer = await link('s2', CALLBACK);
    await expect(standIn.approve(older)).rejects.toThrow('expired');
    await standIn.approve(newer);
    await expect(standIn.approve(newer)).rejects.toThrow('expired');
    await standIn.close();

    const short = await start({ linkTtlSecs: 0 });
    await short.actions.getOrCreateConnectedAccount(USER);
    await expect(short.standIn.approve(await short.link('s', CALLBACK))).rejects.toThrow('expired');
  });

  it('sends no state back when none came, and fails after consent when it knows no way back', async () => {
    const { standIn, actions, link } = await start();
    await actions.getOrCreateConnectedAccount(USER);
    expect(new URL(await standIn.approve(await link(undefined, CALLBACK))).searchParams.has('state')).toBe(false);
    await expect(standIn.approve(await link('s'))).rejects.toThrow('not finished');
  });

  it('activates on consent when only Scalekit users may verify', async () => {
    const { standIn, actions, link, read } = await start({ verification: 'scalekit-users' });
    await actions.getOrCreateConnectedAccount(USER);
    expect(await standIn.approve(await link('s', CALLBACK))).toContain(standIn.url);
    expect((await read()).status).toBe(1);
  });

  it('refuses what breaks the limits of the schema', async () => {
    const { actions, link } = await start();
    await actions.getOrCreateConnectedAccount(USER);
    const refusals = [
      link('s'.repeat(513), CALLBACK),
      link('s', `${CALLBACK}${'x'.repeat(2048)}`),
      link('s', 'ftp://127.0.0.1/'),
      actions.getOrCreateConnectedAccount({ ...USER, identifier: 'u'.repeat(101) }),
      actions.listConnectedAccounts({ ...USER, connectionName: 'no/slash' }),
      actions.listConnectedAccounts({ ...USER, pageSize: 101 }),
      actions.verifyConnectedAccountUser({ authRequestId: 'r'.repeat(1001), identifier: 'user-1' }),
    ];
    for (const refusal of refusals) await expect(refusal).rejects.toMatchObject({ grpcStatus: 3 });
  });

  it('knows its connections, and refuses a missing or disabled one', async () => {
    const { actions } = await start({ connections: [{ name: 'notion', provider: 'NOTION', enabled: false }] });
    const { connections } = await actions.listConnections();
    expect(connections).toMatchObject([{ connectionName: 'notion', provider: 'NOTION', enabled: false }]);
    await expect(actions.getOrCreateConnectedAccount(USER)).rejects.toMatchObject({ grpcStatus: 9 });
    await expect(actions.getOrCreateConnectedAccount({ ...USER, connectionName: 'other' })).rejects.toMatchObject({
      grpcStatus: 5,
    });
  });

  it('rotates, expires, disconnects and deletes, taking grants back', async () => {
    const { standIn, actions, link, read } = await start({ verification: 'scalekit-users' });
    await actions.getOrCreateConnectedAccount(USER);
    await standIn.approve(await link('s', CALLBACK));
    const rotated = standIn.rotateToken('notion', 'user-1');
    expect(await read()).toEqual({ status: 1, accessToken: rotated });
    expect(revoked).toEqual(['token-Acme-1']);
    standIn.setStatus('notion', 'user-1', 'EXPIRED');
    expect((await read()).status).toBe(2);
    standIn.setStatus('notion', 'user-1', 'DISCONNECTED');
    expect(await read()).toEqual({ status: 5, accessToken: '' });
    await actions.deleteConnectedAccount(USER);
    await expect(read()).rejects.toMatchObject({ grpcStatus: 5 });
    expect(revoked).toEqual(['token-Acme-1', rotated]);
  });

  it('fails as it is told to', async () => {
    const { standIn, actions } = await start();
    await actions.listConnectedAccounts(USER);
    standIn.faults.rateLimited(1);
    const limited = actions.listConnectedAccounts(USER);
    await expect(limited).rejects.toBeInstanceOf(ScalekitTooManyRequestsException);
    await expect(limited).rejects.toMatchObject({ errorCode: 'RATE_LIMITED' });
    standIn.faults.unavailable(1);
    await actions.listConnectedAccounts(USER);
    expect(standIn.calls).toHaveLength(5);
  });
});

describe('consent pages in a browser', () => {
  it('lead back to the callback by Allow and by Cancel', async () => {
    const { standIn, actions, link } = await start();
    await actions.getOrCreateConnectedAccount(USER);
    const browser = await chromium.launch({
      executablePath: await ensureBrowser(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      // Any page of another origin than the consent page's would do; this one exists.
      const callback = `${standIn.url}/connected`;

      await page.goto(await link('s1', callback.replace('127.0.0.1', 'localhost')));
      expect(await page.getByText('Sandbox consent').count()).toBe(1);
      await page.getByLabel('Private <b>').check();
      await page.getByRole('button', { name: 'Allow access' }).click();
      await page.waitForURL(/auth_request_id=/);
      expect(new URL(page.url()).searchParams.get('state')).toBe('s1');
      expect(standIn.accounts.get('notion/user-1')?.pending?.workspace).toBe('Private <b>');

      await page.goto(await link('s2', callback.replace('127.0.0.1', 'localhost')));
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForURL(/error=access_denied/);
      expect(new URL(page.url()).searchParams.get('state')).toBe('s2');
    } finally {
      await browser.close();
    }
  });
});
