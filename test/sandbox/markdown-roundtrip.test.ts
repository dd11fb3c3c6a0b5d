import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  COLORS,
  PLAIN,
  textRun,
  type Annotations,
  type BlockDraft,
  type Color,
  type RichText,
} from '../../sandbox/notion/block.js';
import { parseEnhancedMarkdown } from '../../sandbox/notion/markdown/parse.js';
import { printEnhancedMarkdown } from '../../sandbox/notion/markdown/print.js';

const color: fc.Arbitrary<Color> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Color>('default') },
  fc.constantFrom<Color>(...COLORS),
  fc.constantFrom(...COLORS).map((name): Color => `${name}_background`),
);

/** Text that is likely to be mistaken for markup, without control characters. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\\*~`$[]<>{}|^-#!_()&:="/. 0123x\n'),
      fc.constantFrom(
        '{color="red"}',
        '$5',
        '<br>',
        '<page url="u">',
        '---',
        '1. ',
        '- [ ] ',
        '**',
        '[^x]',
        '](u)',
        '```',
      ),
      fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme' }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join('').replace(/[^\P{C}\n]/gu, ''))
  .filter((value) => value !== '');

const oneLine = text.map((value) => value.replaceAll('\n', ' '));
const url = fc.constantFrom('https://example.com/', 'https://example.com/a?b=$1&c=`x`#d', 'mailto:a@example.com');
const tex = fc.constantFrom('x^2', '\\frac{1}{2}', 'a\\$b', '*', '<T>', '{a}');

const annotations: fc.Arbitrary<Annotations> = fc.record({
  bold: fc.boolean(),
  italic: fc.boolean(),
  strikethrough: fc.boolean(),
  underline: fc.boolean(),
  code: fc.constant(false),
  color,
});

const run: fc.Arbitrary<RichText> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(text, annotations, fc.option(url)).map(([t, a, u]) => textRun(t, a, u)) },
  fc.tuple(oneLine, annotations, fc.option(url)).map(([t, a, u]) => textRun(t, { ...a, code: true }, u)),
  fc.tuple(tex, annotations, fc.option(url)).map(([expression, a, href]): RichText => ({
    type: 'equation',
    equation: { expression },
    annotations: a,
    plain_text: expression,
    href,
  })),
  fc
    .tuple(
      fc.constantFrom('user', 'page', 'database', 'data_source'),
      url,
      fc.oneof(fc.constant(''), oneLine),
      annotations,
    )
    .map(([type, href, label, a]): RichText => ({
      type: 'mention',
      mention: { type, url: href },
      annotations: a,
      plain_text: label,
      href,
    })),
);

/** Neighbours that differ in nothing are one run; Notion has no way to keep them apart either. */
const inline = fc.array(run, { maxLength: 4 }).map((runs) =>
  runs.filter((item, index) => {
    const before = runs[index - 1];
    return !(
      before?.type === 'text' &&
      item.type === 'text' &&
      before.href === item.href &&
      Object.keys(PLAIN).every(
        (key) => before.annotations[key as keyof Annotations] === item.annotations[key as keyof Annotations],
      )
    );
  }),
);

const caption = fc.option(oneLine).map((value) => (value === null ? [] : [textRun(value)]));

