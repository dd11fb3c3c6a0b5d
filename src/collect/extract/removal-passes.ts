import { isHiddenBySelf } from './hidden.js';
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

/** Signs that generators put beside headings and code: "copy" buttons, edit links, links to sources. */
const SIGNS = new Set(
  (
    'md-edit viewcode-link srclink mw-editsection copybtn clipboard-copy copy-button copy-to-clipboard-button ' +
    'zeroclipboard-container'
  ).split(' '),
);
/** Links of a heading to itself: beside its words a sign, with some generators around them. */
const PERMALINKS = new Set(
  'headerlink hash-link header-anchor anchorjs-link heading-anchor headline-link sl-anchor-link'.split(' '),
);
/** What such a sign says to those who do not see it. */
const PERMALINK_WORDS =
  /^(?:permalink|permanent link|direct link|link to|section titled|navigate to|copy link|anchor|link)\b/i;
const LINE_NUMBERS = new Set(
  'linenos lineno line-number line-numbers-rows gutter rouge-gutter hljs-ln-numbers'.split(' '),
);

/** Whole names by which consent managers and plugins call their banners. */
const COOKIE_IDS = new Set(
  (
    'onetrust-consent-sdk onetrust-banner-sdk CybotCookiebotDialog usercentrics-root usercentrics-cmp-ui didomi-host ' +
    'cookie-law-info-bar cookie-notice cookie-banner cookieConsent cookie-consent cookieBanner cookiebanner gdpr-banner ' +
    'BorlabsCookieBox BorlabsCookieBoxWidget cmplz-cookiebanner-container moove_gdpr_cookie_info_bar sliding-popup ' +
    'cookiescript_injected tarteaucitronRoot axeptio_overlay iubenda-cs-banner termly-code-snippet-support klaro ' +
    'cookiefirst-root consent_blackbar trustarc-banner-overlay truste-consent-track shopify-pc__banner ' +
    'hs-eu-cookie-confirmation cookiehub-dialog fc-consent-root'
  ).split(' '),
);
const COOKIE_CLASSES = new Set(
  (
    'cookie-banner cookie-consent cookie-notice cookieconsent cc-window qc-cmp2-container osano-cm-window ' +
    'truste_box_overlay gdpr-banner cookie-bar BorlabsCookie cky-consent-container cky-modal cmplz-cookiebanner ' +
    'moove-gdpr-info-bar eu-cookie-compliance-banner gem-c-cookie-banner govuk-cookie-banner iubenda-cs-container ' +
    'fc-consent-root klaro ch2-dialog'
  ).split(' '),
);

/** Boxes that plugins, shops and boards set beside the matter of any kind of page: to share it, to see and buy other things. */
const BESIDE_NAMES = new Set('product-recommendations share-button cart-drawer cart-notification'.split(' '));
const BESIDE_CLASSES = new Set(
  (
    'sharedaddy jp-relatedposts addtoany_share_save_container a2a_kit addthis_toolbox addthis_inline_share_toolbox ' +
    'sharethis-inline-share-buttons heateor_sss_sharing_container ssba yarpp-related crp_related rp4wp-related-posts ' +
    'related-products js-post-menu'
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
  takes: (looks) => isHiddenBySelf(looks.element) && !isFormula(looks),
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

const sign: RemovalPass = {
  name: 'edit link or copy button',
  takes: ({ className }) => hasWord(className, SIGNS),
};

const permalink: RemovalPass = {
  name: 'permalink',
  takes: (looks) => isPermalink(looks) && isSign(looks.element),
};

function isPermalink({ element, name, className }: Looks): boolean {
  if (hasWord(className, PERMALINKS)) return true;
  if (name !== 'a') return false;
  if (className.includes('permalink')) return true;
  if (/(?:^|\s)anchor(?:\s|$)/.test(className) && element.getAttribute('aria-hidden') === 'true') return true;
  return /^Permalink/i.test(element.getAttribute('title') ?? element.getAttribute('aria-label') ?? '');
}

/** No letters and digits, or the words for those who do not see the sign. */
function isSign(element: Element): boolean {
  const words = (element.textContent ?? '').trim();
  if (!/[\p{L}\p{N}]/u.test(words)) return true;
  return PERMALINK_WORDS.test(words) && !isWholeHeading(element);
}

const HEADING = /^h[1-6]$/;

function isWholeHeading(link: Element): boolean {
  for (let part = link; ;) {
    if (hasWordsBeside(part, 'previousSibling') || hasWordsBeside(part, 'nextSibling')) return false;
    const outer = part.parentElement;
    if (outer === null) return false;
    if (HEADING.test(outer.localName)) return true;
    part = outer;
  }
}

function hasWordsBeside(part: Element, side: 'previousSibling' | 'nextSibling'): boolean {
  for (let node = part[side]; node !== null; node = node[side]) {
    if (node.nodeType !== 8 && (node.textContent ?? '').trim() !== '') return true;
  }
  return false;
}

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

const beside: RemovalPass = {
  name: 'to share or to see more',
  takes: ({ name, className }) => BESIDE_NAMES.has(name) || hasWord(className, BESIDE_CLASSES),
};

/** The number of votes for a question or an answer. */
const votes: RemovalPass = {
  name: 'votes',
  takes: ({ element, className }) =>
    (/^(?:up|down)voteCount$/.test(element.getAttribute('itemprop') ?? '') || hasWord(className, VOTES)) &&
    /^[\s\d.,+−-]*k?\s*$/i.test(element.textContent ?? ''),
};

const VOTES = new Set(['js-vote-count', 'vote-count', 'vote-count-post']);

const cookieBanner: RemovalPass = {
  name: 'cookie banner',
  takes: ({ element, className, id }) =>
    COOKIE_IDS.has(id) ||
    id.startsWith('sp_message_container') ||
    hasWord(className, COOKIE_CLASSES) ||
    element.getAttribute('aria-label') === 'cookieconsent',
};

const ALWAYS = [notContent, screenReader, sign, permalink, copyButton, lineNumbers, codeLabel, beside, votes];

/** Which kinds of things go beside what no page shows as text. */
export interface PassChoice {
  /** Cookie banners go too. */
  cookieWarnings: boolean;
  /** What is hidden, and dialogs, go too. */
  hidden: boolean;
}

export function removalPasses(choice: PassChoice): RemovalPass[] {
  return [...ALWAYS, ...(choice.hidden ? [hidden, dialog] : []), ...(choice.cookieWarnings ? [cookieBanner] : [])];
}
