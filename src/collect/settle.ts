import type { JSHandle, Page } from 'playwright';
import { inFront } from './in-front.js';
import { lookOn, startReading, type Reading, type Sight } from './in-page.js';

/** Without changes and without open requests for this long, a page counts as ready, ms. */
const QUIET_MS = 300;
/** A page with little text is likely a shell that its scripts fill: it is watched longer, and an empty one to the end. */
const SHELL = { characters: 200, quietMs: 1_200 } as const;
/**
 * A page is scrolled once it has been still for `quietMs`, so that where its scripts send the reader at first is told from
 * the addresses that it takes on when it is scrolled; or when it was not still for `longestMs`, or a third of its time.
 */
const SCROLL = { quietMs: 100, longestMs: 3_000, steps: 10, maxIdle: 100 } as const;
/** Between two looks, ms: each one takes the front from the other pages. */
const LOOK_MS = 100;
/** Rows of lists that are kept while a page is scrolled, characters. */
const MAX_ROWS_SIZE = 5_000_000;

export interface SettleOptions {
  /** How many documents, scripts and calls the page is still waiting for. */
  stillOpen: () => number;
  /** When it is read as it is, ms since the epoch. */
  deadline: number;
  /** Called when the page stands still; resolves to true when that brought something about. */
  onStill: () => Promise<boolean>;
}

/**
 * Waits until the page stops changing and was scrolled to its end, at most until the deadline, whatever its scripts
 * replace it with meanwhile. Gives what is known of its document, which stays valid until the next one.
 */
export async function settle(page: Page, { stillOpen, deadline, onStill }: SettleOptions): Promise<JSHandle<Reading>> {
  const begin = (): Promise<JSHandle<Reading>> => page.evaluateHandle(startReading, { maxSize: MAX_ROWS_SIZE });
  let reading: JSHandle<Reading> | null = null;
  let last = '';
  let quietSince = Date.now();
  let scrollsAt = 0;
  let mayScroll = false;
  /** There is something to be brought into sight, which takes the front: looking does not. */
  let hasMore = true;
  // An error page of the browser gets no better.
  while (Date.now() < deadline && isWeb(page.url())) {
    let sight: Sight | null = null;
    try {
      if (reading === null) {
        reading = await begin();
        mayScroll = false;
        hasMore = true;
        scrollsAt = Date.now() + Math.min(SCROLL.longestMs, (deadline - Date.now()) / 3);
      }
      const known: JSHandle<Reading> = reading;
      const steps: number = mayScroll && hasMore ? SCROLL.steps : 0;
      const look = (): Promise<Sight> => known.evaluate(lookOn, { steps, maxIdle: SCROLL.maxIdle });
      sight = await (steps > 0 ? inFront(page, look) : look());
      if (mayScroll) hasMore = !sight.isAtEnd;
    } catch {
      // Another document came.
      reading = null;
    }
    const state = JSON.stringify(sight);
    if (sight === null || state !== last || stillOpen() > 0) {
      last = state;
      quietSince = Date.now();
    }
    const quietMs = Date.now() - quietSince;
    const enough = sight === null || sight.text < SHELL.characters ? SHELL.quietMs : QUIET_MS;
    if (sight !== null && !mayScroll) {
      mayScroll = Date.now() >= scrollsAt || (sight.text > 0 && quietMs >= SCROLL.quietMs);
      if (mayScroll) await onStill();
    } else if (sight !== null && !hasMore && sight.text > 0 && quietMs >= enough) {
      if (!(await onStill())) break;
    }
    if (sight === null || !mayScroll || !hasMore)
      await page.waitForTimeout(Math.min(LOOK_MS, Math.max(deadline - Date.now(), 1)));
  }
  return reading ?? begin();
}

/** Is it the address of a page, and not of what a browser shows in place of one? */
export function isWeb(url: string): boolean {
  return /^https?:/.test(url);
}
