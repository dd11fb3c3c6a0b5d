import type { MarkdownReply, NotionApi } from './api.js';
import { extractNotionId } from './client.js';
import { InDoubtError, ItemError, NotFoundError, RefusedError } from './errors.js';
import { exactMark, isBeginning } from './fingerprint.js';
import type { Look } from './look.js';
import { compactId } from './page-id.js';
import { isRefusal } from './refusal.js';

/** What Notion said of a body after it was written. */
export interface BodyReply {
  /** `null` when Notion does not show all of it, or said nothing. */
  mark: string | null;
  truncated: boolean;
}

const NESTED = 'The page holds nested pages or databases, so its text is left as it is.';

/** Times that a body of several requests is begun anew after an append whose outcome is unknown. */
const ATTEMPTS = 3;

/** Writes bodies in as many requests as they need; nested pages and databases are never deleted. */
export class BodyWriter {
  readonly #api: NotionApi;

  constructor(api: NotionApi) {
    this.#api = api;
  }

  /** @param firstIsThere the page holds the first piece already */
  async write(pageId: string, pieces: readonly string[], firstIsThere: boolean, look: Look): Promise<BodyReply> {
    const [first = '', ...rest] = pieces;
    let replace = !firstIsThere;
    for (let attempt = 1; ; attempt++) {
      try {
        let reply: MarkdownReply | null = replace ? await this.#api.replaceBody(pageId, first, look) : null;
        for (const piece of rest) reply = await this.#api.appendBody(pageId, piece, look);
        return replyOf(reply);
      } catch (error) {
        if (!(error instanceof InDoubtError)) throw error;
        if (attempt === ATTEMPTS) {
          throw new ItemError(
            'unavailable',
            'Notion kept failing on this page’s text; run again to write it.',
            error.failure,
          );
        }
        // The first piece replaces all, so that nothing can come twice.
        replace = true;
      }
    }
  }

  /**
   * Puts `pieces` in the place of the body.
   * @param around when nested pages or databases stand in the way they are kept, below the new text
   * Throws `HeldUpError` and `ItemError` (`nested` without `around`).
   */
  async replace(pageId: string, pieces: readonly string[], around: boolean, look: Look): Promise<BodyReply> {
    let tags: string[];
    try {
      return await this.write(pageId, pieces, false, look);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      tags = await this.#inTheWay(pageId);
      if (tags.length === 0) throw error;
    }
    if (!around) throw new ItemError('nested', NESTED);
    const [first = '', ...rest] = pieces;
    return this.write(pageId, [[first, ...tags].filter(Boolean).join('\n'), ...rest], false, look);
  }

  /** The tags of what is nested in a page whose body is refused; the words of the refusal may be the page's own. */
  async #inTheWay(pageId: string): Promise<string[]> {
    try {
      return await this.#nestedTags(pageId, (await this.#api.markdown(pageId)).markdown);
    } catch (error) {
      // What lies in the trash may not be shown.
      if (error instanceof RefusedError || error instanceof NotFoundError) return [];
      throw error;
    }
  }

  /**
   * The lines that stand for nested pages and databases, as Notion wrote them: left out, Notion would delete those. The
   * text of a page can show the tag of any other page, which would move it here, so that Notion's list of blocks decides.
   */
  async #nestedTags(pageId: string, markdown: string): Promise<string[]> {
    const tags = tagLines(markdown);
    const nested: string[] = [];
    const open = [pageId];
    for (let id = open.shift(); id !== undefined && nested.length < tags.size; id = open.shift()) {
      let cursor: string | null = null;
      do {
        const { blocks, nextCursor } = await this.#api.children(id, cursor);
        for (const block of blocks) {
          if (block.type === 'child_page' || block.type === 'child_database') {
            const tag = tags.get(compactId(block.id));
            if (tag !== undefined) nested.push(tag);
          } else if (block.has_children && !CHILDLESS.has(block.type)) open.push(block.id);
        }
        cursor = nextCursor;
      } while (cursor !== null);
    }
    return nested;
  }

  /** Whether a page that was found again is ours to complete: empty, or holding the beginning of `body`. */
  async mayComplete(pageId: string, body: string, touched: boolean): Promise<boolean> {
    if (!touched) return true;
    const { markdown } = await this.#api.markdown(pageId);
    return markdown === '' || isBeginning(markdown, body);
  }
}

function replyOf(reply: MarkdownReply | null): BodyReply {
  // An async reply has no markdown; it is never asked for.
  if (reply === null || !('markdown' in reply)) return { mark: null, truncated: false };
  const truncated = reply.truncated || reply.unknown_block_ids.length > 0;
  return { mark: truncated ? null : exactMark(reply.markdown), truncated };
}

/** Blocks that hold no nested pages of this page: rows, and copies of what stands elsewhere. */
const CHILDLESS: ReadonlySet<string> = new Set(['table', 'synced_block']);

/** The lines outside of code that read like the tag of a page or database, the first one by the id in it. */
function tagLines(markdown: string): Map<string, string> {
  const tags = new Map<string, string>();
  let fence: string | null = null;
  for (const line of markdown.split('\n').map((one) => one.trim())) {
    if (fence !== null) {
      if (line === fence) fence = null;
      continue;
    }
    fence = /^(`{3,})[^`]*$/.exec(line)?.[1] ?? null;
    const attributes = /^<(page|database) ([^<>]*)>.*<\/\1>$/.exec(line)?.[2];
    const url = attributes === undefined ? undefined : /\burl="([^"]*)"/.exec(attributes)?.[1];
    const id = url === undefined ? null : extractNotionId(url);
    if (id !== null && !tags.has(compactId(id))) tags.set(compactId(id), line);
  }
  return tags;
}
