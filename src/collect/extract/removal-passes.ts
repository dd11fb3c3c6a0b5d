import { isPlaceholder } from './image.js';

/** What a pass looks at: read once for each element, because most elements concern no pass. */
export interface Looks {
  element: Element;
  name: string;
  className: string;
  id: string;
}

/** A named reason to take elements out of the page. Passes are asked in this order; the first one takes the element. */
export interface RemovalPass {
  name: string;
  takes: (looks: Looks) => boolean;
}

const NEVER = new Set(
  'script style noscript template svg canvas object embed link meta button select textarea dialog'.split(' '),
);

function hasWord(className: string, words: Set<string>): boolean {
  return className !== '' && className.split(/\s+/).some((word) => words.has(word));
}

const SCREEN_READER = new Set('sr-only visually-hidden screen-reader-text cdk-visually-hidden'.split(' '));

/** Signs that generators put beside headings and code: permalinks, "copy" buttons, line numbers, edit links. */
const SIGNS = new Set(
  (
    'headerlink hash-link header-anchor anchorjs-link heading-anchor headline-link md-edit viewcode-link srclink mw-editsection ' +
    'copybtn clipboard-copy copy-button copy-to-clipboard-button zeroclipboard-container sl-anchor-link'
  ).split(' '),
);
const LINE_NUMBERS = new Set(
  'linenos lineno line-number line-numbers-rows gutter rouge-gutter hljs-ln-numbers'.split(' '),
);

const COOKIE_IDS = new Set(
  (
    'onetrust-consent-sdk onetrust-banner-sdk CybotCookiebotDialog usercentrics-root didomi-host cookie-law-info-bar ' +
    'cookie-notice cookie-banner cookieConsent cookie-consent cookieBanner cookiebanner gdpr-banner'
  ).split(' '),
);
const COOKIE_CLASSES = new Set(
  (
    'cookie-banner cookie-consent cookie-notice cookieconsent cc-window qc-cmp2-container osano-cm-window ' +
    'truste_box_overlay gdpr-banner cookie-bar'
  ).split(' '),
);

const isFormula = ({ element, name }: Looks): boolean => {
  if (name === 'script') return /^math\/tex/i.test(element.getAttribute('type') ?? '');
  // Wikipedia hides the formula and shows a picture of it.
  return name === 'span' && element.querySelector('math') !== null;
};

/** A picture that waits for a script, written once more for readers without scripts. */
const isLatePicture = ({ element, name }: Looks): boolean => {
  const before = element.previousElementSibling;
  return name === 'noscript' && before !== null && isPlaceholder(before) && element.querySelector('img') !== null;
};

const notContent: RemovalPass = {
  name: 'no content',
  takes: (looks) =>
    (NEVER.has(looks.name) && !isFormula(looks) && !isLatePicture(looks)) ||
    (looks.name === 'input' && looks.element.getAttribute('type') !== 'checkbox'),
};

const hidden: RemovalPass = {
  name: 'hidden',
  takes: (looks) => {
    const { element } = looks;
    const style = element.getAttribute('style');
    const isHidden =
      (element.hasAttribute('hidden') && element.getAttribute('hidden') !== 'until-found') ||
      (style !== null && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style));
    return isHidden && !isFormula(looks);
  },
};

const dialog: RemovalPass = {
  name: 'dialog',
  takes: ({ element }) =>
    element.getAttribute('aria-modal') === 'true' || /^(?:alert)?dialog$/.test(element.getAttribute('role') ?? ''),
};

const screenReader: RemovalPass = {
  name: 'for screen readers',
  takes: ({ className }) => hasWord(className, SCREEN_READER),
};

const permalink: RemovalPass = {
  name: 'permalink or edit link',
  takes: ({ element, name, className }) => {
    if (hasWord(className, SIGNS)) return true;
    if (name !== 'a') return false;
    if (className.includes('permalink')) return true;
    if (/(?:^|\s)anchor(?:\s|$)/.test(className) && element.getAttribute('aria-hidden') === 'true') return true;
    return /^Permalink/i.test(element.getAttribute('title') ?? element.getAttribute('aria-label') ?? '');
  },
};

const copyButton: RemovalPass = {
  name: 'copy button',
  takes: ({ element, className }) =>
    /copy|clipboard/i.test(className) &&
    /^\s*(?:copy|copied)(?: code| to clipboard)?!?\s*$/i.test(element.textContent ?? ''),
};

const lineNumbers: RemovalPass = {
  name: 'line numbers',
  takes: ({ element, name, className }) =>
    hasWord(className, LINE_NUMBERS) && (name === 'td' || element.closest('pre') !== null),
};

const codeLabel: RemovalPass = {
  name: 'label of a code block',
  takes: ({ element, name, className }) =>
    name === 'span' && className === 'lang' && /\blanguage-/.test(element.parentElement?.getAttribute('class') ?? ''),
};

const cookieBanner: RemovalPass = {
  name: 'cookie banner',
  takes: ({ element, className, id }) =>
    COOKIE_IDS.has(id) ||
    id.startsWith('sp_message_container') ||
    hasWord(className, COOKIE_CLASSES) ||
    element.getAttribute('aria-label') === 'cookieconsent',
};

/** @param cookieWarnings whether cookie banners go too */
export function removalPasses(cookieWarnings: boolean): RemovalPass[] {
  const always = [notContent, hidden, dialog, screenReader, permalink, copyButton, lineNumbers, codeLabel];
  return cookieWarnings ? [...always, cookieBanner] : always;
}
