import { parseHTML } from 'linkedom';

/** Never content, on any page. */
const NEVER_CONTENT = [
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'canvas',
  'object',
  'embed',
  'link',
  'meta',
  'button',
  'select',
  'textarea',
  'dialog',
  'input:not([type="checkbox"])',
  '[hidden]',
  '[aria-modal="true"]',
  '[role="alertdialog"]',
  '[role="dialog"]',
  '.sr-only',
  '.visually-hidden',
  '.screen-reader-text',
];

/** Signs that generators put beside headings and code: permalinks, "copy" buttons, line numbers, edit links. */
const GENERATOR_SIGNS = [
  'a.headerlink',
  'a.hash-link',
  'a.header-anchor',
  'a.anchorjs-link',
  'a.heading-anchor',
  'a.headline-link',
  'a.md-edit',
  'a.viewcode-link',
  'a.anchor[aria-hidden]',
  'a[class*="permalink"]',
  'a[title^="Permalink"]',
  'a[aria-label^="Permalink"]',
  '.mw-editsection',
  '.copybtn',
  '.clipboard-copy',
  'pre .linenos',
  'pre .lineno',
  'pre .line-number',
  'pre .line-numbers-rows',
  'td.linenos',
  'td.gutter',
  'td.rouge-gutter',
];

const COOKIE_BANNERS = [
  '#onetrust-consent-sdk',
  '#onetrust-banner-sdk',
  '#CybotCookiebotDialog',
  '#usercentrics-root',
  '#didomi-host',
  '#cookie-law-info-bar',
  '#cookie-notice',
  '#cookie-banner',
  '#cookieConsent',
  '#cookie-consent',
  '.cookie-banner',
  '.cookie-consent',
  '.cookie-notice',
  '.cookieconsent',
  '.cc-window',
  '.qc-cmp2-container',
  '.osano-cm-window',
  '.truste_box_overlay',
  '[aria-label="cookieconsent"]',
  '[id^="sp_message_container"]',
];

export interface CleanOptions {
  removeSelector: string | null;
  removeCookieWarnings: boolean;
}

/** Takes out of the tree, in place, what is nobody's content on any page. Must run after links and metadata are read. */
export function cleanDocument(document: Document, options: CleanOptions): void {
  removeAll(document, NEVER_CONTENT.join(','));
  for (const element of document.querySelectorAll('[style*="none"]')) {
    if (/display\s*:\s*none/i.test(element.getAttribute('style') ?? '')) element.remove();
  }
  removeAll(document, GENERATOR_SIGNS.join(','));
  if (options.removeCookieWarnings) removeAll(document, COOKIE_BANNERS.join(','));
  if (options.removeSelector !== null) removeAll(document, options.removeSelector);
}

/** True when `selector` can be used; the input check and this file must agree on that. */
export function isSelector(selector: string): boolean {
  try {
    parseHTML('<p></p>').document.querySelector(selector);
    return true;
  } catch {
    return false;
  }
}

function removeAll(document: Document, selector: string): void {
  for (const element of document.querySelectorAll(selector)) {
    // A banner's selector that matches the page itself would leave nothing.
    if (element !== document.body && element !== document.documentElement) element.remove();
  }
}
