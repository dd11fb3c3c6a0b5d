import type { QueryDataSourceParameters } from '@notionhq/client';
import { invalid } from '../errors.js';
import { LIMITS } from '../limits.js';
import { findProperty } from '../property-schema.js';
import type { DataSource } from '../records.js';
import { rowFilter } from './filters.js';
import { assertLive, CURRENT_VERSION, paginate, visibleDataSource } from './request.js';
import type { ApiRequest, Body } from './request.js';
import { showPage } from './responses.js';
import { rowOrder } from './sorts.js';

/**
 * https://developers.notion.com/reference/query-a-data-source: live rows only, at most 10,000 in all, and none that is
 * too new for the world's staleness. Without sorts the order means nothing.
 */
export function queryDataSource(request: ApiRequest): object {
  const { world, query } = request;
  const body = request.body as Body<QueryDataSourceParameters, 'data_source_id' | 'filter_properties'>;
  const source = visibleDataSource(request, request.id);
  assertLive(request, source);
  if (request.version === CURRENT_VERSION && (body.in_trash !== undefined || body.archived !== undefined)) {
    throw invalid('body failed validation: body.in_trash should be not present. Rows in the trash cannot be queried.');
  }
  const only = shownProperties(source, query);
  const matches = rowFilter(world, source, body.filter);
  source.queries += 1;
  const found = world
    .liveRows(source.id)
    .filter((row) => world.isIndexed(row) && matches(row))
    .sort(rowOrder(source, body.sorts ?? []));
  const { items, ...rest } = paginate(found.slice(0, world.caps.queryResults), body);
  const incomplete = !rest.has_more && found.length > world.caps.queryResults;
  return {
    object: 'list',
    type: 'page_or_data_source',
    page_or_data_source: {},
    results: items.map((row) => showPage(world, row, only)),
    ...rest,
    request_status: incomplete
      ? { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }
      : { type: 'complete' },
  };
}

/** Ids of the properties that `filter_properties` names; `undefined` for all. */
export function shownProperties(source: DataSource, query: URLSearchParams): Set<string> | undefined {
  const keys = [...query.getAll('filter_properties'), ...query.getAll('filter_properties[]')];
  if (keys.length === 0) return undefined;
  if (keys.length > LIMITS.arrayItems) throw invalid('query failed validation: too many filter_properties.');
  return new Set(
    keys.map((key) => {
      const property = findProperty(source.properties, key);
      if (property === undefined) throw invalid(`Could not find property with name or id: ${key}`);
      return property.id;
    }),
  );
}
