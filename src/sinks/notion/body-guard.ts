import type { NotionApi } from './api.js';
import { isBeginning, isMarked, sameWords } from './fingerprint.js';
import type { Row } from './row.js';

/**
 * Whether a page's body holds anything but what our last write left there; one read. Blocks are not asked who wrote
 * them: connections differ in what they are told (a personal token writes as the person), and words that a person
 * deleted have no author at all.
 * @param next the body that would be written
 * Throws what `Sender.send` throws.
 */
export async function isEdited(api: NotionApi, row: Row, next: string): Promise<boolean> {
  const present = await api.markdown(row.pageId);
  // What cannot be compared may hold a person's words.
  if (present.truncated || present.unknown_block_ids.length > 0) return true;
  if (row.hash === 'writing') return present.markdown !== '' && !isBeginning(present.markdown, next);
  if (row.hash !== null && row.hash.mark !== null && isMarked(present.markdown, row.hash.mark)) return false;
  // A run that was cut after it had written the body and before it could say so.
  return !sameWords(present.markdown, next);
}
