import type { ChangeRow, SyncAction } from '../../progress.js';
import { html, type Html } from '../markup.js';
import { count } from '../../numbers.js';
import { shortAddress, webAddress } from '../text.js';
import type { StatusView } from '../view-model.js';

const DONE: Record<SyncAction, string> = {
  created: 'Created',
  updated: 'Updated',
  unchanged: 'Unchanged',
  removed: 'Removed',
  restored: 'Restored',
  kept: 'Kept as it is',
  failed: 'Not written',
};

const PLANNED: Record<SyncAction, string> = {
  created: 'Create',
  updated: 'Update',
  unchanged: 'Leave',
  removed: 'Remove',
  restored: 'Restore',
  kept: 'Keep as it is',
  failed: 'Cannot be written',
};

/** The rows that were changed, or would be, as a table; titles and reasons come from outside. */
export function resultsSection(results: NonNullable<StatusView['results']>): Html {
  const words = results.dryRun ? PLANNED : DONE;
  return html`<section aria-labelledby="results-title">
    <div class="section-head">
      <h2 id="results-title">${results.heading}</h2>
      ${results.more > 0 ? html`<p>and ${count(results.more)} before</p>` : null}
    </div>
    <table class="results">
      <thead>
        <tr>
          <th scope="col">Page</th>
          <th scope="col">${results.dryRun ? 'Would' : 'Result'}</th>
        </tr>
      </thead>
      <tbody>
        ${results.rows.map((row) => resultRow(row, words))}
      </tbody>
    </table>
  </section>`;
}

function resultRow(row: ChangeRow, words: Record<SyncAction, string>): Html {
  const href = webAddress(row.notionUrl);
  const title = html`<bdi>${row.title}</bdi>`;
  return html`<tr>
    <td>
      ${href === null ? title : html`<a href="${href}" target="_blank" rel="noopener noreferrer">${title}</a>`}
      <span class="address"><bdi>${shortAddress(row.url)}</bdi></span>
    </td>
    <td>
      <span class="action action-${row.action}">${words[row.action]}</span>
      ${row.reason === null ? null : html`<span class="reason">${row.reason}</span>`}
    </td>
  </tr>`;
}
