import type { FootnoteDefinition } from 'mdast';

/** Numbers footnotes in the order in which the text refers to them; a footnote that nothing refers to comes last. */
export class FootnoteNumbers {
  readonly #definitions: ReadonlyMap<string, FootnoteDefinition>;
  readonly #order = new Map<string, number>();

  constructor(definitions: ReadonlyMap<string, FootnoteDefinition>) {
    this.#definitions = definitions;
  }

  /** @returns the number for a marker in the text, from 1; the same one for every marker of a footnote */
  numberOf(identifier: string): number {
    const known = this.#order.get(identifier);
    if (known !== undefined) return known;
    const number = this.#order.size + 1;
    this.#order.set(identifier, number);
    return number;
  }

  /** The footnotes by number. Serializing one may number further ones: they follow. */
  *inOrder(): Generator<{ number: number; definition: FootnoteDefinition }> {
    yield* this.#numbered(0);
    for (const identifier of this.#definitions.keys()) {
      const before = this.#order.size;
      this.numberOf(identifier);
      yield* this.#numbered(before);
    }
  }

  *#numbered(from: number): Generator<{ number: number; definition: FootnoteDefinition }> {
    let position = 0;
    // A Map's iterator also visits what is added while it runs.
    for (const [identifier, number] of this.#order) {
      position += 1;
      const definition = this.#definitions.get(identifier);
      if (position > from && definition !== undefined) yield { number, definition };
    }
  }
}
