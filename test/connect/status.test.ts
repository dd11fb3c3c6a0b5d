import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT_STATUSES } from '../../src/connect/scalekit.js';
import { begin, closeWorlds, consent, soon, waitFor, world } from './support.js';

afterEach(closeWorlds);

describe('status names', () => {
  it('are the package’s own, number by number', () => {
    const names = Object.entries(ConnectorStatus).filter(
      (entry): entry is [string, ConnectorStatus] => Number(entry[1]) >= 0,
    );
    const numbered = Object.fromEntries(
      names.map(([name, number]) => [number, name.replace('CONNECTION_STATUS_', '')]),
    );
    expect(numbered).toEqual({ ...ACCOUNT_STATUSES });
  });
});

describe('what a status asks of a person', () => {
  it('is a first connection when there is no account yet', async () => {
    const { connect } = await world();
    const connection = connect();
    await connection.ready();
    expect(connection.state()).toEqual({
      status: 'UNSPECIFIED',
      need: 'first',
      offersConsent: true,
      lastAttempt: 'none',
      linkUntil: null,
      problem: null,
    });
    expect(await connection.waitUntilActive(soon())).toBe(false);
    expect(connection.failure()).toBeNull();
  });

  it('is nothing when the account is active', async () => {
    const { connect, connectBefore } = await world();
    await connectBefore('user-1');
    const connection = connect();
    expect(await connection.waitUntilActive(soon(20_000))).toBe(true);
    expect(connection.state()).toMatchObject({ status: 'ACTIVE', need: 'nothing', offersConsent: false });
  });

  it.each(['EXPIRED', 'DISCONNECTED'] as const)('is a lost connection when it is %s', async (status) => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    scalekit.setStatus('notion', 'user-1', status);
    const connection = connect();
    await connection.ready();
    expect(connection.state()).toMatchObject({ status, need: 'lost', offersConsent: true });
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
    expect(connection.state()).toMatchObject({ status: 'ACTIVE', need: 'nothing', lastAttempt: 'verified' });
  });

  it.each([
    [false, 'first'],
    [true, 'lost'],
  ])('of a pending account depends on an earlier sync: %s means %s', async (had, need) => {
    const { scalekit, connect } = await world();
    const connection = connect({ hadEarlierSync: async () => had });
    await begin(connection);
    await waitFor(connection, ({ status }) => status === 'PENDING_AUTH');
    await waitFor(connection, (state) => state.need === need);
    expect(connection.state().offersConsent).toBe(true);
    expect(scalekit.accounts.get('notion/user-1')?.status).toBe('PENDING_AUTH');
  });

  it.each([
    ['first', 'UNSPECIFIED', false],
    ['lost', 'UNSPECIFIED', true],
    ['first', 'PENDING_VERIFICATION', false],
    ['lost', 'PENDING_VERIFICATION', true],
  ] as const)('is %s when it is %s and an earlier sync is: %s', async (need, status, had) => {
    const { scalekit, connect } = await world();
    if (status !== 'UNSPECIFIED') {
      await begin(connect({ runId: 'earlier' }));
      scalekit.setStatus('notion', 'user-1', status);
    }
    const connection = connect({ hadEarlierSync: async () => had });
    await connection.ready();
    expect(connection.state()).toMatchObject({ status, need, offersConsent: true });
  });

  it('is known as lost once the connection is ready, however late the memory answers', async () => {
    const { connect } = await world();
    let answer: (had: boolean) => void = () => undefined;
    const connection = connect({ hadEarlierSync: () => new Promise((resolve) => (answer = resolve)) });
    let isReady = false;
    const ready = connection.ready().then(() => (isReady = true));
    await waitFor(connection, ({ need }) => need === 'first');
    expect(isReady).toBe(false);
    answer(true);
    await ready;
    expect(connection.state().need).toBe('lost');
    expect(await connection.waitUntilActive(AbortSignal.abort())).toBe(false);
  });

  it.each([
    ['hangs', () => new Promise<boolean>(() => undefined)],
    ['fails', () => Promise.reject<boolean>(new Error('store is gone'))],
  ])('goes on without memory when it %s, and says so', async (_, hadEarlierSync) => {
    const { connect, spoken } = await world();
    const connection = connect({ hadEarlierSync, timing: { recallMs: 50 } });
    await connection.ready();
    expect(connection.state()).toMatchObject({ status: 'UNSPECIFIED', need: 'first' });
    expect(spoken.lines.join()).toMatch(/Earlier runs could not be recalled.*(no answer within|store is gone)/);
  });

  it('points to the verification mode when consent was given and nothing comes back', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    await scalekit.approve((await begin(connection)).link);
    await waitFor(connection, ({ problem }) => problem !== null);
    expect(connection.state()).toMatchObject({ status: 'PENDING_VERIFICATION', need: 'first', offersConsent: true });
    expect(connection.state().problem).toContain('AgentKit → User Verification');
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
    expect(connection.state().problem).toBeNull();
  });

  it('does not mistake another user’s account, whose name only looks alike', async () => {
    const { connect, connectBefore } = await world();
    for (const other of ['USER-1', 'user-10', 'x-user-1']) await connectBefore(other);
    const connection = connect();
    await connection.ready();
    expect(connection.state()).toMatchObject({ status: 'UNSPECIFIED', need: 'first' });
  });
});

