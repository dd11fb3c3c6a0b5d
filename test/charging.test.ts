import { describe, expect, it } from 'vitest';
import { Charging, SpendingLimitError, type Till } from '../src/charging.js';

function till(limit: number, prices = { item: 1, page: 5 }) {
  const charged = { item: 0, page: 0, other: 0 };
  const stub: Till = {
    limit,
    price: (event) => prices[event],
    spent: () => charged.item * prices.item + charged.page * prices.page + charged.other,
    charged: (event) => charged[event],
    chargePages: async (count) => void (charged.page += count),
  };
  return { stub, charged };
}

function charging(limit: number, more: Partial<ConstructorParameters<typeof Charging>[0]> = {}) {
  const { stub, charged } = till(limit);
  const limits: string[] = [];
  const failures: unknown[] = [];
  const one = new Charging({
    till: stub,
    itemsStored: 0,
    itemsArePaid: true,
    onLimit: (stage) => limits.push(stage),
    onFailure: (error) => failures.push(error),
    ...more,
  });
  return { one, charged, limits, failures, stub };
}

const store = async (): Promise<void> => undefined;

describe('the spending limit', () => {
  it('keeps room for the page of every stored item', async () => {
    const { one, limits } = charging(12);
    await one.storeItem(store);
    await one.storeItem(store);
    await expect(one.storeItem(store)).rejects.toThrow(SpendingLimitError);
    expect(limits).toEqual(['collecting']);
    expect([one.reservePage(), one.reservePage(), one.reservePage()]).toEqual([true, true, false]);
    expect(limits).toEqual(['collecting', 'writing']);
  });

  it('counts items that are on their way, so that two at once cannot pass it', async () => {
    const { one } = charging(6);
    const outcomes = await Promise.allSettled([one.storeItem(store), one.storeItem(store)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('takes no room for an item that could not be stored', async () => {
    const { one } = charging(6);
    await expect(one.storeItem(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await one.storeItem(store);
  });

  it('leaves out what the platform spends on other events', async () => {
    const { one, charged } = charging(12);
    charged.other = 7;
    await expect(one.storeItem(store)).rejects.toThrow(SpendingLimitError);
  });

  it('lets go of room that a page did not need', () => {
    const { one } = charging(5);
    expect(one.reservePage()).toBe(true);
    expect(one.reservePage()).toBe(false);
    one.releasePage();
    expect(one.reservePage()).toBe(true);
  });

  it('is none for a run that is not paid per event', async () => {
    const { one } = charging(0, { till: null });
    await one.storeItem(store);
    expect(one.reservePage()).toBe(true);
  });
});

describe('charges', () => {
  it('are the difference to what was charged, over all parts of a run', async () => {
    const { one, charged } = charging(1000);
    charged.page = 3;
    one.confirmed(2);
    await one.settled();
    expect(charged.page).toBe(3);
    one.confirmed(5);
    one.confirmed(6);
    await one.settled();
    expect(charged.page).toBe(6);
  });

  it('that fail are told and not thrown', async () => {
    const { stub } = till(1000);
    const { one, failures } = charging(1000, {
      till: { ...stub, chargePages: () => Promise.reject(new Error('403')) },
    });
    one.confirmed(1);
    await one.settled();
    expect(failures).toHaveLength(1);
  });
});
