import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/collect/turns.js';

describe('Turns', () => {
  it('go on in the order in which they were given, whichever is ready first', async () => {
    const turns = new Turns();
    const order: number[] = [];
    const given = [turns.give(), turns.give(), turns.give()];
    const done = given.toReversed().map(async (turn) => {
      const inTurn = await turns.wait(turn);
      order.push(turn);
      turns.end(turn);
      return inTurn;
    });
    expect(await Promise.all(done)).toEqual([true, true, true]);
    expect(order).toEqual(given);
  });

  it('wait for none that takes too long, and say so', async () => {
    const turns = new Turns(10);
    turns.give();
    expect(await turns.wait(turns.give())).toBe(false);
  });

  it('wait for nobody once the crawl is to end', async () => {
    const turns = new Turns();
    turns.give();
    const waiting = turns.wait(turns.give());
    turns.open();
    expect(await waiting).toBe(true);
  });
});