describe('shared connectors', () => {
  it.each(['notion', 'youtube', 'gmail'] as const)(
    '%s: a run never offers consent, the operator must connect',
    async (connector) => {
      const { scalekit, connect } = await world();
      const env = { [`${connector.toUpperCase()}_SHARED_IDENTIFIER`]: 'ops' };
      const connection = connect({ connector, env });
      await connection.ready();
      expect(connection.mode).toBe('shared');
      expect(connection.state()).toMatchObject({ need: 'nothing', offersConsent: false });
      expect(connection.failure()?.message).toContain(`npm run connect -- ${connector}`);
      expect(await connection.waitUntilActive(soon(20_000))).toBe(false);
      expect(await connection.begin(connector, 'http://127.0.0.1:9/callback')).toEqual({ kind: 'not-offered' });
      await expect(connection.tokens.get()).rejects.toThrow('operator');
      expect(scalekit.accounts.size).toBe(0);
    },
  );

  it.each(['notion', 'youtube', 'gmail'] as const)(
    '%s: two users act as the same account, and per user again when flipped',
    async (connector) => {
      const { scalekit, connect } = await world({ verification: 'scalekit-users' });
      const asUser = { [`${connector.toUpperCase()}_SHARED_IDENTIFIER`]: '' };
      const operator = connect({ connector, env: asUser, userId: 'ops' });
      const started = await operator.begin(connector, 'http://127.0.0.1:9/callback');
      if (started.kind !== 'redirect') throw new Error(started.kind);
      await scalekit.approve(started.link);
      expect(await operator.waitUntilActive(soon(20_000))).toBe(true);

      const env = { [`${connector.toUpperCase()}_SHARED_IDENTIFIER`]: 'ops' };
      const tokens = ['user-1', 'user-2'].map((userId) => connect({ connector, env, userId }).tokens.get());
      const [first, second] = await Promise.all(tokens);
      expect(first).toBe(second);

      const own = connect({ connector, env: asUser });
      await own.ready();
      expect(own.state()).toMatchObject({ status: 'UNSPECIFIED', offersConsent: true });
    },
  );
});

describe('without Scalekit', () => {
  const NONE = { SCALEKIT_ENV_URL: '', SCALEKIT_CLIENT_ID: '', SCALEKIT_CLIENT_SECRET: '' };

  it('uses NOTION_TOKEN', async () => {
    const { scalekit, connect } = await world();
    const connection = connect({ env: { ...NONE, NOTION_TOKEN: 'ntn_mine' } });
    expect(connection.mode).toBe('token');
    expect(await connection.waitUntilActive(soon())).toBe(true);
    expect(await connection.tokens.get()).toBe('ntn_mine');
    expect(await connection.tokens.renew('ntn_mine')).toBeNull();
    let heard = '';
    connection.onChange(() => (heard = connection.state().status));
    connection.start();
    expect(heard).toBe('ACTIVE');
    expect(scalekit.calls).toEqual([]);
  });

  it('prefers Scalekit to NOTION_TOKEN', async () => {
    const { connect } = await world();
    expect(connect({ env: { NOTION_TOKEN: 'ntn_mine' } }).mode).toBe('per-user');
  });

  it('has no connection at all, and says how to get one', async () => {
    const { connect, spoken } = await world();
    const local = connect({ env: NONE });
    expect(local.mode).toBe('none');
    expect(local.state().problem).toContain('NOTION_TOKEN');
    expect(await local.waitUntilActive(soon())).toBe(false);
    expect(local.failure()).toBeNull();

    const platform = connect({ env: { ...NONE, APIFY_IS_AT_HOME: '1', NOTION_TOKEN: 'ntn_mine' } });
    expect(platform.mode).toBe('none');
    expect(spoken.lines.join()).toContain('NOTION_TOKEN is ignored');
    expect(spoken.lines.join()).not.toContain('ntn_mine');
  });

  it('leaves a half-configured Scalekit to the operator', async () => {
    const { connect } = await world();
    const connection = connect({ env: { SCALEKIT_CLIENT_ID: '', NOTION_TOKEN: 'ntn_mine' } });
    await connection.ready();
    expect(connection.state()).toMatchObject({ status: 'UNAVAILABLE', offersConsent: false });
    expect(connection.failure()?.message).toContain('SCALEKIT_CLIENT_ID');
    await expect(connection.tokens.get()).rejects.toThrow('SCALEKIT_CLIENT_ID');
  });

  it('chooses no account on the platform when the user is unknown', async () => {
    const { scalekit, connect } = await world();
    const connection = connect({ env: { APIFY_IS_AT_HOME: '1' }, userId: 'local' });
    expect(connection.failure()?.message).toContain('whose run this is');
    expect(scalekit.calls).toEqual([]);
  });
});
