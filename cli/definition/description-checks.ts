import { Ajv } from 'ajv';
import type { Definition } from './read.js';

/** What a person or an agent reads about a value. */
interface Described {
  title?: string;
  description?: string;
  example?: unknown;
  default?: unknown;
  prefill?: unknown;
  properties?: Record<string, Described>;
  items?: Described;
}

const ajv = new Ajv({ strict: false });

/**
 * Agents see no form: they have titles, descriptions and examples. So every field of the input, of the items and of the
 * output has them at any depth, and an example shows a value that the field can have.
 */
export function descriptionProblems({ input, datasets, output, keyValueStore }: Definition): string[] {
  const items = Object.entries(datasets).flatMap(([alias, { fields }]) =>
    below(`dataset schema "${alias}"`, fields, exampleProblems),
  );
  const views = Object.entries(datasets).flatMap(([alias, schema]) =>
    Object.entries((schema.views ?? {}) as Record<string, Described>).flatMap(([name, view]) =>
      wordProblems(`dataset schema "${alias}", view ${name}`, view),
    ),
  );
  const inputs = Object.entries(input.properties as Record<string, Described>).flatMap(([name, field]) => {
    const where = `input schema: ${name}`;
    const shows = 'example' in field || 'default' in field || 'prefill' in field;
    return [
      ...wordProblems(where, field),
      ...(shows ? [] : [`${where} has neither an example nor a default`]),
      ...below(where, field.items ?? field, () => []),
    ];
  });
  const links = [
    ...Object.entries(output.properties as Record<string, Described>),
    ...Object.entries(keyValueStore.collections as Record<string, Described>),
  ];
  return [...inputs, ...items, ...views, ...links.flatMap(([name, link]) => wordProblems(`output: ${name}`, link))];
}

type Check = (where: string, field: Described) => string[];

/** Faults of the fields below `node`, each named by its path. */
function below(where: string, node: Described | undefined, more: Check): string[] {
  return Object.entries(node?.properties ?? {}).flatMap(([name, field]) => {
    const path = `${where}.${name}`;
    return [...wordProblems(path, field), ...more(path, field), ...below(path, field.items ?? field, more)];
  });
}

function wordProblems(where: string, { title, description }: Described): string[] {
  return [...(title ? [] : [`${where} has no title`]), ...(description ? [] : [`${where} has no description`])];
}

function exampleProblems(where: string, field: Described): string[] {
  // The examples of its parts are the example of a whole.
  if (field.properties !== undefined) return [];
  if (!('example' in field)) return [`${where} has no example`];
  return ajv.validate(field, field.example) ? [] : [`${where}: the example is not what the field can hold`];
}
