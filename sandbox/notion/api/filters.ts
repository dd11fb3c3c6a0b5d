import type { QueryDataSourceParameters } from '@notionhq/client';
import { plainText } from '../block.js';
import { invalid } from '../errors.js';
import { findProperty } from '../property-schema.js';
import type { DataSource, Page, Property } from '../records.js';
import type { WorldStore } from '../store.js';
import { toMinute } from './responses.js';

type Filter = NonNullable<QueryDataSourceParameters['filter']>;
type Test = (page: Page) => boolean;
type Condition = Record<string, unknown>;

/**
 * Whether a row passes `filter`. Text compares without regard to case: Notion does not say, so a client must verify.
 * @throws NotionError 400 for unknown columns, conditions of another type, and what the stand-in cannot compare
 */
export function rowFilter(store: WorldStore, source: DataSource, filter: Filter | undefined): Test {
  if (filter === undefined) return () => true;
  if ('and' in filter) {
    const tests = filter.and.map((part) => rowFilter(store, source, part));
    return (page) => tests.every((test) => test(page));
  }
  if ('or' in filter) {
    const tests = filter.or.map((part) => rowFilter(store, source, part));
    return (page) => tests.some((test) => test(page));
  }
  if ('timestamp' in filter) {
    const { timestamp } = filter;
    const condition = Object.entries(filter).find(([key]) => key === timestamp)?.[1] as Condition;
    const test = dateTest(condition);
    return (page) => test(toMinute(page[timestamp]));
  }
  const property = findProperty(source.properties, filter.property);
  if (property === undefined) throw invalid(`Could not find property with name or id: ${filter.property}`);
  const parts = Object.entries(filter) as [string, unknown][];
  const [kind, condition] = parts.find(([key]) => key !== 'property' && key !== 'type') ?? ['', {}];
  if (kind !== property.type) throw invalid(`database property ${property.type} does not match filter ${kind}`);
  return propertyTest(property, condition as Condition);
}

function propertyTest(property: Property, condition: Condition): Test {
  const { id, type } = property;
  switch (type) {
    case 'title':
    case 'rich_text':
    case 'url':
    case 'email':
    case 'phone_number': {
      const test = textTest(condition);
      return (page) => test(textOf(page, id));
    }
    case 'number': {
      const test = numberTest(condition);
      return (page) => test(valueOf(page, id) as number | null);
    }
    case 'checkbox':
      return (page) => {
        const checked = (valueOf(page, id) ?? false) as boolean;
        return 'equals' in condition ? checked === condition['equals'] : checked !== condition['does_not_equal'];
      };
    case 'date': {
      const test = dateTest(condition);
      return (page) => test((valueOf(page, id) as { start: string } | null)?.start ?? null);
    }
    case 'created_time':
    case 'last_edited_time': {
      const test = dateTest(condition);
      return (page) => test(toMinute(page[type]));
    }
    case 'select':
    case 'status':
    case 'multi_select':
    case 'people':
    case 'relation':
    case 'files': {
      const test = setTest(condition);
      return (page) => test(membersOf(valueOf(page, id)));
    }
    default:
      throw invalid(`The stand-in does not filter by properties of type ${type}.`);
  }
}

function textTest(condition: Condition): (text: string) => boolean {
  const [[operator, operand] = ['', '']] = Object.entries(condition);
  const wanted = String(operand).toLowerCase();
  const tests: Record<string, (text: string) => boolean> = {
    equals: (text) => text === wanted,
    does_not_equal: (text) => text !== wanted,
    contains: (text) => text.includes(wanted),
    does_not_contain: (text) => !text.includes(wanted),
    starts_with: (text) => text.startsWith(wanted),
    ends_with: (text) => text.endsWith(wanted),
    is_empty: (text) => text === '',
    is_not_empty: (text) => text !== '',
  };
  const test = known(tests, operator);
  return (text) => test(text.toLowerCase());
}

function numberTest(condition: Condition): (value: number | null) => boolean {
  const [[operator, operand] = ['', 0]] = Object.entries(condition);
  const wanted = Number(operand);
  return known<(value: number | null) => boolean>(
    {
      equals: (value) => value === wanted,
      does_not_equal: (value) => value !== wanted,
      greater_than: (value) => value !== null && value > wanted,
      less_than: (value) => value !== null && value < wanted,
      greater_than_or_equal_to: (value) => value !== null && value >= wanted,
      less_than_or_equal_to: (value) => value !== null && value <= wanted,
      is_empty: (value) => value === null,
      is_not_empty: (value) => value !== null,
    },
    operator,
  );
}

function dateTest(condition: Condition): (value: string | null) => boolean {
  const [[operator, operand] = ['', '']] = Object.entries(condition);
  const compared = (holds: (found: number, wanted: number) => boolean) => (value: string | null) => {
    if (value === null || typeof operand !== 'string') return false;
    // A day as the operand compares days.
    const found = operand.length === 10 ? value.slice(0, 10) : value;
    return holds(Date.parse(found), Date.parse(operand));
  };
  if (typeof operand === 'string' && Number.isNaN(Date.parse(operand))) {
    throw invalid(`The stand-in compares ISO 8601 dates only, not "${operand}".`);
  }
  return known(
    {
      equals: compared((found, wanted) => found === wanted),
      before: compared((found, wanted) => found < wanted),
      after: compared((found, wanted) => found > wanted),
      on_or_before: compared((found, wanted) => found <= wanted),
      on_or_after: compared((found, wanted) => found >= wanted),
      is_empty: (value: string | null) => value === null,
      is_not_empty: (value: string | null) => value !== null,
    },
    operator,
  );
}

function setTest(condition: Condition): (members: string[]) => boolean {
  const [[operator, operand] = ['', '']] = Object.entries(condition);
  const wanted = [operand].flat().map((one) => String(one).toLowerCase());
  const hit = (members: string[]) => members.some((member) => wanted.includes(member));
  return known(
    {
      equals: hit,
      contains: hit,
      does_not_equal: (members: string[]) => !hit(members),
      does_not_contain: (members: string[]) => !hit(members),
      is_empty: (members: string[]) => members.length === 0,
      is_not_empty: (members: string[]) => members.length > 0,
    },
    operator,
  );
}

function known<T>(tests: Record<string, T>, operator: string): T {
  const test = Object.hasOwn(tests, operator) ? tests[operator] : undefined;
  if (test === undefined) throw invalid(`The stand-in does not know the condition "${operator}".`);
  return test;
}

function valueOf(page: Page, id: string): unknown {
  return page.properties.get(id)?.value ?? null;
}

function textOf(page: Page, id: string): string {
  const stored = page.properties.get(id);
  if (stored?.type === 'title' || stored?.type === 'rich_text') return plainText(stored.value);
  return typeof stored?.value === 'string' ? stored.value : '';
}

/** Names of options, ids of people and relations, names of files; lower case. */
function membersOf(value: unknown): string[] {
  return [value ?? []].flat().map((one) => {
    const member = one as { name?: string; id?: string };
    return (member.name ?? member.id ?? '').toLowerCase();
  });
}
