import { isRefused } from './permissions.js';

/** One attempt to set the status may take this long; the last message gets more, because nothing repeats it. */
const TIMEOUT_MS = { passing: 2_000, last: 10_000 } as const;

/**
 * Sends status messages one after the other, so that a late one never overwrites the next, and the last one stays.
 * A message that cannot be sent is no reason to stop; a token that may not set it is not asked again.
 * @param send sets the status of the run on the platform
 */
export class StatusSender {
  readonly #send: (message: string, last: boolean) => Promise<void>;
  #sending: Promise<void> = Promise.resolve();
  #open = true;

  constructor(send: (message: string, last: boolean) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves when the platform has it or cannot have it. */
  tell(message: string, last: boolean): Promise<void> {
    this.#sending = this.#sending.then(() => this.#attempt(message, last));
    return this.#sending;
  }

  async #attempt(message: string, last: boolean): Promise<void> {
    if (!this.#open) return;
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, last ? TIMEOUT_MS.last : TIMEOUT_MS.passing);
    });
    const sent = this.#send(message, last).catch((error: unknown) => {
      if (isRefused(error)) this.#open = false;
    });
    await Promise.race([sent, time]);
    clearTimeout(timer);
  }
}
