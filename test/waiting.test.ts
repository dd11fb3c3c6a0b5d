import { describe, expect, it } from 'vitest';
import { isAttended } from '../src/attended.js';
import { waitDeadline, type WaitFacts } from '../src/waiting.js';

const base: WaitFacts = { origin: 'WEB', authorizationWaitSecs: null, since: 1_000_000, visited: false };
const secs = (facts: Partial<WaitFacts>): number => (waitDeadline({ ...base, ...facts }) - base.since) / 1000;

describe('how long a run waits for consent (design §1 step 4)', () => {
  it('waits 90 s until somebody opens the live view, 300 s in all once somebody has', () => {
    expect(secs({})).toBe(90);
    expect(secs({ visited: true })).toBe(300);
    expect(secs({ origin: 'DEVELOPMENT' })).toBe(90);
  });

  it.each(['SCHEDULER', 'API', 'WEBHOOK', 'ACTOR', 'MCP', 'CLI', 'TEST', 'UNKNOWN'])(
    'does not wait for %s',
    (origin) => {
      expect(secs({ origin })).toBe(0);
      expect(secs({ origin, visited: true })).toBe(0);
    },
  );

  it('lets authorizationWaitSecs decide for every origin', () => {
    expect(secs({ origin: 'API', authorizationWaitSecs: 600 })).toBe(600);
    expect(secs({ origin: 'WEB', authorizationWaitSecs: 0, visited: true })).toBe(0);
  });
});

describe('a new consent for a connection that works is offered', () => {
  it.each([
    ['WEB', null, true],
    ['DEVELOPMENT', 0, true],
    ['API', 60, true],
    ['API', null, false],
    ['SCHEDULER', 0, false],
  ] as const)(
    'where the person who asked for it may be there: %s, %s → %s',
    (origin, authorizationWaitSecs, offered) => {
      expect(isAttended({ origin, authorizationWaitSecs })).toBe(offered);
    },
  );
});
