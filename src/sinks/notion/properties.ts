import type { PropertyValues } from './api.js';
import { LIMITS } from './limits.js';
import { cut } from './values.js';
import type { ColumnType, MappedValue } from './values.js';

type PropertyValue = PropertyValues[string];

/** A mapped value in the shape that Notion takes for a column of `type`; `null` clears the cell. */
export function toProperty(type: ColumnType, value: MappedValue): PropertyValue {
  switch (type) {
    case 'title':
      return { title: richText(value) };
    case 'rich_text':
      return { rich_text: richText(value) };
    case 'number':
      return { number: typeof value === 'number' ? value : null };
    case 'checkbox':
      return { checkbox: value === true };
    case 'url':
      return { url: text(value) };
    case 'email':
      return { email: text(value) };
    case 'phone_number':
      return { phone_number: text(value) };
    case 'date':
      return { date: typeof value === 'string' ? { start: value } : null };
    case 'select':
      return { select: typeof value === 'string' ? { name: value } : null };
    case 'multi_select':
      return { multi_select: Array.isArray(value) ? value.map((name) => ({ name })) : [] };
    case 'files':
      return {
        files: Array.isArray(value)
          ? value.map((url) => ({ name: fileName(url), type: 'external', external: { url } }))
          : [],
      };
  }
}

function text(value: MappedValue): string | null {
  return typeof value === 'string' ? value : null;
}

/** Pieces of at most 2,000 units each; no piece ends in half a surrogate pair. */
function richText(value: MappedValue): { type: 'text'; text: { content: string } }[] {
  const items: { type: 'text'; text: { content: string } }[] = [];
  let rest = typeof value === 'string' ? value : '';
  while (rest !== '' && items.length < LIMITS.richTextItems) {
    const content = cut(rest, LIMITS.richTextChars);
    items.push({ type: 'text', text: { content } });
    rest = rest.slice(content.length);
  }
  return items;
}

function fileName(url: string): string {
  const name = new URL(url).pathname.split('/').pop();
  return cut(name === undefined || name === '' ? 'image' : name, LIMITS.optionChars);
}
