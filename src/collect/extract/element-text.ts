/** Elements whose text runs on with what stands beside them; all others stand apart. */
const INLINE =
  /^(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|output|q|ruby|s|samp|small|span|strike|strong|time|tt|u|var|wbr)$/;
const SILENT = /^(?:script|style|template|noscript|svg|rt|rp)$/;

/**
 * The words of an element for a reader: blocks and line breaks keep words apart, scripts and styles say nothing. White
 * space is not collapsed.
 */
export function elementText(element: Element): string {
  const parts: string[] = [];
  let end = '';
  const add = (part: string): void => {
    parts.push(part);
    end = `${end}${part.slice(-END)}`.slice(-END);
  };
  for (const child of element.childNodes) {
    if (child.nodeType === 3) add(child.textContent ?? '');
    if (child.nodeType !== 1) continue;
    const { localName } = child as Element;
    if (SILENT.test(localName)) continue;
    const words = elementText(child as Element);
    // Cents are raised behind a price; other raised signs are footnotes and stand apart.
    if (localName === 'sup' && /^\s*\d\d\s*$/.test(words) && /\p{Sc}\s?\d+$/u.test(end.trimEnd())) {
      dropSpaces(parts);
      add(`.${words.trim()}`);
    } else add(INLINE.test(localName) ? words : ` ${words} `);
  }
  return parts.join('');
}

/** A price is no longer, characters: what ends a text is looked at again and again. */
const END = 40;

function dropSpaces(parts: string[]): void {
  while (parts.length > 0 && parts.at(-1)?.trim() === '') parts.pop();
  parts.push((parts.pop() ?? '').trimEnd());
}
