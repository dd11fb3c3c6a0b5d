const HIDDEN_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden/i;

/** True for an element that is hidden by an attribute of its own. */
export function isHiddenBySelf(element: Element): boolean {
  const hidden = element.getAttribute('hidden');
  if (hidden !== null && hidden !== 'until-found') return true;
  const style = element.getAttribute('style');
  return style !== null && HIDDEN_STYLE.test(style);
}

/** Takes away what hides an element. Changes it. */
export function show(element: Element): void {
  element.removeAttribute('hidden');
  element.removeAttribute('aria-hidden');
  if (HIDDEN_STYLE.test(element.getAttribute('style') ?? '')) element.removeAttribute('style');
}

/** Shows a page that its own script hides until it is ready: the hidden box that holds all of its main part and first headings. */
export function showHiddenPage(document: Document): void {
  const [first, ...others] = document.querySelectorAll('main, [role="main"], h1');
  for (let box = first ?? null; box !== null; box = box.parentElement) {
    const outer = box;
    if (isHiddenBySelf(outer) && others.every((part) => outer.contains(part))) show(outer);
  }
}
