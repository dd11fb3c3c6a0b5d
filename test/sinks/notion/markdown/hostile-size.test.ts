import { expect, it } from 'vitest';
import { exactMark } from '../../../../src/sinks/notion/fingerprint.js';
import { essence } from '../../../../src/sinks/notion/markdown/essence.js';
import { toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';
import { splitBody } from '../../../../src/sinks/notion/markdown/split.js';

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

it('a table whose head is wide and whose rows are short stays as small as its source', () => {
  const head = Array.from({ length: 100 }, () => 'h').join('|');
  const source = `|${head}|\n|${'-|'.repeat(100)}\n${'|a|\n'.repeat(10_000)}`;
  const body = toNotionMarkdown(source, { title: null });
  expect(body.length).toBeLessThan(source.length * 2);
  expect(body.split('\n')).toHaveLength(10_001);
  expect(body.split('\n').at(-1)).toBe('a');
  expect(body).toMatch(/^h \\\| h /);
});
