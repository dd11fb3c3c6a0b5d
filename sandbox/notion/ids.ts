import { randomUUID } from 'node:crypto';

/** A new id in Notion's form: a UUID with dashes. */
export function newId(): string {
  return randomUUID();
}

/** The 32 hexadecimal digits of `id`, as they stand in addresses. */
export function compactId(id: string): string {
  return id.replaceAll('-', '');
}

/** `text` as a UUID with dashes, or `null` when it is no id. Notion takes ids with and without dashes. */
export function parseId(text: string): string | null {
  const match = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i.exec(text);
  return match === null ? null : match.slice(1).join('-').toLowerCase();
}

/** The id that an address of a page or database ends with, or `null`. */
export function idFromUrl(url: string): string | null {
  const match = /([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?(?:[?#].*)?$/i.exec(url);
  return match?.[1] === undefined ? null : parseId(match[1]);
}

/**
 * A new property id. One of its characters needs percent-encoding, because real ids often have such and a client that
 * forgets to decode or encode must fail here.
 */
export function newPropertyId(): string {
  const digits = randomUUID().slice(0, 8);
  const odd = ':;<>@^|'[Number.parseInt(digits, 16) % 7] ?? ':';
  return encodeURIComponent(`${digits.slice(0, 2)}${odd}${digits.slice(2)}`);
}
