import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).map((file) =>
  path.join('test', file),
);

/** Rows of the document's tables whose last column names tests. */
const rows = readFileSync(path.join(ROOT, 'docs/threat-model.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| -|Held by/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => ({ threat: cells[1] ?? '', heldBy: cells[3] ?? '' }));

/** `…` stands for anything. */
const pattern = (quoted: string): RegExp =>
  new RegExp(
    quoted
      .split('…')
      .map((part) =>
        part
          .trim()
          .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
          .replace(/'/g, "['’]"),
      )
      .join('[\\s\\S]*'),
  );

describe('docs/threat-model.md', () => {
  it('has tables', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  it.each(rows)('names a test that exists: $threat', ({ heldBy }) => {
    const named = [...heldBy.matchAll(/([\w-]+(?:\.test)?\.ts)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(0);
    const found = files.filter((file) => named.includes(path.basename(file)));
    expect(new Set(found.map((file) => path.basename(file)))).toEqual(new Set(named));
    const text = found.map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('\n');
    for (const [, quoted = ''] of heldBy.matchAll(/"([^"]+)"/g)) {
      expect(pattern(quoted).test(text), `"${quoted}" in ${named.join(', ')}`).toBe(true);
    }
  });
});
