import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../cli/definition/read.js';
import { DRAWN_FROM, fingerprints, picturePages, PICTURES } from '../../cli/draw/pictures.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the pictures of the form and the output tab', () => {
  const pages = picturePages(ROOT);

  it('are drawn from the files in .actor/ as they are now', () => {
    const drawn = JSON.parse(readFileSync(path.join(ROOT, PICTURES, DRAWN_FROM), 'utf8')) as unknown;
    expect(drawn, 'draw them anew: npx tsx cli/draw-console.ts').toEqual(fingerprints(pages));
    for (const name of Object.keys(pages)) expect(existsSync(path.join(ROOT, PICTURES, name)), name).toBe(true);
  });

  it('are in the README', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    for (const name of Object.keys(pages)) expect(readme).toContain(`](${PICTURES}/${name})`);
  });

  it('show every section of the form, its first fields, and every link of the output', () => {
    const { input, output } = readDefinition(ROOT);
    const fields = Object.values(input.properties);
    for (const { sectionCaption } of fields) {
      if (sectionCaption !== undefined) expect(pages['input-form.png']).toContain(sectionCaption as string);
    }
    expect(pages['input-form.png']).toContain(String((fields[0]?.prefill as { url: string }[])[0]?.url));
    for (const { title } of Object.values(output.properties) as { title?: string }[]) {
      expect(pages['output-tab.png']).toContain(title);
    }
  });
});
