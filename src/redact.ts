/** Shorter values are no secrets of ours, and replacing them would shred ordinary words. */
const SHORTEST = 8;
const MASK = '[secret]';

/**
 * Takes known secrets out of what is about to be logged. A second line of defence: nothing logs a secret knowingly.
 */
export class Redactor {
  readonly #needles = new Set<string>();

  constructor(secrets: readonly (string | null)[] = []) {
    for (const secret of secrets) if (secret !== null) this.add(secret);
  }

  /** From now on `secret` is replaced, in its URL-encoded form too. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return;
    this.#needles.add(secret);
    this.#needles.add(encodeURIComponent(secret));
  }

  text(line: string): string {
    let clean = line;
    for (const needle of this.#needles) clean = clean.replaceAll(needle, MASK);
    return clean;
  }

  /** A copy of plain data in which every string, keys included, is clean. Errors become their clean message. */
  data(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Error) return this.text(`${value.name}: ${value.message}`);
    if (Array.isArray(value)) return value.map((entry) => this.data(entry));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [this.text(key), this.data(entry)]));
    }
    return value;
  }
}
