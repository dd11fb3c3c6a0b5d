import type { CrawlFacts } from '../../crawl-facts.js';
import { STATUS } from './columns.js';
import type { Row } from './row.js';
import type { RowTable } from './row-table.js';
import { namesWebsite } from './source.js';

/** Which rows have to go, or why none may. */
export type Removal =
  | {
      rows: number[];
      /** Rows that stay, although no page was found for them, because they were made or changed since the crawl began. */
      young: number;
      /** The same, because a dataset or fewer start URLs brought them, and this crawl never came by their pages. */
      foreign: number;
    }
  | { refused: string };

/** At least this part of the known rows must have been seen again. */
const SEEN_AGAIN = 0.5;

/** Notion's times are whole minutes, ms. */
const MINUTE_MS = 60_000;
/** By how much Notion's clock and ours may differ, ms. */
const CLOCKS_MS = 60_000;

/**
 * The rows whose pages are gone (design §5 "Removed"): rows that this source wrote, inside the scope of this crawl, that
 * no item of a complete crawl stands for. What was left out stays, with all below it. While a page failed only those that
 * answered 404 or 410 go: which row a failed page has (its key may be another address), and what it leads to, is unknown.
 * A row that was made or changed since the crawl began stays: another run may have found its page, or a person was there.
 * Pure.
 * @param facts `null`: nothing was crawled
 * @param records true when the items are records, which an unread page may hold any of
 */
export function planRemoval(table: RowTable, facts: CrawlFacts | null, records: boolean): Removal {
  if (facts === null) return { refused: 'nothing was crawled' };
  if (!facts.complete) return { refused: 'the crawl did not read the whole site' };
  const gone = new Set(facts.gone.map(spelling));
  const unread = facts.unread.map(spelling).filter((url) => !gone.has(url));
  const isWhole = facts.unknown.length === 0 && (!records || unread.length === 0);
  let known = 0;
  let seen = 0;
  let young = 0;
  let foreign = 0;
  const rows: number[] = [];
  for (let id = 0; id < table.size; id++) {
    const row = table.row(id);
    if (row === null || table.isMade(id) || !concerns(row, table.keyOf(id), facts)) continue;
    const isSeen = table.isSeen(id);
    const key = spelling(table.keyOf(id));
    const isGone = !isSeen && (gone.has(key) || (isWhole && !isBelow(key, unread)));
    if (row.source === 'part') {
      foreign += isGone && namesWebsite(table.keyOf(id)) ? 1 : 0;
      continue;
    }
    if (!isSeen && row.editedAt + MINUTE_MS + CLOCKS_MS > facts.startedAt) {
      young += isGone ? 1 : 0;
      continue;
    }
    known += 1;
    seen += isSeen ? 1 : 0;
    if (isGone) rows.push(id);
  }
  if (rows.length > 0 && seen < known * SEEN_AGAIN) {
    return { refused: `only ${seen} of the ${known} known pages were seen again` };
  }
  return { rows, young, foreign };
}

function concerns(row: Row, key: string, facts: CrawlFacts): boolean {
  const isOurs = row.source === 'own' || row.source === 'part';
  return isOurs && row.status !== STATUS.removed && (!namesWebsite(key) || facts.inScope(key));
}

/** Pages below one that was left out may be linked from there only. */
function isBelow(key: string, unread: readonly string[]): boolean {
  return unread.some((url) => key === url || key.startsWith(`${url}/`));
}

/** One spelling for what the crawl and the key call a page. */
function spelling(url: string): string {
  return url
    .replace(/#.*$/, '')
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/(?:\/index\.html?|\/)$/i, '');
}
