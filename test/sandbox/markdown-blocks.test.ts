import { describe, expect, it } from 'vitest';
import { plainText, type BlockDraft } from '../../sandbox/notion/block.js';
import { parseEnhancedMarkdown } from '../../sandbox/notion/markdown/parse.js';
import { printEnhancedMarkdown } from '../../sandbox/notion/markdown/print.js';

/** A tree in few words: `type(details): text [children]`. */
function outline(blocks: readonly BlockDraft[]): unknown[] {
  return blocks.map((block) => {
    const text = 'rich_text' in block.value ? plainText(block.value.rich_text) : '';
    const line = text === '' ? block.type : `${block.type}: ${text}`;
    return block.children.length === 0 ? line : [line, ...outline(block.children)];
  });
}

const read = (...lines: string[]) => outline(parseEnhancedMarkdown(lines.join('\n')));
const first = (...lines: string[]) => parseEnhancedMarkdown(lines.join('\n'))[0];

describe('blocks', () => {
  it('takes one line as one block and drops blank lines', () => {
    expect(read('One', 'Two', '', '', 'Three')).toEqual(['paragraph: One', 'paragraph: Two', 'paragraph: Three']);
    expect(read('a', '<empty-block/>', 'b')).toEqual(['paragraph: a', 'paragraph', 'paragraph: b']);
  });

  it('reads headings, the fifth and sixth level as the fourth', () => {
    expect(read('# a', '## b', '### c', '#### d', '##### e', '###### f', '####### g', '#h')).toEqual([
      'heading_1: a',
      'heading_2: b',
      'heading_3: c',
      'heading_4: d',
      'heading_4: e',
      'heading_4: f',
      'paragraph: ####### g',
      'paragraph: #h',
    ]);
  });

  it('gives children to toggle headings only', () => {
    expect(read('## a {toggle="true" color="red"}', '\tb')).toEqual([['heading_2: a', 'paragraph: b']]);
    expect(first('## a {toggle="true" color="red"}')?.value).toMatchObject({ is_toggleable: true, color: 'red' });
    expect(read('## a', '\tb')).toEqual(['heading_2: a', 'paragraph: b']);
  });

  it('nests lists and what stands in them by tabs', () => {
    expect(read('- a', '\t- b', '\t\tc', '\t1. d', '- [x] e', '\t- [ ] f', '12. g')).toEqual([
      ['bulleted_list_item: a', ['bulleted_list_item: b', 'paragraph: c'], 'numbered_list_item: d'],
      ['to_do: e', 'to_do: f'],
      'numbered_list_item: g',
    ]);
    expect(first('- [x] e')?.value).toMatchObject({ checked: true });
  });

  it('makes a quote of each line, with breaks inside and children below', () => {
    expect(read('> a<br>b', '> c', '\td')).toEqual(['quote: a\nb', ['quote: c', 'paragraph: d']]);
  });

  it('reads toggles and callouts with blocks inside', () => {
    expect(read('<details color="blue_bg">', '<summary>**T**</summary>', '\ta', '\t- b', '</details>', 'c')).toEqual([
      ['toggle: T', 'paragraph: a', 'bulleted_list_item: b'],
      'paragraph: c',
    ]);
    expect(read('<callout icon="💡" color="red_bg">', '\ta', '\tb', '</callout>')).toEqual([
      ['callout: a', 'paragraph: b'],
    ]);
    expect(first('<callout icon="💡" color="red_bg">', '\ta', '</callout>')?.value).toMatchObject({
      icon: { type: 'emoji', emoji: '💡' },
      color: 'red_background',
    });
  });

  it('keeps the body of a fence to the letter, blank lines and tabs too', () => {
    const code = first('```python', 'if x:', '\treturn "\\*" # {a} <br>', '', '$5', '```');
    expect(code).toMatchObject({ type: 'code', value: { language: 'python' } });
    expect(read('````', '```', '````')).toEqual(['code: ```']);
    expect(read('- a', '\t```', '\t\tb', '', '\t```', 'c')).toEqual([
      ['bulleted_list_item: a', 'code: \tb\n'],
      'paragraph: c',
    ]);
    expect(code?.type === 'code' && plainText(code.value.rich_text)).toBe('if x:\n\treturn "\\*" # {a} <br>\n\n$5');
  });

  it('knows the languages that Notion knows and takes others as plain text', () => {
    const language = (info: string) => first(`\`\`\`${info}`, 'x', '```')?.value;
    for (const name of ['typescript', 'c++', 'plain text', 'mermaid'])
      expect(language(name)).toMatchObject({ language: name });
    for (const name of ['', 'ts', 'Python', 'brainfuck'])
      expect(language(name)).toMatchObject({ language: 'plain text' });
  });

  it('reads equations, dividers, contents, images, media, columns, synced blocks and references', () => {
    expect(first('$$', 'a', 'b', '$$')).toMatchObject({ type: 'equation', value: { expression: 'a\nb' } });
    expect(read('---', '-----')).toEqual(['divider', 'divider']);
    expect(first('<table_of_contents color="gray"/>')?.value).toEqual({ color: 'gray' });
    const image = first('![a **b**](https://x.example/a.png) {color="red"}');
    expect(image).toMatchObject({ type: 'image', value: { external: { url: 'https://x.example/a.png' } } });
    expect(image?.type === 'image' && plainText(image.value.caption)).toBe('a b');
    expect(first('![](https://x.example/a.png)')).toMatchObject({ type: 'image', value: { caption: [] } });
    for (const type of ['audio', 'video', 'file', 'pdf']) {
      expect(first(`<${type} src="https://x.example/f">c</${type}>`)).toMatchObject({
        type,
        value: { external: { url: 'https://x.example/f' } },
      });
    }
    expect(
      read('<columns>', '\t<column>', '\t\ta', '\t</column>', '\t<column>', '\t\tb', '\t</column>', '</columns>'),
    ).toEqual([['column_list', ['column', 'paragraph: a'], ['column', 'paragraph: b']]]);
    expect(read('<synced_block>', '\ta', '</synced_block>')).toEqual([['synced_block', 'paragraph: a']]);
    expect(first('<page url="https://n.example/1">A \\*b\\*</page>')).toMatchObject({
      type: 'child_page',
      value: { title: 'A *b*' },
    });
    expect(first('<database url="https://n.example/1" inline="true">D</database>')).toMatchObject({
      type: 'child_database',
      value: { title: 'D', is_inline: true },
    });
    expect(first('<unknown url="https://n.example/1" alt="bookmark"/>')).toMatchObject({
      type: 'unsupported',
      value: { block_type: 'bookmark' },
    });
  });

  it('reads tables in tags, one tag a line or many', () => {
    const long = [
      '<table header-row="true" header-column="false">',
      '<colgroup>',
      '<col color="red">',
      '<col>',
      '</colgroup>',
      '\t<tr color="red">',
      '\t\t<td color="red">a **b**</td>',
      '\t\t<td></td>',
      '\t</tr>',
      '</table>',
    ];
    expect(first(...long)).toMatchObject({
      type: 'table',
      value: { table_width: 2, has_column_header: true, has_row_header: false },
      children: [
        { type: 'table_row', value: { cells: [[{ plain_text: 'a ' }, { annotations: { bold: true } }], []] } },
      ],
    });
    expect(first('<table><tr><td>a</td></tr><tr><td>b<br>c</td></tr></table>')).toMatchObject({
      value: { table_width: 1, has_column_header: false },
    });
  });

  it('reads pipe tables', () => {
    expect(first('| a | b |', '|---|:-:|', '| `c|d` | e\\|f |')).toMatchObject({
      type: 'table',
      value: { table_width: 2, has_column_header: true },
      children: [{}, { value: { cells: [[{ plain_text: 'c|d' }], [{ plain_text: 'e|f' }]] } }],
    });
    expect(read('| a | b |', 'no divider')).toEqual(['paragraph: | a | b |', 'paragraph: no divider']);
  });

  it('reads colors at the end of a line', () => {
    expect(first('a {color="red_bg"}')?.value).toMatchObject({ color: 'red_background' });
    expect(first('- a {color="blue"}')?.value).toMatchObject({ color: 'blue' });
    expect(first('a {color="mauve"}')?.value).toMatchObject({ color: 'default' });
  });
});

