import { describe, expect, it } from 'vitest';
import { expected } from '../../src/input/describe.js';
import { inputFields, type FieldSchema } from '../../src/input/schema.js';
import { parseInput } from '../../src/input.js';
import { readDefinition } from '../../cli/definition/read.js';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const fields = Object.entries(inputFields()) as [string, FieldSchema & Record<string, unknown>][];

describe('the input form', () => {
  it('has the bounds of the design', () => {
    const bounds = Object.fromEntries(
      fields
        .filter(([, field]) => field.type === 'integer')
        .map(([name, field]) => [name, [field.minimum, field.maximum]]),
    );
    expect(bounds).toEqual({
      maxCrawlPages: [1, 1_000_000],
      maxCrawlDepth: [0, 100],
      dynamicContentWaitSecs: [0, 120],
      authorizationWaitSecs: [0, 3600],
      maxConcurrency: [1, 200],
      maxRequestRetries: [0, 20],
      requestTimeoutSecs: [1, 600],
    });
  });

  it('says in its own messages what the Actor would say', () => {
    for (const [name, field] of fields) {
      const messages = (field.errorMessage ?? {}) as Record<string, string>;
      if (field.type !== 'integer' && !field.enum) continue;
      for (const message of Object.values(messages)) expect(message).toBe(`\`${name}\` must be ${expected(field)}`);
      expect(Object.keys(messages).length, name).toBeGreaterThan(0);
    }
  });

  it('has short titles and a description for each field', () => {
    for (const [name, field] of fields) {
      expect((field.title as string).length, name).toBeLessThanOrEqual(30);
      expect((field.description as string).length, name).toBeGreaterThan(20);
    }
  });

  it('begins a section at the first field', () => {
    expect(fields[0]?.[1].sectionCaption).toBe('What to collect');
  });

  it('keeps cookies and headers secret', () => {
    expect(fields.filter(([, field]) => field.isSecret).map(([name]) => name)).toEqual([
      'initialCookies',
      'customHttpHeaders',
    ]);
  });

  it('lets nobody name a Scalekit identifier', () => {
    for (const [name, field] of fields) {
      expect(`${name} ${String(field.title)} ${String(field.description)}`).not.toMatch(/scalekit|identifier|shared/i);
    }
  });

  it('is prefilled with a small crawl that is valid input', () => {
    const prefill = Object.fromEntries(
      fields.filter(([, field]) => 'prefill' in field).map(([name, field]) => [name, field.prefill]),
    );
    const { input, warnings } = parseInput(prefill);
    expect(input.maxCrawlPages).toBeLessThanOrEqual(10);
    expect(input.startUrls).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('gives examples that are valid input', () => {
    for (const [name, field] of fields) {
      if (!('example' in field)) continue;
      const records = { recordSelector: 'article', recordFields: [{ name: 'sku', selector: '.sku' }] };
      const context = name.startsWith('record') ? records : {};
      expect(
        () => parseInput({ startUrls: ['https://example.com'], ...context, [name]: field.example }),
        name,
      ).not.toThrow();
    }
  });
});

describe('memory', () => {
  it('is small without a browser', async () => {
    const { calculateRunDynamicMemory } = await import('@apify/actor-memory-expression');
    const expression = String(readDefinition(ROOT).actor.defaultMemoryMbytes);
    const memory = (input: Record<string, unknown>) => calculateRunDynamicMemory(expression, { input, runOptions: {} });
    expect(await memory({})).toBe(4096);
    expect(await memory({ crawlerType: 'playwright:chrome', datasetId: null })).toBe(4096);
    expect(await memory({ crawlerType: 'cheerio' })).toBe(1024);
    expect(await memory({ crawlerType: 'playwright:adaptive', datasetId: 'abc' })).toBe(1024);
  });
});
