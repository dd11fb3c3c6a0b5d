import { DestinationError, NotAnsweringError } from '../../errors.js';
import type { RunInput } from '../../input.js';
import type { SyncAction } from '../../progress.js';
import type { RowChange } from '../sink.js';
import { describe, ItemError, NotFoundError, RefusedError, StoppedError } from './errors.js';
import type { Failure } from './errors.js';
import { ROW_LIMIT } from './retry.js';
import { cut } from './values.js';

/** Why an unchanged page still cost a request: its row names this crawl as its source from now on. */
export const ADOPTED = 'adopted';

/** What came of one item, as `notion-results` tells it. */
export interface Outcome {
  action: SyncAction;
  reason: string | null;
  pageId: string | null;
  url: string | null;
  error: string | null;
  changes: RowChange | null;
}

/** What no caller inside the sink knew how to handle, as a sentence for the user; all else as it is. */
export function toRunError(error: unknown): unknown {
  if (error instanceof RefusedError || error instanceof NotFoundError) {
    return new DestinationError(
      'Notion refused to read or prepare the database. Check that it is shared with the connection, then run again.',
      { cause: error, detail: error.message },
    );
  }
  if (error instanceof ItemError) {
    return new NotAnsweringError('Notion does not answer, or only with errors. Run again later.', {
      cause: error,
      detail: error.failure === null ? error.reason : describe(error.failure),
    });
  }
  if (error instanceof StoppedError) {
    return new NotAnsweringError('The run ended before Notion had answered.', { cause: error });
  }
  return error;
}

/** For the end of a sync whose updates are done. */
export function databaseFull({ notionDatabase }: Pick<RunInput, 'notionDatabase'>): DestinationError {
  const fix = notionDatabase === null ? 'another title in notionDatabaseTitle' : 'another database in notionDatabase';
  return new DestinationError(
    `${ROW_LIMIT} Existing pages were updated, new ones could not be added. Give ${fix}, then run again.`,
  );
}

/** Where nothing can be written because there is no database any more. */
export function databaseGone(cause: unknown): DestinationError {
  return new DestinationError(
    'The Notion database was moved to the trash, or is no longer shared with the connection. Restore or share it, then run again.',
    { cause },
  );
}

export function notAnswering(): NotAnsweringError {
  return new NotAnsweringError(
    'Notion does not answer: many pages in a row could not be written. Run again later; what was written stays and is not ' +
      'written twice.',
  );
}

/**
 * The outcome of an item that could not be written; `null` for errors that concern more than the item.
 * @param row `null` when it was to be made, and is not known to have been
 */
export function failureOutcome(error: unknown, row: { pageId: string; url: string } | null): Outcome | null {
  const outcome = { pageId: row?.pageId ?? null, url: row?.url ?? null, changes: null };
  if (error instanceof RefusedError || (row === null && error instanceof NotFoundError)) {
    const failure = error instanceof NotFoundError ? null : error.failure;
    return { ...outcome, action: 'failed', reason: 'invalid', error: withWords('Notion refused this page.', failure) };
  }
  if (error instanceof ItemError) {
    if (error.reason === 'nested' || error.reason === 'trashed') {
      return { ...outcome, action: 'kept', reason: error.reason, error: error.message };
    }
    return { ...outcome, action: 'failed', reason: error.reason, error: withWords(error.message, error.failure) };
  }
  if (error instanceof NotFoundError) {
    const message = 'The page is no longer in the Notion database, or not shared with the connection.';
    return { ...outcome, action: 'kept', reason: 'trashed', error: message };
  }
  return null;
}

/** Notion's own words help the user, whose content they echo; they stay short. */
function withWords(sentence: string, failure: Failure | null): string {
  if (failure === null) return sentence;
  const words = failure.kind === 'http' && failure.message !== '' ? `: ${cut(failure.message, 300)}` : '';
  return `${sentence} (${describe(failure)}${words})`;
}
