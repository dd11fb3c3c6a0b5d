import type { QueryDataSourceParameters } from '@notionhq/client';
import { plainText } from '../block.js';
import { invalid } from '../errors.js';
import { findProperty } from '../property-schema.js';
import type { DataSource, Page } from '../records.js';
import { toMinute } from './responses.js';

type Sort = NonNullable<QueryDataSourceParameters['sorts']>[number];
type Key = string | number | null;

/**
 * A comparison of rows by `sorts`, then by id.
 * @throws NotionError 400 for an unknown column
 */
export function rowOrder(source: DataSource, sorts: Sort[]): (left: Page, right: Page) => number {
  const orders = sorts.map((sort) => {
    const key = keyOf(source, sort);
    const sign = sort.direction === 'ascending' ? 1 : -1;
    return (left: Page, right: Page) => compare(key(left), key(right), sign);
  });
  return (left, right) => {
    for (const order of orders) {
      const result = order(left, right);
      if (result !== 0) return result;
    }
    return left.id < right.id ? -1 : 1;
  };
}

function keyOf(source: DataSource, sort: Sort): (page: Page) => Key {
  if ('timestamp' in sort) {
    const { timestamp } = sort;
    return (page) => toMinute(page[timestamp]);
  }
  const property = findProperty(source.properties, sort.property);
  if (property === undefined) throw invalid(`Could not find sort property with name or id: ${sort.property}`);
  const { id, type } = property;
  if (type === 'created_time' || type === 'last_edited_time') return (page) => toMinute(page[type]);
  return (page) => valueKey(page, id);
}

function valueKey(page: Page, id: string): Key {
  const stored = page.properties.get(id);
  switch (stored?.type) {
    case 'title':
    case 'rich_text':
      return plainText(stored.value).toLowerCase();
    case 'number':
    case 'url':
    case 'email':
    case 'phone_number':
      return stored.value;
    case 'checkbox':
      return Number(stored.value);
    case 'date':
      return stored.value?.start ?? null;
    case 'select':
    case 'status':
      return stored.value?.name ?? null;
    default:
      return null;
  }
}

/** Empty values come last in either direction. */
function compare(left: Key, right: Key, sign: number): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return (left < right ? -1 : 1) * sign;
}
