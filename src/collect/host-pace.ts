/** Requests that may wait for their host at once; with more, nothing new is started until some of them can go on. */
const MAX_WAITING = 1_000;

/** Which hosts asked to be left alone for a while (`Retry-After`, RFC 9110 §10.2.3); the others are read meanwhile. */
export class HostPauses {
  readonly #until = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  /** @param ms how long the URL's host is to be left alone from now on */
  pause(url: string, ms: number): void {
    const { host } = new URL(url);
    this.#until.set(host, Math.max(this.#until.get(host) ?? 0, Date.now() + ms));
  }

  isPaused(url: string): boolean {
    return this.#leftMs(url) > 0;
  }

  get areTooMany(): boolean {
    return this.#waiting.size >= MAX_WAITING;
  }

  /** Resolves when the URL's host may be asked again, or when all waiting ends. */
  async wait(url: string): Promise<void> {
    for (let ms = this.#leftMs(url); ms > 0; ms = this.#leftMs(url)) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(go);
          resolve();
        };
        const timer = setTimeout(go, ms);
        this.#waiting.add(go);
      });
    }
  }

  /** Nobody waits any longer: the crawl ends. */
  open(): void {
    this.#until.clear();
    for (const go of [...this.#waiting]) go();
  }

  #leftMs(url: string): number {
    return (this.#until.get(new URL(url).host) ?? 0) - Date.now();
  }
}
