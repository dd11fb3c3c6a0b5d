import { isTraversal, parse, SelectorType, type Selector } from 'css-what';

/**
 * True when `text` is a list of complete CSS selectors. Pseudo-classes are not judged: browsers know more of them than
 * any parser here.
 */
export function isSelector(text: string): boolean {
  try {
    return parse(text).every(isComplete);
  } catch {
    return false;
  }
}

/** The parser takes `> a`, `a >` and `text=Price`; a browser does not. */
function isComplete(parts: Selector[]): boolean {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined || isTraversal(first) || isTraversal(last)) return false;
  return parts.every((part) => part.type !== SelectorType.Tag || /^[\p{L}\p{N}_-]+$/u.test(part.name));
}
