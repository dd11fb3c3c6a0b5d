import type { ParsedPage } from './document.js';

/** Script types that a browser runs; data blocks (JSON, templates, import maps) change nothing by themselves. */
const RUNS = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma|j)script)$/i;
/** Elements that are often left empty for a script to fill. */
const FILLABLE = 'div, section, main, article, ul, ol, tbody, span, p, figure';
const WAITING = '[aria-busy="true"], [class*="skeleton"], [class*="spinner"], [class*="loading"]';
/** A body with less text than this is likely a shell, characters. */
const SHELL_CHARACTERS = 200;

/**
 * What on a page may make a browser show something else than the HTML says: its scripts, frames, shadow roots, and the
 * places that scripts could fill. Names are the same for pages made alike (hashes and numbers are blanked), so that what
 * was learned from one page holds for the next. Empty when the HTML is all there is. Must run before the page is cleaned.
 */
export function renderSignals({ document, baseUrl }: ParsedPage): string[] {
  const signals = new Set<string>();
  for (const script of document.querySelectorAll('script')) {
    if (!RUNS.test((script.getAttribute('type') ?? '').trim())) continue;
    const source = script.getAttribute('src');
    if (source !== null) signals.add(`script ${blank(withoutQuery(source, baseUrl))}`);
    else if ((script.textContent ?? '').trim() !== '') signals.add(`inline ${skeleton(script.textContent ?? '')}`);
  }
  if (document.body?.hasAttribute('onload')) signals.add('inline onload');
  const runsScripts = signals.size > 0;
  for (const frame of document.querySelectorAll('iframe')) {
    if (frame.hasAttribute('srcdoc') || isSameOrigin(frame.getAttribute('src'), baseUrl)) signals.add('frame');
  }
  if (document.querySelector('template[shadowrootmode]') !== null) signals.add('shadow root');
  if (runsScripts) addPlaces(document, signals);
  return [...signals];
}

/** True for signals that a browser check of many other pages cannot excuse: they bring content of their own. */
export function isStrongSignal(signal: string): boolean {
  return !signal.startsWith('place ');
}

function addPlaces(document: Document, signals: Set<string>): void {
  if (visibleLength(document.body, SHELL_CHARACTERS) < SHELL_CHARACTERS) signals.add('shell');
  for (const element of document.querySelectorAll(FILLABLE)) {
    if (element.firstElementChild !== null || (element.textContent ?? '').trim() !== '') continue;
    const name = element.getAttribute('class')?.trim().split(/\s+/)[0] || element.id || '';
    const data = element.getAttributeNames().find((attribute) => attribute.startsWith('data-')) ?? '';
    if (name !== '' || data !== '') signals.add(`place ${element.localName} ${blank(name)} ${data}`.trim());
  }
  for (const element of document.querySelectorAll(WAITING)) {
    signals.add(`place waiting ${blank(element.getAttribute('class') ?? '')}`);
  }
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    if (name.includes('-') && (element.textContent ?? '').trim() === '') signals.add(`element ${name}`);
  }
}

/** Length of the text that a person sees, at least up to `enough`. */
function visibleLength(node: Node, enough: number): number {
  let length = 0;
  for (const child of node.childNodes) {
    if (length >= enough) break;
    if (child.nodeType === 3) length += (child.textContent ?? '').trim().length;
    else if (child.nodeType === 1 && !/^(?:script|style|noscript|template)$/.test((child as Element).localName)) {
      length += visibleLength(child, enough - length);
    }
  }
  return length;
}

function isSameOrigin(source: string | null, baseUrl: string): boolean {
  if (source === null || source.trim() === '' || !URL.canParse(source, baseUrl)) return false;
  const { origin, protocol } = new URL(source, baseUrl);
  return /^https?:$/.test(protocol) && origin === new URL(baseUrl).origin;
}

function withoutQuery(source: string, baseUrl: string): string {
  if (!URL.canParse(source, baseUrl)) return source;
  const { origin, pathname } = new URL(source, baseUrl);
  return `${origin}${pathname}`;
}

/** Build hashes and numbers differ from page to page and say nothing. */
function blank(name: string): string {
  return name.replace(/[0-9a-f]{8,}|\d+/gi, '*');
}

/** A script without its strings and numbers: data that a page hands to the same code looks alike then. */
function skeleton(source: string): string {
  return source
    .slice(0, 5_000)
    .replace(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`(?:[^`\\]|\\.)*`?|\d+|\s+/g, '')
    .slice(0, 200);
}
