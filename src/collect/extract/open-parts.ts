import { cleanText } from './document.js';
import { elementText } from './element-text.js';
import { isHiddenBySelf, show } from './hidden.js';
import { noteRemoval, type Removals } from './removals.js';

/** Boxes that open too, but whose content leads elsewhere or asks for something. */
const MENU =
  'nav, form, dialog, [role="menu"], [role="listbox"], [role="dialog"], [role="navigation"], [role="search"]';
const IN_CHROME = 'nav, footer, form, dialog, [role="navigation"], [role="banner"], [role="dialog"], body > header';
/** Holders of words, in which a button may be all there is. */
const HOLDER = 'h1, h2, h3, h4, h5, h6, th, dt, summary';
/** What only says that there is more. */
const MORE = /^(?:show|read|see|view|expand|load)(?: (?:more|less|all|code))?$/i;
const TAB_BOX = /(?:^|[\s_-])(?:tabs?|tabbed|code-?group)(?:$|[\s_-])/i;

/**
 * Lays open what a reader of the page opens by a click, before what is hidden is taken out: tabs become their panels, each
 * behind its name in bold, panels of accordions are shown, and a button that is all the words of a heading becomes them.
 * Changes the tree.
 */
export function openParts(body: Element, removals: Removals): void {
  const [tabLists, labels, buttons, controls]: [Element[], Element[], Element[], Element[]] = [[], [], [], []];
  const ids = new Map<string, Element>();
  for (const element of body.querySelectorAll('*')) {
    const name = element.localName;
    if (name === 'label') labels.push(element);
    if (name === 'button') buttons.push(element);
    if (element.getAttribute('role') === 'tablist') tabLists.push(element);
    else if (element.hasAttribute('aria-expanded')) controls.push(element);
    const id = element.getAttribute('id');
    if (id !== null && !ids.has(id)) ids.set(id, element);
  }
  const page: Page = { ids, opened: new Set(), withoutPanels: new Set(), removals };
  for (const list of tabLists) openTabs(list, page);
  openLabelled(labels, removals);
  for (const control of controls) openPanel(control, page);
  for (const button of buttons) unwrapTitle(button);
}

/** What is known of the page while its parts are opened, so that no element is searched twice. */
interface Page {
  ids: ReadonlyMap<string, Element>;
  opened: Set<Element>;
  /** Boxes in which no list of tabs can find its panels any more. */
  withoutPanels: Set<Element>;
  removals: Removals;
}

/** The tabs of a list and the panels that they show. */
function openTabs(list: Element, page: Page): void {
  const tabs = [...list.querySelectorAll('[role="tab"]')].filter((tab) => tab.closest('[role="tablist"]') === list);
  if (tabs.length === 0 || list.closest(IN_CHROME) !== null) return;
  const named = tabs.map((tab) => controlled(tab, page));
  const panels = named.some((panel) => panel !== null) ? named : panelsBeside(list, tabs, page);
  const shown = new Set(panels.filter((panel) => panel !== null));
  if (shown.size === 0) return;
  shown.forEach(show);
  // Where the tabs stand between their panels they are the headings of an accordion.
  if ([...shown].some((panel) => list.contains(panel))) return;
  tabs.forEach((tab, at) => {
    const panel = panels[at] ?? null;
    if (panel !== null && !page.opened.has(panel)) setLabel(panel, words(tab));
    if (panel !== null) page.opened.add(panel);
  });
  noteRemoval(page.removals, 'row of tabs', list);
  list.remove();
}

/** Panels that no tab names: right behind the list or in a box around it, as many as there are tabs or the one of the selected tab. */
function panelsBeside(list: Element, tabs: Element[], { withoutPanels }: Page): (Element | null)[] {
  const behind: Element[] = [];
  for (let next = list.nextElementSibling; isPanel(next); next = next.nextElementSibling) behind.push(next);
  if (behind.length > 0) return panelsOf(tabs, behind);
  for (let box = list.parentElement, depth = 0; box !== null && depth < 3; box = box.parentElement, depth += 1) {
    if (withoutPanels.has(box)) continue;
    const outer = box.closest('[role="tabpanel"]');
    const panels = [...box.querySelectorAll('[role="tabpanel"]')].filter(
      (panel) => (panel.parentElement?.closest('[role="tabpanel"]') ?? null) === outer,
    );
    // What one list of tabs has found there is no other one's.
    withoutPanels.add(box);
    if (panels.length > 0) return panelsOf(tabs, panels);
  }
  return [];
}

