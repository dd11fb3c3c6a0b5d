import { assetUrl } from '../assets.js';
import { html, message, type Html } from '../markup.js';
import type { Icon } from '../view-model.js';
import { document } from './layout.js';

/** A page with one thing to say and at most one thing to do. Built from fixed sentences only, never from the request. */
export interface Notice {
  status: 200 | 400 | 403 | 404 | 405 | 409 | 410 | 413 | 421 | 429 | 500 | 503;
  tab: string;
  icon: Icon;
  headline: string;
  text: string;
  /** `forward`: the browser goes there by itself after two seconds, by the page's script or, without one, by a refresh. */
  action: { label: string; href: string; forward?: boolean } | null;
}

/** @returns the whole document for `notice` */
export function noticePage({ tab, icon, headline, text, action }: Notice): Html {
  const forward =
    action?.forward === true
      ? html`<noscript><meta http-equiv="refresh" content="2;url=${action.href}" /></noscript>
          <script src="${assetUrl('app.js')}" defer></script>`
      : undefined;
  return document({
    tab,
    icon,
    caption: null,
    ...(forward === undefined ? {} : { head: forward }),
    main: html`<div class="say">
        <h1>${headline}</h1>
        <p>${message(text)}</p>
      </div>
      ${
        action === null
          ? null
          : html`<p class="choices">
              <a class="button" href="${action.href}" ${action.forward === true ? 'data-forward' : ''}
                >${action.label}</a
              >
            </p>`
      }`,
  });
}
