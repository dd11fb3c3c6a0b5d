import type { PreviewItem } from '../../progress.js';
import { renderMarkdown, type RenderedMarkdown } from '../markdown.js';
import { html, type Html } from '../markup.js';
import { count } from '../../numbers.js';
import { shortAddress } from '../text.js';
import type { StatusView } from '../view-model.js';

/** `PreviewItem.markdown` is cut to this many characters (progress.ts). */
const CUT_AT = 4000;
/** A longer text is shown in a limited height and fades out, so that the next cards stay in sight. */
const FADES_AT = 900;

const rendered = new WeakMap<PreviewItem, RenderedMarkdown>();

/** The first collected pages as they will look in Notion. All text in it comes from the crawled site. */
export function previewSection({ heading, items, of }: NonNullable<StatusView['preview']>): Html {
  return html`<section aria-labelledby="preview-title">
    <div class="section-head">
      <h2 id="preview-title">${heading}</h2>
      <p>preview · ${count(items.length)} of ${count(of)}</p>
    </div>
    ${items.map((item, index) => card(item, index))}
  </section>`;
}

function card(item: PreviewItem, index: number): Html {
  const { body, contents } = render(item);
  const cut = item.markdown.length >= CUT_AT;
  return html`<details class="card" id="preview-${index}" ${index === 0 ? 'open' : ''}>
    <summary>
      <h3><bdi>${item.title}</bdi></h3>
      <span class="address"><bdi>${shortAddress(item.url)}</bdi></span>
      ${contents.length === 0 ? null : html`<span class="contents">${contents.join(' · ')}</span>`}
    </summary>
    <div class="${item.markdown.length > FADES_AT ? 'prose fades' : 'prose'}">${body}</div>
    ${cut ? html`<p class="cut-note">The preview ends here; the rest of the page is written too.</p>` : null}
  </details>`;
}

function render(item: PreviewItem): RenderedMarkdown {
  const known = rendered.get(item);
  if (known !== undefined) return known;
  const fresh = renderMarkdown(item.markdown);
  rendered.set(item, fresh);
  return fresh;
}
