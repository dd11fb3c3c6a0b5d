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
 * A new property id: four characters of which one needs percent-encoding, because real ids often do and a client that
 * forgets to decode or encode must fail here.
 */
export function newPropertyId(): string {
  const letters = randomUUID().replaceAll('-', '').slice(0, 3);
  const odd = ':;<>@^|~'[Math.floor(Math.random() * 8)] ?? ':';
  return encodeURIComponent(`${letters.slice(0, 1)}${odd}${letters.slice(1)}`);
}
