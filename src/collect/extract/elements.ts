/** The elements of a page by name, each list in page order: one walk for all who look for a few names. */
export type ElementsByName = (name: string) => readonly Element[];

export function elementsByName(document: Document): ElementsByName {
  const found = new Map<string, Element[]>();
  for (const element of document.querySelectorAll('*')) {
    const list = found.get(element.localName);
    if (list === undefined) found.set(element.localName, [element]);
    else list.push(element);
  }
  return (name) => found.get(name) ?? [];
}
