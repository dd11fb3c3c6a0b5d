import { plural } from '../../numbers.js';
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

  /** For the report, however many columns there are; `null` when all was written as it came. */
  summary(): string | null {
    if (this.#columns.size === 0) return null;
    const counts = [...this.#columns.values()].flatMap((notes) => [...notes.values()]);
    const values = plural(
      counts.reduce((sum, count) => sum + count, 0),
      'value',
    );
    const [first, ...others] = [...this.#columns.keys()];
    const where = others.length === 0 ? `column "${first}"` : `column "${first}" and ${plural(others.length, 'other')}`;
    return `${values} of ${where} could not be written as they came; the log says what became of them.`;
  }

  /** One sentence per column and kind, for the log. */
  sentences(): string[] {
    return [...this.#columns].flatMap(([name, counts]) =>
      [...counts].map(([note, count]) => `Column "${name}": ${count} ${count === 1 ? 'value' : 'values'} ${note}.`),
    );
  }
}
