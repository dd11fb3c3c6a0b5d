import type { BlockDraft } from './block.js';
import { plainText } from './block.js';
import { insertBlocks, writeContent } from './content.js';
import { newId } from './ids.js';
import { parseEnhancedMarkdown } from './markdown/parse.js';
import { printEnhancedMarkdown } from './markdown/print.js';
import { addDatabase, addPage, newToken, retitle, setTrashed, titleOf, titleProperty } from './objects.js';
import { newProperties } from './property-schema.js';
import type { SchemaRequests } from './property-schema.js';
import { storeProperties } from './property-values.js';
import type { PropertyRequests } from './property-values.js';
import { CAPABILITIES } from './records.js';
import type {
  Bot,
  Capability,
  Comment,
  ConnectionKind,
  Database,
  DataSource,
  Page,
  Parent,
  User,
  Workspace,
} from './records.js';
import { WorldStore } from './store.js';
import { flatten } from './tree.js';

export interface Authorization {
  /** Name of the workspace; made when there is none of that name. */
  workspace: string;
  /** Name of who authorizes; default "Demo User". Internal connections have nobody. */
  user?: string;
  /** Default: all. */
  capabilities?: Capability[];
  /** Default: public. */
  kind?: ConnectionKind;
}

/** What a person does to a page in Notion's own interface. Parts are done in the order below. */
export interface PersonEdit {
  /** Name; default "A person". */
  user?: string;
  /** The new body, or what becomes of the present one; untouched blocks keep their author. */
  markdown?: string | ((present: string) => string);
  properties?: PropertyRequests;
  /** Title of a page to make inside this one. */
  nestedPage?: string;
  trashed?: boolean;
}

/** Where a person makes something; at the top of the workspace without `parentPageId`. */
interface PersonPlace {
  workspace: string;
  parentPageId?: string;
  user?: string;
}

/**
 * The workspaces of all users, with what people do in them. What connections do comes in through the API; tests and
 * the viewer read the maps of `WorldStore`.
 */
export class NotionWorld extends WorldStore {
  /** The workspace called `name`. */
  workspace(name: string): Workspace {
    const known = [...this.workspaces.values()].find((one) => one.name === name);
    const workspace = known ?? { id: newId(), name };
    this.workspaces.set(workspace.id, workspace);
    return workspace;
  }

