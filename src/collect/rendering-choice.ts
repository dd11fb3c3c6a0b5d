import { hasAllOf } from './compare-pages.js';
import type { CrawlerHooks, PageRequest, ReadPage } from './crawler-types.js';
import type { FetchedPage } from './fetched-page.js';
import { siteOf } from './item-key.js';
import { PageFailure } from './page-errors.js';
import { RenderingPredictor, templateOf } from './rendering-predictor.js';

/** Pages that may wait for a comparison, in memory; with more, nothing new is started. */
const MAX_HELD = 50;

interface Comparison {
  served: ReadPage;
  /** One of the versions was taken. */
  isDecided: boolean;
  end: () => void;
}

/**
 * `playwright:adaptive`: each page is asked for over HTTP first, and a browser looks at it too as long as it is not known
 * that it would show no more. Pages made alike wait for the first of them to be compared.
 */
export class RenderingChoice {
  readonly #hooks: CrawlerHooks;
  readonly #predictor: RenderingPredictor;
  readonly #park: (until: Promise<void>) => Promise<void>;
  #held = 0;
  /** Comparisons under way, by the request's key. */
  readonly #comparing = new Map<string, Comparison>();
  /** What pages made alike wait for. */
  readonly #waiting = new Map<string, Promise<void>>();

  /** @param park waits without keeping a slot, and then for one */
  constructor(hooks: CrawlerHooks, park: (until: Promise<void>) => Promise<void>) {
    this.#hooks = hooks;
    this.#park = park;
    this.#predictor = new RenderingPredictor(hooks.learned.get());
  }

  /**
   * The page as served when that is enough; `null` when it has to be opened in a browser.
   * @param read asks for the page over HTTP
   * @throws what `read` throws
   */
  async overHttp(request: PageRequest, read: () => Promise<FetchedPage>): Promise<ReadPage | null> {
    const site = siteOf(request.url);
    if (this.#predictor.skipsHttp(site)) return null;
    let page: FetchedPage;
    try {
      page = await read();
    } catch (error) {
      // Sites that let only browsers in answer so.
      if (error instanceof PageFailure && error.httpStatusCode === 403) return null;
      throw error;
    }
    const served = await this.#hooks.extract(request, page, 'http');
    const { signals, hasAwaited } = served.result;
    if (!hasAwaited) return null;
    for (;;) {
      // Nobody opens a page any more once the crawl has to end.
      this.#hooks.signal.throwIfAborted();
      const plan = this.#predictor.plan(site, signals);
      if (plan === 'http') return served;
      if (plan === 'browser') return null;
      const name = this.#predictor.isNew(site) ? site : templateOf(site, signals);
      const running = this.#waiting.get(name);
      if (running === undefined) {
        this.#start(request, served, name);
        await this.#hooks.onServed(request, served);
        return null;
      }
      // Meanwhile others are asked for over HTTP.
      this.#held += 1;
      await this.#park(running).finally(() => (this.#held -= 1));
    }
  }

  /** True while so many pages wait for a comparison that no other should be asked for. */
  get isFull(): boolean {
    return this.#held >= MAX_HELD;
  }

  /** Of a page that a browser read, the version to keep: the served one when the browser showed no more than that. */
  choose(request: PageRequest, rendered: ReadPage): ReadPage {
    const comparison = this.#comparing.get(request.uniqueKey);
    if (comparison === undefined) return rendered;
    const { served } = comparison;
    comparison.isDecided = true;
    const equal = hasAllOf(served.result, rendered.result, (url) => this.#hooks.isInside(url));
    this.#predictor.learn(siteOf(request.url), served.result.signals, equal);
    this.#hooks.learned.set(this.#predictor.learned);
    // At once: this page may have to wait for its turn, and the page whose turn it is for this comparison.
    comparison.end();
    return equal ? served : rendered;
  }

  /** The served version of a page that the browser could not read, when it has a page's words; else `null`. */
  instead(request: PageRequest): ReadPage | null {
    const comparison = this.#comparing.get(request.uniqueKey);
    if (comparison === undefined || comparison.isDecided) return null;
    const { served } = comparison;
    const { signals } = served.result;
    this.#predictor.fail(siteOf(request.url), signals);
    this.#hooks.learned.set(this.#predictor.learned);
    if (signals.includes('shell')) return null;
    comparison.isDecided = true;
    comparison.end();
    return served;
  }

  /** The request was read or has failed, or is compared no more; who waits for its comparison goes on. */
  end(request: PageRequest): void {
    this.#comparing.get(request.uniqueKey)?.end();
    this.#comparing.delete(request.uniqueKey);
  }

  #start(request: PageRequest, served: ReadPage, name: string): void {
    let resolve = (): void => undefined;
    const ended = new Promise<void>((done) => (resolve = done));
    const end = (): void => {
      if (this.#waiting.get(name) === ended) this.#waiting.delete(name);
      resolve();
    };
    this.#waiting.set(name, ended);
    this.#comparing.set(request.uniqueKey, { served, isDecided: false, end });
  }
}
