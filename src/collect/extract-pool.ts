import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { extractLimits, type ExtractLimits } from './extract-limits.js';
import type { LoadedPage, PageOptions, PageResult } from './handle-page.js';
import { PageFailure } from './page-errors.js';

export type WorkerAnswer = { result: PageResult } | { error: string };

interface Job {
  page: LoadedPage;
  resolve: (result: PageResult) => void;
  reject: (failure: PageFailure) => void;
}

interface Slot {
  worker: Worker;
  job: Job | null;
  /** What ends a job that takes too much. */
  guards: NodeJS.Timeout[];
}

const MB = 1024 * 1024;
/** A page that needs longer is made to need long, ms. */
const PAGE_TIME_MS = 60_000;
/** How often it is looked what a PDF takes, ms: one that unpacks without end takes some hundred MB in a second. */
const LOOK_MS = 100;
/** Pages as deep as parsers allow need more stack than a thread has by default. */
const STACK_MB = 32;

/**
 * Takes pages apart in worker threads, so that the event loop stays free for the network and a page that never ends, or
 * takes all memory, costs one worker and not the run. More workers start with the pages that need them.
 */
export class ExtractPool {
  readonly #options: PageOptions;
  readonly #limits: ExtractLimits;
  readonly #slots: Slot[] = [];
  readonly #waiting: Job[] = [];
  #closed = false;

  constructor(options: PageOptions, limits = extractLimits()) {
    this.#options = pickOptions(options);
    this.#limits = limits;
  }

  /** Starts the first worker, which takes as long as the first page takes to come. */
  warm(): void {
    if (this.#slots.length === 0) this.#start();
  }

  /** @throws PageFailure when the page cannot be taken apart, or not in time */
  extract(page: LoadedPage): Promise<PageResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ page, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.reject(failure('the crawl ended', true));
    await Promise.all(this.#slots.splice(0).map((slot) => this.#end(slot, failure('the crawl ended', true))));
  }

  #next(): void {
    if (this.#closed || this.#waiting.length === 0) return;
    let slot = this.#slots.find(({ job }) => job === null);
    if (slot === undefined) {
      if (this.#slots.length >= this.#limits.workers) return;
      slot = this.#start();
    }
    this.#give(slot, this.#waiting.shift() as Job);
  }

  #give(slot: Slot, job: Job): void {
    slot.job = job;
    const tooLong = failure(`it took more than ${PAGE_TIME_MS / 1000} seconds`, false);
    slot.guards = [setTimeout(() => void this.#drop(slot, tooLong), PAGE_TIME_MS)];
    const { pdf } = job.page;
    if (pdf !== null) slot.guards.push(this.#watchMemory(slot));
    // Bytes are handed over and not copied.
    slot.worker.postMessage(job.page, pdf === null ? [] : [pdf.buffer as ArrayBuffer]);
  }

  #start(): Slot {
    const worker = startWorker(this.#options, this.#limits.heapMb);
    const slot: Slot = { worker, job: null, guards: [] };
    worker.on('message', (answer: WorkerAnswer) => {
      const { job } = slot;
      this.#free(slot);
      if ('result' in answer) job?.resolve(answer.result);
      else job?.reject(failure(answer.error, false));
      this.#next();
    });
    worker.on('error', (error) => void this.#drop(slot, failure(error.message.split('\n')[0] ?? 'unknown', false)));
    // An idle worker keeps no run alive.
    worker.unref();
    this.#slots.push(slot);
    return slot;
  }

  /**
   * What a PDF unpacks to lies outside the heap that a worker is given, and nothing tells it but the memory of the whole
   * process: growing by a worker's share while a PDF is read is that PDF's doing.
   */
  #watchMemory(slot: Slot): NodeJS.Timeout {
    const most = process.memoryUsage.rss() + this.#limits.heapMb * MB;
    return setInterval(() => {
      if (process.memoryUsage.rss() > most) void this.#drop(slot, failure('it takes too much memory', false));
    }, LOOK_MS);
  }

  #free(slot: Slot): void {
    for (const guard of slot.guards.splice(0)) clearInterval(guard);
    slot.job = null;
  }

  async #drop(slot: Slot, why: PageFailure): Promise<void> {
    const at = this.#slots.indexOf(slot);
    if (at === -1) return;
    this.#slots.splice(at, 1);
    await this.#end(slot, why);
    this.#next();
  }

  async #end(slot: Slot, why: PageFailure): Promise<void> {
    const { job } = slot;
    this.#free(slot);
    job?.reject(why);
    await slot.worker.terminate();
  }
}

/** Starts a worker. Run from the sources it needs the loader that the run itself was started with. */
function startWorker(options: PageOptions, heapMb: number): Worker {
  const resourceLimits = { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: heapMb };
  const shared = { workerData: options, env: {}, execArgv: [], resourceLimits };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./extract-worker.js', import.meta.url), shared);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(/cjs$/, 'mjs');
  const source = new URL('./extract-worker.ts', import.meta.url).href;
  const start = `import('${loader}').then(({ register }) => { register(); return import('${source}'); });`;
  return new Worker(start, { ...shared, eval: true });
}

/** Only what a page is taken apart by: secrets of the input stay in this thread. */
function pickOptions(options: PageOptions): PageOptions {
  return {
    keepUrlFragments: options.keepUrlFragments,
    ignoreCanonicalUrl: options.ignoreCanonicalUrl,
    keepElementsCssSelector: options.keepElementsCssSelector,
    removeElementsCssSelector: options.removeElementsCssSelector,
    removeCookieWarnings: options.removeCookieWarnings,
    recordSelector: options.recordSelector,
    recordFields: options.recordFields,
    recordKeyFields: options.recordKeyFields,
    waitForSelector: options.waitForSelector,
    debugLog: options.debugLog,
  };
}

function failure(reason: string, canRetry: boolean): PageFailure {
  return new PageFailure('extraction', `The page was read but its content could not be taken out of it (${reason}).`, {
    canRetry,
  });
}
