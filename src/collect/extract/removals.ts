/** What was taken out of a page, for `debugLog`: pass → element as a selector → how often. */
export type Removals = Map<string, Map<string, number>>;

/** Elements named for each pass; on a page with thousands of line numbers the rest is only counted. */
const NAMED_ELEMENTS = 20;

/** Notes that a pass took an element out. */
export function noteRemoval(removals: Removals, pass: string, element: Element): void {
  let elements = removals.get(pass);
  if (elements === undefined) removals.set(pass, (elements = new Map<string, number>()));
  const name = elements.size < NAMED_ELEMENTS ? describe(element) : 'others';
  elements.set(name, (elements.get(name) ?? 0) + 1);
}

/** As plain data: `{"hidden": "div.menu ×3, p#note"}`. */
export function removalReport(removals: Removals): Record<string, string> {
  return Object.fromEntries(
    [...removals].map(([pass, elements]) => [
      pass,
      [...elements].map(([element, count]) => (count === 1 ? element : `${element} ×${count}`)).join(', '),
    ]),
  );
}

function describe(element: Element): string {
  if (element.id !== '') return `${element.localName}#${element.id}`.slice(0, 80);
  const first = element.getAttribute('class')?.trim().split(/\s+/)[0] ?? '';
  return `${element.localName}${first === '' ? '' : `.${first}`}`.slice(0, 80);
}