const { block } = fc.letrec<{ block: BlockDraft }>((tie) => {
  const children = fc.array(tie('block'), { maxLength: 3, depthIdentifier: 'blocks' });
  const body = fc.record({ rich_text: inline, color });
  const heading = fc.tuple(
    fc.constantFrom('heading_1', 'heading_2', 'heading_3', 'heading_4'),
    body,
    fc.boolean(),
    children,
  );
  const row = (width: number) =>
    fc
      .array(inline, { minLength: width, maxLength: width })
      .map((cells): BlockDraft => ({ type: 'table_row', value: { cells }, children: [] }));
  return {
    block: fc.oneof(
      { depthIdentifier: 'blocks', maxDepth: 3 },
      fc.constant<BlockDraft>({ type: 'divider', value: {}, children: [] }),
      fc.tuple(body, children).map(([value, c]): BlockDraft => ({ type: 'paragraph', value, children: c })),
      fc
        .tuple(fc.constantFrom('bulleted_list_item', 'numbered_list_item', 'quote', 'toggle'), body, children)
        .map(([type, value, c]): BlockDraft => ({ type, value, children: c })),
      fc
        .tuple(body, fc.boolean(), children)
        .map(([v, checked, c]): BlockDraft => ({ type: 'to_do', value: { ...v, checked }, children: c })),
      heading.map(([type, v, is_toggleable, c]): BlockDraft => ({
        type,
        value: { ...v, is_toggleable },
        children: is_toggleable ? c : [],
      })),
      fc.tuple(body, fc.constantFrom(null, '💡', '🔭'), children).map(([v, emoji, c]): BlockDraft => ({
        type: 'callout',
        value: { ...v, icon: emoji === null ? null : { type: 'emoji', emoji } },
        children: c,
      })),
      fc
        .tuple(
          fc.array(fc.oneof(text, fc.constantFrom('```', '\t', '$$')), { maxLength: 4 }),
          fc.constantFrom('python', 'plain text', 'c++'),
        )
        .map(([parts, language]): BlockDraft => {
          const code = parts.join('\n');
          return {
            type: 'code',
            value: { rich_text: code === '' ? [] : [textRun(code)], caption: [], language },
            children: [],
          };
        }),
      fc
        .array(tex, { minLength: 1, maxLength: 3 })
        .map((parts): BlockDraft => ({ type: 'equation', value: { expression: parts.join('\n') }, children: [] })),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean())
        .chain(([width, has_column_header, has_row_header]) =>
          fc.array(row(width), { minLength: 1, maxLength: 3 }).map((rows): BlockDraft => ({
            type: 'table',
            value: { table_width: width, has_column_header, has_row_header },
            children: rows,
          })),
        ),
      fc.tuple(fc.constantFrom('image', 'video', 'audio', 'file', 'pdf'), caption).map(([type, c]): BlockDraft => ({
        type,
        value: { type: 'external', external: { url: 'https://example.com/a.png?x=1' }, caption: c },
        children: [],
      })),
      fc.array(children, { minLength: 1, maxLength: 2 }).map((columns): BlockDraft => ({
        type: 'column_list',
        value: {},
        children: columns.map((c) => ({ type: 'column', value: {}, children: c })),
      })),
      color.map((c): BlockDraft => ({ type: 'table_of_contents', value: { color: c }, children: [] })),
      oneLine.map((title): BlockDraft => ({
        type: 'child_page',
        value: { title, url: 'https://n.example/1' },
        children: [],
      })),
      fc.tuple(oneLine, fc.boolean()).map(([title, is_inline]): BlockDraft => ({
        type: 'child_database',
        value: { title, url: 'https://n.example/2', is_inline },
        children: [],
      })),
      children.map((c): BlockDraft => ({ type: 'synced_block', value: { synced_from: null }, children: c })),
    ),
  };
});

it('reads back exactly what it printed', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
      expect(parseEnhancedMarkdown(printEnhancedMarkdown(blocks))).toEqual(blocks);
    }),
    { numRuns: 2000 },
  );
});

it('never throws and settles after one round, whatever the text', () => {
  const anything = fc.array(
    fc.oneof(
      text,
      fc.constantFrom(
        '\t',
        '\n',
        '<details>',
        '<summary>a</summary>',
        '</details>',
        '<table>',
        '<tr><td>',
        '</td></tr>',
        '</table>',
        '|a|b|',
        '|-|-|',
        '<columns>',
        '<column>',
        '> ',
        '# ',
        '$$',
        '```',
      ),
    ),
  );
  fc.assert(
    fc.property(anything, (parts) => {
      const once = parseEnhancedMarkdown(parts.join(''));
      expect(parseEnhancedMarkdown(printEnhancedMarkdown(once))).toEqual(once);
    }),
    { numRuns: 2000 },
  );
});
