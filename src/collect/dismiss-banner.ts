import type { Page } from 'playwright';

/** Clicks away the question for cookies, so that what waits behind it is shown. `true` when there was one. Never fails. */
export async function dismissCookieBanner(page: Page): Promise<boolean> {
  return page.evaluate(clickBanner).catch(() => false);
}

/**
 * Runs in the page. Of the buttons in a box about cookies or consent, in open shadow roots too, the one that refuses is
 * clicked, else the one that agrees, else the one that closes. What a browser does by itself on a click, as to follow a
 * link or to send a form, is not done.
 */
function clickBanner(): boolean {
  // Words for such boxes, and what the usual consent managers name theirs.
  const boxNames =
    /cookie|consent|gdpr|onetrust|cybot|didomi|usercentrics|borlabs|brlbs|\bcky-|cmplz|truste|iubenda|\bklaro|\bosano|qc-cmp|tarteaucitron|axeptio/i;
  const canBeClicked =
    'button, [role="button"], input[type="button"], input[type="submit"], a:not([href]), a[href^="#"], a[href^="javascript:"], [onclick], [tabindex="0"]';
  const roots: (Element | ShadowRoot)[] = [...document.querySelectorAll('[id], [class], [aria-label]')].filter(
    (box) =>
      boxNames.test(`${box.id} ${box.getAttribute('class') ?? ''} ${box.getAttribute('aria-label') ?? ''}`) &&
      // The page itself may be named after its box.
      !box.matches('html, body, :has(main, article)'),
  );
  const found = new Set<HTMLElement>();
  for (let root = roots.shift(); root !== undefined; root = roots.shift()) {
    if (root instanceof Element && root.shadowRoot !== null) roots.push(root.shadowRoot);
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (element.shadowRoot !== null) roots.push(element.shadowRoot);
      if (element.matches(canBeClicked) && element.getClientRects().length > 0) found.add(element);
    }
  }
  const buttons = [...found].map((element) => ({
    element,
    label: element.textContent?.trim() || element.getAttribute('aria-label') || element.getAttribute('value') || '',
    name: `${element.id} ${element.getAttribute('class') ?? ''} ${element.getAttribute('data-testid') ?? ''}`,
  }));
  const refusing =
    /^(?:reject|refuse|decline|deny|disagree|continue without|(?:(?:accept|allow|use) )?(?:only |strictly )*(?:necessary|essential|required)\b|(?:alle )?ablehnen|(?:nur )?(?:notwendige|essenzielle|erforderliche)|tout refuser|refuser|continuer sans|rechazar|rifiuta|weiger|afwijzen)/i;
  const refusingName = /reject|refuse|decline|deny|disagree/i;
  const agreeing =
    /^(?:accept|agree|allow|i agree|ok|okay|got it|understood|akzeptieren|alle akzeptieren|zustimmen|(?:tout )?accepter|aceptar|accetta|accepteren)/i;
  const closing = /^(?:close|dismiss|×|✕|schließen|fermer|cerrar|chiudi|sluiten)/i;
  const button =
    buttons.find(({ label }) => refusing.test(label)) ??
    buttons.find(({ name }) => refusingName.test(name)) ??
    buttons.find(({ label }) => agreeing.test(label)) ??
    buttons.find(({ label }) => closing.test(label));
  if (button === undefined) return false;
  const click = new AbortController();
  for (const kind of ['click', 'submit']) {
    addEventListener(kind, (event) => event.preventDefault(), { capture: true, signal: click.signal });
  }
  button.element.click();
  click.abort();
  return true;
}
