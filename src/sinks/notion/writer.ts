import type { PageObjectResponse } from '@notionhq/client';
import type { NotionApi, PropertyValues } from './api.js';
import { BodyWriter } from './body-writer.js';
import { STATUS } from './columns.js';
import { degrading, isAboutIcon, notesOf, WHOLE } from './degrade.js';
import type { Without } from './degrade.js';
import { ItemError } from './errors.js';
import { looseMark } from './fingerprint.js';
import { formatHash, WRITING } from './hash.js';
import type { ItemHash, RowHash } from './hash.js';
import { itemMarkdown, itemValues } from './item-values.js';
import { LIMITS } from './limits.js';
import { Look, whileFresh } from './look.js';
import { toNotionMarkdown } from './markdown/serialize.js';
import { MIN_PART_BYTES, splitBody } from './markdown/split.js';
import { mustVerify } from './plan.js';
import { toProperty } from './properties.js';
import type { Row } from './row.js';
import type { Binding, BoundColumn } from './schema.js';
import type { SinkItem } from './sink-item.js';
import { decorationOf } from './decoration.js';

/** A row as it stands after a write; `note`: what was given up to write it. */
export interface Written {
  pageId: string;
  url: string;
  note: string | null;
  /** Notion does not show all of the body. */
  truncated: boolean;
}

/** The row that stands for a key; `certain` is false when it was found again, so that its body has to be made sure. */
export interface Posted {
  pageId: string;
  url: string;
  certain: boolean;
  /** Somebody else may have edited it since. */
  touched: boolean;
}

/** Room for what a request holds beside the body and the properties. */
const ENVELOPE_BYTES = 3000;

/** Writes single rows: the order of requests that leaves no row with a hash for a body that it does not have. */
export class RowWriter {
  readonly #api: NotionApi;
  readonly #bodies: BodyWriter;
  readonly #dataSourceId: string;
  readonly #binding: Binding;
  readonly #source: string;

  constructor(options: { api: NotionApi; dataSourceId: string; binding: Binding; source: string }) {
    this.#api = options.api;
    this.#bodies = new BodyWriter(options.api);
    this.#dataSourceId = options.dataSourceId;
    this.#binding = options.binding;
    this.#source = options.source;
  }

