import { afterEach, describe, expect, it, vi } from 'vitest';
import { CALLBACK, begin, closeWorlds, consent, soon, waitFor, world } from './support.js';

afterEach(closeWorlds);

describe('consent', () => {
  it('connects the run’s own user, by callback', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const waiting = connection.waitUntilActive(soon(20_000));
    expect(await consent(scalekit, connection, { workspace: 'Other' })).toEqual({ kind: 'verified' });
    expect(await waiting).toBe(true);
    expect(await connection.tokens.get()).toBe('secret-Other-1');
    expect(scalekit.accounts.get('notion/user-1')).toMatchObject({ status: 'ACTIVE', workspace: 'Other' });
  });

  it('connects by polling alone where only Scalekit users verify', async () => {
    const { scalekit, connect } = await world({ verification: 'scalekit-users' });
    const connection = connect();
    await scalekit.approve((await begin(connection)).link);
    expect(await connection.waitUntilActive(soon(20_000))).toBe(true);
    expect(await connection.tokens.get()).toBe('secret-Acme-1');
  });

  it('keeps two users apart, at once', async () => {
    const { scalekit, connect } = await world();
    const [anna, ben] = [connect({ userId: 'anna', runId: 'a' }), connect({ userId: 'ben', runId: 'b' })];
    await Promise.all([consent(scalekit, anna, { workspace: 'Acme' }), consent(scalekit, ben, { workspace: 'Other' })]);
    expect(await anna.tokens.get()).toMatch(/^secret-Acme/);
    expect(await ben.tokens.get()).toMatch(/^secret-Other/);
  });

  it('tells a cancelled consent from all else', async () => {
    const { connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const page = await fetch(link);
    const back = await fetch(page.url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'cancel' }),
      redirect: 'manual',
    });
    const query = new URL(back.headers.get('location') ?? '').searchParams;
    expect(await connection.finish('notion', query, cookie)).toEqual({ kind: 'cancelled' });
    expect(connection.state()).toMatchObject({ status: 'PENDING_AUTH', lastAttempt: 'cancelled', offersConsent: true });
  });

  it('goes on in another container of the same run', async () => {
    const { scalekit, connect } = await world();
    const before = connect();
    const { link, cookie } = await begin(before);
    const returned = new URL(await scalekit.approve(link));
    await before.stop();
    const after = connect();
    expect(await after.finish('notion', returned.searchParams, cookie)).toEqual({ kind: 'verified' });
    expect(after.state().status).toBe('ACTIVE');
  });

  it('is not offered by a run that is over, or for a connector that is not this one', async () => {
    const { connect } = await world();
    const connection = connect();
    expect(await connection.begin('gmail', CALLBACK)).toEqual({ kind: 'not-offered' });
    expect(await connection.finish('gmail', new URLSearchParams('state=x&auth_request_id=y'), 'z')).toEqual({
      kind: 'bogus',
    });
    await connection.ready();
    await connection.stop();
    expect(await connection.begin('notion', CALLBACK)).toEqual({ kind: 'not-offered' });
  });

  it('puts no link, token, state or cookie into a log line', async () => {
    const { scalekit, connect, spoken, env } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link));
    await connection.finish('notion', returned.searchParams, cookie);
    const token = await connection.tokens.get();
    scalekit.faults.rateLimited(Infinity);
    connection.reportLost();
    await waitFor(connection, ({ status }) => status === 'UNAVAILABLE');
    const said = spoken.lines.join('\n');
    expect(said).not.toBe('');
    const secrets = [link, cookie, token, env.SCALEKIT_CLIENT_SECRET ?? '', returned.searchParams.get('state') ?? ''];
    for (const secret of [...secrets, 'magicLink', 'refresh-']) expect(said).not.toContain(secret);
    const { state, auth_request_id: requestId } = Object.fromEntries(returned.searchParams);
    expect(spoken.secrets).toEqual(expect.arrayContaining([link, token, cookie, state, requestId]));
    expect(spoken.secrets.join()).not.toContain('refresh-');
  });
});