  /** The person called `name` in a workspace. */
  person(workspaceId: string, name = 'A person'): User {
    const known = [...this.users.values()].find((one) => one.name === name && one.workspaceId === workspaceId);
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`;
    const user = known ?? { id: newId(), name, email, workspaceId };
    this.users.set(user.id, user);
    return user;
  }

  /** Gives out a token. The same user of the same workspace keeps the bot, whose capabilities become the new ones. */
  authorize(who: Authorization): { accessToken: string; botId: string; workspaceId: string } {
    const { id: workspaceId } = this.workspace(who.workspace);
    const kind = who.kind ?? 'public';
    const userId = kind === 'internal' ? null : this.person(workspaceId, who.user ?? 'Demo User').id;
    const known = [...this.bots.values()].find(
      (bot) => bot.workspaceId === workspaceId && bot.userId === userId && bot.kind === kind,
    );
    const capabilities = new Set(who.capabilities ?? CAPABILITIES);
    const bot: Bot = known ?? { id: newId(), name: 'Website to Notion', workspaceId, userId, kind, capabilities };
    bot.capabilities = capabilities;
    this.bots.set(bot.id, bot);
    const accessToken = newToken();
    this.tokens.set(accessToken, bot.id);
    return { accessToken, botId: bot.id, workspaceId };
  }

  revoke(accessToken: string): void {
    this.tokens.delete(accessToken);
  }

  /** Lets a connection see a page or database and all below it, as a person does with "Add connections". */
  share(objectId: string, botId: string): void {
    this.#object(objectId).sharedWith.add(botId);
  }

  unshare(objectId: string, botId: string): void {
    this.#object(objectId).sharedWith.delete(botId);
  }

  /** A page that a person makes. Nobody else sees it until it is shared. */
  addPageAsPerson(at: PersonPlace & { title: string; markdown?: string }): Page {
    const place = this.#place(at);
    const page = addPage(this, place, new Map([['title', { type: 'title', value: titleOf(at.title) }]]));
    this.#fill(page, at.markdown, place.authorId);
    return page;
  }

  /** A database that a person makes; without `properties` it has the title column "Name" only. */
  addDatabaseAsPerson(at: PersonPlace & { title: string; properties?: SchemaRequests }): {
    database: Database;
    dataSource: DataSource;
  } {
    const properties = at.properties === undefined ? [titleProperty('Name')] : newProperties(at.properties);
    return addDatabase(this, this.#place(at), { title: titleOf(at.title), properties });
  }

  /** A further data source in `databaseId`, with the title column "Name" only. */
  addDataSourceAsPerson(databaseId: string, title: string): DataSource {
    const database = this.databases.get(databaseId);
    if (database === undefined) throw new Error(`There is no database ${databaseId}.`);
    const { dataSource } = addDatabase(
      this,
      {
        workspaceId: database.workspaceId,
        authorId: database.created_by.id,
        parent: { type: 'workspace', workspace: true },
      },
      { title: titleOf(title), properties: [titleProperty('Name')] },
    );
    this.databases.delete(dataSource.databaseId);
    dataSource.databaseId = databaseId;
    database.dataSourceIds.push(dataSource.id);
    return dataSource;
  }

  /** A row that a person makes. `createdTime` (ISO 8601) puts it into the past. */
  addRowAsPerson(
    dataSourceId: string,
    row: { properties: PropertyRequests; markdown?: string; user?: string; createdTime?: string },
  ): Page {
    const source = this.dataSources.get(dataSourceId);
    if (source === undefined) throw new Error(`There is no data source ${dataSourceId}.`);
    const authorId = this.person(source.workspaceId, row.user).id;
    const parent: Parent = { type: 'data_source_id', data_source_id: source.id, database_id: source.databaseId };
    const values = storeProperties(this, source.properties, row.properties);
    const page = addPage(this, { workspaceId: source.workspaceId, authorId, parent }, values);
    if (row.createdTime !== undefined) page.created_time = row.createdTime;
    this.#fill(page, row.markdown, authorId);
    return page;
  }

  /** Changes a page as a person would, without any of the API's checks. */
  editAsPerson(pageId: string, edit: PersonEdit): void {
    const page = this.pages.get(pageId);
    if (page === undefined) throw new Error(`There is no page ${pageId}.`);
    const authorId = this.person(page.workspaceId, edit.user).id;
    if (edit.markdown !== undefined) {
      const next = typeof edit.markdown === 'string' ? edit.markdown : edit.markdown(this.markdownOf(pageId));
      writeContent(this, page, parseEnhancedMarkdown(next), {
        authorId,
        keepUnchanged: true,
        allowDeletingContent: true,
        mayMove: () => true,
      });
    }
    if (edit.properties !== undefined) this.#setProperties(page, edit.properties, authorId);
    if (edit.nestedPage !== undefined) {
      const parent: Parent = { type: 'page_id', page_id: page.id };
      const title = titleOf(edit.nestedPage);
      addPage(
        this,
        { workspaceId: page.workspaceId, authorId, parent },
        new Map([['title', { type: 'title', value: title }]]),
      );
    }
    if (edit.trashed !== undefined) setTrashed(this, page, edit.trashed, authorId);
  }

  /**
   * Says something about a page, or about its first block that holds `passage`. It is no edit: nothing else of the page
   * shows that somebody was there.
   */
  commentAsPerson(pageId: string, comment: { text: string; passage?: string; user?: string }): void {
    const page = this.pages.get(pageId);
    if (page === undefined) throw new Error(`There is no page ${pageId}.`);
    const { passage, text, user } = comment;
    const block = flatten(page.blocks).find((one) => passage !== undefined && wordsOf(one).includes(passage));
    if (passage !== undefined && block === undefined) throw new Error(`Nothing on the page holds "${passage}".`);
    const authorId = this.person(page.workspaceId, user).id;
    this.comments.push({ pageId, blockId: block?.id ?? null, authorId, text });
  }

  /**
   * The comments that a reader of the page finds. The reference (sections 3.1 and 8) promises no discussion of a text that
   * is replaced, so here it goes with its block.
   */
  commentsOf(pageId: string): string[] {
    const isShown = ({ blockId }: Comment): boolean => blockId === null || this.blockPages.get(blockId) === pageId;
    return this.comments.filter((one) => one.pageId === pageId && isShown(one)).map(({ text }) => text);
  }

  /** A page's whole body in Notion's markdown. */
  markdownOf(pageId: string): string {
    return printEnhancedMarkdown(this.pages.get(pageId)?.blocks ?? []);
  }

  /** A row's values by column name, as plain text, numbers, booleans or `null`. */
  plainValues(page: Page): Record<string, string | number | boolean | null> {
    const source = page.parent.type === 'data_source_id' ? this.dataSources.get(page.parent.data_source_id) : undefined;
    const columns = [...(source?.properties.values() ?? [])];
    return Object.fromEntries(columns.map(({ id, name }) => [name, plainValue(page.properties.get(id))]));
  }

  #setProperties(page: Page, requests: PropertyRequests, authorId: string): void {
    const source = page.parent.type === 'data_source_id' ? this.dataSources.get(page.parent.data_source_id) : undefined;
    const columns = source?.properties ?? new Map([['title', titleProperty('title')]]);
    for (const [id, value] of storeProperties(this, columns, requests)) {
      if (value.type === 'title') retitle(this, page, value.value);
      else page.properties.set(id, value);
    }
    this.touch(page, authorId);
  }

  #fill(page: Page, markdown: string | undefined, authorId: string): void {
    const drafts: BlockDraft[] = markdown === undefined ? [] : parseEnhancedMarkdown(markdown);
    insertBlocks(this, { page, siblings: page.blocks, index: 0 }, drafts, authorId);
  }

  #place({ workspace, parentPageId, user }: PersonPlace) {
    const { id: workspaceId } = this.workspace(workspace);
    const parent: Parent =
      parentPageId === undefined ? { type: 'workspace', workspace: true } : { type: 'page_id', page_id: parentPageId };
    return { workspaceId, authorId: this.person(workspaceId, user).id, parent };
  }

  #object(id: string): Page | Database {
    const object = this.pages.get(id) ?? this.databases.get(id);
    if (object === undefined) throw new Error(`There is no page or database ${id}.`);
    return object;
  }
}

function wordsOf(block: BlockDraft): string {
  return printEnhancedMarkdown([{ ...block, children: [] }]);
}

function plainValue(stored: ReturnType<Page['properties']['get']>): string | number | boolean | null {
  switch (stored?.type) {
    case undefined:
      return null;
    case 'title':
    case 'rich_text':
      return plainText(stored.value);
    case 'select':
    case 'status':
      return stored.value?.name ?? null;
    case 'date':
      return stored.value?.start ?? null;
    case 'multi_select':
      return stored.value.map((option) => option.name).join(', ');
    case 'files':
      return stored.value.map((file) => file.external.url).join(', ');
    case 'people':
    case 'relation':
      return stored.value.map((target) => target.id).join(', ');
    default:
      return stored?.value ?? null;
  }
}
