import type { NotionApi } from './api.js';
import { ItemError, NotFoundError, RefusedError, RestrictedError } from './errors.js';
import { isThere } from './found-destination.js';
import { databaseGone } from './outcome.js';

/** Notion refused what was sent; its words may echo the page's own, so that they do not say why. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RefusedError || (error instanceof ItemError && error.reason === 'bad-link');
}

/**
 * Whether a failed write is one page's matter or everybody's: Notion is asked, because the answer to the write does not tell.
 * @param pageId `null` for a page that was to be made
 * @returns what is to be told of the item. Throws `DestinationError` when nothing more can be written.
 */
export async function settleRefusal(
  api: NotionApi,
  dataSourceId: string,
  error: unknown,
  pageId: string | null,
): Promise<unknown> {
  try {
    if (error instanceof RestrictedError && pageId !== null) {
      return (await mayWrite(api, dataSourceId)) ? new ItemError('restricted', RESTRICTED) : error;
    }
    if (!isRefusal(error) && !(error instanceof NotFoundError)) return error;
    if (!(await isThere(api, dataSourceId))) throw databaseGone(error);
    return pageId !== null && (await api.isGone(pageId)) ? new ItemError('trashed', TRASHED) : error;
  } catch (unanswered) {
    if (unanswered instanceof ItemError) return error;
    throw unanswered;
  }
}

/** A change of no column changes nothing, but is refused where the connection may change nothing. */
async function mayWrite(api: NotionApi, dataSourceId: string): Promise<boolean> {
  try {
    await api.addColumns(dataSourceId, {});
    return true;
  } catch (error) {
    if (error instanceof RefusedError) return true;
    if (error instanceof RestrictedError || error instanceof NotFoundError) return false;
    throw error;
  }
}

const RESTRICTED =
  'Notion does not let this connection change this page, because its owner restricts it. Share the page with the connection ' +
  '(••• → Connections) and give full access, then run again.';
const TRASHED = 'The page is in the trash in Notion, or no longer shared with the connection.';
