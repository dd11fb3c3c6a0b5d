import type { ResultRow } from '../sink.js';

/** Why an item or a row is kept as it is, in words; the names are the reasons in `notion-results`. */
const WORDS: Record<string, string> = {
  edited: 'edited in Notion',
  nested: 'with nested pages or databases',
  trashed: 'put into the trash in Notion',
  duplicate: 'further rows of a page that has one already',
  repeated: 'items with the key of an earlier item, which counts',
};

/** Counts by reason what a sync keeps as it is, so that the report says why. */
export class Kept {
  readonly #counts = new Map<string, number>();

  count({ action, reason }: ResultRow): void {
    if (action === 'kept' && reason !== undefined) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** One sentence, `null` when nothing was kept. */
  sentence(): string | null {
    if (this.#counts.size === 0) return null;
    const parts = [...this.#counts].map(([reason, count]) => `${count} ${WORDS[reason] ?? reason}`);
    return `Kept as they are: ${parts.join(', ')}.`;
  }
}
