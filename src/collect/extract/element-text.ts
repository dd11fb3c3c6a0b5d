/** Elements whose text runs on with what stands beside them; all others stand apart. */
const INLINE =
  /^(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|output|q|ruby|s|samp|small|span|strike|strong|time|tt|u|var|wbr)$/;
const SILENT = /^(?:script|style|template|noscript|svg|rt|rp)$/;

/**
 * The words of an element for a reader: blocks and line breaks keep words apart, scripts and styles say nothing. White
 * space is not collapsed.
 */
export function elementText(element: Element): string {
  let text = '';
  for (const child of element.childNodes) {
    if (child.nodeType === 3) text += child.textContent ?? '';
    if (child.nodeType !== 1) continue;
    const { localName } = child as Element;
    if (SILENT.test(localName)) continue;
    const words = elementText(child as Element);
    // Cents are raised behind a price; other raised signs are footnotes and stand apart.
    if (localName === 'sup' && /[\p{Sc}]\s?\d+$/u.test(text.trimEnd()) && /^\s*\d\d\s*$/.test(words)) {
      text = `${text.trimEnd()}.${words.trim()}`;
    } else text += INLINE.test(localName) ? words : ` ${words} `;
  }
  return text;
}
