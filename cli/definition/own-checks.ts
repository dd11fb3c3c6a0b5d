import { calculateRunDynamicMemory } from '@apify/actor-memory-expression';
import { Ajv } from 'ajv';
import { descriptionProblems } from './description-checks.js';
import type { DatasetSchema, Definition, FieldNode } from './read.js';

/** What Apify's validators let pass and the platform or a user would stumble over; one sentence per fault. */
export async function ownProblems(definition: Definition): Promise<string[]> {
  return [
    ...definition.uncovered.map((name) => `.actor/${name}: nothing refers to it`),
    ...resourceProblems(definition.input),
    ...valueProblems(definition.input),
    ...descriptionProblems(definition),
    ...Object.entries(definition.datasets).flatMap(([alias, schema]) => viewProblems(alias, schema)),
    ...templateProblems(definition),
    ...webServerProblems(definition.webServer),
    ...versionProblems(definition),
    ...readmeProblems(definition.readme),
    ...(await memoryProblems(definition)),
  ];
}

/** Under limited permissions a storage from the input can be opened only with declared permissions. */
export function resourceProblems(input: Definition['input']): string[] {
  return Object.entries(input.properties)
    .filter(([, field]) => 'resourceType' in field && field.resourceType !== 'mcpConnector')
    .filter(([, field]) => !Array.isArray(field.resourcePermissions) || field.resourcePermissions.length === 0)
    .map(([name]) => `input schema: ${name} is a storage without resourcePermissions`);
}

/** Defaults, prefills and examples have to pass the field's own rules. */
export function valueProblems(input: Definition['input']): string[] {
  const ajv = new Ajv({ strict: false });
  return Object.entries(input.properties).flatMap(([name, field]) => {
    const fits = ajv.compile(field);
    const wrong = ['default', 'prefill', 'example'].filter((key) => key in field && !fits(field[key]));
    const empty = field.editor === 'schemaBased' && !('properties' in field) && !('items' in field);
    return [
      ...wrong.map((key) => `input schema: the ${key} of ${name} breaks the field's own rules`),
      ...(empty ? [`input schema: ${name} has the editor schemaBased and no properties`] : []),
    ];
  });
}

/** Views may name only fields that the schema has, and show only what they select. */
export function viewProblems(alias: string, schema: DatasetSchema): string[] {
  return Object.entries(schema.views ?? {}).flatMap(([name, view]) => {
    const selected = view.transformation?.fields ?? [];
    const flattened = view.transformation?.flatten ?? [];
    const shown = Object.keys(view.display?.properties ?? {});
    const where = `dataset schema "${alias}", view ${name}`;
    return [
      ...[...selected, ...flattened]
        .filter((path) => !has(schema.fields, path))
        .map((path) => `${where}: no field ${path}`),
      ...shown
        .filter((path) => !selected.includes(path))
        .map((path) => `${where}: shows ${path}, which it does not select`),
      ...selected
        .filter((path) => path.includes('.') && !flattened.includes(path.split('.')[0] ?? ''))
        .map((path) => `${where}: ${path} needs its parent in flatten`),
    ];
  });
}

function has(node: FieldNode | undefined, path: string): boolean {
  return (
    path.split('.').reduce<FieldNode | undefined>((parent, name) => parent?.properties?.[name], node) !== undefined
  );
}

/** Links of the output schema lead to storages, views and records that exist. */
export function templateProblems({ output, datasets, keyValueStore }: Definition): string[] {
  const keys = Object.values(keyValueStore.collections).map((collection) => collection.key);
  return Object.entries(output.properties).flatMap(([name, { template }]) => {
    const alias = /storages\.datasets\.(\w+)\./.exec(template)?.[1] ?? 'default';
    const view = /[?&]view=(\w+)/.exec(template)?.[1];
    const key = /\/records\/([\w-]+)/.exec(template)?.[1];
    const faults = [
      datasets[alias] ? null : `no dataset ${alias}`,
      view === undefined || datasets[alias]?.views?.[view] ? null : `no view ${view} in dataset ${alias}`,
      key === undefined || keys.includes(key) ? null : `no record ${key} in the key-value store schema`,
    ];
    return faults.filter((fault) => fault !== null).map((fault) => `output schema, ${name}: ${fault}`);
  });
}

