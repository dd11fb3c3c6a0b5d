import type { SearchParameters } from '@notionhq/client';
import { plainText } from '../block.js';
import type { DataSource, Page } from '../records.js';
import type { NotionWorld } from '../world.js';
import { paginate } from './request.js';
import type { ApiRequest, Route } from './request.js';
import { showDataSource, showPage } from './responses.js';

/** https://developers.notion.com/reference/post-search: by title only, and blind for what is too new. */
export const searchRoutes: Route[] = [
  { method: 'POST', pattern: /^search$/, capability: 'read_content', body: 'SearchBodyParameters', handle: search },
];

function search({ world, bot, body }: ApiRequest): object {
  const { query, filter, sort, ...page } = body as SearchParameters;
  const kind = filter !== undefined && 'value' in filter ? filter.value : undefined;
  const wanted = (query ?? '').toLowerCase();
  const found = [...world.pages.values(), ...world.dataSources.values()]
    .filter((object) => kind === undefined || object.object === kind)
    .filter((object) => world.isVisible(object, bot) && !world.isTrashed(object))
    .filter((object) => object.sharedWith.has(bot.id) || isFound(world, object))
    .filter((object) => title(world, object).toLowerCase().includes(wanted));
  found.sort((a, b) => b.last_edited_time.localeCompare(a.last_edited_time));
  if (sort !== undefined && 'direction' in sort && sort.direction === 'ascending') found.reverse();
  const { items, ...rest } = paginate(found, page);
  const results = items.map((object) =>
    object.object === 'page' ? showPage(world, object) : showDataSource(world, object),
  );
  return { object: 'list', type: 'page_or_data_source', page_or_data_source: {}, results, ...rest };
}

function isFound(world: NotionWorld, object: Page | DataSource): boolean {
  return world.clock() - Date.parse(object.created_time) >= world.staleness.ms;
}

function title(world: NotionWorld, object: Page | DataSource): string {
  return plainText(object.object === 'page' ? world.titleOf(object).value : object.title);
}
