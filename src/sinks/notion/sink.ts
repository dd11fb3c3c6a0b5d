import { NO_COUNTS } from '../../progress.js';
import type { ItemSource, Sink, SinkCheck, SinkContext, SinkReport } from '../sink.js';
import { NotionApi } from './api.js';
import { createClient } from './client.js';
import { StoppedError } from './errors.js';
import { Gate } from './gate.js';
import { DEFAULT_WAITS } from './limits.js';
import type { Waits } from './limits.js';
import { toRunError } from './outcome.js';
import { Sender } from './send.js';
import { Session } from './session.js';
import { workspaceOf } from './workspace.js';

export interface NotionSinkOptions {
  /** Origin of the API, for example `https://api.notion.com`. */
  apiUrl: string;
  /** For one request, in milliseconds. */
  timeoutMs: number;
  /** Tests scale the waits. */
  waits?: Partial<Waits>;
}

/** Makes the sink that keeps items as rows of a database in the Notion workspace of the token's owner. */
export function createNotionSink(context: SinkContext, options: NotionSinkOptions): Sink {
  return new NotionSink(context, options);
}

class NotionSink implements Sink {
  readonly #context: SinkContext;
  readonly #waits: Waits;
  readonly #gate: Gate;
  readonly #sender: Sender;
  readonly #api: NotionApi;
  #requests = 0;
  #startedAt = 0;
  #session: Session | null = null;

  constructor(context: SinkContext, options: NotionSinkOptions) {
    this.#context = context;
    this.#waits = { ...DEFAULT_WAITS, ...options.waits };
    this.#gate = new Gate(context.signal, (until) => context.onPause(until));
    this.#sender = new Sender({ tokens: context.tokens, gate: this.#gate, waits: this.#waits, log: context.log });
    const client = createClient({
      apiUrl: options.apiUrl,
      timeoutMs: options.timeoutMs,
      onRequest: () => (this.#requests += 1),
    });
    this.#api = new NotionApi(client, this.#sender);
  }

  async check(): Promise<SinkCheck> {
    return this.#guard(async () => {
      const session = await this.#open();
      const found = await session.find();
      if (found !== null) await session.checkColumns(found);
      return { workspace: session.workspace, destination: found?.destination ?? null };
    });
  }

  async sync(items: ItemSource): Promise<SinkReport> {
    this.#startedAt = Date.now();
    const finished = await this.#guard(async () => {
      try {
        const session = await this.#open();
        this.#session = session;
        return await session.sync(items);
      } catch (error) {
        if (error instanceof StoppedError) return false;
        throw error;
      }
    });
    return this.#report(finished);
  }

  partialReport(): SinkReport | null {
    return this.#requests === 0 ? null : this.#report(false);
  }

  /** Whose workspace it is, is asked with a token that was read right before. */
  async #open(): Promise<Session> {
    this.#sender.forgetToken();
    const workspace = workspaceOf(await this.#api.me());
    return new Session({ sink: this.#context, api: this.#api, gate: this.#gate, waits: this.#waits, workspace });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toRunError(error);
    }
  }

  #report(finished: boolean): SinkReport {
    return {
      ...(this.#session?.checkpoint?.counts ?? NO_COUNTS),
      failedRows: this.#session?.checkpoint?.ofRows.failed ?? 0,
      destination: this.#session?.destination ?? null,
      notes: this.#session?.notes ?? [],
      requests: this.#requests,
      rateLimitedSeconds: Math.round(this.#gate.pausedSeconds),
      seconds: this.#startedAt === 0 ? 0 : Math.round((Date.now() - this.#startedAt) / 1000),
      finished,
    };
  }
}
