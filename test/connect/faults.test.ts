import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code } from '@connectrpc/connect';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OperatorError } from '../../src/errors.js';
import { openScalekit } from '../../src/connect/scalekit.js';
import { readConnectSettings } from '../../src/connect/settings.js';
import { CALLBACK, begin, closeWorlds, consent, soon, waitFor, world } from './support.js';

afterEach(closeWorlds);

describe('what only the operator can put right', () => {
  it('a wrong secret', async () => {
    const { connect, spoken } = await world();
    const connection = connect({ env: { SCALEKIT_CLIENT_SECRET: 'wrong-secret-0815' } });
    expect(await connection.waitUntilActive(soon(20_000))).toBe(false);
    expect(connection.failure()).toBeInstanceOf(OperatorError);
    expect(connection.failure()?.message).toMatch(/SCALEKIT_CLIENT_SECRET.*Developers → Settings → API Credentials/);
    expect(connection.state()).toMatchObject({ status: 'UNAVAILABLE', need: 'first', offersConsent: false });
    expect(await connection.begin('notion', CALLBACK)).toMatchObject({ kind: 'unavailable' });
    await expect(connection.tokens.get()).rejects.toBeInstanceOf(OperatorError);
    expect(spoken.lines.join()).toContain('SCALEKIT_CLIENT_SECRET');
    expect(spoken.lines.join()).not.toContain('wrong-secret-0815');
  });

  it.each([
    ['Notion', 'it has "notion", and upper and lower case matter'],
    ['notion-x7', 'it has "notion", "youtube", "gmail"'],
  ])('a connection name that does not exist: %s', async (name, hint) => {
    const { connect } = await world();
    const connection = connect({ env: { SCALEKIT_NOTION_CONNECTION: name } });
    expect(await connection.waitUntilActive(soon(20_000))).toBe(false);
    const message = connection.failure()?.message;
    expect(message).toContain(hint);
    expect(message).toContain('SCALEKIT_NOTION_CONNECTION');
    expect(message).toContain('AgentKit → Connections');
  });

  it('a disabled connection, before the first consent and after it', async () => {
    const connections = [{ name: 'notion', provider: 'NOTION', enabled: false }];
    const { scalekit, connect } = await world({ connections });
    const connection = connect();
    expect(await connection.waitUntilActive(soon(20_000))).toBe(false);
    expect(connection.failure()?.message).toContain('"notion" is disabled');

    const connectionEntry = connections[0];
    if (connectionEntry) connectionEntry.enabled = true;
    const other = connect();
    await consent(scalekit, other);
    scalekit.setStatus('notion', 'user-1', 'EXPIRED');
    if (connectionEntry) connectionEntry.enabled = false;
    const later = connect();
    expect(await later.begin('notion', CALLBACK)).toMatchObject({ kind: 'unavailable' });
    expect(later.failure()?.message).toContain('enable it in the Scalekit dashboard');
  });

  it('is asked for again, more seldom, and once it is put right the run goes on', async () => {
    const { scalekit, connect, spoken } = await world();
    scalekit.faults.refuse('ListConnectedAccounts', Code.PermissionDenied);
    const connection = connect();
    await connection.ready();
    expect(connection.failure()?.message).toContain('may not manage connected accounts');
    expect(connection.state()).toMatchObject({ status: 'UNAVAILABLE', offersConsent: false });
    const before = scalekit.calls.length;
    await vi.waitUntil(() => scalekit.calls.length > before + 2, { timeout: 20_000, interval: 5 });
    expect(spoken.lines.filter((line) => line.includes('may not manage'))).toHaveLength(1);
    scalekit.faults.refuse(null);
    await waitFor(connection, ({ offersConsent }) => offersConsent);
    expect(connection.failure()).toBeNull();
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
  });

  it('is looked at once more before a run fails for it', async () => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    scalekit.faults.refuse('ListConnectedAccounts', Code.PermissionDenied);
    const connection = connect({ timing: { pollMs: 3_600_000, pollMaxMs: 3_600_000 } });
    await connection.ready();
    expect(await connection.waitUntilActive(AbortSignal.abort())).toBe(false);
    expect(connection.failure()).toBeInstanceOf(OperatorError);
    scalekit.faults.refuse(null);
    expect(await connection.waitUntilActive(AbortSignal.abort())).toBe(true);
    expect(connection.failure()).toBeNull();
  });

  it('an address where no Scalekit is', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('nothing here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { connect } = await world();
    const connection = connect({ env: { SCALEKIT_ENV_URL: url } });
    expect(await connection.waitUntilActive(soon(20_000))).toBe(false);
    expect(connection.failure()?.message).toMatch(/^No Scalekit environment answers at .* SCALEKIT_ENV_URL/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a Scalekit under stress', () => {
  it('that is down ends the wait and every read, with the operator named', async () => {
    const { scalekit, connect } = await world();
    await scalekit.close();
    const connection = connect({ env: { SCALEKIT_TIMEOUT_MS: '300' } });
    expect(await connection.waitUntilActive(AbortSignal.abort())).toBe(false);
    expect(connection.state()).toMatchObject({ status: 'UNAVAILABLE', offersConsent: true });
    expect(connection.failure()?.message).toContain('cannot be reached');
    expect(await connection.begin('notion', CALLBACK)).toMatchObject({ kind: 'unavailable' });
    await expect(connection.tokens.get()).rejects.toBeInstanceOf(OperatorError);
  });

  it('that hangs is given up by the deadline', async () => {
    const { scalekit, connect } = await world();
    scalekit.faults.delay(60_000);
    const connection = connect({ env: { SCALEKIT_TIMEOUT_MS: '200' } });
    expect(await connection.waitUntilActive(AbortSignal.abort())).toBe(false);
    expect(connection.failure()?.message).toContain('cannot be reached');
  });

  it('that fails for a while never ends the wait for a person', async () => {
    const { scalekit, connect } = await world();
    const connection = connect({ timing: { graceMs: 20_000 } });
    await connection.ready();
    const waiting = connection.waitUntilActive(soon(30_000));
    scalekit.faults.rateLimited(4);
    await waitFor(connection, ({ status }) => status === 'UNAVAILABLE');
    expect(connection.failure()?.message).toContain('cannot be reached');
    await waitFor(connection, ({ status }) => status === 'UNSPECIFIED');
    expect(connection.failure()).toBeNull();
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
    expect(await waiting).toBe(true);
  });

  it('that loses one answer does not even show', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    await connection.ready();
    const seen = new Set<string>();
    connection.onChange(() => seen.add(connection.state().status));
    const before = scalekit.calls.length;
    scalekit.faults.rateLimited(1);
    await waitFor(connection, () => scalekit.calls.length >= before + 3);
    expect([...seen]).toEqual(['UNSPECIFIED']);
  });

  it('that loses the reply to a verification: the account is connected all the same', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    scalekit.faults.loseNextVerifyReply();
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toHaveLength(2);
  });

  it('that breaks off a verification which took effect: the account is connected all the same', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    scalekit.faults.loseNextVerifyReply(Code.Internal);
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
    expect(connection.state().lastAttempt).toBe('verified');
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toHaveLength(1);
  });

  it('that breaks off a verification and then everything: the same address later says that it worked', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link)).searchParams;
    scalekit.faults.loseNextVerifyReply(Code.Internal);
    scalekit.faults.delay(200);
    const finishing = connection.finish('notion', returned, cookie);
    // While the verification waits to be looked at, the line for all that follows it goes dead.
    await vi.waitUntil(() => scalekit.calls.includes('VerifyConnectedAccountUser'), { timeout: 20_000, interval: 5 });
    scalekit.faults.refuse('ListConnectedAccounts');
    expect(await finishing).toMatchObject({ kind: 'unavailable' });
    scalekit.faults.refuse(null);
    scalekit.faults.delay(0);
    // The run may have found the account by then, and gone on.
    expect(await connection.waitUntilActive(soon(20_000))).toBe(true);
    connection.keep();
    expect(await connection.finish('notion', returned, cookie)).toEqual({ kind: 'verified' });
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toHaveLength(1);
  });

  it.each([
    [Code.FailedPrecondition, 'bogus'],
    [Code.InvalidArgument, 'bogus'],
    [Code.OutOfRange, 'bogus'],
    [Code.PermissionDenied, 'mismatch'],
    [Code.Unimplemented, 'unavailable'],
  ])('that refuses to verify with code %i blocks nothing: anybody can make up an id', async (code, kind) => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const query = new URL(await scalekit.approve(link)).searchParams;
    query.set('auth_request_id', 'made-up');
    scalekit.faults.refuse('VerifyConnectedAccountUser', code);
    expect(await connection.finish('notion', query, cookie)).toMatchObject({ kind });
    expect(connection.failure()).toBeNull();
    expect(connection.state().offersConsent).toBe(true);
    scalekit.faults.refuse(null);
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
  });

  it('that is too busy for a verification: the same address works later', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link)).searchParams;
    scalekit.faults.rateLimited(Infinity);
    expect(await connection.finish('notion', returned, cookie)).toMatchObject({ kind: 'unavailable' });
    expect(connection.state().lastAttempt).toBe('unavailable');
    scalekit.faults.rateLimited(0);
    expect(await connection.finish('notion', returned, cookie)).toEqual({ kind: 'verified' });
  });

  it('that forgets its bearers goes unnoticed', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    await connection.ready();
    scalekit.faults.revokeBearers();
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
  });

  it('is logged in to once, however many questions start together', async () => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    const before = scalekit.calls.length;
    const connection = connect();
    await Promise.all([connection.ready(), connection.tokens.get(), connection.begin('notion', CALLBACK)]);
    const reads = scalekit.calls.slice(before).filter((name) => name === 'GetConnectedAccountAuth');
    expect(reads).toHaveLength(1);
  });

  it('makes one account when two runs of a user begin together', async () => {
    const { scalekit, connect } = await world();
    const starts = ['run-1', 'run-2', 'run-3'].map((runId) => begin(connect({ runId })));
    await Promise.all(starts);
    expect([...scalekit.accounts.keys()]).toEqual(['notion/user-1']);
  });

  it('finds the account that somebody else made at the same moment', async () => {
    const { scalekit, env } = await world();
    const settings = readConnectSettings(env).scalekit;
    if (settings === null) throw new Error('not configured');
    const gateway = openScalekit(settings);
    await gateway.connections();
    const account = { connectionName: 'notion', identifier: 'user-1' };
    // Both have looked before either one's second call arrives.
    scalekit.faults.delay(200);
    await Promise.all([gateway.ensureAccount(account), gateway.ensureAccount(account)]);
    // Two were asked for and one was made: the other was answered ALREADY_EXISTS, and looked again.
    expect(scalekit.calls.filter((name) => name === 'CreateConnectedAccount')).toHaveLength(2);
    expect(scalekit.calls.filter((name) => name === 'GetConnectedAccountAuth')).toHaveLength(3);
    expect([...scalekit.accounts.keys()]).toEqual(['notion/user-1']);
  });
});
