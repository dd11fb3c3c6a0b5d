import type { RecordFieldInput } from '../../record-field.js';
import { cleanText } from './document.js';
import { elementText } from './element-text.js';
import { imageUrl } from './image.js';
import type { RawValue } from './record-values.js';

/** Attributes that are written for readers; numbers and dates in all others are written for programs. */
const WORDS = new Set(['title', 'alt', 'aria-label', 'placeholder', 'summary', 'label']);
/** Attributes that hold an address. */
const ADDRESS = new Set(['href', 'src', 'srcset', 'action', 'poster', 'cite']);
/** Attributes that are true by being there (HTML, "boolean attributes"). */
const PRESENCE = new Set(['checked', 'disabled', 'selected', 'hidden', 'open', 'required', 'readonly', 'multiple']);

type FieldKind = Pick<RecordFieldInput, 'attribute' | 'type'>;

/**
 * What an element says for a field: the named attribute, else where the type keeps its value (a link's address, a picture's
 * best candidate, a time's machine form), else its words. `null` when it says nothing.
 */
export function rawValue(element: Element, field: FieldKind, baseUrl: string): RawValue | null {
  const raw = field.attribute === null ? byType(element, field, baseUrl) : byAttribute(element, field, field.attribute);
  return raw === null || cleanText(raw.text) === null ? null : raw;
}

function byAttribute(element: Element, { type }: FieldKind, name: string): RawValue | null {
  const value = element.getAttribute(name);
  const lower = name.toLowerCase();
  if (type === 'boolean' && PRESENCE.has(lower)) return { text: String(value !== null), from: 'attribute' };
  if (value === null) return null;
  if (WORDS.has(lower)) return { text: value, from: 'words' };
  // An address in a `data-` attribute is relative to the page too.
  return { text: value, from: ADDRESS.has(lower) || type === 'url' || type === 'image' ? 'address' : 'attribute' };
}

function byType(element: Element, { type }: FieldKind, baseUrl: string): RawValue | null {
  switch (type) {
    case 'url':
      return address(linkOf(element)) ?? own(element, 'content', 'address') ?? words(element);
    case 'image':
      return picture(element, baseUrl);
    case 'date':
      return (
        own(element, 'datetime', 'attribute') ??
        own(timeIn(element), 'datetime', 'attribute') ??
        machineOrWords(element)
      );
    case 'number':
      return machineOrWords(element);
    case 'email': {
      const link = element.matches('a[href]') ? element : element.querySelector('a[href^="mailto:" i]');
      const href = link?.getAttribute('href')?.trim() ?? '';
      return /^mailto:/i.test(href) ? { text: href, from: 'attribute' } : machineOrWords(element);
    }
    case 'boolean':
      return (
        checkbox(element) ??
        own(element, 'aria-checked', 'attribute') ??
        availability(element) ??
        machineOrWords(element)
      );
    case 'text':
      return (
        own(element, 'content', 'words') ??
        formValue(element, 'words') ??
        words(element) ??
        own(element, 'alt', 'words')
      );
  }
}

/** `<meta content>`, `<data value>`, `<meter value>`, form controls; else the words. */
function machineOrWords(element: Element): RawValue | null {
  return own(element, 'content', 'attribute') ?? formValue(element, 'attribute') ?? words(element);
}

function formValue(element: Element, from: RawValue['from']): RawValue | null {
  return /^(?:data|meter|progress|input)$/.test(element.localName) ? own(element, 'value', from) : null;
}

function words(element: Element): RawValue | null {
  const text = elementText(element);
  return cleanText(text) === null ? null : { text, from: 'words' };
}

function own(element: Element | null, name: string, from: RawValue['from']): RawValue | null {
  const text = element?.getAttribute(name) ?? null;
  return cleanText(text) === null ? null : { text: text ?? '', from };
}

function timeIn(element: Element): Element | null {
  return element.querySelector('time[datetime]');
}

/** The element's own address, else that of the first link inside it. */
function linkOf(element: Element): string | null {
  const attributes = ['href', 'src'];
  const found = attributes.map((name) => element.getAttribute(name)).find((value) => value !== null);
  return found ?? element.querySelector('a[href]')?.getAttribute('href') ?? null;
}

function address(text: string | null): RawValue | null {
  return text === null ? null : { text, from: 'address' };
}

/** The best candidate of an `img`, of the first one inside, or a picture that a style or an attribute names. */
function picture(element: Element, baseUrl: string): RawValue | null {
  const image = element.matches('img, source') ? element : element.querySelector('img');
  const best = image === null ? null : imageUrl(image, baseUrl);
  if (best !== null) return { text: best, from: 'address' };
  const style = /background(?:-image)?\s*:[^;]{0,2000}url\(\s*["']?([^"')]+)/i.exec(
    element.getAttribute('style') ?? '',
  )?.[1];
  const named = ['data-src', 'data-bg', 'data-background-image', 'href', 'content', 'src', 'poster']
    .map((name) => element.getAttribute(name))
    .find((value) => value !== null && !/^data:/i.test(value.trim()));
  if (named !== undefined) return address(named);
  if (style !== undefined) return address(style);
  // A picture whose address cannot be read is not the same as none.
  return address(image?.getAttribute('src') ?? null) ?? words(element);
}

function checkbox(element: Element): RawValue | null {
  const box = element.matches('input')
    ? element
    : element.querySelector('input[type="checkbox" i], input[type="radio" i]');
  if (box === null || !/^(?:checkbox|radio)$/i.test(box.getAttribute('type') ?? '')) return null;
  return { text: String(box.hasAttribute('checked')), from: 'attribute' };
}

/** `<link itemprop="availability" href="https://schema.org/InStock">` */
function availability(element: Element): RawValue | null {
  return element.matches('link[href]') ? own(element, 'href', 'attribute') : null;
}