function panelsOf(tabs: Element[], panels: Element[]): (Element | null)[] {
  if (panels.length === tabs.length) return panels;
  const [only, ...others] = panels;
  if (only === undefined || others.length > 0) return [];
  return tabs.map((tab) => (tab.getAttribute('aria-selected') === 'true' ? only : null));
}

function isPanel(element: Element | null): element is Element {
  return element?.getAttribute('role') === 'tabpanel';
}

/** Tabs without scripts: labels of radio buttons, in a row before a box of as many parts, or each before its own part. */
function openLabelled(labels: Element[], removals: Removals): void {
  const rows = new Set<Element>();
  for (const label of labels) {
    const row = label.parentElement;
    if (row === null || !label.hasAttribute('for') || row.closest('form, fieldset') !== null) continue;
    if (label.nextElementSibling?.localName === 'div' && TAB_BOX.test(row.getAttribute('class') ?? '')) {
      setLabel(label.nextElementSibling, words(label));
      label.remove();
    } else rows.add(row);
  }
  for (const row of rows) {
    const own = [...row.children].filter(({ localName }) => localName === 'label');
    const box = row.nextElementSibling;
    const isTabs = [row, row.parentElement].some((element) => TAB_BOX.test(element?.getAttribute('class') ?? ''));
    if (!isTabs || box === null || own.length < 2 || box.children.length !== own.length) continue;
    [...box.children].forEach((part, at) => setLabel(part, words(own[at])));
    noteRemoval(removals, 'row of tabs', row);
    row.remove();
  }
}

/** What a button of an accordion opens. A button that is no heading stands before it in bold. */
function openPanel(control: Element, page: Page): void {
  if (control.hasAttribute('aria-haspopup') || control.closest(IN_CHROME) !== null) return;
  const panel = controlled(control, page) ?? closedBehind(control);
  if (panel === null || page.opened.has(panel)) return;
  page.opened.add(panel);
  if (panel.contains(control) || isMenu(panel)) return;
  show(panel);
  const title = words(control);
  if (control.localName !== 'button' || control.closest(HOLDER) !== null) return;
  if (!MORE.test(title) && words(panel) !== '') setLabel(panel, title);
}

/** The hidden box right behind a button or behind the heading that the button is in. */
function closedBehind(control: Element): Element | null {
  const behind = (control.closest(HOLDER) ?? control).nextElementSibling;
  return behind !== null && isHiddenBySelf(behind) ? behind : null;
}

function isMenu(panel: Element): boolean {
  if (panel.closest(MENU) !== null || panel.querySelector(MENU) !== null) return true;
  const linked = [...panel.querySelectorAll('a')].reduce((sum, link) => sum + words(link).length, 0);
  return linked > words(panel).length / 2;
}

/** The element that a tab or button names as its own. */
function controlled(control: Element, { ids }: Page): Element | null {
  const names = ['aria-controls', 'data-bs-target', 'data-target', 'href'].map((name) => control.getAttribute(name));
  for (const name of names) {
    const id = name?.trim().replace(/^#/, '') ?? '';
    if (id !== '' && !/[\s/]/.test(id)) return ids.get(id) ?? null;
  }
  return null;
}

/** Names a part by a bold line at its beginning, unless it begins with the name itself. */
function setLabel(part: Element | null, label: string): void {
  if (part === null || label === '' || words(part) === '' || words(part.firstElementChild) === label) return;
  const [line, strong] = [part.ownerDocument.createElement('p'), part.ownerDocument.createElement('strong')];
  strong.textContent = label;
  line.append(strong);
  if (/^(?:div|section|article|li)$/.test(part.localName)) part.prepend(line);
  else part.before(line);
}

/** A button beside the words of a heading is a sign; the first of those that are all its words is the heading. */
function unwrapTitle(button: Element): void {
  const holder = button.closest(HOLDER);
  if (holder?.querySelector('button') !== button) return;
  const buttons = [...holder.querySelectorAll('button')].filter((own) => words(own) !== '');
  if (words(holder) === buttons.map(words).join(' ')) buttons[0]?.replaceWith(...buttons[0].childNodes);
}

function words(element: Element | null | undefined): string {
  return (element && cleanText(elementText(element))) ?? '';
}
