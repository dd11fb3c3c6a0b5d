import type { RunSnapshot } from '../../progress.js';
import { html, type Html } from '../markup.js';
import { plural, shortAddress } from '../text.js';
import { document, PRODUCT } from './layout.js';

/**
 * The last page before Notion: who asks, for which account, what will be written. Its form's POST is the only thing that
 * mints a link, so the link is never in a page.
 */
export function confirmPage({ run, collect, connect }: RunSnapshot): Html {
  const again = connect.need !== 'first';
  return document({
    tab: 'Connect Notion',
    icon: 'attention',
    caption: null,
    main: html`<div class="say">
        <h1>${again ? 'Connect Notion again for this run?' : 'Connect Notion to this run?'}</h1>
        <p class="warning">
          <strong>Continue only if you started this run yourself.</strong> What you allow at Notion will belong to the
          Apify account below, in this run and in later ones.
        </p>
      </div>
      <dl class="facts">
        <div>
          <dt>Actor</dt>
          <dd>${PRODUCT}</dd>
        </div>
        <div>
          <dt>Run</dt>
          <dd><code>${run.runId ?? 'a run on this computer'}</code></dd>
        </div>
        <div>
          <dt>Apify account</dt>
          <dd><code>${run.userId ?? 'none, it runs on this computer'}</code></dd>
        </div>
        <div>
          <dt>What is written</dt>
          <dd>${written(run, collect)}</dd>
        </div>
        <div>
          <dt>Where</dt>
          <dd>In the workspace that you choose at Notion, on the pages you allow there</dd>
        </div>
      </dl>
      <form method="post" action="/connect/notion" class="choices">
        <button class="button" type="submit">Continue to Notion</button>
        <a class="button quiet" href="/connect/notion/not-me">This was not me</a>
      </form>
      <p class="note">
        Notion asks you next which pages this connection may use. The operator of this Actor keeps the connection with
        Scalekit, so that later runs need no click. You can end it at any time in Notion, under Settings, Connections.
      </p>`,
  });
}

function written(run: RunSnapshot['run'], collect: RunSnapshot['collect']): Html {
  const first = run.startUrls[0];
  const ready = collect.itemsStored > 0 ? `, ${plural(collect.itemsStored, 'page')} so far` : '';
  const more = run.startUrls.length > 1 ? ` and ${plural(run.startUrls.length - 1, 'other address')}` : '';
  const source =
    first === undefined
      ? html`The items of the given dataset${ready}`
      : html`The pages of <bdi>${shortAddress(first)}</bdi>${more}${ready}, as rows of a Notion database`;
  return run.dryRun ? html`Nothing: this is a dry run. It only compares. ${source}.` : source;
}
