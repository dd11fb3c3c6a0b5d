import type { ResultRow } from '../sink.js';
import { ADOPTED } from './outcome.js';

/** Why an item or a row is kept as it is, in words; the names are the reasons in `notion-results`. */
const KEPT: Record<string, string> = {
  edited: 'edited in Notion',
  nested: 'with nested pages or databases',
  trashed: 'put into the trash in Notion',
  duplicate: 'further rows of a page that has one already',
  'other-source': 'items whose key a row of another website has, so that they need a database of their own',
  repeated:
    'items with the key of an earlier item, which counts (recordKeyFields can name the fields that tell such items apart)',
};

/** What a written page lacks: for one, for several. */
const LACKING: Record<string, readonly [string, string]> = {
  truncated: ['page holds text that Notion does not show whole', 'pages hold text that Notion does not show whole'],
  'without-cover': ['page has no cover, because Notion refused it', 'pages have no cover, because Notion refused it'],
  'without-icon': ['page has no icon, because Notion refused it', 'pages have no icon, because Notion refused it'],
  'without-files': [
    'item lacks images or files in its columns, because Notion refused an address',
    'items lack images or files in their columns, because Notion refused an address',
  ],
  'images-as-links': [
    'page has links in the place of images that Notion refused',
    'pages have links in the place of images that Notion refused',
  ],
  'links-as-text': [
    'page has plain text in the place of links that Notion refused',
    'pages have plain text in the place of links that Notion refused',
  ],
};

/** Counts what a person would not expect of single pages, so that the report says it in words. */
export class Remarks {
  readonly #kept = new Map<string, number>();
  readonly #lacking = new Map<string, number>();
  #adopted = 0;

  count({ action, reason }: ResultRow): void {
    if (action === 'unchanged' && reason === ADOPTED) this.#adopted += 1;
    else if (action === 'kept' && reason !== undefined) add(this.#kept, reason);
    else for (const one of reason?.split(', ') ?? []) if (one in LACKING) add(this.#lacking, one);
  }

  sentences(): string[] {
    const kept = [...this.#kept].map(([reason, count]) => `${count} ${KEPT[reason] ?? reason}`);
    return [
      ...(kept.length === 0 ? [] : [`Kept as they are: ${kept.join(', ')}.`]),
      ...(this.#adopted === 0
        ? []
        : [`Rows of a dataset, or of fewer start URLs, that belong to this crawl from now on: ${this.#adopted}.`]),
      ...[...this.#lacking].map(([reason, count]) => `${count} ${LACKING[reason]?.[count === 1 ? 0 : 1] ?? reason}.`),
    ];
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
