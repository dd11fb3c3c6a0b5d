import type { ListItem } from 'mdast';
import { boldLine, children, type Conversion } from './conversion.js';
import { toFlow, type Mixed } from './phrasing.js';
import { taskState } from './reader-proof.js';

/** A list of either kind; footnotes among its entries come after it. */
export function list(element: Element, ordered: boolean, context: Conversion): Mixed[] {
  const items: ListItem[] = [];
  const notes: Mixed[] = [];
  for (const child of element.childNodes) {
    const isItem = child.nodeType === 1 && (child as Element).localName === 'li';
    if (isItem && context.footnotes.notes.has(child as Element)) notes.push(...context.convert(child));
    else if (isItem) items.push(listItem(child as Element, context));
    else {
      const stray = toFlow(context.convert(child));
      const last = items.at(-1);
      // Many pages write a nested list beside its item and not into it.
      if (last !== undefined) last.children.push(...stray);
      else if (stray.length > 0) items.push({ type: 'listItem', children: stray });
    }
  }
  const kept = items.filter((item) => item.children.length > 0);
  if (kept.length === 0) return notes;
  // Entries are set apart by blank lines only where one of them holds several blocks of text.
  for (const item of kept) item.spread = item.children.filter(({ type }) => type !== 'list').length > 1;
  const start = Math.max(Number.parseInt(element.getAttribute('start') ?? '1', 10) || 0, 0);
  const spread = kept.some((item) => item.spread);
  return [{ type: 'list', ordered, ...(ordered && { start }), spread, children: kept }, ...notes];
}

function listItem(element: Element, context: Conversion): ListItem {
  const item: ListItem = { type: 'listItem', children: toFlow(children(element, context)) };
  const task = taskState(element);
  if (task !== null && item.children[0]?.type === 'paragraph') item.checked = task;
  return item;
}

/** The footnote with this number. */
export function note(element: Element, number: string, context: Conversion): Mixed[] {
  return [
    { type: 'footnoteDefinition', identifier: number, label: number, children: toFlow(children(element, context)) },
  ];
}

/** Terms become bold lines, descriptions ordinary blocks: what is inside them keeps its own shape. */
export function definitions(element: Element, context: Conversion): Mixed[] {
  const result: Mixed[] = [];
  let number: string | undefined;
  for (const entry of element.children) {
    const name = entry.localName;
    if (name === 'dt') {
      number = context.footnotes.notes.get(entry);
      if (number === undefined) result.push(...boldLine(children(entry, context)));
    } else if (name === 'div') result.push(...definitions(entry, context));
    else if (number === undefined) result.push(...toFlow(context.convert(entry)));
    else result.push(...note(entry, number, context));
  }
  return result;
}
