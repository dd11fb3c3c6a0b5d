import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('AGENTS.md lists files and folders that are there', () => {
  const rows = readFileSync(path.join(ROOT, 'AGENTS.md'), 'utf8').matchAll(/^\| (`[^|]+?) *\|/gm);
  // In a row, names without a folder lie where the one before them does.
  const listed = [...rows].flatMap(([, cell = '']) => {
    let folder = '';
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => {
      if (name.includes('/')) folder = path.dirname(name);
      return name.includes('/') ? name : `${folder}/${name}`;
    });
  });
  expect(listed).toEqual(expect.arrayContaining(['src/run.ts', 'src/input/', 'src/sinks/']));
  expect(listed.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
});
