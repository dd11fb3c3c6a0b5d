import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testTitles } from '../test-titles.js';

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
  it('has a row for each of the twenty weaknesses of the example', () => {
    const numbers = rows.flatMap(({ threat }) => /^(\d+)\. /.exec(threat)?.[1] ?? []).map(Number);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('has tables', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  it.each(rows)('names a test that exists: $threat', ({ heldBy }) => {
    const named = [...heldBy.matchAll(/([\w/-]+(?:\.test)?\.ts)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(0);
    // A name with folders before it means that one file; a bare one, every file of that name.
    const found = files.filter((file) => named.some((name) => `/${file}`.endsWith(`/${name}`)));
    expect(named.filter((name) => !found.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual([]);
    const titles = found.flatMap((file) => testTitles(path.join(ROOT, file)));
    for (const [, quoted = ''] of heldBy.matchAll(/"([^"]+)"/g)) {
      expect(
        titles.some((title) => pattern(quoted).test(title)),
        `a test called "${quoted}" in ${named.join(', ')}`,
      ).toBe(true);
    }
  });
});

it('a test that does not run holds no line', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'titles-'));
  const file = path.join(dir, 'some.test.ts');
  writeFileSync(
    file,
    `describe('group', () => { it('runs', f); it.each([1])('runs often: %s', f); test('runs too', f); });
     it.skip('skipped', f); it.todo('to do'); it.skip.each([1])('skipped often', f); it.fails('fails', f);
     describe.skip('skipped group', () => { it('in a skipped group', f); }); it.skipIf(true)('seldom', f);`,
  );
  expect(testTitles(file)).toEqual(['group', 'runs', 'runs often: %s', 'runs too']);
  rmSync(dir, { recursive: true });
});
