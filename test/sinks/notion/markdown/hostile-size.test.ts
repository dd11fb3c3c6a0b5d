import { expect, it } from 'vitest';
import { exactMark } from '../../../../src/sinks/notion/fingerprint.js';
import { essence } from '../../../../src/sinks/notion/markdown/essence.js';
import { toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';
import { splitBody } from '../../../../src/sinks/notion/markdown/split.js';
import { mapValue } from '../../../../src/sinks/notion/values.js';

const SIZE = 200_000;
const repeated = (atom: string): string => atom.repeat(SIZE / atom.length);

/** What takes minutes where time grows with the square of its length, and moments where it does not. */
it.each([' ', '\t', '<', '[', '|', '](', '<?', 'a@', '<a '])(
  'a page with 200,000 characters of "%s" is written as fast as any',
  { timeout: 60_000 },
  (atom) => {
    const run = repeated(atom);
    for (const markdown of [`a${run}x`, `|${run}x`, `\`\`\`\na${run}x\n\`\`\``]) {
      const body = toNotionMarkdown(markdown, { title: 'x' });
      expect(splitBody(body, 490_000).length).toBeGreaterThan(0);
      expect(essence(body)).not.toBe('');
      expect(exactMark(`${markdown}\n${body}`)).toMatch(/^e/);
    }
  },
);

it('a body with 100,000 breaks in one line is divided as fast as any', { timeout: 60_000 }, () => {
  const parts = splitBody(`a${'<br>'.repeat(100_000)}b${' word'.repeat(60_000)}`, 490_000);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.join(' ').split('word')).toHaveLength(60_001);
});

it('a number of 200,000 digits that is none is told as fast as any', () => {
  expect(mapValue('number', `${repeated('1')}x`, [])).toMatchObject({ value: null, note: 'left out: not a number' });
  expect(mapValue('number', `1.${repeated('1')}x`, [])).toMatchObject({ value: null });
});

it('a table whose head is wide and whose rows are short stays as small as its source', () => {
  const head = Array.from({ length: 100 }, () => 'h').join('|');
  const source = `|${head}|\n|${'-|'.repeat(100)}\n${'|a|\n'.repeat(10_000)}`;
  const body = toNotionMarkdown(source, { title: null });
  expect(body.length).toBeLessThan(source.length * 2);
  expect(body.split('\n')).toHaveLength(10_001);
  expect(body.split('\n').at(-1)).toBe('a');
  expect(body).toMatch(/^h \\\| h /);
});
