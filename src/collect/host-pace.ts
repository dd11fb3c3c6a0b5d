import { siteOf } from './item-key.js';
import { PageFailure, PageSkipped } from './page-errors.js';

/** Requests that may wait for their hosts at once; with more, nothing new is started until some of them can go on. */
const MAX_WAITING = {
  /** Of hosts that asked to be left alone: the others are read meanwhile. */
  refused: 1_000,
  /** Of hosts that are only read in turn. */
  inTurn: 40,
} as const;

/** As often in a row as Crawlee tries another session: a host that refuses more often has no answer for us. */
const MAX_REFUSALS = 10;

/** The longest that one request waits for its host before it goes back to the queue, ms. */
const MAX_WAIT_MS = 30 * 60_000;

interface Host {
  busy: number;
  /** How many requests it gets at once. */
  width: number;
  /** It asked to be left alone until then, epoch ms. */
  pausedUntil: number;
  /** The pause between two requests, ms, and when the next one may begin, epoch ms. */
  delayMs: number;
  nextAt: number;
  /** Pauses that it asked for since it last answered. */
  refusals: number;
  waiting: ((mayGo: boolean) => void)[];
  timer: NodeJS.Timeout | null;
}

export interface HostPaceOptions {
  /** Requests that one host gets at once. */
  perHost: number;
  /** The pause that the host asks for between two requests, ms. */
  delayMs: (url: string) => Promise<number>;
  /** What waits for its host waits with this, which resolves when `until` did and there is room to go on. */
  park: (until: Promise<void>) => Promise<void>;
  maxWaitMs?: number;
}

/** A request has waited for its host so long that another one should be looked at. */
export class HostIsSlow extends Error {}

/**
 * How fast each host is asked (`www.` and http/https alike): only so many requests at once, with the pause between them that
 * its robots.txt names, and none while it asked to be left alone (`Retry-After`, RFC 9110 §10.2.3). After that it gets one
 * request at a time, and one more with each that it answers.
 */
export class HostPace {
  readonly #options: HostPaceOptions;
  readonly #hosts = new Map<string, Host>();
  #isOpen = false;

  constructor(options: HostPaceOptions) {
    this.#options = options;
  }

  /**
   * Asks the URL's host when its turn has come.
   * @param onHeld called when the host was told to wait for, so that nobody else should wait for this request
   * @throws what `ask` throws, and HostIsSlow
   */
  async use<T>(url: string, ask: () => Promise<T>, onHeld: () => void): Promise<T> {
    const name = siteOf(url);
    const host = await this.#enter(name, url, onHeld);
    // What was asked for before the host refused says nothing about the time after it.
    const { pausedUntil } = host;
    const isAnswer = (): boolean => host.pausedUntil === pausedUntil;
    try {
      const answer = await ask();
      if (isAnswer()) this.#answered(host);
      return answer;
    } catch (error) {
      if (error instanceof PageFailure && error.pause !== null) {
        const { url: by, ms } = error.pause;
        this.#refused(this.#host(siteOf(by)), ms, siteOf(by) !== name || isAnswer());
      } else if (isAnswer() && (error instanceof PageSkipped || isStatus(error))) this.#answered(host);
      throw error;
    } finally {
      host.busy -= 1;
      this.#goOn(name, host);
    }
  }

  /** True when a refusal of this host only means to come back later; false when it seems to refuse whatever comes. */
  isPatient(url: string): boolean {
    return this.#host(siteOf(url)).refusals <= MAX_REFUSALS;
  }

  get areTooMany(): boolean {
    let refused = 0;
    let inTurn = 0;
    for (const host of this.#hosts.values()) {
      if (host.refusals > 0) refused += host.waiting.length;
      else inTurn += host.waiting.length;
    }
    return refused >= MAX_WAITING.refused || inTurn >= MAX_WAITING.inTurn;
  }

  /** Nobody waits any longer: the crawl ends. */
  open(): void {
    this.#isOpen = true;
    for (const [name, host] of this.#hosts) this.#goOn(name, host);
  }

  async #enter(name: string, url: string, onHeld: () => void): Promise<Host> {
    const delayMs = await this.#options.delayMs(url);
    const host = this.#host(name);
    host.delayMs = delayMs;
    if (host.waiting.length === 0 && this.#mayGo(host)) this.#begin(host);
    else {
      if (host.refusals > 0) onHeld();
      await this.#options.park(this.#turn(name, host));
    }
    return host;
  }

  #begin(host: Host): void {
    host.busy += 1;
    host.nextAt = Date.now() + host.delayMs;
  }

  /** Resolves when the host may be asked; it counts as being asked then. */
  async #turn(name: string, host: Host): Promise<void> {
    const mayGo = await new Promise<boolean>((resolve) => {
      const go = (isTurn: boolean): void => {
        clearTimeout(patience);
        host.waiting.splice(host.waiting.indexOf(go), 1);
        resolve(isTurn);
      };
      const patience = setTimeout(() => go(false), this.#options.maxWaitMs ?? MAX_WAIT_MS);
      host.waiting.push(go);
      this.#goOn(name, host);
    });
    if (!mayGo) throw new HostIsSlow('The host takes too long.');
  }

  #mayGo(host: Host): boolean {
    return this.#isOpen || (host.busy < host.width && Math.max(host.pausedUntil, host.nextAt) <= Date.now());
  }

  /** Lets go on whoever may, and looks again when somebody else may. */
  #goOn(name: string, host: Host): void {
    if (host.timer !== null) clearTimeout(host.timer);
    host.timer = null;
    while (host.waiting.length > 0 && this.#mayGo(host)) {
      this.#begin(host);
      host.waiting[0]?.(true);
    }
    const wait = Math.max(host.pausedUntil, host.nextAt) - Date.now();
    if (wait > 0 && host.waiting.length > 0) host.timer = setTimeout(() => this.#goOn(name, host), wait);
    else if (wait <= 0 && host.busy === 0 && host.waiting.length + host.refusals === 0) this.#hosts.delete(name);
  }

  #answered(host: Host): void {
    host.refusals = 0;
    host.width = Math.min(host.width + 1, this.#options.perHost);
  }

  /** @param isNew it refuses again after the pause that it had asked for */
  #refused(host: Host, ms: number, isNew: boolean): void {
    if (isNew) host.refusals += 1;
    host.pausedUntil = Math.max(host.pausedUntil, Date.now() + ms);
    // Who refuses everything is asked for the rest at once, so that it has an end.
    host.width = host.refusals > MAX_REFUSALS ? this.#options.perHost : 1;
  }

  #host(name: string): Host {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      const { perHost } = this.#options;
      host = { busy: 0, width: perHost, pausedUntil: 0, delayMs: 0, nextAt: 0, refusals: 0, waiting: [], timer: null };
      this.#hosts.set(name, host);
    }
    return host;
  }
}

function isStatus(error: unknown): boolean {
  return error instanceof PageFailure && error.httpStatusCode !== null;
}
