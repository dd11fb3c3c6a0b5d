import { html } from 'hono/html';
import type { Markup } from '../../markup.js';
import type { Block } from '../block.js';
import { compactId } from '../ids.js';
import type { Page } from '../records.js';
import type { WorldStore } from '../store.js';
import { blocksView } from './blocks-view.js';
import { counted, nameOf, timeView } from './frame.js';
import { inlineView, isSafe } from './inline-view.js';
import { authorName, valueView } from './value-view.js';

/** One page: where it lies, its properties, its body. */
export function pageView(store: WorldStore, page: Page): Markup {
  const cover = page.cover?.external.url;
  const icon = page.icon?.type === 'emoji' ? page.icon.emoji : null;
  const title = store.titleOf(page).value;
  return html`${breadcrumb(store, page)}
    ${store.isTrashed(page) ? html`<p class="warning" role="note">This page is in the trash.</p>` : ''}
    <article class="page">
      ${cover !== undefined && isSafe(cover, ['http:', 'https:']) ? html`<img class="cover" src="${cover}" alt="" referrerpolicy="no-referrer" />` : ''}
      <h1>
        ${icon === null ? '' : html`<span class="icon">${icon}</span> `}${title.length === 0 ? 'Untitled' : inlineView(title)}
      </h1>
      ${propertiesView(store, page)}
      <div class="body">
        ${page.blocks.length === 0 ? html`<p class="soft">This page has no content.</p>` : blocksView(page.blocks)}
      </div>
      <footer class="soft">
        ${counted(countBlocks(page.blocks), 'block')} · made ${timeView(page.created_time)} by
        ${authorName(store, page.created_by.id)} · edited ${timeView(page.last_edited_time)} by
        ${authorName(store, page.last_edited_by.id)}
      </footer>
    </article>`;
}

function breadcrumb(store: WorldStore, page: Page): Markup {
  const above = [...store.lineage(page)]
    .slice(1)
    .filter((one) => one.object !== 'data_source')
    .reverse();
  const workspace = store.workspaces.get(page.workspaceId);
  return html`<nav class="crumbs" aria-label="Where this page lies">
    <a href="/w/${compactId(page.workspaceId)}">${workspace?.name ?? 'Workspace'}</a>
    ${above.map((one) => html`<span aria-hidden="true">/</span> <a href="/p/${compactId(one.id)}">${nameOf(store, one)}</a>`)}
  </nav>`;
}

function propertiesView(store: WorldStore, page: Page): Markup {
  if (page.parent.type !== 'data_source_id') return html``;
  const source = store.dataSources.get(page.parent.data_source_id);
  const columns = [...(source?.properties.values() ?? [])].filter((column) => column.type !== 'title');
  if (columns.length === 0) return html``;
  return html`<dl class="properties">
    ${columns.map(
      (column) =>
        html`<div>
          <dt>${column.name}</dt>
          <dd>${valueView(store, page, column) ?? html`<span class="soft">Empty</span>`}</dd>
        </div>`,
    )}
  </dl>`;
}

function countBlocks(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + 1 + countBlocks(block.children), 0);
}
