import type { Page } from 'playwright';

/** Clicks away the question for cookies, so that what waits behind it is shown. Never fails. */
export async function dismissCookieBanner(page: Page): Promise<void> {
  await page.evaluate(clickBanner).catch(() => undefined);
}

/**
 * Runs in the page. Of the buttons in a box about cookies or consent, the one that refuses is clicked, else the one that
 * agrees, else the one that closes.
 */
function clickBanner(): void {
  const boxes = ['id', 'class', 'aria-label'].flatMap((name) =>
    ['cookie', 'consent', 'gdpr', 'onetrust'].map((word) => `[${name}*="${word}" i]`),
  );
  const buttons = [...document.querySelectorAll<HTMLElement>(boxes.join(', '))]
    .filter((box) => box !== document.body && box !== document.documentElement && box.getClientRects().length > 0)
    .flatMap((box) => [...box.querySelectorAll<HTMLElement>('button, [role="button"], input[type="button"]')])
    .filter((button) => button.getClientRects().length > 0);
  const choices = [
    /^(?:reject|refuse|decline|deny|only necessary|necessary only|essential only|alle ablehnen|ablehnen|nur notwendige|(?:tout )?refuser|rechazar|rifiuta|weigeren)/i,
    /^(?:accept|agree|allow|i agree|ok|okay|got it|understood|akzeptieren|alle akzeptieren|zustimmen|(?:tout )?accepter|aceptar|accetta|accepteren)/i,
    /^(?:close|dismiss|×|✕|schließen|fermer|cerrar|chiudi|sluiten)/i,
  ];
  for (const choice of choices) {
    const button = buttons.find((candidate) => {
      const label = candidate.textContent?.trim() || (candidate.getAttribute('aria-label') ?? '');
      return choice.test(label || (candidate.getAttribute('value') ?? ''));
    });
    if (button === undefined) continue;
    button.click();
    return;
  }
}
