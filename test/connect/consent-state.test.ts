import { describe, expect, it } from 'vitest';
import { ConsentStates } from '../../src/connect/consent-state.js';

const BASE = { clientSecret: 'hush', connector: 'notion', userId: 'user-1', runId: 'run-1', ttlMs: 1000 } as const;

describe('consent state', () => {
  it('is accepted from the browser that it was issued to, by any container of the same run', () => {
    const { state, cookie, maxAgeSecs } = new ConsentStates({ ...BASE, now: () => 0 }).issue();
    expect(maxAgeSecs).toBe(1);
    expect(state.length).toBeLessThanOrEqual(512);
    expect(state).not.toContain(cookie);
    expect(new ConsentStates({ ...BASE, now: () => 999 }).check(state, cookie)).toMatchObject({ kind: 'valid' });
    expect(new ConsentStates({ ...BASE, now: () => 1000 }).check(state, cookie)).toMatchObject({ kind: 'expired' });
  });

  it('is another browser’s without its own cookie', () => {
    const states = new ConsentStates({ ...BASE, now: () => 0 });
    const mine = states.issue();
    const theirs = states.issue();
    expect(states.check(mine.state, undefined)).toEqual({ kind: 'foreign' });
    expect(states.check(mine.state, '')).toEqual({ kind: 'foreign' });
    expect(states.check(mine.state, theirs.cookie)).toEqual({ kind: 'foreign' });
  });

  it.each([
    { clientSecret: 'other' },
    { connector: 'gmail' as const },
    { userId: 'user-2' },
    { runId: 'run-2' },
    { runId: null },
  ])('is forged where %j differs', (difference) => {
    const { state, cookie } = new ConsentStates({ ...BASE, ...difference, now: () => 0 }).issue();
    expect(new ConsentStates({ ...BASE, now: () => 0 }).check(state, cookie)).toEqual({ kind: 'forged' });
  });

  it('is forged after any change, and when it is no state at all', () => {
    const states = new ConsentStates({ ...BASE, now: () => 0 });
    const { state, cookie } = states.issue();
    const [expiry = '', cookieHash = '', mac = ''] = state.split('.');
    const later = (Number.parseInt(expiry, 36) + 1e9).toString(36);
    const changed = [
      `${later}.${cookieHash}.${mac}`,
      `${expiry}.${cookieHash}.${mac}A`,
      `${state}.x`,
      `${expiry}.${mac}`,
    ];
    for (const value of [...changed, '', '..', 'x', 'x'.repeat(10_000)])
      expect(states.check(value, cookie)).toEqual({ kind: 'forged' });
  });
});
