import { readFileSync } from 'node:fs';
import { html } from 'hono/html';
import type { Markup } from '../../markup.js';
import { compactId, parseId } from '../ids.js';
import type { Workspace } from '../records.js';
import type { WorldStore } from '../store.js';
import { databaseView, tableQuery } from './database-view.js';
import { counted, databasesOf, frame, nameOf, topPages } from './frame.js';
import { pageView } from './page-view.js';

export interface ViewerReply {
  status: number;
  contentType: string;
  /** To send along with the content type. */
  headers: Record<string, string>;
  body: string;
}

/** Answers a GET of `path`; `null` when it is no address of the viewer. */
export type Viewer = (path: string, query: URLSearchParams) => ViewerReply | null;

const STYLE = readFileSync(new URL('viewer.css', import.meta.url), 'utf8');
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2c5f7c"/>
<path d="M9 10h14M9 16h14M9 22h8" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`;

/** What is written came from crawled pages: no scripts, no frames, nothing loaded but pictures and our own style. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * Shows the workspaces of `store` to a person, as pages rendered here: `/` all workspaces, `/w/<id>` one of them,
 * `/p/<id>` a database or a page. Ids with or without dashes.
 */
export function createViewer(store: WorldStore): Viewer {
  return (path, query) => {
    if (path === '/viewer.css') return reply(200, STYLE, 'text/css; charset=utf-8');
    if (path === '/viewer-icon.svg') return reply(200, ICON, 'image/svg+xml');
    if (path === '/') return reply(200, frame(store, { workspace: null, currentId: null }, 'Workspaces', home(store)));
    const [, kind, rawId] = /^\/([wp])\/([^/]+)\/?$/.exec(path) ?? [];
    if (kind === undefined) return null;
    const id = parseId(rawId ?? '') ?? '';
    return (kind === 'w' ? workspacePage(store, id, query) : objectPage(store, id, query)) ?? missing(store);
  };
}

function reply(status: number, body: string, contentType = 'text/html; charset=utf-8'): ViewerReply {
  return { status, contentType, headers: HEADERS, body };
}

function home(store: WorldStore): Markup {
  const workspaces = [...store.workspaces.values()];
  return html`<h1>Workspaces</h1>
    ${
      workspaces.length === 0
        ? html`<p class="soft nothing">
            Nobody has connected a workspace yet. Start a run and authorize it; it shows up here.
          </p>`
        : html`<ul class="workspaces">
            ${workspaces.map((workspace) => workspaceCard(store, workspace))}
          </ul>`
    }`;
}

function workspaceCard(store: WorldStore, workspace: Workspace): Markup {
  const databases = databasesOf(store, workspace.id);
  const rows = databases.flatMap((one) => one.dataSourceIds).reduce((sum, id) => sum + store.liveRows(id).length, 0);
  const people = [...store.users.values()].filter((user) => user.workspaceId === workspace.id).map((user) => user.name);
  return html`<li>
    <a href="/w/${compactId(workspace.id)}">${workspace.name}</a>
    <span class="soft">
      ${counted(databases.length, 'database')},
      ${counted(rows, 'row')}${people.length === 0 ? '' : ` · ${people.join(', ')}`}
    </span>
  </li>`;
}

function workspacePage(store: WorldStore, id: string, query: URLSearchParams): ViewerReply | null {
  const workspace = store.workspaces.get(id);
  if (workspace === undefined) return null;
  const [first] = databasesOf(store, id);
  if (first !== undefined) {
    const main = databaseView(store, first, tableQuery(query));
    return reply(200, frame(store, { workspace, currentId: first.id }, workspace.name, main));
  }
  const hint =
    topPages(store, id).length === 0
      ? 'This workspace is empty.'
      : 'There is no database here yet; pages are listed beside.';
  const main = html`<h1>${workspace.name}</h1>
    <p class="soft nothing">${hint}</p>`;
  return reply(200, frame(store, { workspace, currentId: null }, workspace.name, main));
}

function objectPage(store: WorldStore, id: string, query: URLSearchParams): ViewerReply | null {
  const sourceOwner = store.dataSources.get(id)?.databaseId ?? id;
  const object = store.pages.get(id) ?? store.databases.get(sourceOwner);
  if (object === undefined) return null;
  const workspace = store.workspaces.get(object.workspaceId) ?? null;
  const main = object.object === 'page' ? pageView(store, object) : databaseView(store, object, tableQuery(query));
  const listed = [...store.lineage(object)].find(
    (one) => one.object === 'database' || (one.object === 'page' && one.parent.type === 'workspace'),
  );
  return reply(200, frame(store, { workspace, currentId: listed?.id ?? null }, nameOf(store, object), main));
}

function missing(store: WorldStore): ViewerReply {
  const main = html`<h1>There is no such page</h1>
    <p>The sandbox is empty again each time that it starts. <a href="/">See all workspaces</a>.</p>`;
  return reply(404, frame(store, { workspace: null, currentId: null }, 'Not found', main));
}
