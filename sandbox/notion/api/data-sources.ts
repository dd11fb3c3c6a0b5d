import type { UpdateDataSourceParameters } from '@notionhq/client';
import { invalid } from '../errors.js';
import { updateProperties } from '../property-schema.js';
import { storeRichText } from '../rich-text.js';
import { storeIcon } from './decoration.js';
import { assertLive, visibleDataSource } from './request.js';
import type { ApiRequest, Body, Route } from './request.js';
import { queryDataSource } from './query.js';
import { showDataSource } from './responses.js';

/** https://developers.notion.com/reference/retrieve-a-data-source and its neighbours. */
export const dataSourceRoutes: Route[] = [
  {
    method: 'GET',
    pattern: /^data_sources\/([^/]+)$/,
    capability: 'read_content',
    handle: (request) => showDataSource(request.world, visibleDataSource(request, request.id)),
  },
  {
    method: 'PATCH',
    pattern: /^data_sources\/([^/]+)$/,
    capability: 'update_content',
    body: 'UpdateDataSourceBodyParameters',
    handle: updateDataSource,
  },
  {
    method: 'POST',
    pattern: /^data_sources\/([^/]+)\/query$/,
    capability: 'read_content',
    body: 'QueryDataSourceBodyParameters',
    handle: queryDataSource,
  },
];

function updateDataSource(request: ApiRequest): object {
  const { world, bot } = request;
  const body = request.body as Body<UpdateDataSourceParameters, 'data_source_id'>;
  const source = visibleDataSource(request, request.id);
  assertLive(request, source);
  if (body.parent !== undefined || body.in_trash !== undefined || body.archived !== undefined) {
    throw invalid('The stand-in neither moves nor trashes data sources.');
  }
  if (body.properties !== undefined) updateProperties(source, body.properties);
  if (body.title !== undefined) source.title = storeRichText(world, body.title);
  if (body.icon !== undefined) source.icon = storeIcon(body.icon);
  world.touch(source, world.authorOf(bot));
  return showDataSource(world, source);
}
