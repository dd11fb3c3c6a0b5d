import { cleanText } from './document.js';
import { codeLanguage, isKnownLanguage } from './code-language.js';

const CELLS = '[role="cell"], [role="gridcell"], [role="columnheader"], [role="rowheader"]';

/**
 * Gives boxes the elements that they say they are by their role or place: tables, numbered lists, and the name of the
 * language above a code block. Changes the tree.
 */
export function settleBoxes(body: Element): void {
  for (const element of body.querySelectorAll('[role="table"], [role="list"], pre')) {
    if (element.localName === 'pre') takeLanguageLabel(element);
    else if (element.localName !== 'div') continue;
    else if (element.getAttribute('role') === 'table') settleTable(element);
    else settleSteps(element);
  }
}

function settleTable(box: Element): void {
  const { ownerDocument } = box;
  const table = ownerDocument.createElement('table');
  for (const row of box.querySelectorAll('[role="row"]')) {
    if (row.closest('[role="table"]') !== box) continue;
    const line = ownerDocument.createElement('tr');
    for (const cell of row.querySelectorAll(CELLS)) {
      if (cell.closest('[role="row"]') !== row) continue;
      const isHead = cell.getAttribute('role') === 'columnheader';
      const own = ownerDocument.createElement(isHead ? 'th' : 'td');
      own.append(...cell.childNodes);
      line.append(own);
    }
    table.append(line);
  }
  if (table.children.length > 1) box.replaceWith(table);
}

/** Boxes that begin with their own number. */
function settleSteps(box: Element): void {
  const steps = [...box.children].filter((step) => step.getAttribute('role') === 'listitem');
  if (steps.length === 0 || steps.length < box.children.length) return;
  const numbers = steps.map((step) => [...step.children].find((part) => cleanText(part.textContent) !== null));
  if (!numbers.every((part, at) => cleanText(part?.textContent) === String(at + 1))) return;
  const list = box.ownerDocument.createElement('ol');
  steps.forEach((step, at) => {
    numbers[at]?.remove();
    const item = box.ownerDocument.createElement('li');
    item.append(...step.childNodes);
    list.append(item);
  });
  box.replaceWith(list);
}

/** How many elements may stand above a code block in its box, its label and buttons, and how many boxes may be around it alone. */
const MAX_ABOVE = 3;
const MAX_BOXES = 3;

/** The one word above a code block, in a box with nothing else, that says its language. */
function takeLanguageLabel(block: Element): void {
  let box: Element | null = block;
  for (let depth = 0; box !== null && depth < MAX_BOXES; depth += 1) {
    if (box.nextElementSibling !== null && box.nextElementSibling.localName !== 'button') return;
    const above = partsAbove(box);
    if (above === null) return;
    const [label, ...others] = above.filter((part) => cleanText(part.textContent) !== null);
    if (label === undefined) {
      box = box.parentElement;
      continue;
    }
    const language = cleanText(label.textContent)?.toLowerCase() ?? '';
    if (others.length > 0 || !isKnownLanguage(language)) return;
    label.remove();
    if (codeLanguage(block) === null) block.setAttribute('data-lang', language);
    return;
  }
}

/** `null` when there are too many for a label. */
function partsAbove(box: Element): Element[] | null {
  const above: Element[] = [];
  for (let part = box.previousElementSibling; part !== null; part = part.previousElementSibling) {
    if (part.localName !== 'button') above.push(part);
    if (above.length > MAX_ABOVE) return null;
  }
  return above;
}
