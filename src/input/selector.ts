import { isTraversal, parse, SelectorType, type Selector } from 'css-what';

/**
 * Pseudo-classes of the parser that pages are taken apart with. Those that a person's doing decides (`:hover`, `:focus`)
 * match nothing there, and most of other tools (`:visible`, `:eq`) are not known.
 */
const PSEUDO_CLASSES = new Set(
  (
    'is where not has scope root empty first-child last-child only-child first-of-type last-of-type only-of-type nth-child ' +
    'nth-last-child nth-of-type nth-last-of-type any-link link checked disabled enabled required optional contains icontains'
  ).split(' '),
);

/** Where a selector is used: in the parsed page, or only in a browser, which knows more pseudo-classes. */
export type SelectorUse = 'page' | 'browser';

/** True when `text` is a list of complete CSS selectors that work where it is used. */
export function isSelector(text: string, use: SelectorUse = 'page'): boolean {
  try {
    return parse(text).every((parts) => isComplete(parts) && (use === 'browser' || parts.every(isKnown)));
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

function isKnown(part: Selector): boolean {
  if (part.type === SelectorType.PseudoElement || part.type === SelectorType.ColumnCombinator) return false;
  if ('namespace' in part && part.namespace !== null) return false;
  if (part.type !== SelectorType.Pseudo) return true;
  if (!PSEUDO_CLASSES.has(part.name)) return false;
  if (typeof part.data === 'string' && part.name.startsWith('nth-')) return isNth(part.data);
  // `:has(> a)` begins with a combinator rightly.
  return !Array.isArray(part.data) || part.data.every((inner) => inner.every(isKnown));
}

/** CSS Selectors 4 §14: `2`, `odd`, `2n+1`; without `of`, which the parser does not know. */
function isNth(formula: string): boolean {
  return /^\s*(?:odd|even|[+-]?\d+|[+-]?\d*n(?:\s*[+-]\s*\d+)?)\s*$/i.test(formula);
}
