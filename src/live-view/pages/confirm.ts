import { CONNECTOR_LABELS } from '../../consent.js';
import type { RunSnapshot } from '../../progress.js';
import { html, type Html } from '../markup.js';
import { plural } from '../../numbers.js';
import { shortAddress } from '../text.js';
import { document, PRODUCT } from './layout.js';

/**
 * The last page before Notion: who asks, for which account, what will be written. Its form's POST is the only thing that
 * mints a link, so the link is never in a page.
 */
export function confirmPage(snapshot: RunSnapshot): Html {
  const { run, connect } = snapshot;
  const { connector } = connect;
  const label = CONNECTOR_LABELS[connector];
  const again = connect.need !== 'first';
  return document({
    tab: `Connect ${label}`,
    icon: 'attention',
    caption: null,
    main: html`<div class="say">
        <h1>${question(label, again, run)}</h1>
        <p class="warning">${run.sharedAccount === undefined ? ownWarning(label) : sharedWarning(label)}</p>
      </div>
      <dl class="facts">
        ${facts(snapshot).map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      <form method="post" action="/connect/${connector}" class="choices">
        <button class="button" type="submit">Continue to ${label}</button>
        <a class="button quiet" href="/connect/${connector}/not-me">This was not me</a>
      </form>
      <p class="note">${run.sharedAccount === undefined ? ownNote(label) : sharedNote(label)}</p>`,
  });
}

function question(label: string, again: boolean, run: RunSnapshot['run']): string {
  if (run.sharedAccount !== undefined) return `Connect ${label} for every run?`;
  return again ? `Connect ${label} again for this run?` : `Connect ${label} to this run?`;
}

function ownWarning(label: string): Html {
  return html`<strong>Continue only if you started this run yourself.</strong> What you allow at ${label} will belong to
    the Apify account below, in this run and in later ones.`;
}

function sharedWarning(label: string): Html {
  return html`<strong>Continue only if you started this command yourself.</strong> Every run of this Actor, whoever
    starts it, will use the ${label} account that you choose now.`;
}

function ownNote(label: string): string {
  return (
    `${label} asks you next what this connection may use. The operator of this Actor keeps the connection with Scalekit, ` +
    `so that later runs need no click. You can end it at any time in ${label}, under Settings, Connections.`
  );
}

function sharedNote(label: string): string {
  return `${label} asks you next what this connection may use. Scalekit keeps it under the identifier above until you end it with npm run accounts.`;
}

/** Who asks, for which account, what will be written, and where. */
function facts({ run, collect }: RunSnapshot): [string, Html][] {
  if (run.sharedAccount !== undefined) {
    const { connectionName, identifier } = run.sharedAccount;
    return [
      ['Actor', html`${PRODUCT}`],
      ['Connection', html`<code>${connectionName}</code>`],
      ['Shared identifier', html`<code>${identifier}</code>`],
      ['Used by', html`Every run of every user; no run can change it`],
    ];
  }
  return [
    ['Actor', html`${PRODUCT}`],
    ['Run', html`<code>${run.runId ?? 'a run on this computer'}</code>`],
    ['Apify account', html`<code>${run.userId ?? 'none, it runs on this computer'}</code>`],
    ['What is written', written(run, collect)],
    ['Where', where(run)],
  ];
}

function where({ destination }: RunSnapshot['run']): Html {
  const place = html`in the workspace that you choose at Notion`;
  if (destination === null) return html`Into the database that this run’s input names, ${place}`;
  return html`Into the database “<bdi>${destination}</bdi>”, ${place}`;
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
