import { html } from 'hono/html';
import type { Markup } from '../../markup.js';
import { compactId } from '../ids.js';
import type { Page, Property, PropertyValue, SelectOption } from '../records.js';
import type { WorldStore } from '../store.js';
import { nameOf, timeView } from './frame.js';
import { inlineView, safeLink } from './inline-view.js';

/** A row's value in one column, or `null` when it is empty. */
export function valueView(store: WorldStore, page: Page, property: Property): Markup | null {
  switch (property.type) {
    case 'created_time':
      return timeView(page.created_time);
    case 'last_edited_time':
      return timeView(page.last_edited_time);
    case 'created_by':
      return html`${authorName(store, page.created_by.id)}`;
    case 'last_edited_by':
      return html`${authorName(store, page.last_edited_by.id)}`;
    case 'formula':
    case 'unique_id':
      return html`<span class="soft">worked out by Notion</span>`;
    default: {
      const value = page.properties.get(property.id);
      return value === undefined ? null : storedView(store, value);
    }
  }
}

/** Name of the person or connection with `id`. */
export function authorName(store: WorldStore, id: string): string {
  return store.users.get(id)?.name ?? store.bots.get(id)?.name ?? 'Somebody';
}

function storedView(store: WorldStore, stored: PropertyValue): Markup | null {
  switch (stored.type) {
    case 'title':
    case 'rich_text':
      return stored.value.length === 0 ? null : inlineView(stored.value);
    case 'number':
      return stored.value === null ? null : html`<span class="number">${stored.value.toLocaleString('en-GB')}</span>`;
    case 'checkbox':
      return html`${stored.value ? 'Yes' : 'No'}`;
    case 'url':
      return stored.value === null ? null : safeLink(stored.value, stored.value.replace(/^https?:\/\//, ''));
    case 'email':
      return stored.value === null ? null : safeLink(`mailto:${stored.value}`, stored.value);
    case 'phone_number':
      return stored.value === null ? null : html`${stored.value}`;
    case 'date':
      if (stored.value === null) return null;
      return html`${timeView(stored.value.start)}${stored.value.end === null ? '' : html` – ${timeView(stored.value.end)}`}`;
    case 'select':
    case 'status':
      return stored.value === null ? null : pill(stored.value);
    case 'multi_select':
      return stored.value.length === 0 ? null : html`${stored.value.map(pill)}`;
    case 'people':
      return stored.value.length === 0 ? null : html`${stored.value.map(({ id }) => authorName(store, id)).join(', ')}`;
    case 'relation':
      return stored.value.length === 0 ? null : html`${stored.value.map(({ id }) => relationView(store, id))}`;
    case 'files':
      return stored.value.length === 0
        ? null
        : html`${stored.value.map((file) => html`${safeLink(file.external.url, file.name)} `)}`;
  }
}

function pill(option: SelectOption): Markup {
  const color = option.color === 'default' ? 'gray' : option.color;
  return html`<span class="pill c-${color}_background">${option.name}</span> `;
}

function relationView(store: WorldStore, id: string): Markup {
  const page = store.pages.get(id);
  return page === undefined ? html`` : html`<a href="/p/${compactId(id)}">${nameOf(store, page)}</a> `;
}
