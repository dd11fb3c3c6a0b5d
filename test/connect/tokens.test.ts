import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionLostError } from '../../src/errors.js';
import { closeWorlds, consent, soon, world } from './support.js';

afterEach(closeWorlds);

async function connected(now?: () => number) {
  const one = await world();
  await one.connectBefore('user-1');
  const connection = one.connect(now && { now });
  await connection.ready();
  const reads = (): number => one.scalekit.calls.filter((name) => name === 'GetConnectedAccountAuth').length;
  return { ...one, connection, reads };
}

describe('tokens', () => {
  it('are read once for many users of it, and again after a minute', async () => {
    let now = Date.now();
    const { connection, reads } = await connected(() => now);
    const before = reads();
    await Promise.all([1, 2, 3].map(() => connection.tokens.get()));
    expect(reads()).toBe(before + 1);
    now += 60_001;
    await connection.tokens.get();
    expect(reads()).toBe(before + 2);
  });

  it('are renewed by one read when Scalekit has a new one', async () => {
    const { scalekit, connection, reads } = await connected();
    const old = await connection.tokens.get();
    const fresh = scalekit.rotateToken('notion', 'user-1');
    const before = reads();
    expect(await Promise.all([1, 2].map(() => connection.tokens.renew(old)))).toEqual([fresh, fresh]);
    expect(await connection.tokens.renew(old)).toBe(fresh);
    expect(await connection.tokens.get()).toBe(fresh);
    expect(reads()).toBe(before + 1);
  });

  it('are not renewed when there is no other, and the connection is lost once that is reported', async () => {
    const { scalekit, connection } = await connected();
    const token = await connection.tokens.get();
    expect(await connection.tokens.renew(token)).toBeNull();
    expect(connection.state()).toMatchObject({ status: 'ACTIVE', need: 'nothing' });
    connection.reportLost();
    expect(connection.state()).toMatchObject({ need: 'lost', offersConsent: true });
    expect(await connection.waitUntilActive(soon())).toBe(false);
    expect(await consent(scalekit, connection, { workspace: 'Other' })).toEqual({ kind: 'verified' });
    expect(await connection.waitUntilActive(soon(20_000))).toBe(true);
    expect(await connection.tokens.get()).toMatch(/^secret-Other/);
  });

  it.each(['EXPIRED', 'DISCONNECTED', 'PENDING_AUTH', 'PENDING_VERIFICATION'] as const)(
    'are not used while the account is %s',
    async (status) => {
      const { scalekit, connection } = await connected();
      const token = await connection.tokens.get();
      scalekit.setStatus('notion', 'user-1', status);
      expect(await connection.tokens.renew(token)).toBeNull();
      await expect(connection.tokens.get()).rejects.toBeInstanceOf(ConnectionLostError);
      expect(connection.state()).toMatchObject({ status, offersConsent: true });
    },
  );

  it('that are empty count as a lost connection', async () => {
    const one = await world({ grant: () => ({ accessToken: '' }) });
    const connection = one.connect();
    await consent(one.scalekit, connection);
    await expect(connection.tokens.get()).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it('outlast a Scalekit that is busy for a moment', async () => {
    const { scalekit, connect } = await connected();
    const connection = connect({ timing: { tokenBudgetMs: 20_000 } });
    await connection.ready();
    scalekit.faults.rateLimited(1);
    expect(await connection.tokens.get()).toMatch(/^secret-Acme/);
  });
});