/** The build refuses what is not OpenAPI 3; this is the frame, in which every operation needs an answer. */
export function webServerProblems(schema: Record<string, unknown>): string[] {
  const info = schema.info as { title?: string; version?: string } | undefined;
  const paths = (schema.paths ?? {}) as Record<string, Record<string, { responses?: object }>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );
  return [
    ...(/^3\.\d+\.\d+$/.test(String(schema.openapi)) ? [] : ['web server schema: openapi must be a 3.x.y version']),
    ...(info?.title && info.version ? [] : ['web server schema: info needs a title and a version']),
    ...(operations.length > 0 ? [] : ['web server schema: there are no paths']),
    ...operations
      .filter(({ operation }) => Object.keys(operation.responses ?? {}).length === 0)
      .map(({ name }) => `web server schema: ${name} has no responses`),
  ];
}

/** The image brings the browser, so its tag fixes Playwright's version; releases are named in the changelog. */
export function versionProblems({ actor, packageJson, dockerfile, changelog }: Definition): string[] {
  const playwright = packageJson.dependencies.playwright ?? '';
  const images = [...dockerfile.matchAll(/^FROM\s+(\S+)/gm)].map((match) => match[1] ?? '');
  const [major, minor] = packageJson.version.split('.');
  return [
    ...(images.length > 0 ? [] : ['Dockerfile: there is no FROM']),
    ...images
      .filter((image) => !image.endsWith(`-${playwright}`))
      .map((image) => `Dockerfile: ${image} does not have Playwright ${playwright} of package.json`),
    ...(changelog.includes(`\n## ${packageJson.version} `) || changelog.includes(`\n## ${packageJson.version}\n`)
      ? []
      : [`CHANGELOG.md: there is no entry for version ${packageJson.version} of package.json`]),
    ...(actor.version === `${major}.${minor}`
      ? []
      : [`actor.json: version ${actor.version} is not that of package.json, ${major}.${minor}`]),
  ];
}

/** The Store sets the title itself and asks for at least 300 words. */
export function readmeProblems(readme: string): string[] {
  const words = readme.split(/\s+/).filter((word) => /\w/.test(word)).length;
  const prose = readme.replace(/^```[\s\S]*?^```/gm, '');
  return [
    ...(/^# /m.test(prose) ? ['.actor/README.md: headings start at ##'] : []),
    ...(/^#{4,} /m.test(prose) ? ['.actor/README.md: headings go no deeper than ###'] : []),
    ...(words >= 300 ? [] : [`.actor/README.md: ${words} words, the Store asks for 300`]),
  ];
}

/** Syntax errors of the expression would silently fall back to the Console's default. */
export async function memoryProblems({ actor, input }: Definition): Promise<string[]> {
  const { defaultMemoryMbytes: expression, minMemoryMbytes = 128, maxMemoryMbytes = 32_768 } = actor;
  if (typeof expression !== 'string') return [];
  const crawlers = input.properties.crawlerType?.enum as string[] | undefined;
  const inputs = [{}, { datasetId: 'x' }, ...(crawlers ?? []).map((crawlerType) => ({ crawlerType }))];
  const faults = await Promise.all(
    inputs.map(async (given) => {
      const name = `actor.json: defaultMemoryMbytes for ${JSON.stringify(given)}`;
      try {
        const memory = await calculateRunDynamicMemory(expression, { input: given, runOptions: {} });
        const inRange = memory >= (minMemoryMbytes as number) && memory <= (maxMemoryMbytes as number);
        return inRange ? [] : [`${name} is ${memory}, outside the Actor's own limits`];
      } catch (error) {
        return [`${name} fails: ${(error as Error).message}`];
      }
    }),
  );
  return faults.flat();
}
