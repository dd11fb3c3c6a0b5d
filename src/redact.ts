/** Shorter values are no secrets of ours, and replacing them would shred ordinary words. */
const SHORTEST = 8;
const MASK = '[secret]';

/**
 * Takes known secrets out of what is about to be logged, in each encoding that a line may carry them in. A second line
 * of defence: nothing logs a secret knowingly.
 */
export class Redactor {
  readonly #needles = new Set<string>();
  #pattern: RegExp | null = null;

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  /** From now on `secret` is replaced; one of fewer than 8 characters is not. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return;
    for (const form of formsOf(secret)) this.#needles.add(form);
    this.#pattern = null;
  }

  text(line: string): string {
    if (this.#needles.size === 0) return line;
    // One pass, the longest first: where a secret begins with another one, no end of it may stay.
    const longestFirst = () => [...this.#needles].sort((a, b) => b.length - a.length).map(escapeForPattern);
    this.#pattern ??= new RegExp(longestFirst().join('|'), 'g');
    return line.replace(this.#pattern, MASK);
  }

  /** A copy of plain data in which every string, keys included, is clean. Errors become their clean message. */
  data(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Error) return this.text(`${value.name}: ${value.message}`);
    if (Array.isArray(value)) return value.map((entry) => this.data(entry));
    if (typeof value === 'object' && value !== null) {
      if ('toJSON' in value && typeof value.toJSON === 'function') return this.data((value.toJSON as () => unknown)());
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [this.text(key), this.data(entry)]));
    }
    return value;
  }
}

/** A secret as it is, and as it looks in a URL, a form, JSON, HTML and a Basic header. */
function formsOf(secret: string): string[] {
  // Half of a surrogate pair cannot be encoded; whoever encodes it sends U+FFFD.
  const whole = Buffer.from(secret).toString();
  const url = new URL('http://x');
  url.password = whole;
  const encoded = [
    encodeURIComponent(whole),
    encodeURI(whole),
    new URLSearchParams({ x: whole }).toString().slice(2),
    url.password,
  ];
  const base64 = (['base64', 'base64url'] as const).map((name) => Buffer.from(whole).toString(name).replace(/=+$/, ''));
  return [
    secret,
    whole,
    ...encoded,
    ...encoded.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    JSON.stringify(secret).slice(1, -1),
    whole.replace(/[&<>"']/g, (character) => HTML[character] ?? character),
    ...base64,
  ];
}

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
