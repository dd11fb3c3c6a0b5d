import type { PageObjectResponse } from '@notionhq/client';
import type { Item } from '../../collect/item.js';
import type { NotionApi, PropertyValues } from './api.js';
import { STATUS } from './columns.js';
import { InDoubtError, ItemError } from './errors.js';
import { formatHash } from './hash.js';
import type { SyncHash } from './hash.js';
import { itemMarkdown, itemValues } from './item-values.js';
import { LIMITS } from './limits.js';
import { toNotionMarkdown } from './markdown/serialize.js';
import { splitBody } from './markdown/split.js';
import { toProperty } from './properties.js';
import type { Binding, BoundColumn } from './schema.js';

/** A row as it stands after a write; `note`: what was given up to write it. */
export interface Written {
  pageId: string;
  url: string;
  note: string | null;
}

/** The row that stands for a key; `certain` is false when it was found again, so that its body has to be made sure. */
export interface Posted {
  pageId: string;
  url: string;
  certain: boolean;
}

/** What of a body is given up after Notion refused a link or an image: images become links, links become text. */
type Degradation = 'none' | 'images' | 'links';

/** Room for what a request holds beside the body and the properties. */
const ENVELOPE_BYTES = 1000;

/** Times that a body of several requests is begun anew after an append whose outcome is unknown. */
const BODY_ATTEMPTS = 3;

/** Writes single rows: the order of requests that leaves no row with a hash for a body that it does not have. */
export class RowWriter {
  readonly #api: NotionApi;
  readonly #dataSourceId: string;
  readonly #binding: Binding;
  readonly #source: string;

  constructor(options: { api: NotionApi; dataSourceId: string; binding: Binding; source: string }) {
    this.#api = options.api;
    this.#dataSourceId = options.dataSourceId;
    this.#binding = options.binding;
    this.#source = options.source;
  }

  /**
   * Sends the one POST that makes a row with key, hash and body; a body too large for it follows in pieces, hash last.
   * @param post sends the create, and returns the page when it is known that exactly this one stands for the key
   * Throws `ItemError` and what `post` throws.
   */
  async create(
    item: Item,
    syncKey: string,
    hash: SyncHash,
    withBody: boolean,
    post: (send: () => Promise<PageObjectResponse>) => Promise<Posted>,
  ): Promise<Written> {
    const properties = { ...this.#properties(item, hash, STATUS.active), ...this.#cell('key', syncKey) };
    return this.#degrading(async (degradation) => {
      const pieces = withBody ? this.#body(item, degradation, Buffer.byteLength(JSON.stringify(properties))) : [];
      const first = pieces[0] ?? '';
      const whole = pieces.length < 2;
      const { pageId, url, certain } = await post(() =>
        this.#api.createPage({
          parent: { type: 'data_source_id', data_source_id: this.#dataSourceId },
          properties: whole ? properties : { ...properties, ...this.#cell('hash', null) },
          ...(first === '' ? {} : { markdown: first }),
        }),
      );
      if (!certain && first !== '') await this.#writePieces(pageId, pieces, false);
      else if (!whole) await this.#writePieces(pageId, pieces, true);
      if (!whole) await this.#api.updateProperties(pageId, this.#cell('hash', formatHash(hash)));
      return { pageId, url, note: null };
    });
  }

  /**
   * Brings a row up to date: the body first, then the columns with the new hash, so that a sync that is cut between the
   * two writes the body again.
   * @param status `null` leaves the cell as it is
   */
  async update(
    item: Item,
    pageId: string,
    hash: SyncHash,
    parts: { properties: boolean; body: boolean },
    status: string | null,
  ): Promise<Written> {
    return this.#degrading(async (degradation) => {
      if (parts.body) await this.#writePieces(pageId, this.#body(item, degradation, 0), false);
      const properties = parts.properties
        ? this.#properties(item, hash, status)
        : {
            ...this.#cell('hash', formatHash(hash)),
            ...this.#cell('changed', new Date().toISOString()),
            ...(status === null ? {} : this.#cell('status', status)),
          };
      const page = await this.#api.updateProperties(pageId, properties);
      return { pageId, url: page.url, note: null };
    });
  }

  /** Begins with the first piece, which replaces all, as often as an append leaves the body unknown. */
  async #writePieces(pageId: string, pieces: readonly string[], firstIsThere: boolean): Promise<void> {
    const [first = '', ...rest] = pieces;
    let replace = !firstIsThere;
    for (let attempt = 1; ; attempt++) {
      try {
        if (replace) await this.#api.replaceBody(pageId, first);
        for (const piece of rest) await this.#api.appendBody(pageId, piece);
        return;
      } catch (error) {
        if (!(error instanceof InDoubtError)) throw error;
        if (attempt === BODY_ATTEMPTS) {
          throw new ItemError(
            'unavailable',
            'Notion kept failing on this page’s text; run again to write it.',
            error.failure,
          );
        }
        replace = true;
      }
    }
  }

  #body(item: Item, degradation: Degradation, propertyBytes: number): string[] {
    const markdown = itemMarkdown(item);
    if (markdown === null) return [];
    const { title } = itemValues(item, this.#binding);
    const body = toNotionMarkdown(markdown, {
      title,
      images: degradation === 'none',
      links: degradation !== 'links',
    });
    return splitBody(body, LIMITS.requestBytes - ENVELOPE_BYTES - propertyBytes);
  }

  #properties(item: Item, hash: SyncHash, status: string | null): PropertyValues {
    const properties: PropertyValues = {};
    for (const [column, value] of itemValues(item, this.#binding).values) {
      properties[column.id] = toProperty(column.type, value);
    }
    return {
      ...properties,
      ...this.#cell('changed', new Date().toISOString()),
      ...(status === null ? {} : this.#cell('status', status)),
      ...this.#cell('source', this.#source),
      ...this.#cell('hash', formatHash(hash)),
    };
  }

  #cell(role: keyof Binding['system'], value: string | null): PropertyValues {
    const column: BoundColumn = this.#binding.system[role];
    return { [column.id]: toProperty(column.type, value) };
  }

  /** Once more with less when Notion refuses an image or a link, which it does for the whole request. */
  async #degrading(write: (degradation: Degradation) => Promise<Written>): Promise<Written> {
    let degradation: Degradation = 'none';
    for (;;) {
      try {
        const result = await write(degradation);
        return { ...result, note: NOTES[degradation] };
      } catch (error) {
        if (!(error instanceof ItemError) || error.reason !== 'bad-link' || degradation === 'links') throw error;
        degradation = degradation === 'none' && isAboutImages(error) ? 'images' : 'links';
      }
    }
  }
}

const NOTES: Record<Degradation, string | null> = {
  none: null,
  images: 'images-as-links',
  links: 'links-as-text',
};

function isAboutImages(error: ItemError): boolean {
  return error.failure?.kind === 'http' && /image/i.test(error.failure.message);
}
