/**
 * What runs in a page while it is read. Each function is sent there as it is written: it may use nothing from outside, and
 * no named function inside, for which a translator would want a helper of its own.
 */

/** What is kept of a document while it is read; it lives in the page. */
export interface Reading {
  /** Its address and head before it was scrolled. */
  before: { url: string; head: Node | undefined } | null;
  /** What scripts took out since then: the element it was in → place and words → HTML. */
  left: Map<Node, Map<string, string>>;
  /** Characters of it. */
  size: number;
  /** Something was put in or taken out since the last step. */
  hasChanged: boolean;
  /** Steps after which nothing had changed, since something had. */
  idleSteps: number;
}

/** What a page shows, as far as it tells whether it is still changing. */
export interface Sight {
  text: number;
  elements: number;
  url: string;
  /** There is nothing more to scroll to. */
  isAtEnd: boolean;
}

/** Begins to watch the document. */
export function startReading({ maxSize }: { maxSize: number }): Reading {
  const reading: Reading = { before: null, left: new Map(), size: 0, hasChanged: false, idleSteps: 0 };
  new MutationObserver((records) => {
    reading.hasChanged = true;
    if (reading.before === null) return;
    for (const { target, removedNodes } of records) {
      for (const node of removedNodes) {
        if (!(node instanceof HTMLElement) || /^(?:script|style|template)$/.test(node.localName)) continue;
        const words = node.textContent?.trim() ?? '';
        if (words === '' || reading.size > maxSize) continue;
        const rows = reading.left.get(target) ?? new Map<string, string>();
        reading.left.set(target, rows);
        const key = `${node.getAttribute('style') ?? ''} ${words}`;
        if (rows.has(key)) continue;
        rows.set(key, node.outerHTML);
        reading.size += node.outerHTML.length;
      }
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
  return reading;
}

/**
 * Looks at the page, and scrolls on by some screens when it may: much is loaded only when it comes into sight, which it
 * must for a frame at least, and for two where something changes.
 * @param steps screens at most; with none it only looks, and waits for no frame
 * @param maxIdle after so many screens without a change the rest is jumped over
 */
export async function lookOn(reading: Reading, { steps, maxIdle }: { steps: number; maxIdle: number }): Promise<Sight> {
  const root = document.scrollingElement ?? document.documentElement;
  let scroller: Element = root;
  if (root.scrollHeight <= root.clientHeight + 1) {
    // Many applications keep the page still and scroll a large part of it.
    let part = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    while (
      part !== null &&
      (part.scrollHeight <= part.clientHeight + 1 ||
        part.clientHeight * 2 < innerHeight ||
        !/auto|scroll/.test(getComputedStyle(part).overflowY))
    ) {
      part = part.parentElement;
    }
    scroller = part ?? root;
  }
  let isAtEnd = false;
  for (let step = 0; ; step += 1) {
    for (let frame = 0; frame < 2 && steps > 0; frame += 1) {
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
        setTimeout(resolve, 500);
      });
      if (!reading.hasChanged) break;
    }
    if (reading.hasChanged) reading.idleSteps = 0;
    reading.hasChanged = false;
    isAtEnd ||= scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
    if (isAtEnd || step >= steps) break;
    reading.before ??= { url: location.href, head: document.head?.cloneNode(true) };
    const from = scroller.scrollTop;
    const by = reading.idleSteps < maxIdle ? scroller.clientHeight : scroller.scrollHeight;
    scroller.scrollBy({ top: by, behavior: 'instant' });
    reading.idleSteps += 1;
    // Some pages let nobody scroll.
    isAtEnd = scroller.scrollTop === from;
  }
  return {
    text: document.body?.innerText.length ?? 0,
    elements: document.getElementsByTagName('*').length,
    url: location.href,
    isAtEnd,
  };
}

/**
 * Goes back to the top and undoes what scrolling did to the page: a list of which only the rows in sight exist gets back
 * those that were seen, and a page that took another address on the way its own head. Resolves with its own address.
 */
export async function endReading(reading: Reading): Promise<string> {
  if (reading.before === null) return location.href;
  for (const element of [document.scrollingElement, ...document.querySelectorAll('*')]) {
    if (element !== null && element.scrollTop > 0) element.scrollTo({ top: 0, behavior: 'instant' });
  }
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
      setTimeout(resolve, 500);
    });
  }
  for (const [list, rows] of reading.left) {
    if (!list.isConnected || !(list instanceof HTMLElement)) continue;
    const shown = [...list.children].map((row) => ({
      row,
      key: `${row.getAttribute('style') ?? ''} ${row.textContent?.trim() ?? ''}`,
    }));
    // What does not come back at the top was there for the time of loading, as "Please wait" is.
    const last = shown.findLast(({ key }) => rows.has(key));
    if (last === undefined) continue;
    for (const { key } of shown) rows.delete(key);
    last.row.insertAdjacentHTML('afterend', [...rows.values()].join('\n'));
  }
  const { url, head } = reading.before;
  if (location.href !== url && head !== undefined) document.head?.replaceWith(head);
  return url;
}

/**
 * The document's HTML, with open shadow roots (their slots filled) and same-origin frames written into it, deepest first,
 * so that it is what a person sees. The page is closed afterwards, so nothing is put back.
 */
export function takeHtml(): string {
  const hosts: Element[] = [];
  const roots: (Document | ShadowRoot)[] = [document];
  for (let root = roots.shift(); root !== undefined; root = roots.shift()) {
    for (const element of root.querySelectorAll('*')) {
      const inner = element.shadowRoot ?? (element as HTMLIFrameElement).contentDocument ?? null;
      if (inner === null || !(element.shadowRoot || element.localName === 'iframe')) continue;
      hosts.push(element);
      roots.push(inner);
    }
  }
  for (const host of hosts.reverse()) {
    const shadow = host.shadowRoot;
    const copy = host.ownerDocument.createElement('div');
    if (shadow === null) {
      copy.innerHTML = (host as HTMLIFrameElement).contentDocument?.body?.innerHTML ?? '';
      host.replaceWith(copy);
      continue;
    }
    for (const slot of [...shadow.querySelectorAll('slot')]) {
      const assigned = slot.assignedNodes();
      if (assigned.length > 0) slot.replaceWith(...assigned.map((node) => node.cloneNode(true)));
    }
    host.innerHTML = shadow.innerHTML;
  }
  const doctype = document.doctype === null ? '' : new XMLSerializer().serializeToString(document.doctype);
  return doctype + document.documentElement.outerHTML;
}
