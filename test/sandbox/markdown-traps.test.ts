import { describe, expect, it } from 'vitest';
import type { RichText } from '../../sandbox/notion/block.js';
import { parseInline } from '../../sandbox/notion/markdown/inline-parse.js';
import { parseEnhancedMarkdown } from '../../sandbox/notion/markdown/parse.js';

/** A run in few words: its text, then what it is. */
function sketch(run: RichText): string {
  const { bold, italic, strikethrough, underline, code, color } = run.annotations;
  const marks = Object.entries({ bold, italic, strikethrough, underline, code }).flatMap(([name, on]) =>
    on ? [name] : [],
  );
  if (color !== 'default') marks.push(color);
  if (run.type !== 'text') marks.push(run.type === 'mention' ? `mention of ${run.mention.type}` : run.type);
  if (run.href !== null) marks.push(run.href);
  return marks.length === 0 ? run.plain_text : `${run.plain_text} (${marks.join(', ')})`;
}

const inline = (source: string) => parseInline(source).map(sketch);
const lines = (...source: string[]) =>
  parseEnhancedMarkdown(source.join('\n')).map(({ type, value }) => [
    type,
    'rich_text' in value ? value.rich_text.map(sketch).join('') : null,
  ]);

describe('inline content', () => {
  it('reads what the grammar lists', () => {
    expect(inline('a **b** *c* ***d*** ~~e~~ `f`')).toEqual([
      'a ',
      'b (bold)',
      ' ',
      'c (italic)',
      ' ',
      'd (bold, italic)',
      ' ',
      'e (strikethrough)',
      ' ',
      'f (code)',
    ]);
    expect(inline('**a *b* c**')).toEqual(['a  (bold)', 'b (bold, italic)', ' c (bold)']);
    expect(inline('[a **b**](https://x.example/)')).toEqual([
      'a  (https://x.example/)',
      'b (bold, https://x.example/)',
    ]);
    expect(inline('$x^2$<br>y')).toEqual(['x^2 (equation)', '\ny']);
    expect(inline('<span underline="true" color="red">a</span><span color="blue_bg">b</span>')).toEqual([
      'a (underline, red)',
      'b (blue_background)',
    ]);
    expect(inline('[^https://x.example/]')).toEqual(['https://x.example/ (https://x.example/)']);
    expect(inline(':telescope:')).toEqual([':telescope:']);
    expect(inline('<mention-user url="u">Dana</mention-user>')).toEqual(['Dana (mention of user, u)']);
    expect(inline('<mention-date start="2026-01-01" end="2026-01-02"/>')).toEqual([
      '2026-01-01 → 2026-01-02 (mention of date)',
    ]);
  });

  it('reads code spans like any markdown: longer fences, no escapes inside', () => {
    expect(inline('`` a`b ``')).toEqual(['a`b (code)']);
    expect(inline('`a\\`')).toEqual(['a\\ (code)']);
    expect(inline('`<br> *a* $b$`')).toEqual(['<br> *a* $b$ (code)']);
  });

  it('takes marks without a partner as text', () => {
    for (const text of [
      'a * b',
      '**a',
      'a ~ b',
      '`a',
      'costs $5',
      '[a',
      'a]',
      'a](x)',
      '</span>',
      '<span color="red">a',
      'a < b > c',
      '{a} b',
    ]) {
      expect(inline(text)).toEqual([text]);
    }
  });

  it('takes a backslash before anything as an escape', () => {
    expect(inline('\\*\\~\\`\\$\\[\\]\\<\\>\\{\\}\\|\\^\\\\')).toEqual(['*~`$[]<>{}|^\\']);
    expect(inline('\\- \\# 1\\. C:\\dome')).toEqual(['- # 1. C:dome']);
  });
});

