import { html } from 'hono/html';
import { plainText } from '../block.js';
import { compactId } from '../ids.js';
import type { Database, Page, Workspace } from '../records.js';
import type { WorldStore } from '../store.js';
import { markupText, type Markup } from '../../markup.js';

/** Where a page of the viewer stands. */
export interface Place {
  workspace: Workspace | null;
  /** Id of what is shown, to mark it in the list on the left. */
  currentId: string | null;
}

/**
 * The frame that all pages of the viewer share: note, navigation, main part.
 * @param title of the browser's tab
 */
export function frame(store: WorldStore, place: Place, title: string, main: Markup): string {
  return markupText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · Sandbox</title>
          <link rel="icon" href="/viewer-icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/viewer.css" />
        </head>
        <body>
          <a class="skip" href="#main">Skip to the content</a>
          <header class="note">
            <strong>Sandbox on this computer</strong> — not Notion. It is empty again when it stops.
          </header>
          <div class="${place.workspace === null ? 'alone' : 'sides'}">
            ${place.workspace === null ? '' : sidebar(store, place.workspace, place.currentId)}
            <main id="main">${main}</main>
          </div>
        </body>
      </html>`,
  );
}

function sidebar(store: WorldStore, workspace: Workspace, currentId: string | null): Markup {
  const databases = databasesOf(store, workspace.id);
  const pages = topPages(store, workspace.id);
  const item = (object: Database | Page, name: string) =>
    html`<li>
      <a href="/p/${compactId(object.id)}" ${object.id === currentId ? html`aria-current="true"` : ''}>${name}</a>
    </li>`;
  return html`<nav class="side" aria-label="Workspace">
    <p class="workspace"><a href="/w/${compactId(workspace.id)}">${workspace.name}</a></p>
    <h2>Databases</h2>
    ${
      databases.length === 0
        ? html`<p class="soft">None yet</p>`
        : html`<ul>
            ${databases.map((database) => item(database, nameOf(store, database)))}
          </ul>`
    }
    ${
      pages.length === 0
        ? ''
        : html`<h2>Pages</h2>
            <ul>
              ${pages.map((page) => item(page, nameOf(store, page)))}
            </ul>`
    }
    <p class="all"><a href="/">All workspaces</a></p>
  </nav>`;
}

/** Databases of a workspace outside of the trash, oldest first. */
export function databasesOf(store: WorldStore, workspaceId: string): Database[] {
  return [...store.databases.values()].filter((one) => one.workspaceId === workspaceId && !store.isTrashed(one));
}

/** Pages at the top of a workspace. */
export function topPages(store: WorldStore, workspaceId: string): Page[] {
  return [...store.pages.values()].filter(
    (page) => page.workspaceId === workspaceId && page.parent.type === 'workspace' && !page.in_trash,
  );
}

/** What a page or database is called on screen. */
export function nameOf(store: WorldStore, object: Database | Page): string {
  const title = plainText(object.object === 'database' ? object.title : store.titleOf(object).value).trim();
  return title === '' ? 'Untitled' : title;
}

/** A time as people read it, exact to the minute. */
export function timeView(iso: string): Markup {
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return html`${iso}`;
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const clock = time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  return html`<time datetime="${iso}">${dateOnly ? day : `${day}, ${clock} UTC`}</time>`;
}

/** `count` with its noun: `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}
