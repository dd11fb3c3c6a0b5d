import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inputTypes, inputTypesProblems } from '../../cli/definition/input-types.js';
import { readDefinition } from '../../cli/definition/read.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('types made from the input schema', () => {
  const { input } = readDefinition(ROOT);

  it('are the ones that the sources use', async () => {
    expect(await inputTypesProblems(ROOT, input)).toEqual([]);
  });

  it('are told apart from those of another schema', async () => {
    const changed = structuredClone(input);
    changed.properties.maxCrawlPages = { ...changed.properties.maxCrawlPages, type: 'string' };
    const [problem, ...more] = await inputTypesProblems(ROOT, changed);
    expect(problem).toContain('npm run generate');
    expect(more).toEqual([]);
  });

  it('say what a caller may write', async () => {
    const types = await inputTypes(input);
    expect(types).toContain('startUrls?: (string | { url: string })[];');
    expect(types).toContain("onRemoved?: 'keep' | 'mark' | 'trash';");
    expect(types).toContain('datasetId?: string | null;');
    expect(types).toMatch(/recordFields\?: \{\s*name: string;\s*selector: string;/);
  });
});