describe('printing', () => {
  it('writes what the documents show', () => {
    const text = [
      '# Title {color="red"}',
      'Plain **bold** ***both*** ~~gone~~ `code` [link](https://x.example/) $x^2$',
      '- a',
      '\t1. b',
      '\t2. c',
      '- [x] done',
      '> quote<br>more',
      '<details>',
      '<summary>T</summary>',
      '\tinside',
      '</details>',
      '<callout icon="💡" color="gray_bg">',
      '\ttext',
      '</callout>',
      '```python',
      'x = "*"',
      '```',
      '<table header-row="true" header-column="false">',
      '<tr>',
      '<td>a</td>',
      '</tr>',
      '</table>',
      '---',
      '<empty-block/>',
      '![alt](https://x.example/a.png)',
    ].join('\n');
    expect(printEnhancedMarkdown(parseEnhancedMarkdown(text))).toBe(text);
  });

  it('escapes every character with a meaning, and what would begin a block', () => {
    const paragraph = (content: string) =>
      printEnhancedMarkdown(parseEnhancedMarkdown(content.replace(/[\\*~`$[\]<>{}|^#-]/g, '\\$&')));
    expect(paragraph('$5 * 6 ~ `[x]` <T> {a|b}^\\')).toBe('\\$5 \\* 6 \\~ \\`\\[x\\]\\` \\<T\\> \\{a\\|b\\}\\^\\\\');
    expect(paragraph('# not a heading')).toBe('\\# not a heading');
    expect(paragraph('- no item')).toBe('\\- no item');
    expect(paragraph('---')).toBe('\\---');
    expect(printEnhancedMarkdown(parseEnhancedMarkdown('1\\. no item'))).toBe('1\\. no item');
  });

  it('writes bookmarks and embeds as unknown, as the markdown endpoint does', () => {
    const value = { url: 'https://x.example/?a="b"', caption: [] };
    expect(printEnhancedMarkdown([{ type: 'bookmark', value, children: [] }])).toBe(
      '<unknown url="https://x.example/?a=%22b%22" alt="bookmark"/>',
    );
  });
});
