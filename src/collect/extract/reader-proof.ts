import { isCallout } from './callouts.js';

/**
 * Rewrites, before Readability works on the tree, what it would take for something beside the matter: callouts and
 * footnotes in `<aside>` or around a single paragraph, embedded posts, check boxes, formulas in scripts. Sets names aside by
 * which it would judge.
 * @param story the element that holds an article, after its furniture is gone
 */
export function makeReaderProof(document: Document, story: Element | null): void {
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
  for (const button of document.querySelectorAll(AUTHORS_BUTTON)) rename(button, 'p');
  for (const row of document.querySelectorAll('div.wp-block-buttons')) row.replaceWith(...row.childNodes);
  for (const element of document.querySelectorAll(NAMED_BY_AUTHORS)) moveNames(element, NAMES, '');
  for (const box of story?.querySelectorAll('div, section') ?? []) {
    if (UNLIKELY.test(`${box.getAttribute('class') ?? ''} ${box.id}`) && isMatter(box)) moveNames(box, NAMES, '');
  }
}

/** Names for which Readability would leave a box out; about comments and consent it is right. */
const UNLIKELY =
  /banner|community|extra|header|legends|menu|related|rss|sidebar|sponsor|supplemental|pagination|pager|popup/i;

/** Words, and few of them in links. */
function isMatter(box: Element): boolean {
  const length = (element: Element): number => (element.textContent ?? '').replace(/\s+/g, ' ').trim().length;
  const linked = [...box.querySelectorAll('a')].reduce((sum, link) => sum + length(link), 0);
  return linked < length(box) * MAX_LINKED;
}

const MAX_LINKED = 0.3;

/** What WordPress writes around a link that an author made a button or a file of. */
const AUTHORS_BUTTON = 'div.wp-block-button, div.wp-block-file';

/** Readability judges by parts of class names and ids; those of these elements are an author's, or about their looks. */
const NAMED_BY_AUTHORS = 'h1, h2, h3, h4, h5, h6, pre, table, p, ul, ol, dl, figure, details';
const NAMES = ['class', 'id'];
const ASIDE = 'data-own-';

/** Gives the elements that Readability kept the class names and ids back that were set aside. */
export function restoreNames(root: Element): void {
  for (const element of root.querySelectorAll(NAMES.map((name) => `[${ASIDE}${name}]`).join(', '))) {
    moveNames(
      element,
      NAMES.map((name) => ASIDE + name),
      ASIDE,
    );
  }
}

function moveNames(element: Element, names: string[], from: string): void {
  for (const name of names) {
    const value = element.getAttribute(name);
    if (value === null) continue;
    element.setAttribute(from === '' ? ASIDE + name : name.slice(from.length), value);
    element.removeAttribute(name);
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
