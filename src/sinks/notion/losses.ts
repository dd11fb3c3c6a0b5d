import type { FieldNote } from './values.js';

/** Counts per column what Notion could not hold as it came, so that nothing is lost in silence. */
export class Losses {
  readonly #columns = new Map<string, Map<FieldNote, number>>();

  /** @param notes column name → what became of the value */
  count(notes: ReadonlyMap<string, FieldNote>): void {
    for (const [name, note] of notes) {
      const counts = this.#columns.get(name) ?? new Map<FieldNote, number>();
      this.#columns.set(name, counts.set(note, (counts.get(note) ?? 0) + 1));
    }
  }

  /** One sentence per column and kind. */
  sentences(): string[] {
    return [...this.#columns].flatMap(([name, counts]) =>
      [...counts].map(([note, count]) => `Column "${name}": ${count} ${count === 1 ? 'value' : 'values'} ${note}.`),
    );
  }
}
