import { describe, expect, it } from 'vitest';
import { SlotLender, type Pool } from '../../src/collect/slot-lender.js';
import { Slots } from '../../src/collect/slots.js';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Work that ends when it is told to. */
function held(): { until: Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const until = new Promise<void>((resolve) => (end = resolve));
  return { until, end };
}

describe('Slots', () => {
  it('let so many go at once and the others in their order, also when one fails', async () => {
    const slots = new Slots(2);
    const began: number[] = [];
    const works = [0, 1, 2, 3].map(() => held());
    const all = works.map(({ until }, index) =>
      slots.use(async () => {
        began.push(index);
        await until;
        if (index === 1) throw new Error('failed');
      }),
    );
    const failed = expect(all[1]).rejects.toThrow('failed');
    await soon();
    expect(began).toEqual([0, 1]);
    works[1]?.end();
    await failed;
    await soon();
    expect(began).toEqual([0, 1, 2]);
    works[0]?.end();
    await soon();
    expect(began).toEqual([0, 1, 2, 3]);
    for (const { end } of works) end();
    await Promise.all([all[0], all[2], all[3]]);
    expect(await slots.use(async () => 'free')).toBe('free');
  });
});

describe('SlotLender', () => {
  const pool = (): Pool & { currentConcurrency: number; asked: number } => ({
    minConcurrency: 2,
    maxConcurrency: 4,
    desiredConcurrency: 2,
    currentConcurrency: 2,
    asked: 0,
    async notify() {
      this.asked += 1;
    },
  });
  const numbers = ({ minConcurrency, maxConcurrency, desiredConcurrency }: Pool): number[] => [
    minConcurrency,
    desiredConcurrency,
    maxConcurrency,
  ];

  it('gives the slot of who waits to another one, at once, and takes it back', async () => {
    const crawlee = pool();
    const lender = new SlotLender(() => crawlee);
    const work = held();
    const waiting = lender.wait(work.until);
    expect(numbers(crawlee)).toEqual([3, 3, 5]);
    expect(crawlee.asked).toBe(1);
    expect([lender.active, lender.unread, lender.isReturning]).toEqual([1, 1, false]);
    work.end();
    await waiting;
    expect(numbers(crawlee)).toEqual([2, 2, 4]);
    expect([lender.active, lender.unread]).toEqual([2, 2]);
  });

  it('lets who was parked go on only when a slot is free, and nothing new before it', async () => {
    const crawlee = pool();
    const lender = new SlotLender(() => crawlee);
    const work = held();
    let isBack = false;
    const parked = lender.park(work.until).then(() => (isBack = true));
    // Another request has the slot by now.
    crawlee.currentConcurrency = 3;
    work.end();
    await soon();
    expect([isBack, lender.isReturning, lender.unread]).toEqual([false, true, 3]);
    crawlee.currentConcurrency = 2;
    await parked;
    expect([isBack, lender.isReturning]).toEqual([true, false]);
    expect(numbers(crawlee)).toEqual([2, 2, 4]);
  });

  it('takes the slot back when what was waited for fails', async () => {
    const crawlee = pool();
    const lender = new SlotLender(() => crawlee);
    await expect(lender.park(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await expect(lender.wait(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(numbers(crawlee)).toEqual([2, 2, 4]);
    expect([lender.active, lender.isReturning]).toEqual([2, false]);
  });
});
