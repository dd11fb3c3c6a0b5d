import type { RunSnapshot } from '../../progress.js';
import { assetUrl } from '../assets.js';
import { html, message, sentence, type Html } from '../markup.js';
import type { Action, StageView } from '../stages.js';
import { describeSharedAccount } from '../shared-account.js';
import { describeRun, type StatusView } from '../view-model.js';
import { document, documentTitle, iconUrl } from './layout.js';
import { previewSection } from './preview.js';
import { resultsSection } from './results.js';
import { stageMark } from './stage-mark.js';

/**
 * The parts of the status page that change by themselves. Each is replaced only when its own HTML changed, so that a
 * click, a focus or a selection elsewhere on the page is never lost.
 */
export const REGIONS = ['headline', 'detail', 'collect', 'connect', 'sync', 'note', 'preview', 'results'] as const;

export type RegionName = (typeof REGIONS)[number];

/** What an event stream carries. */
export interface StatusUpdate {
  title: string;
  icon: string;
  over: boolean;
  regions: Record<RegionName, string>;
}

function describe(snapshot: RunSnapshot, now: number): StatusView {
  return snapshot.run.sharedAccount === undefined ? describeRun(snapshot, now) : describeSharedAccount(snapshot, now);
}

/** The regions' HTML for `snapshot` at `now` (epoch ms). */
export function statusUpdate(snapshot: RunSnapshot, now: number): StatusUpdate {
  const view = describe(snapshot, now);
  const regions = renderRegions(view);
  return {
    title: documentTitle(view.tab),
    icon: iconUrl(view.icon),
    over: view.over,
    regions: Object.fromEntries(REGIONS.map((name) => [name, regions[name].toString()])) as Record<RegionName, string>,
  };
}

/** The whole page. Without script it loads itself again every 5 seconds until the run is over. */
export function statusPage(snapshot: RunSnapshot, now: number): Html {
  const view = describe(snapshot, now);
  const region = renderRegions(view);
  const refresh = html`<noscript><meta http-equiv="refresh" content="5" /></noscript>`;
  return document({
    tab: view.tab,
    icon: view.icon,
    caption: runCaption(snapshot.run),
    head: html`${view.over ? null : refresh}
      <script src="${assetUrl('app.js')}" defer></script>`,
    main: html`<div data-live data-over="${view.over ? 'yes' : 'no'}">
      <div class="say">
        <div role="status"><h1 id="region-headline">${region.headline}</h1></div>
        <div id="region-detail">${region.detail}</div>
        <p id="lost" class="lost" hidden>
          This page has lost the run and shows what it last knew. It tries again by itself; the run may also have ended.
        </p>
      </div>
      <ol class="stages">
        ${view.stages.map(({ id }) => html`<li class="stage" id="region-${id}">${region[id]}</li>`)}
      </ol>
      <p class="note" id="region-note">${region.note}</p>
      <div id="region-preview">${region.preview}</div>
      <div id="region-results">${region.results}</div>
    </div>`,
  });
}

/** `run 4f2a… · account hG7…`, whole on hover and for screen readers. */
export function runCaption(run: RunSnapshot['run']): Html | null {
  if (run.sharedAccount !== undefined) return html`shared account <bdi>${run.sharedAccount.identifier}</bdi>`;
  const parts = [
    run.runId === null ? null : html`run <abbr title="${run.runId}">${shortId(run.runId)}</abbr>`,
    run.userId === null ? null : html`account <abbr title="${run.userId}">${shortId(run.userId)}</abbr>`,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return html`${parts.map((part, index) => (index === 0 ? part : html` · ${part}`))}`;
}

function shortId(id: string): string {
  return id.length > 8 ? `${id.slice(0, 5)}…` : id;
}

function renderRegions(view: StatusView): Record<RegionName, Html> {
  const rows = new Map(view.stages.map((stage) => [stage.id, stageRow(stage)]));
  return {
    headline: html`${sentence(view.headline)}`,
    detail: html`${view.detail === null ? null : html`<p>${message(view.detail)}</p>`}
    ${view.support === null ? null : html`<p class="support">${view.support}</p>`}`,
    collect: rows.get('collect') ?? html``,
    connect: rows.get('connect') ?? html``,
    sync: rows.get('sync') ?? html``,
    note: html`${sentence(view.note)}`,
    preview: view.preview === null ? html`` : previewSection(view.preview),
    results: view.results === null ? html`` : resultsSection(view.results),
  };
}

function stageRow(stage: StageView): Html {
  return html`${stageMark(stage.mark)}
    <h2 class="stage-name">${stage.name}</h2>
    <div class="stage-body">
      <p class="stage-text">${sentence(stage.text)}</p>
      ${stage.bar === null ? null : bar(stage.bar)}
    </div>
    ${stage.action === null ? null : button(stage.action)}`;
}

function bar({ value, max, label }: NonNullable<StageView['bar']>): Html {
  if (max === null || max === 0) return html`<progress aria-label="${label}"></progress>`;
  return html`<progress aria-label="${label}" value="${Math.min(value, max)}" max="${max}"></progress>`;
}

/** Opens a tab of its own: the status page may be framed, consent and Notion must not be. */
function button({ label, href }: Action): Html {
  return html`<a class="button" id="action" href="${href}" target="_blank" rel="noopener noreferrer">${label}</a>`;
}
