import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { inputProblems, officialProblems, structureProblems } from '../../cli/definition/official-checks.js';
import { ownProblems } from '../../cli/definition/own-checks.js';
import { readDefinition, type Definition, type FieldNode } from '../../cli/definition/read.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let definition: Definition;
beforeEach(() => {
  definition = readDefinition(ROOT);
});

/** A name, a fault, and the sentence that must come of it. */
type Fault = [string, () => void, RegExp];

describe('the definition in .actor/', () => {
  it('has no fault and covers every file', async () => {
    expect([...officialProblems(definition), ...(await ownProblems(definition))]).toEqual([]);
  });

  it('opens the second dataset under the alias that the Actor uses', () => {
    expect(Object.keys(definition.datasets)).toEqual(['default', 'notionResults']);
  });

  it('discards no item for its shape', () => {
    for (const { fields } of Object.values(definition.datasets)) {
      expect(fields).not.toHaveProperty('required');
      expect(fields).toMatchObject({ additionalProperties: true });
      for (const field of Object.values(fields?.properties ?? {})) {
        expect((field as { type: string[] }).type).toContain('null');
      }
    }
  });
});

const field = (name: string) => definition.input.properties[name]!;
const itemField = (...path: string[]) =>
  path.reduce<FieldNode>((node, name) => node.properties![name]!, definition.datasets.default!.fields!) as Record<
    string,
    unknown
  >;

describe("Apify's validators find", () => {
  it('an unknown editor', () => {
    field('startUrls').editor = 'grid';
    expect(inputProblems(definition.input)).toContainEqual(expect.stringMatching(/^input schema:/));
  });

  it.each<Fault>([
    ['a bad actor.json', () => Object.assign(definition.actor, { version: '1' }), /^actor.json: \/version/],
    [
      'a bad dataset schema',
      () => Object.assign(definition.datasets.default!, { extra: 1 }),
      /^dataset schema "default"/,
    ],
    [
      'a bad key-value store schema',
      () => Object.assign(definition.keyValueStore, { collections: { x: {} } }),
      /^key-value/,
    ],
    ['a bad output schema', () => Object.assign(definition.output, { actorOutputSchemaVersion: 2 }), /^output schema:/],
  ])('%s', (_name, damage, sentence) => {
    damage();
    expect(structureProblems(definition)).toContainEqual(expect.stringMatching(sentence));
  });
});

describe('our own checks find', () => {
  it.each<Fault>([
    [
      'a storage without permissions',
      () => delete field('datasetId').resourcePermissions,
      /datasetId is a storage without/,
    ],
    ['a default outside the bounds', () => (field('maxCrawlPages').default = 0), /the default of maxCrawlPages/],
    ['a prefill outside the bounds', () => (field('maxCrawlPages').prefill = 2e6), /the prefill of maxCrawlPages/],
    [
      'a schemaBased field without properties',
      () => (field('propertyMapping').editor = 'schemaBased'),
      /no properties$/,
    ],
    [
      'a view of a missing field',
      () => definition.datasets.default!.views!.pages!.transformation!.fields!.push('size'),
      /no field size/,
    ],
    [
      'a column that is not selected',
      () => (definition.datasets.default!.views!.pages!.display!.properties!.text = {}),
      /shows text/,
    ],
    [
      'a nested field that is not flattened',
      () => (definition.datasets.default!.views!.pages!.transformation!.flatten = ['crawl']),
      /metadata.title needs its parent/,
    ],
    ['a link to a missing view', () => (definition.output.properties.items!.template += 'x'), /no view pagesx/],
    ['a link to a missing dataset', () => delete definition.datasets.notionResults, /no dataset notionResults/],
    ['a link to a missing record', () => (definition.output.properties.report!.template += 'S'), /no record OUTPUTS/],
    ['a web server schema that is not OpenAPI 3', () => (definition.webServer.openapi = '2.0'), /openapi must be/],
    [
      'another Playwright in the image',
      () => (definition.packageJson.dependencies.playwright = '1.60.0'),
      /does not have Playwright 1.60.0/,
    ],
    [
      'a release that the changelog does not name',
      () => (definition.packageJson.version = '0.1.7'),
      /no entry for version 0.1.7/,
    ],
    ['a version apart from package.json', () => (definition.actor.version = '0.2'), /is not that of package.json/],
    [
      'a broken memory expression',
      () => (definition.actor.defaultMemoryMbytes = 'equalText(1, 2)'),
      /defaultMemoryMbytes .* fails/,
    ],
    [
      'memory outside the limits',
      () => (definition.actor.defaultMemoryMbytes = '512'),
      /outside the Actor's own limits/,
    ],
    ['a title in the Store README', () => (definition.readme = `# X\n${definition.readme}`), /headings start at ##/],
    [
      'a heading too deep in the Store README',
      () => (definition.readme += '\n#### Deep\n'),
      /headings go no deeper than ###/,
    ],
    ['a short Store README', () => (definition.readme = 'Short.'), /the Store asks for 300/],
    ['an input field without an example', () => delete field('datasetId').example, /datasetId has neither an example/],
    [
      'a nested field without a description',
      () => delete itemField('metadata', 'author').description,
      /"default".metadata.author has no description/,
    ],
    ['an item field without an example', () => delete itemField('text').example, /"default".text has no example/],
    [
      'an example of another type',
      () => (itemField('crawl', 'depth').example = 'one'),
      /"default".crawl.depth: the example is not/,
    ],
    [
      'a link without a description',
      () => delete (definition.output.properties.database as { description?: string }).description,
      /output: database has no description/,
    ],
    ['a file that nothing refers to', () => definition.uncovered.push('old.json'), /old.json: nothing refers to it/],
  ])('%s', async (_name, damage, sentence) => {
    damage();
    expect(await ownProblems(definition)).toContainEqual(expect.stringMatching(sentence));
  });
});
