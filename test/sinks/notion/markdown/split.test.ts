import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnhancedMarkdown } from '../../../../sandbox/notion/markdown/parse.js';
import { toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';
import { splitBody } from '../../../../src/sinks/notion/markdown/split.js';
import { allBlocks, outline, plain, richTexts } from './read.js';

const LIMIT = 16_384;
const bytes = (text: string) => Buffer.byteLength(JSON.stringify(text), 'utf8');

function split(markdown: string): { body: string; parts: string[] } {
  const body = toNotionMarkdown(markdown, { title: null });
  const parts = splitBody(body, LIMIT);
  for (const part of parts) {
    expect(bytes(part)).toBeLessThanOrEqual(LIMIT);
    expect(part).not.toMatch(/\p{Surrogate}/u);
    expect(part).not.toBe('');
  }
  return { body, parts };
}

const squeezed = (text: string) => text.replace(/\s/g, '');
const textOf = (body: string) => squeezed(plain(richTexts(parseEnhancedMarkdown(body))));
const textOfAll = (parts: readonly string[]) => parts.map(textOf).join('');

describe('splitBody', () => {
  it('cuts between top-level blocks only', () => {
    const block = (index: number) =>
      `## h${index}\n\n- a ${'x '.repeat(200)}\n  - b\n\n~~~\n# code\n\n- no\n~~~\n\n| a |\n|---|\n| b |\n\n`;
    const { body, parts } = split(Array.from({ length: 90 }, (_, index) => block(index)).join(''));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.join('\n')).toBe(body);
    expect(parts.flatMap((part) => outline(parseEnhancedMarkdown(part)))).toEqual(outline(parseEnhancedMarkdown(body)));
  });

  it('leaves a body that fits alone, and refuses a limit in which a block might not fit', () => {
    expect(splitBody('a\nb', LIMIT)).toEqual(['a\nb']);
    expect(splitBody('', LIMIT)).toEqual([]);
    expect(() => splitBody('a', 1000)).toThrow(RangeError);
  });

  it('fills each part up to the last byte', () => {
    const line = 'é"x'.repeat(20);
    const body = Array<string>(1000).fill(line).join('\n');
    const [first = '', second] = splitBody(body, LIMIT);
    expect(bytes(`${first}\n${line}`)).toBeGreaterThan(LIMIT);
    expect(second).toBeDefined();
  });

  it.each([
    ['lines', Array.from({ length: 2500 }, (_, index) => `Line ${index}`).join('\n\n'), 3],
    ['list entries below one', `- top\n${'  - below\n'.repeat(1500)}`, 2],
    ['rows of a table', `| a |\n|---|\n${'| b |\n'.repeat(1500)}`, 2],
    ['entries of a toggle', `<details><summary>More</summary>\n\n${'- entry\n'.repeat(1500)}\n</details>`, 2],
    ['lines of code, which are one block', `~~~\n${'code\n'.repeat(3000)}~~~`, 1],
  ])('sends at most a thousand blocks at once: %s', (_name, markdown, count) => {
    const body = toNotionMarkdown(markdown, { title: null });
    const parts = splitBody(body, 490_000);
    expect(parts).toHaveLength(count);
    for (const part of parts) expect(allBlocks(parseEnhancedMarkdown(part)).length).toBeLessThanOrEqual(1000);
    // Each part of a divided toggle has its head.
    expect(textOfAll(parts).replaceAll('More', '')).toBe(textOf(body).replaceAll('More', ''));
  });

  it('divides code into fences, long lines too', () => {
    const code = `${'line\n'.repeat(3000)}${'🙂'.repeat(6000)}`;
    const { parts } = split(`~~~ts\n${code}\n~~~`);
    for (const part of parts)
      expect(parseEnhancedMarkdown(part)).toMatchObject([{ type: 'code', value: { language: 'typescript' } }]);
    expect(textOfAll(parts)).toBe(squeezed(code));
  });

  it('divides tables by rows, and rows that are too long by cells', () => {
    const { body, parts } = split(`| a | b |\n|---|---|\n${`| ${'x '.repeat(50)} | y |\n`.repeat(300)}`);
    for (const part of parts)
      expect(parseEnhancedMarkdown(part)).toMatchObject([{ type: 'table', value: { table_width: 2 } }]);
    expect(textOfAll(parts)).toBe(textOf(body));
    const long = split(`| a | b |\n|---|---|\n| ${'**long cell** '.repeat(1200)} | ${'z '.repeat(9000)} |`);
    expect(textOfAll(long.parts)).toBe(textOf(long.body));
  });

  it('divides text at words, closing and opening its marks', () => {
    const { body, parts } = split(
      `**${'bold word '.repeat(2000)}x** ~~*${'# 1. - x '.repeat(2000)}x*~~ [${'link '.repeat(4000)}](https://a.example/)`,
    );
    expect(parts.length).toBeGreaterThan(3);
    expect(parts[0]).toMatch(/(bold|word)\*\*$/);
    expect(textOfAll(parts)).toBe(textOf(body));
    const runs = parts
      .flatMap((part) => richTexts(parseEnhancedMarkdown(part)))
      .filter((run) => run.plain_text.trim() !== '');
    expect(
      new Set(runs.map((run) => (run.annotations.bold ? 'b' : run.annotations.strikethrough ? 's' : run.href))),
    ).toEqual(new Set(['b', 's', 'https://a.example/']));
    for (const part of parts)
      expect(allBlocks(parseEnhancedMarkdown(part)).map((block) => block.type)).toEqual(['paragraph']);
  });

  it('divides text without spaces, never inside a character', () => {
    const { body, parts } = split(`${'\\*🙂'.repeat(10_000)} \`${'c'.repeat(20_000)}\``);
    expect(textOfAll(parts)).toBe(textOf(body));
  });

  it('divides toggles and callouts into several with the same head', () => {
    const { body, parts } = split(
      `<details><summary>S</summary>\n\n${'para '.repeat(20_000)}\n\n> [!TIP]\n> ${'tip '.repeat(9000)}\n\n</details>`,
    );
    for (const part of parts) expect(parseEnhancedMarkdown(part)).toMatchObject([{ type: 'toggle' }]);
    const words = (text: string) => text.replace(/^S|Tip/g, '');
    expect(parts.map((part) => words(textOf(part))).join('')).toBe(words(textOf(body)));
  });

  it('puts children that do not fit one level higher', () => {
    const { body, parts } = split(`- top\n${`  - child ${'x '.repeat(100)}\n`.repeat(150)}`);
    expect(outline(parseEnhancedMarkdown(parts[0] ?? ''))[0]?.[1]).toBe('top');
    expect(textOfAll(parts)).toBe(textOf(body));
  });

  it('keeps all text of any large source', () => {
    const piece = fc.constantFrom(
      ...[
        'word ',
        '**bold** ',
        '*it* ',
        '~~s~~ ',
        '`code` ',
        '[l](https://a.example/b) ',
        '\\* ',
        '汉字',
        '🙂',
        '\n',
        '\n\n',
        '\n\n- ',
        '\n\n1. ',
        '\n\n> ',
      ],
      ...[
        '\n\n## ',
        '\n\n~~~\ncode\n\n~~~\n\n',
        '\n\n    ',
        '\n\n| a | b |\n|---|---|\n| c | d |\n\n',
        '  \n',
        '\n  - ',
        `\n\n${'x'.repeat(3000)}`,
      ],
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 30, max: 300 }),
        (pieces, times) => {
          const { body, parts } = split(pieces.join('').repeat(times).slice(0, 20_000));
          expect(textOfAll(parts)).toBe(textOf(body));
        },
      ),
      { numRuns: 6 },
    );
  });
});