describe('what a sloppy writer gets', () => {
  it('prices become an equation', () => {
    expect(inline('between $5 and $6')).toEqual(['between ', '5 and  (equation)', '6']);
    expect(inline('between \\$5 and \\$6')).toEqual(['between $5 and $6']);
  });

  it('braces at the end of a line are eaten, as attributes or not', () => {
    expect(parseEnhancedMarkdown('a {color="red"}')[0]).toMatchObject({ value: { color: 'red' } });
    expect(lines('the set {a, b}')).toEqual([['paragraph', 'the set']]);
    expect(lines('the set \\{a, b\\}')).toEqual([['paragraph', 'the set {a, b}']]);
    expect(lines('in code `{a}`')).toEqual([['paragraph', 'in code {a} (code)']]);
  });

  it('stars and tildes beside spaces are marks', () => {
    expect(inline('2 * 3 * 4')).toEqual(['2 ', ' 3  (italic)', ' 4']);
    expect(inline('~5 to ~6')).toEqual(['5 to  (strikethrough)', '6']);
  });

  it('tags become mentions, pages and databases', () => {
    expect(inline('see <mention-page url="https://n.example/1"/>')).toEqual([
      'see ',
      ' (mention of page, https://n.example/1)',
    ]);
    expect(lines('<page url="https://n.example/1">x</page>')).toEqual([['child_page', null]]);
    expect(inline('see <page url="https://n.example/1">x</page>')).toEqual([
      'see ',
      'x (mention of page, https://n.example/1)',
    ]);
    expect(lines('\\<page url="https://n.example/1"\\>x')).toEqual([
      ['paragraph', '<page url="https://n.example/1">x'],
    ]);
  });

  it('unknown tags and HTML entities stand there as text', () => {
    expect(inline('<b>a</b> &amp; &lt;T&gt; <toString url="x"/>')).toEqual([
      '<b>a</b> &amp; &lt;T&gt; <toString url="x"/>',
    ]);
  });

  it('a wrapped paragraph falls into pieces, and spaces nest nothing', () => {
    expect(lines('one', 'two')).toHaveLength(2);
    expect(lines('- a', '  - b')).toEqual([
      ['bulleted_list_item', 'a'],
      ['paragraph', '  - b'],
    ]);
  });

  it('a toggle on one line, or never closed, is text', () => {
    expect(lines('<details><summary>T</summary>a</details>')).toEqual([
      ['paragraph', '<details><summary>T</summary>a</details>'],
    ]);
    expect(lines('<details>', '<summary>T</summary>', 'not indented', '</details>')).toEqual([
      ['paragraph', '<details>'],
      ['paragraph', '<summary>T</summary>'],
      ['paragraph', 'not indented'],
      ['paragraph', '</details>'],
    ]);
    expect(lines('<callout>a</callout>')).toEqual([['paragraph', '<callout>a</callout>']]);
  });

  it('a ragged table, an empty one and one with blocks in its cells are text', () => {
    expect(
      lines('<table>', '<tr><td>a</td><td>b</td></tr>', '<tr><td>c</td></tr>', '</table>').map(([type]) => type),
    ).toEqual(['paragraph', 'paragraph', 'paragraph', 'paragraph']);
    expect(lines('<table>', '</table>')).toHaveLength(2);
    expect(lines('<table>', '<tr>', '<td>a', '- b</td>', '</tr>', '</table>').every(([type]) => type !== 'table')).toBe(
      true,
    );
    expect(lines('| a | b |', '|---|---|', '| c |')).toHaveLength(3);
  });

  it('an unescaped pipe line above a divider is a table', () => {
    expect(lines('a | b', '--- | ---')).toEqual([['table', null]]);
  });

  it('a fence that is not longer than those inside ends early, and an open one swallows the rest', () => {
    expect(lines('```', 'a', '```text', 'b', '```', 'c')).toEqual([
      ['code', 'a\n```text\nb'],
      ['paragraph', 'c'],
    ]);
    expect(lines('```', 'a', '```', 'b', '```')).toEqual([
      ['code', 'a'],
      ['paragraph', 'b'],
      ['code', ''],
    ]);
    expect(lines('$$', 'a', '# b')).toEqual([['equation', null]]);
  });

  it('an image inside a line is a link after an exclamation mark', () => {
    expect(inline('a ![b](https://x.example/)')).toEqual(['a !', 'b (https://x.example/)']);
  });

  it('an address with a space or a bare parenthesis is no link', () => {
    expect(inline('[a](https://x.example/a b)')).toEqual(['[a](https://x.example/a b)']);
    expect(inline('[a](https://x.example/a_(b))')).toEqual(['[a](https://x.example/a_(b))']);
  });

  it('columns outside of columns, and columns around other blocks, are text', () => {
    expect(lines('<column>', '\ta', '</column>').map(([type]) => type)).toEqual([
      'paragraph',
      'paragraph',
      'paragraph',
    ]);
    expect(lines('<columns>', '\ta', '</columns>').map(([type]) => type)).toEqual([
      'paragraph',
      'paragraph',
      'paragraph',
    ]);
  });

  it('a huge hostile line is read in reasonable steps', () => {
    for (const piece of [
      '[',
      '](',
      '`',
      '``` ` ',
      '*',
      '<mention-user url="',
      '$',
      '{',
      '<details>\n',
      '<span>',
      '\t',
      '|',
      '[^',
    ]) {
      const text = piece.repeat(20_000);
      expect(() => parseEnhancedMarkdown(text), piece).not.toThrow();
    }
  });
});