describe('a callback that is not what it should be', () => {
  it('changes nothing without a state or request id', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    await connection.ready();
    const state = 'x.y.z';
    const queries = ['', 'auth_request_id=abc', `state=${state}`, `state=${state}&auth_request_id=${'r'.repeat(1001)}`];
    for (const query of queries)
      expect(await connection.finish('notion', new URLSearchParams(query), 'c')).toEqual({ kind: 'bogus' });
    const forged = new URLSearchParams({ state, auth_request_id: 'abc' });
    expect(await connection.finish('notion', forged, 'c')).toEqual({ kind: 'other-browser' });
    const declined = new URLSearchParams({ error: 'access_denied' });
    expect(await connection.finish('notion', declined, 'c')).toEqual({ kind: 'cancelled' });
    expect(connection.state().lastAttempt).toBe('none');
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toEqual([]);
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
  });

  it('is refused in another browser, and still works in the right one', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link)).searchParams;
    for (const wrong of [undefined, 'someone-else'])
      expect(await connection.finish('notion', returned, wrong)).toEqual({ kind: 'other-browser' });
    expect(scalekit.accounts.get('notion/user-1')?.status).toBe('PENDING_VERIFICATION');
    expect(connection.state().lastAttempt).toBe('started');
    expect(await connection.finish('notion', returned, cookie)).toEqual({ kind: 'verified' });
  });

  it('cannot be replayed: once connected it stays so, and afterwards the address is dead', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link)).searchParams;
    const both = [1, 2].map(() => connection.finish('notion', returned, cookie));
    expect(await Promise.all(both)).toEqual([{ kind: 'verified' }, { kind: 'verified' }]);
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toHaveLength(1);
    scalekit.setStatus('notion', 'user-1', 'EXPIRED');
    await expect(connection.tokens.get()).rejects.toThrow('lost');
    expect(await connection.finish('notion', returned, cookie)).toEqual({ kind: 'expired' });
  });

  it('is a mismatch when the authorization is another user’s', async () => {
    const { scalekit, connect } = await world();
    const [anna, mallory] = [connect({ userId: 'anna' }), connect({ userId: 'mallory' })];
    const victim = new URL(await scalekit.approve((await begin(anna)).link)).searchParams;
    const { link, cookie } = await begin(mallory);
    const own = new URL(await scalekit.approve(link)).searchParams;
    const mixed = new URLSearchParams({
      state: own.get('state') ?? '',
      auth_request_id: victim.get('auth_request_id') ?? '',
    });
    expect(await mallory.finish('notion', mixed, cookie)).toEqual({ kind: 'mismatch' });
    expect(await anna.finish('notion', victim, cookie)).toEqual({ kind: 'other-browser' });
    expect(scalekit.accounts.get('notion/anna')?.status).toBe('PENDING_VERIFICATION');
    expect(scalekit.accounts.get('notion/mallory')?.status).toBe('PENDING_VERIFICATION');
  });

  it('is expired when the state is too old or the authorization unknown', async () => {
    const { scalekit, connect } = await world();
    let now = 1_000_000;
    const connection = connect({ now: () => now });
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link)).searchParams;
    const unknown = new URLSearchParams({ state: returned.get('state') ?? '', auth_request_id: 'never-made' });
    expect(await connection.finish('notion', unknown, cookie)).toEqual({ kind: 'expired' });

    const again = await begin(connection);
    const late = new URL(await scalekit.approve(again.link)).searchParams;
    now += 600_001;
    expect(await connection.finish('notion', late, again.cookie)).toEqual({ kind: 'expired' });
    expect(connection.state()).toMatchObject({ lastAttempt: 'expired', offersConsent: true });
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
  });

  it('leaves an account alone that became active meanwhile', async () => {
    const { scalekit, connect, connectBefore } = await world();
    const attacker = connect();
    const { link, cookie } = await begin(attacker);
    const returned = new URL(await scalekit.approve(link, 'Other')).searchParams;
    await connectBefore('user-1', 'Acme');
    // The link of the one who finished is another: this authorization was dropped, and nobody is told otherwise.
    expect(await attacker.finish('notion', returned, cookie)).toEqual({ kind: 'already-connected' });
    expect(scalekit.accounts.get('notion/user-1')?.workspace).toBe('Acme');
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toHaveLength(1);
  });

  it('survives a link that expired, and one that a second click made void', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const clicked = Date.now();
    const late = await begin(connection);
    // The page counts down what Scalekit says, here five minutes.
    const { linkUntil } = connection.state();
    expect(linkUntil).toBeGreaterThanOrEqual(clicked + 300_000);
    expect(linkUntil).toBeLessThanOrEqual(Date.now() + 300_000);
    scalekit.passTime(301);
    await expect(scalekit.approve(late.link)).rejects.toThrow('expired');
    expect(connection.state()).toMatchObject({ lastAttempt: 'started', offersConsent: true });
    const [first, second] = [await begin(connection), await begin(connection)];
    await expect(scalekit.approve(first.link)).rejects.toThrow('expired');
    const returned = new URL(await scalekit.approve(second.link)).searchParams;
    expect(await connection.finish('notion', returned, second.cookie)).toEqual({ kind: 'verified' });
    expect(connection.state().linkUntil).toBeNull();
  });
});

