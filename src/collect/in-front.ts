import type { BrowserContext, Page } from 'playwright';
import { Slots } from './slots.js';

/** A page that takes longer goes on behind the others, ms. */
const LONGEST_MS = 2_000;

const turns = new WeakMap<BrowserContext, Slots>();

/**
 * Does `work` while the page is the one in front. Chrome draws the others once a second, however much they say that they
 * are visible (Chromium 156: 80 frames took 4,700 ms there and 1,600 ms in front), and much is loaded only when a page is
 * drawn. Coming to the front takes 10 ms.
 */
export async function inFront<T>(page: Page, work: () => Promise<T>): Promise<T> {
  const context = page.context();
  const turn = turns.get(context) ?? new Slots(1);
  turns.set(context, turn);
  return turn
    .use(async () => {
      const working = page.bringToFront().then(work);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LONGEST_MS)));
      await Promise.race([working.catch(() => undefined), late]);
      clearTimeout(timer);
      return { working };
    })
    .then(({ working }) => working);
}