  /** The whole body in Notion's markdown, empty when the item has none. */
  body(item: SinkItem, without: Without['body'] = null): string {
    const markdown = itemMarkdown(item);
    if (markdown === null) return '';
    const { title } = itemValues(item, this.#binding);
    return toNotionMarkdown(markdown, { title, images: without === null, links: without !== 'links' });
  }

  /**
   * Sends the one POST that makes a row with key, hash and body; a body too large for it follows in pieces, hash and status last.
   * @param post sends the create, and returns the page when it is known that exactly this one stands for the key
   * Throws `ItemError` and what `post` throws.
   */
  async create(
    item: SinkItem,
    syncKey: string,
    hash: ItemHash,
    post: (send: () => Promise<PageObjectResponse>) => Promise<Posted>,
  ): Promise<Written> {
    const made = await degrading(
      async (without) => {
        const body = hash.body === null ? '' : this.body(item, without.body);
        const whole = { ...hash, mark: hash.body === null ? null : looseMark(body), verify: false };
        const properties = { ...this.#properties(item, whole, STATUS.active, without), ...this.#cell('key', syncKey) };
        const pieces = splitBody(body, bodyBytes(properties));
        const inOne = pieces.length < 2;
        const send = (icon: boolean): Promise<Posted> =>
          post(() =>
            this.#api.createPage({
              parent: { type: 'data_source_id', data_source_id: this.#dataSourceId },
              properties: inOne ? properties : { ...properties, ...this.#begun() },
              ...decorationOf(item, { icon, cover: !without.cover }),
              ...(pieces[0] === undefined ? {} : { markdown: pieces[0] }),
            }),
          );
        let icon = true;
        const posted = await send(icon).catch((error: unknown) => {
          if (!isAboutIcon(error)) throw error;
          return send((icon = false));
        });
        return { ...posted, without, body, pieces, inOne, icon, look: new Look() };
      },
      {
        from: WHOLE,
        has: () => ({
          cover: decorationOf(item, { icon: true, cover: true }).cover !== undefined,
          files: this.#hasFiles(item),
        }),
      },
    );
    const { pageId, url, certain, touched, pieces, inOne, icon } = made;
    const noteOf = (without: Without): string | null =>
      joined([...(icon ? [] : ['without-icon']), ...notesOf(without)]);
    const written = { pageId, url, note: noteOf(made.without), truncated: false };
    if (pieces.length === 0 || (certain && inOne)) return written;
    if (!certain && !(await this.#bodies.mayComplete(pageId, made.body, touched))) return written;
    // The row is there: what is refused from here on is the body's, and the row is not made again.
    const complete = (look: Look, firstIsThere: boolean): Promise<Written> =>
      degrading(
        async (without) => {
          const same = without.body === made.without.body;
          const body = same ? made.body : this.body(item, without.body);
          const rest = same ? pieces : splitBody(body, bodyBytes({}));
          const reply = await this.#bodies.write(pageId, rest, firstIsThere && same, look);
          if (!inOne || !same) {
            const whole = { ...hash, mark: reply.mark ?? looseMark(body), verify: false };
            const cells = { ...this.#cell('hash', formatHash(whole)), ...this.#cell('status', STATUS.active) };
            await this.#api.updateProperties(pageId, cells, look);
          }
          return { ...written, note: noteOf(without), truncated: reply.truncated };
        },
        { from: made.without, has: () => ({ cover: false, files: false }) },
      );
    return whileFresh(async (again) => {
      if (!again) return complete(made.look, certain);
      // What somebody wrote into the beginning meanwhile stays; the next run says so.
      return (await this.#bodies.mayComplete(pageId, made.body, true)) ? complete(new Look(), false) : written;
    });
  }

  /**
   * Brings a row up to date: the body first, then the columns with the new hash, so that a sync that is cut between the
   * two writes the body again.
   * @param status `null` leaves the cell as it is
   * @param look at the row, by which all this was decided
   * @param more `around`: text around nested pages is replaced and the pages kept; `change`: what `Last change` will say
   * Throws `HeldUpError`, `ItemError` and what `Sender.send` throws.
   */
  async update(
    item: SinkItem,
    pageId: string,
    hash: RowHash,
    parts: { properties: boolean; body: boolean },
    status: string | null,
    look: Look,
    more: { around: boolean; change: string | null } = { around: false, change: null },
  ): Promise<Written> {
    return degrading(
      async (without) => {
        let { mark, verify } = hash;
        let truncated = false;
        if (parts.body) {
          const pieces = splitBody(this.body(item, without.body), bodyBytes({}));
          if (pieces.length > 1) await this.#api.updateProperties(pageId, this.#begun(status), look);
          const reply = await this.#bodies.replace(pageId, pieces, more.around, look);
          ({ mark, truncated } = reply);
          verify = false;
        }
        const whole = { ...hash, mark, verify };
        const properties = parts.properties
          ? this.#properties(item, whole, status, without)
          : {
              ...this.#cell('hash', formatHash(whole)),
              ...this.#cell('changed', new Date().toISOString()),
              ...this.#cell('source', this.#source),
              ...(status === null ? {} : this.#cell('status', status)),
            };
        const all = { ...properties, ...this.#lastChange(more.change) };
        const page = await this.#api.updateProperties(pageId, all, look);
        return { pageId, url: page.url, note: joined(notesOf(without)), truncated };
      },
      { from: WHOLE, has: () => ({ cover: false, files: parts.properties && this.#hasFiles(item) }) },
    );
  }

  /** Makes this run the row's source, and nothing else. */
  async adopt(row: Row, look: Look): Promise<void> {
    const properties = { ...this.#cell('source', this.#source), ...this.#hashOf(row, mustVerify(row)) };
    await this.#api.updateProperties(row.pageId, properties, look);
  }

  /** Says in the row that its page is gone, and puts it into the trash if told; body and other columns stay. */
  async markRemoved(row: Row, trash: boolean, look: Look): Promise<void> {
    const properties = {
      ...this.#cell('status', STATUS.removed),
      ...this.#cell('changed', new Date().toISOString()),
      ...this.#hashOf(row, mustVerify(row)),
    };
    await this.#api.updateProperties(row.pageId, properties, look, trash ? true : undefined);
  }

  /**
   * Takes a row out of the trash. The same request says that its body has to be looked at: afterwards the page's last
   * editor are we, also where this run ends before it has looked.
   */
  async untrash(row: Row): Promise<void> {
    await this.#api.updateProperties(row.pageId, this.#hashOf(row, true), null, false);
  }

  /** Says that the body is no whole one yet. @param status what the row's will say again; `null`: it is not ours to change */
  #begun(status: string | null = STATUS.active): PropertyValues {
    return { ...this.#cell('hash', WRITING), ...(status === null ? {} : this.#cell('status', null)) };
  }

  /** The hash cell of a row whose body is left as it is. @param verify somebody else may have written into it */
  #hashOf({ hash }: Row, verify: boolean): PropertyValues {
    if (hash !== null && hash !== 'writing') return this.#cell('hash', formatHash({ ...hash, verify }));
    // An empty cell means that nobody knows whose the body is; one that says "writing" means that it is ours.
    return hash === 'writing' && !verify ? {} : this.#cell('hash', null);
  }

  #hasFiles(item: SinkItem): boolean {
    return [...itemValues(item, this.#binding).values].some(([{ type }, value]) => type === 'files' && value !== null);
  }

  #properties(item: SinkItem, hash: RowHash, status: string | null, without: Without): PropertyValues {
    const properties: PropertyValues = {};
    for (const [column, value] of itemValues(item, this.#binding).values) {
      properties[column.id] = toProperty(column.type, column.type === 'files' && without.files ? null : value);
    }
    return {
      ...properties,
      ...this.#cell('changed', new Date().toISOString()),
      ...(status === null ? {} : this.#cell('status', status)),
      ...this.#cell('source', this.#source),
      ...this.#cell('hash', formatHash(hash)),
    };
  }

  #lastChange(change: string | null): PropertyValues {
    const column = this.#binding.lastChange;
    return column === null || change === null ? {} : { [column]: toProperty('rich_text', change) };
  }

  #cell(role: keyof Binding['system'], value: string | null): PropertyValues {
    const column: BoundColumn = this.#binding.system[role];
    return { [column.id]: toProperty(column.type, value) };
  }
}

function joined(notes: readonly string[]): string | null {
  return notes.length === 0 ? null : notes.join(', ');
}

/** Throws `ItemError` where so many columns leave no room. */
function bodyBytes(properties: PropertyValues): number {
  const room = LIMITS.requestBytes - ENVELOPE_BYTES - Buffer.byteLength(JSON.stringify(properties));
  if (room >= MIN_PART_BYTES) return room;
  throw new ItemError('too-large', 'The columns of this item are too large for one request to Notion.');
}
