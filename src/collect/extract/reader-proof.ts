import { isCallout } from './callouts.js';

/**
 * Rewrites, before Readability works on the tree, what it would take for something beside the matter: callouts and
 * footnotes in `<aside>` or around a single paragraph, embedded posts, check boxes, formulas in scripts.
 */
export function makeReaderProof(document: Document): void {
  for (const box of document.querySelectorAll('aside, div')) {
    if (isCallout(box, box.localName) || (box.localName === 'aside' && isNotes(box))) rename(box, 'section');
  }
  for (const quote of document.querySelectorAll('blockquote')) unwrap(quote);
  for (const box of document.querySelectorAll('li input[type="checkbox"]')) {
    const mark = document.createElement('span');
    mark.setAttribute(TASK, box.hasAttribute('checked') ? 'done' : 'open');
    box.replaceWith(mark);
  }
  for (const script of document.querySelectorAll('script[type^="math/tex" i]')) {
    const isDisplay = /mode\s*=\s*display/i.test(script.getAttribute('type') ?? '');
    const formula = document.createElement('span');
    formula.setAttribute('class', 'math');
    const tex = script.textContent ?? '';
    formula.textContent = isDisplay ? `\\[${tex}\\]` : `\\(${tex}\\)`;
    script.replaceWith(formula);
  }
}

const TASK = 'data-task';

/** The state of the task that a list entry is, or `null` for an ordinary entry. */
export function taskState(item: Element): boolean | null {
  const box = item.querySelector(`input[type="checkbox"], [${TASK}]`);
  if (box === null || box.closest('li') !== item) return null;
  return box.localName === 'input' ? box.hasAttribute('checked') : box.getAttribute(TASK) === 'done';
}

function isNotes(aside: Element): boolean {
  return /(?:^|\s)footnote(?:-list|s)?(?:\s|$)/.test(aside.getAttribute('class') ?? '');
}

function rename(element: Element, name: string): void {
  const box = element.ownerDocument.createElement(name);
  for (const { name: attribute, value } of element.attributes) box.setAttribute(attribute, value);
  box.append(...element.childNodes);
  element.replaceWith(box);
}

/** Readability takes a box that holds hardly more than a quotation with links, as embedded posts do, for a list of links. */
function unwrap(quote: Element): void {
  for (let box = quote.parentElement; box !== null && isBoxOf(box, quote); box = quote.parentElement) {
    box.replaceWith(...box.childNodes);
  }
}

function isBoxOf(box: Element, quote: Element): boolean {
  return (
    box.localName === 'div' && (box.textContent ?? '').trim().length <= (quote.textContent ?? '').trim().length + 80
  );
}
