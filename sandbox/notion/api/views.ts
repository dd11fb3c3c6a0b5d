import { notFound } from '../errors.js';
import { compactId } from '../ids.js';
import { validId } from './request.js';
import type { ApiRequest, Route } from './request.js';

/** https://developers.notion.com/reference/views; a data source has its one table view. */
export const viewRoutes: Route[] = [
  { method: 'GET', pattern: /^views\/([^/]+)$/, capability: 'read_content', handle: getView },
];

function getView({ world, bot, id }: ApiRequest): object {
  const source = [...world.dataSources.values()].find(({ viewId }) => viewId === validId(id));
  const database = world.databases.get(source?.databaseId ?? '');
  if (source === undefined || database === undefined || !world.isVisible(source, bot)) throw notFound('view', id);
  return {
    object: 'view',
    id: source.viewId,
    parent: { type: 'database_id', database_id: database.id },
    name: 'Default view',
    type: 'table',
    created_time: source.created_time,
    last_edited_time: source.created_time,
    url: `${database.url}?v=${compactId(source.viewId)}`,
    data_source_id: source.id,
  };
}
