import { describe, expect, it } from 'vitest';
import { blockLines } from '../../../../src/sinks/notion/markdown/blocks.js';
import { FootnoteNumbers } from '../../../../src/sinks/notion/markdown/footnotes.js';
import { toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';
import { allBlocks, marked, outline, richTexts, roundTrip } from './read.js';

const body = (markdown: string, options = {}) => toNotionMarkdown(markdown, { title: null, ...options });
const lines = (...parts: string[]) => parts.join('\n');

describe('blocks', () => {
  it('writes one line per paragraph: soft breaks are spaces, hard ones <br>', () => {
    expect(body('one\ntwo  \nthree\\\nfour\n\n\n\nfive\n\n&nbsp;')).toBe(lines('one two<br>three<br>four', 'five'));
  });

  it('knows four levels of headings', () => {
    expect(body('# a\n\nb\n=\n\n### c\n\n#### d\n\n##### e\n\n###### f ##\n\n##')).toBe(
      lines('# a', '# b', '### c', '#### d', '#### e', '#### f'),
    );
  });

  it.each([
    ['My  Title', '# my title\n\ntext', 'text'],
    ['A & B', '## A &amp; *B*\n\ntext', 'text'],
    ['My Title', '# My Title 2\n\ntext', lines('# My Title 2', 'text')],
    ['My Title', 'text\n\n# My Title', lines('text', '# My Title')],
    ['T', '[r]: https://a.example\n\n# T\n\n# T', '# T'],
  ])('leaves out a first heading that repeats the title %s', (title, markdown, expected) => {
    expect(body(markdown, { title })).toBe(expected);
  });

  it('nests lists by tabs, later paragraphs and code as children', () => {
    const source =
      '3. a\n\n   second\n\n   ```sh\n   x\n\n     y\n   ```\n4. b\n   - c\n     1. d\n- [ ] e\n- [x] f\n-\n- g';
    expect(body(source)).toBe(
      lines(
        '3. a',
        '\tsecond',
        '\t```shell',
        '\tx',
        '\t',
        '\t  y',
        '\t```',
        '4. b',
        '\t- c',
        '\t\t1. d',
        '- [ ] e',
        '- [x] f',
        '- g',
      ),
    );
    expect(outline(roundTrip(source))[0]).toEqual([
      'numbered_list_item',
      'a',
      ['paragraph', 'second'],
      ['code', 'x\n\n  y'],
    ]);
  });

  it('keeps an item that begins with a block', () => {
    expect(outline(roundTrip('- ```\n  x\n  ```\n- - y\n- # h'))).toEqual([
      ['bulleted_list_item', '', ['code', 'x']],
      ['bulleted_list_item', '', ['bulleted_list_item', 'y']],
      ['bulleted_list_item', '', ['heading_1', 'h']],
    ]);
  });

  it('writes what is nested beyond twelve levels at the twelfth', () => {
    const deep = Array.from({ length: 30 }, (_, level) => `${'  '.repeat(level)}- ${level}`).join('\n');
    const written = body(deep).split('\n');
    expect(written).toHaveLength(30);
    expect(written[12]).toBe(`${'\t'.repeat(12)}- 12`);
    expect(written[29]).toBe(`${'\t'.repeat(12)}- 29`);
  });

  it('joins the paragraphs of a quote, nests its other blocks', () => {
    expect(body('> a\n> b\n>\n> c\n>\n> - d\n>\n> e\n\n> f')).toBe(lines('> a b<br>c', '\t- d', '\te', '> f'));
    expect(outline(roundTrip('> > a'))).toEqual([['quote', '', ['quote', 'a']]]);
  });

  it('makes callouts of alerts', () => {
    expect(body('> [!WARNING]\n> **Hot**\n>\n> - a')).toBe(
      lines('<callout icon="⚠️">', '\t**Warning**', '\t**Hot**', '\t- a', '</callout>'),
    );
    expect(body('> [!NOTE]\n>\n> x')).toBe(lines('<callout icon="ℹ️">', '\t**Note**', '\tx', '</callout>'));
    expect(body('> [!NOTE] x')).toBe('> \\[!NOTE\\] x');
    expect(body('> [!OTHER]\n> x')).toBe('> \\[!OTHER\\] x');
  });

  it('makes toggles of simply formed details', () => {
    expect(body('<details open>\n<summary>A &amp; <b>B</b></summary>\n\n- x\n\n</details>\n\nafter')).toBe(
      lines('<details>', '<summary>A & B</summary>', '\t- x', '</details>', 'after'),
    );
    expect(
      outline(roundTrip('<details><summary>A</summary>one<p>two</details>\n<details>\nthree\n</details>')),
    ).toEqual([
      ['toggle', 'A', ['paragraph', 'one'], ['paragraph', 'two']],
      ['toggle', 'Details', ['paragraph', 'three']],
    ]);
    const nested = '<details><summary>A</summary>\n\n<details><summary>B</summary>\n\nx\n\n</details>\n\n</details>';
    expect(outline(roundTrip(nested))).toEqual([['toggle', 'A', ['toggle', 'B', ['paragraph', 'x']]]]);
    expect(outline(roundTrip('<details><summary>A</summary>\n\nx'))).toEqual([
      ['paragraph', 'A'],
      ['paragraph', 'x'],
    ]);
  });

  it('keeps the text of other raw HTML, decoded once', () => {
    const html =
      '<div class="x">a &lt;b&gt; &amp;amp; <i>c</i><br>d</div>\n<!-- e --><style>f{}</style><script>g()</script>\n\n<p>h < i';
    expect(outline(roundTrip(html))).toEqual([
      ['paragraph', 'a <b> &amp; c'],
      ['paragraph', 'd'],
      ['paragraph', 'h < i'],
    ]);
    expect(body('a <b>b</b><br>c <kbd>d</kbd><!-- e -->')).toBe('a b<br>c d');
  });

  it('fences code longer than any backticks inside and leaves it literal', () => {
    expect(body('~~~js {1}\n```\n*a* $b$ <c> \\\n\td\n~~~')).toBe(
      lines('````javascript', '```', '*a* $b$ <c> \\', '\td', '````'),
    );
    expect(body('    indented\n\n    code')).toBe(lines('```plain text', 'indented', '', 'code', '```'));
    expect(body('```\n\n```')).toBe('');
    const ticks = '`'.repeat(300);
    expect(outline(roundTrip(`~~~\n${ticks}\n# a\n~~~`))).toEqual([
      ['paragraph', ticks],
      ['paragraph', '# a'],
    ]);
  });

  it('makes equations of math blocks that cannot break out', () => {
    expect(body('```math\n\\frac{a}{b}\n\nx\n```')).toBe(lines('$$', '\\frac{a}{b}', 'x', '$$'));
    for (const math of ['a\n$$\n<page url="x">y</page>', 'x'.repeat(1001)]) {
      expect(outline(roundTrip(`\`\`\`math\n${math}\n\`\`\``))).toEqual([['code', math]]);
    }
  });

  it('pads the rows of tables and keeps cells on one line', () => {
    expect(body('| a | b |\n|---|---|\n| *c* <br> d |\n| `e\\|f` | ![g](https://a.example/g.png) |')).toBe(
      lines(
        ...['<table header-row="true">', '\t<tr>', '\t\t<td>a</td>', '\t\t<td>b</td>', '\t</tr>'],
        ...['\t<tr>', '\t\t<td>*c*<br>d</td>', '\t\t<td></td>', '\t</tr>'],
        ...['\t<tr>', '\t\t<td>`e|f`</td>', '\t\t<td>[g](https://a.example/g.png)</td>', '\t</tr>', '</table>'],
      ),
    );
  });

  it('leaves out the head of a table without head, and empty tables', () => {
    expect(body('| | |\n|---|---|\n| a | b |')).toContain('<table header-row="false">\n\t<tr>\n\t\t<td>a</td>');
    expect(body('| | |\n|---|---|\n| | |')).toBe('');
  });

  it('joins the cells beyond the hundredth', () => {
    const row = (name: string) => `|${Array.from({ length: 103 }, (_, index) => `${name}${index}`).join('|')}|`;
    const [table] = roundTrip(`${row('h')}\n|${'---|'.repeat(103)}\n${row('c')}`);
    expect(table?.value).toMatchObject({ table_width: 100 });
    expect(outline(table?.children ?? [])[1]?.[1]).toMatch(/c98 \| c99\nc100\nc101\nc102$/);
  });

  it('does not let code in a cell or summary end it', () => {
    const hostile = '</td></tr></table><page url="x">P</page>';
    expect(body(`| a |\n|---|\n| \`${hostile}\` |`)).toContain('\\</td\\>\\</tr\\>\\</table\\>');
    expect(outline(roundTrip(`| a |\n|---|\n| \`${hostile}\` |`))[0]?.[3]).toEqual(['table_row', hostile]);
  });

  it('writes rules, and nothing for comments and definitions', () => {
    expect(body('a\n\n***\n\n<!-- c -->\n\n[r]: https://a.example\n\n_ _ _')).toBe(lines('a', '---', '---'));
  });

  it('keeps the numbers of steps that have code and words between them', () => {
    const steps = '1. Install\n\n```sh\nnpm i\n```\n\n2. Start\n\nIt listens.\n\n3. Look';
    expect(toNotionMarkdown(steps, { title: null })).toBe(
      lines('1. Install', '\t```shell', '\tnpm i', '\t```', '2. Start', '\tIt listens.', '3. Look'),
    );
    for (const other of ['1. a\n\n## New\n\n2. b', '1. a\n\nWords.\n\n4. b', '- a\n\nWords.\n\n2. b']) {
      expect(toNotionMarkdown(other, { title: null })).not.toContain('\t');
    }
  });

  it('collects footnotes in a numbered list, in the order of their markers', () => {
    expect(body('a[^y] b[^x] c[^y]\n\n[^x]: X [^z]\n\n[^y]: Y\n\n    - more\n\n[^z]: Z [^x]\n\n[^unused]: U')).toBe(
      lines('a\\[1\\] b\\[2\\] c\\[1\\]', '---', '1. Y', '\t- more', '2. X \\[3\\]', '3. Z \\[2\\]', '4. U'),
    );
  });
});

describe('images', () => {
  const image = (name: string, caption = '') => `![${caption}](https://a.example/${name}.png)`;

  it('are blocks of their own, in order', () => {
    expect(
      body(`a ${image('1', 'one *x*')} b ${image('2')}\n\n# h ${image('3')}\n\n- ${image('4')} c\n- d ${image('5')}`),
    ).toBe(
      lines(
        'a',
        '![one x](https://a.example/1.png)',
        'b',
        image('2'),
        '# h',
        image('3'),
        '- ',
        `\t${image('4')}`,
        '\tc',
        '- d',
        `\t${image('5')}`,
      ),
    );
  });

  it('lose the link around them, and are text when nothing can load them', () => {
    expect(body(`[${image('1', 'one')}](https://b.example)`)).toBe(image('1', 'one'));
    expect(body('[![one](data:image/png;base64,AA)](https://b.example) ![](blob:x) ![two](/rel.png)')).toBe(
      '[one](https://b.example/) two',
    );
  });

  it('become links, or their text, when the sink asks for that', () => {
    expect(body(`a ${image('1', 'one')} ${image('2')}`, { images: false })).toBe(
      'a [one](https://a.example/1.png) [image](https://a.example/2.png)',
    );
    expect(body(`a ${image('1', 'one')} [b](https://b.example)`, { images: false, links: false })).toBe('a one b');
    expect(body(`${image('1')} [b](https://b.example)`, { links: false })).toBe(lines(image('1'), 'b'));
  });

  it('have their long descriptions below', () => {
    const alt = 'word '.repeat(300).trim();
    expect(outline(roundTrip(image('1', alt)))).toEqual([
      ['image', ''],
      ['paragraph', alt],
    ]);
  });
});

describe('inline', () => {
  const runs = (markdown: string) => marked(richTexts(roundTrip(markdown)));

  it.each([
    ['*a* **b** ***c*** ~~d~~ `e`', '*a* **b** ***c*** ~~d~~ `e`'],
    ['__a _b_ c__', '**a** ***b*** **c**'],
    ['**a**b *c*d', '**a**b *c*d'],
    ['**a ** b', '\\*\\*a \\*\\* b'],
    ['*a&#32;* b', '*a* b'],
    ['***a** b*', '***a*** *b*'],
    ['**a*b***', '**ab**'],
    ['~~a **b** c~~', '~~a **b** c~~'],
    ['a **[b](https://x.example/)** c', 'a [**b**](https://x.example/) c'],
    ['**a `b` c**', '**a `b` c**'],
    ['**a**\\\n**b**', '**a**<br>**b**'],
  ])('marks %s so that it reads one way only', (markdown, expected) => {
    expect(body(markdown)).toBe(expected);
  });

  it('puts punctuation beside a word outside of the mark', () => {
    expect(body('这&#x662F;**「重点」**&#x662F;')).toBe('这是「**重点**」是');
    expect(body('a<!-- -->**“b”**<!-- -->c')).toBe('a“**b**”c');
  });

  it('looks at a line anew when a mark that would not be seen is left out', () => {
    // Without the strike the bold text goes on; closed before the letter its stars would be text.
    expect(body('x **!~~a~~**y')).toBe('x **!a**y');
  });

  it.each([
    ['`` a`b ``', [':c:a`b'.slice(1)]],
    ['`` ` ``', ['c:`']],
    ['` a `', ['c:a']],
    ['``` a``b`c ```', [':a``b`c']],
    ['x`` `a` ``y', [':x', 'c:`a`', ':y']],
  ])('keeps backticks in code: %s', (markdown, expected) => {
    expect(runs(markdown)).toEqual(expected);
  });

  it('decodes character references once', () => {
    expect(runs('&amp;lt; &lt;b&gt; &copy; &#x41; \\&amp;')).toEqual([':&lt; <b> © A &amp;']);
  });

  it('escapes every special, and what begins like a block', () => {
    expect(body('\\\\ \\* \\~ \\` $5 and $6 \\[x\\] \\< \\> {color="red"} | ^')).toBe(
      '\\\\ \\* \\~ \\` \\$5 and \\$6 \\[x\\] \\< \\> \\{color="red"\\} \\| \\^',
    );
    for (const text of [
      '# a',
      '- a',
      '+ a',
      '-',
      '---',
      '--',
      '1. a',
      '12) a',
      '1.',
      '___',
      '===',
      ':::note',
      '> a',
      '```',
      '$$',
      '![a](b)',
      '<page url="x">y</page>',
    ]) {
      const source = text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
      expect(outline(roundTrip(source)), text).toEqual([['paragraph', text]]);
      expect(outline(roundTrip(`- ${source}`)), text).toEqual([['bulleted_list_item', text]]);
    }
    expect(body('# a \\#')).toBe('# a \\#');
    expect(body('-5 °C at 12:30:45, a:b:c, std::string')).toBe('-5 °C at 12:30:45, a\\:b:c, std::string');
    expect(body('1999\\. A year')).toBe('1999\\. A year');
  });

  it('removes controls and lone surrogates, keeps joiners', () => {
    expect(body('a\u0007b\ud800c\ufeffd\u200ce\u2028f👩‍👩‍👧\u0000')).toBe('abcd\u200ce f👩‍👩‍👧');
    expect(body('a&#x7;b&#x2028;&#35; c')).toBe('a\ufffdb # c');
  });

  it.each([
    ['[a](https://x.example/b(c)d?e=*f*&g=$h "t")', '[a](https://x.example/b%28c%29d?e=%2Af%2A&g=%24h)'],
    ['[a](<https://x.example/ü b>)', '[a](https://x.example/%C3%BC%20b)'],
    ['[a](https://münchen.example/)', '[a](https://xn--mnchen-3ya.example/)'],
    ['[a](mailto:b@x.example)', '[a](mailto:b@x.example)'],
    [
      'https://x.example and www.y.example',
      '[https://x.example](https://x.example/) and [www.y.example](http://www.y.example/)',
    ],
    ['<https://x.example/?q>', '[https://x.example/?q](https://x.example/?q)'],
    ['[a][B]\n\n[b]: https://x.example/', '[a](https://x.example/)'],
    [
      '[a](/b) [c](#d) [e](javascript:f) [g](data:h) [i](vbscript:j) [k](tel:1) [l](blob:m) [n](//o) [p](mailto:q)',
      'a c e g i k l n p',
    ],
    ['[a](JaVaScRiPt:x) [b](java&#10;script:x) [c](&#1;javascript:x) [d](https:)', 'a b c d'],
    [`[a](https://x.example/${'b'.repeat(2000)})`, 'a'],
    ['## T[\u200b](https://x.example/#t)', '## T'],
    ['wow![a](https://x.example/)!', 'wow'],
  ])('writes safe links only: %s', (markdown, expected) => {
    expect(body(markdown, { images: false }).startsWith(expected)).toBe(true);
  });

  it('does not make an image of an exclamation mark and a link', () => {
    expect(runs('wow\\![a](https://x.example/)')).toEqual([':wow!', ':a → https://x.example/']);
    expect(roundTrip('\\![a](https://x.example/)')[0]?.type).toBe('paragraph');
  });

  it('does not take code in a link for another link', () => {
    expect(body('[`[a](javascript:b)`](https://x.example/)')).toBe('[\\[a\\](javascript:b)](https://x.example/)');
  });
});

describe('sources that overload a parser', () => {
  it.each([
    ['nesting in a line', `${'> '.repeat(5000)}word`],
    ['nested lists in a line', `${'- '.repeat(5000)}word`],
    ['nesting by indentation', Array.from({ length: 600 }, (_, level) => `${'  '.repeat(level)}- word`).join('\n')],
    ['nested footnotes', `${'[^a]: '.repeat(2000)}word`],
    ['marks', `word ${'*a**b_'.repeat(20_000)}`],
    ['marks on lines that look like lists', `word\n${'2. *a*b*a*b\n'.repeat(5000)}`],
    ['links', `word ${'[a]('.repeat(20_000)}`],
    ['open tags', `<div>word${'<script>'.repeat(20_000)}`],
    ['open comments', `word\n\n${'<!--'.repeat(20_000)}`],
    ['open details', '<details><summary>word</summary>\n\n'.repeat(1000)],
  ])('are read as text where they must: %s', (_name, source) => {
    const blocks = roundTrip(source);
    expect(richTexts(blocks).some((run) => run.plain_text.includes('word'))).toBe(true);
    expect(allBlocks(blocks).length).toBeLessThan(60_000);
  });

  it('takes a block of more lines than a call has room for arguments', () => {
    const context = { images: true, links: true, definitions: new Map(), footnotes: new FootnoteNumbers(new Map()) };
    expect(blockLines([{ type: 'code', value: 'x\n'.repeat(300_000) }], context)).toHaveLength(300_003);
  });
});
