import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { readDefinition, type FieldNode } from '../../cli/definition/read.js';
import { parseInput } from '../../src/input.js';
import { conclude, outputOf, type RunFacts } from '../../src/report.js';

const { readme, input, datasets } = readDefinition(fileURLToPath(new URL('../..', import.meta.url)));

const headings = [...readme.matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', text = '']) => ({
  level: marks.length,
  text,
}));
/** The JSON samples in their order: an input, an item, a line of the results, the report. */
const samples = [...readme.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(
  ([, code = '']) => JSON.parse(code) as Record<string, unknown>,
);
const rows = [...readme.matchAll(/^\|(.+)\|$/gm)].map(([, line = '']) => line.split('|').map((cell) => cell.trim()));

/** Paths in `sample` that the schema does not describe. */
function unknownPaths(sample: unknown, node: FieldNode | undefined, path = ''): string[] {
  if (typeof sample !== 'object' || sample === null || node?.properties === undefined) return [];
  return Object.entries(sample).flatMap(([name, value]) => {
    const child = node.properties?.[name];
    return child === undefined ? [`${path}${name}`] : unknownPaths(value, child, `${path}${name}.`);
  });
}

describe('the page in Apify Store', () => {
  it('tells what a stranger asks, in this order', () => {
    const sections = headings.filter(({ level }) => level === 2).map(({ text }) => text);
    const wanted = [
      /does it do/,
      /use it/,
      /^Input/,
      /^Output/,
      /cost/,
      /stored where/,
      /Privacy/,
      /API/,
      /legal/,
      /FAQ/,
    ];
    expect(sections).toHaveLength(wanted.length);
    for (const [at, pattern] of wanted.entries()) expect(sections[at]).toMatch(pattern);
    expect(headings.every(({ level }) => level === 2 || level === 3)).toBe(true);
    expect(headings.filter(({ level }) => level === 3).length).toBeGreaterThan(3);
  });

  it('has worked prices that are worked out right', () => {
    const priced = rows.filter((cells) => /^\$[\d.]+$/.test(cells.at(-1) ?? ''));
    expect(priced).toHaveLength(4);
    for (const [name, items = '', pages = '', sum = ''] of priced) {
      const parts = [items, pages].map((text) => {
        const factors = /^([\d,]+) × \$([\d.]+)$/.exec(text);
        if (factors === null) expect(text).toBe('none');
        return factors === null ? 0 : Number(factors[1]?.replace(',', '')) * Number(factors[2]);
      });
      expect(`$${(parts[0]! + parts[1]!).toFixed(2)}`, name).toBe(sum);
    }
  });

  it('has an input sample that runs, and tells true defaults', () => {
    expect(parseInput(samples[0]).warnings).toEqual([]);
    const fields = rows.flatMap(([name = '']) => /^`(\w+)`$/.exec(name)?.[1] ?? []);
    for (const name of fields) expect(Object.keys(input.properties)).toContain(name);
    expect(readme).toContain(`(default ${String(input.properties.maxCrawlPages?.default)})`);
    expect(readme).toContain(`default of ${String(input.properties.maxCrawlPages?.default)} pages`);
  });

  it('has output samples as runs leave them', () => {
    const [, item, line, report] = samples;
    const ajv = new Ajv({ strict: false });
    for (const [sample, fields] of [
      [item, datasets.default?.fields],
      [line, datasets.notionResults?.fields],
    ] as const) {
      expect(unknownPaths(sample, fields)).toEqual([]);
      expect(ajv.validate(fields as object, sample), ajv.errorsText()).toBe(true);
    }
    const facts = {
      error: null,
      items: 0,
      crawl: null,
      sync: null,
      stopped: null,
      connections: [],
    } as unknown as RunFacts;
    const keys = Object.keys(outputOf(facts, conclude(facts)));
    expect(Object.keys(report ?? {})).toEqual(keys);
  });

  it('calls fields of the form by their titles', () => {
    const titles = Object.values(input.properties).flatMap(({ title, enumTitles = [] }) => [
      title as string,
      ...(enumTitles as string[]),
    ]);
    const elsewhere = ['Notion results', 'limited permissions', 'Restricted'];
    const named = [...readme.matchAll(/(?<![\w*])_([^_\n]+)_(?!\w)/g)].map(([, text = '']) => text);
    expect(named.length).toBeGreaterThan(5);
    for (const text of named) expect([...titles, ...elsewhere]).toContain(text);
  });
});
