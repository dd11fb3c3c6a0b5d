import { assetUrl, type AssetName } from '../assets.js';
import { html, type Html } from '../markup.js';
import type { Icon } from '../view-model.js';

export const PRODUCT = 'Website to Notion';

/** What every page has in common: head, header, one column. */
export interface PageFrame {
  /** Stands before the product's name in the tab. */
  tab: string;
  icon: Icon;
  /** Run and account, short, at the right of the header. */
  caption: Html | null;
  /** Further elements of `<head>`. */
  head?: Html;
  main: Html;
}

/** @returns the whole document */
export function document(frame: PageFrame): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${documentTitle(frame.tab)}</title>
        <link rel="icon" type="image/svg+xml" href="${iconUrl(frame.icon)}" />
        <link rel="stylesheet" href="${assetUrl('app.css')}" />
        ${frame.head}
      </head>
      <body>
        <header class="top">
          <p class="product">${logo()}${PRODUCT}</p>
          ${frame.caption === null ? null : html`<p class="caption">${frame.caption}</p>`}
        </header>
        <main>${frame.main}</main>
      </body>
    </html>`;
}

/** `Done · Website to Notion` */
export function documentTitle(tab: string): string {
  return `${tab} · ${PRODUCT}`;
}

export function iconUrl(icon: Icon): string {
  const name: AssetName = `favicon-${icon}.svg`;
  return assetUrl(name);
}

/** Our own mark: lines of a page that end in a block. */
function logo(): Html {
  return html`<svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
    <path d="M3 6h10M3 12h6M3 18h10" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />
    <path d="M15 8h6v8h-6z" fill="currentColor" />
  </svg>`;
}