describe('an account that is active', () => {
  it('is not re-pointed by anything on the page', async () => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    const links = scalekit.calls.filter((name) => name.startsWith('GetMagicLink')).length;
    const connection = connect();
    expect(await connection.begin('notion', CALLBACK)).toEqual({ kind: 'already-connected' });
    await connection.ready();
    expect(await connection.begin('notion', CALLBACK)).toEqual({ kind: 'already-connected' });
    expect(scalekit.calls.filter((name) => name.startsWith('GetMagicLink'))).toHaveLength(links);
    expect(scalekit.accounts.get('notion/user-1')?.status).toBe('ACTIVE');
  });

  it('is connected anew by consent only, not by a change that a refresh makes meanwhile', async () => {
    const { scalekit, connect, connectBefore } = await world({ lenientLinks: true });
    await connectBefore('user-1', 'Acme');
    const connection = connect({ reconnect: true });
    await waitFor(connection, ({ need }) => need === 'reconnect');
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link, 'Other')).searchParams;
    const before = scalekit.accounts.get('notion/user-1')?.updatedAt.getTime() ?? 0;
    await vi.waitUntil(() => Date.now() > before, { interval: 1 });
    scalekit.rotateToken('notion', 'user-1');
    const polls = scalekit.calls.length;
    await waitFor(connection, () => scalekit.calls.length > polls + 2);
    expect(connection.state()).toMatchObject({ status: 'ACTIVE', need: 'reconnect', offersConsent: true });
    expect(await connection.finish('notion', returned, cookie)).toEqual({ kind: 'verified' });
    expect(await connection.waitUntilActive(soon(20_000))).toBe(true);
    expect(await connection.tokens.get()).toContain('secret-Other');
  });

  it.each([false, true])(
    'goes to one of two consents in flight; the other is refused (renewing: %s)',
    async (reconnect) => {
      const { scalekit, connect, connectBefore } = await world({ lenientLinks: true });
      if (reconnect) await connectBefore('user-1');
      const connection = connect({ reconnect });
      await connection.ready();
      const started = [await begin(connection), await begin(connection)];
      const returned: URLSearchParams[] = [];
      for (const [index, { link }] of started.entries())
        returned.push(new URL(await scalekit.approve(link, index === 0 ? 'Acme' : 'Other')).searchParams);
      const verifications = scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser').length;
      const ends = await Promise.all(
        returned.map((query, index) => connection.finish('notion', query, started[index]?.cookie)),
      );
      expect(ends).toEqual([{ kind: 'verified' }, { kind: 'already-connected' }]);
      expect(scalekit.accounts.get('notion/user-1')?.workspace).toBe('Acme');
      const after = scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser').length;
      expect(after).toBe(verifications + 1);
    },
  );

  it('is lost, not new, when a new consent was begun and not finished', async () => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    const connection = connect({ reconnect: true });
    await waitFor(connection, ({ need }) => need === 'reconnect');
    const { cookie } = await begin(connection);
    const state = new URLSearchParams({ error: 'access_denied' });
    expect(await connection.finish('notion', state, cookie)).toEqual({ kind: 'cancelled' });
    await waitFor(connection, ({ status }) => status === 'PENDING_AUTH');
    expect(connection.state()).toMatchObject({ need: 'lost', offersConsent: true });
    expect(await connection.waitUntilActive(soon())).toBe(false);
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
    expect(connection.state()).toMatchObject({ status: 'ACTIVE', need: 'nothing' });
  });

  it.each(['custom', 'scalekit-users'] as const)(
    'is offered a new consent once when the input asks (%s)',
    async (verification) => {
      const { scalekit, connect } = await world({ verification });
      const earlier = connect({ runId: 'earlier' });
      if (verification === 'custom') await consent(scalekit, earlier);
      else await scalekit.approve((await begin(earlier)).link);
      expect(await earlier.waitUntilActive(soon(20_000))).toBe(true);

      const connection = connect({ reconnect: true });
      await waitFor(connection, ({ status }) => status === 'ACTIVE');
      expect(connection.state()).toMatchObject({ need: 'reconnect', offersConsent: true });
      expect(await connection.waitUntilActive(soon())).toBe(false);
      if (verification === 'custom') await consent(scalekit, connection, { workspace: 'Other' });
      else await scalekit.approve((await begin(connection)).link, 'Other');
      expect(await connection.waitUntilActive(soon(20_000))).toBe(true);
      expect(connection.state()).toMatchObject({ need: 'nothing', offersConsent: false });
      expect(await connection.begin('notion', CALLBACK)).toEqual({ kind: 'already-connected' });
      expect(await connection.tokens.get()).toBe('secret-Other-2');
    },
  );
});
