import { cleanText } from './document.js';

/** Items deeper than this say nothing about the page. */
const MAX_DEPTH = 5;

/** The items that stand for themselves, in the shape of JSON-LD. Source: HTML Living Standard, 5.2 "Microdata". */
export function microdata(document: Document): Record<string, unknown>[] {
  return [...document.querySelectorAll('[itemscope][itemtype]')]
    .filter((element) => element.getAttribute('itemprop') === null)
    .map((element) => itemOf(element, 0));
}

function itemOf(element: Element, depth: number): Record<string, unknown> {
  const properties = new Map<string, unknown[]>();
  collect(element, properties, depth);
  const item = Object.fromEntries(
    [...properties].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  return { ...item, '@type': (element.getAttribute('itemtype') ?? '').trim().split(/\s+/) };
}

function collect(parent: Element, properties: Map<string, unknown[]>, depth: number): void {
  for (const child of parent.children) {
    const isItem = child.hasAttribute('itemscope');
    const names = child.getAttribute('itemprop')?.trim().split(/\s+/) ?? [];
    for (const name of names) {
      if (depth >= MAX_DEPTH) break;
      const value = isItem ? itemOf(child, depth + 1) : valueOf(child);
      properties.set(name, [...(properties.get(name) ?? []), value]);
    }
    if (!isItem) collect(child, properties, depth);
  }
}

const VALUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  meta: 'content',
  a: 'href',
  area: 'href',
  link: 'href',
  img: 'src',
  source: 'src',
  video: 'src',
  audio: 'src',
  iframe: 'src',
  object: 'data',
  data: 'value',
  meter: 'value',
  time: 'datetime',
};

/** Where HTML says that the value is, except that the words of a link are kept: people put names there. */
function valueOf(element: Element): string | null {
  const attribute = VALUE_ATTRIBUTES[element.localName];
  const words = cleanText(element.textContent);
  if (element.localName === 'a' && words !== null) return words;
  const content = element.getAttribute('content');
  return cleanText(content ?? (attribute === undefined ? null : element.getAttribute(attribute))) ?? words;
}
