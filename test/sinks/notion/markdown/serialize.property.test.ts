/* eslint-disable no-control-regex -- control characters are what is tested */
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import { parseEnhancedMarkdown } from '../../../../sandbox/notion/markdown/parse.js';
import { printEnhancedMarkdown } from '../../../../sandbox/notion/markdown/print.js';
import { essence } from '../../../../src/sinks/notion/markdown/essence.js';
import { leavesOutHeading, toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';
import { allBlocks, outline, plain, richTexts, roundTrip } from './read.js';

/** Tokens that mean something to Markdown, to Notion, to HTML or to a naive reader of any. */
const HOSTILE = [
  ...[
    '<mention-page url="https://www.notion.so/x"/>',
    '<mention-user url="u">x</mention-user>',
    '<mention-date start="2026-01-01"/>',
  ],
  ...[
    '<page url="https://n.so/p">P</page>',
    '<database url="d" inline="true">D</database>',
    '<synced_block url="s">',
    '</synced_block>',
  ],
  ...[
    '<synced_block_reference url="s">',
    '</synced_block_reference>',
    '<table_of_contents/>',
    '<empty-block/>',
    '<unknown url="u" alt="embed"/>',
  ],
  ...[
    '<span color="red">',
    '</span>',
    '{color="red"}',
    ' {toggle="true" color="blue_bg"}',
    '<video src="https://v.io/x.mp4">',
    '<pdf src="x"/>',
  ],
  ...[
    '<details>',
    '<summary>S</summary>',
    '</details>',
    '<details><summary>T',
    '<callout icon="x" color="red_bg">',
    '</callout>',
    '<columns>',
    '</column>',
  ],
  ...[
    '<table header-row="true">',
    '<tr>',
    '<td>',
    '</td>',
    '</tr>',
    '</table>',
    '<br>',
    '<br/>',
    '<!--',
    '-->',
    '<script>',
    '<a href="javascript:x">',
  ],
  ...[
    '&lt;mention-page url="x"/&gt;',
    '&amp;lt;',
    '&#x2028;',
    '&#0;',
    '&#123;color="red"&#125;',
    '&bsol;',
    '\\',
    '\\\\',
    '\\<',
    '\\[',
    '\\$',
  ],
  ...[
    '[^https://evil.example]',
    '[^1]',
    '[^1]: ',
    '[x](javascript:alert(1))',
    '[y](data:text/html,x)',
    '![z](data:image/png;base64,A)',
    '[r](/rel)',
  ],
  ...[
    '[l](https://a.example/(b)?c=*d*~~e~~$f$)',
    '![i](https://a.example/i.png)',
    '[![i](https://a.example/i.png)](https://b.example)',
    '<https://c.example>',
  ],
  ...[
    '[ref]',
    '[ref]: javascript:x',
    '[ref]: https://d.example',
    'www.e.example',
    'mailto:a@b.example',
    'a@b.example',
    '!',
    '[',
    ']',
    '(',
    ')',
  ],
  ...[
    '$$',
    '$',
    '*',
    '**',
    '***',
    '_',
    '__',
    '~',
    '~~',
    '`',
    '``',
    '```',
    '````',
    '~~~',
    '|',
    '||',
    '|---|',
    '^',
    ':smile:',
    ':::',
    '@',
  ],
  ...[
    '# ',
    '###### ',
    '- ',
    '+ ',
    '* ',
    '- [ ] ',
    '- [x] ',
    '1. ',
    '2) ',
    '> ',
    '> [!NOTE]',
    '---',
    '===',
    '***',
    '    ',
    '\t',
    '\t\t',
    '  ',
  ],
  ...[
    '\n',
    '\n\n',
    '\n\t',
    '\r',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u000b',
    '\u000c',
    '\u0000',
    '\u0007',
    '\ud800',
    '\udc00',
    '\ufeff',
    '\u200b',
    '\u00a0',
  ],
  ...[
    'word',
    'two words',
    'é',
    '汉字',
    '「',
    '👩‍👩‍👧',
    'x',
    '5',
    '0',
    '.',
    '"',
    "'",
    ',',
    'a_b_c',
    'math',
    '```math\n',
    '```js\n',
    '\n```\n',
    '\n$$\n',
  ],
];

const soup = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

const ALLOWED_BLOCKS = new Set([
  ...[
    'paragraph',
    'heading_1',
    'heading_2',
    'heading_3',
    'heading_4',
    'bulleted_list_item',
    'numbered_list_item',
    'to_do',
  ],
  ...['quote', 'toggle', 'callout', 'code', 'equation', 'table', 'table_row', 'divider', 'image'],
]);
const SAFE_LINK = /^(https?:\/\/[^\s<>"'`{}|\\^()[\]]+|mailto:[^\s<>"'`{}|\\^()[\]]+)$/;

/** Letters and digits only: what formatting, escapes, tags and white space may not change. */
const words = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');

/** Fuzzing is repeatable: `fc` prints the seed of what it found. */
const RUNS = { numRuns: 300 };

describe('any source', () => {
  it('gives only text, formatting, links and images', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), fc.boolean(), (source, images, links) => {
        const body = toNotionMarkdown(source, { title: null, images, links });
        const blocks = parseEnhancedMarkdown(body);
        for (const block of allBlocks(blocks)) {
          expect(ALLOWED_BLOCKS).toContain(block.type);
          if ('color' in block.value) expect(block.value.color).toBe('default');
          if ('is_toggleable' in block.value) expect(block.value.is_toggleable).toBe(false);
          if (block.type === 'image') {
            expect(images).toBe(true);
            expect(block.value.external.url).toMatch(/^https?:/);
            expect(block.value.external.url).toMatch(SAFE_LINK);
          }
        }
        for (const run of richTexts(blocks)) {
          expect(run.type).toBe('text');
          expect(run.annotations).toMatchObject({ underline: false, color: 'default' });
          if (run.href !== null) expect(run.href).toMatch(SAFE_LINK);
          if (run.href !== null) expect(links).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('leaves out a first heading exactly when it says so', () => {
    const pieces = [
      '# ',
      '## ',
      '#',
      'T',
      'T',
      '\n',
      '\n',
      '\n\n',
      '===',
      '---',
      ' ',
      '    ',
      '\t',
      '> ',
      '- ',
      '*T*',
      '&#84;',
    ];
    const linked = [
      '[T]',
      '[T][r]',
      '[T](https://a.example)',
      '[r]: https://a.example',
      '[^1]: x',
      '<b>',
      '<!-- x -->',
      'x',
    ];
    const source = fc.array(fc.constantFrom(...pieces, ...linked), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, (markdown) => {
        const whole = toNotionMarkdown(markdown, { title: null });
        expect(leavesOutHeading(markdown, 'T')).toBe(toNotionMarkdown(markdown, { title: 'T' }) !== whole);
      }),
      RUNS,
    );
  });

  it('gives well-formed lines without control characters, the same each time', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const body = toNotionMarkdown(source, { title: null });
        expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/);
        expect(body).not.toMatch(/\p{Surrogate}/u);
        expect(body).not.toMatch(/^$\n|\n$/);
        expect(toNotionMarkdown(source, { title: null })).toBe(body);
      }),
      { numRuns: 100 },
    );
  });

  it('says the same when it is read again, so that nobody is taken for its editor', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const body = toNotionMarkdown(source, { title: null });
        expect(essence(printEnhancedMarkdown(parseEnhancedMarkdown(body)))).toBe(essence(body));
      }),
      RUNS,
    );
  });
});

/** Text as pages have it, every character of Markdown and HTML escaped so that the source says exactly this text. */
const anyText = fc
  .oneof(
    soup.map((text) => text.replace(/[\r\n\u2028\u2029\u0085\u000b\u000c]/g, ' ')),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  .map((text) =>
    text
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff\ufffe\uffff\u2028\u2029]/g, '')
      // A character reference cannot name these.
      .replace(/[\p{Surrogate}\p{Noncharacter_Code_Point}]/gu, '')
      .replace(/[ \t\n]+/g, ' ')
      .trim(),
  )
  .filter((text) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) && !/[\u00ad\u180e\u200b-\u200f\u2060]/.test(text));

const source = (text: string) =>
  Array.from(text, (point) => `&#x${point.codePointAt(0)?.toString(16) ?? ''};`).join('');

describe('text stays what it is', () => {
  const holds = (wrap: (text: string) => string, expected: (text: string) => ReturnType<typeof outline>): void => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(outline(roundTrip(wrap(source(text))))).toEqual(expected(text));
      }),
      { numRuns: 60 },
    );
  };

  it('in a paragraph', () =>
    holds(
      (text) => text,
      (text) => [['paragraph', text]],
    ));
  it('in a heading', () =>
    holds(
      (text) => `## ${text}`,
      (text) => [['heading_2', text]],
    ));
  it('in list items', () =>
    holds(
      (text) => `- ${text}\n  1. ${text}\n\n     ${text}\n- [x] ${text}`,
      (text) => [
        ['bulleted_list_item', text, ['numbered_list_item', text, ['paragraph', text]]],
        ['to_do', text],
      ],
    ));
  it('in a quote', () =>
    holds(
      (text) => `> ${text}\n>\n> ${text}`,
      (text) => [['quote', `${text}\n${text}`]],
    ));
  it('in an alert', () =>
    holds(
      (text) => `> [!TIP]\n> ${text}`,
      (text) => [['callout', 'Tip', ['paragraph', text]]],
    ));
  it('in cells', () =>
    holds(
      (text) => `| ${text} | b |\n| --- | --- |\n| c | **${text}** |`,
      (text) => [['table', '', ['table_row', `${text} | b`], ['table_row', `c | ${text}`]]],
    ));
  it('in emphasis, links and beside breaks', () =>
    holds(
      (text) => `**${text}** *${text}*  \n~~${text}~~ [${text}](https://a.example/)`,
      (text) => [['paragraph', `${text} ${text}\n${text} ${text}`]],
    ));
  it('in an image', () =>
    holds(
      (text) => `![${text}](https://a.example/i.png)`,
      (text) => [['image', text]],
    ));
  it('in a summary', () =>
    holds(
      (text) => `<details><summary>${text}</summary>\n\n${text}\n\n</details>`,
      (text) => [['toggle', text, ['paragraph', text]]],
    ));
  it('in a footnote', () =>
    holds(
      (text) => `a[^n]\n\n[^n]: ${text}`,
      (text) => [
        ['paragraph', 'a[1]'],
        ['divider', ''],
        ['numbered_list_item', text],
      ],
    ));

  it('in code, to the letter', () => {
    fc.assert(
      fc.property(fc.array(soup, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 2 }), (parts, depth) => {
        const code = parts
          .join('\n')
          .replace(/\r\n|[\r\u000b\u000c\u0085\u2028\u2029]/g, '\n')
          .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]|\p{Surrogate}/gu, '');
        fc.pre(code.trim() !== '');
        const fence = '~'.repeat(1 + Math.max(3, ...(code.match(/~+/g) ?? []).map((run) => run.length)));
        const indent = '  '.repeat(depth);
        const lead = Array.from({ length: depth }, (_, level) => `${'  '.repeat(level)}- x\n`).join('');
        const fenced = [fence, ...code.split('\n'), fence].map((line) => indent + line).join('\n');
        const found = allBlocks(roundTrip(`${lead}\n${fenced}`)).filter((block) => block.type === 'code');
        expect(found.map((block) => plain(block.value.rich_text))).toEqual([code]);
      }),
      { numRuns: 60 },
    );
  });

  it('in any source: no run of characters is lost', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '*',
        '**',
        '~~',
        '`',
        '[',
        ']',
        '(',
        ')',
        '!',
        '_',
        '$',
        '|',
        '#',
        '- ',
        '1. ',
        '> ',
        '\n',
        '\n\n',
        '  ',
        '"',
        '.',
        '{',
        '}',
        '^',
        '\\',
        ':',
        '@',
      ),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(pieces, (marks) => {
        let count = 0;
        const text = marks.map((mark) => `${mark}w${count++}q`).join('');
        expect(words(plain(richTexts(roundTrip(text))))).toBe(words(text.replace(/(^|\n)[ >-]*\d\. /g, '$1')));
      }),
      RUNS,
    );
  });

  it('with marks that a CommonMark reader sees in the same places', () => {
    // Breaks are tags here: after a newline a star may begin a list, and blocks are no matter of CommonMark's. Notion's
    // grammar has a block per line, where CommonMark takes the empty item in "x\n- \n\t- y" for a heading's underline.
    const marks = [
      '*',
      '**',
      '***',
      '~~',
      '`',
      ' ',
      ' ',
      '"',
      '.',
      '!',
      '[x](https://a.example/)',
      '&#42;',
      'é',
      '汉',
      '<br>',
    ];
    const lines = fc.array(fc.constantFrom(...marks, ...['a', 'b', 'c']), { maxLength: 25 });
    fc.assert(
      fc.property(lines, (parts) => {
        const body = toNotionMarkdown(`x${parts.join('')}y`, { title: null, images: false });
        const own = parseEnhancedMarkdown(body).flatMap((block) => richTexts([block]));
        expect(commonMarkRuns(body)).toBe(
          own
            .map(({ annotations, href, plain_text }) => {
              const { bold, italic, strikethrough, code } = annotations;
              return points(plain_text, [bold, italic, strikethrough, code, href !== null]);
            })
            .join(''),
        );
      }),
      RUNS,
    );
  });
});

const gfm = unified().use(remarkParse).use(remarkGfm).freeze();

/** Each visible character with its marks. */
function points(text: string, marks: readonly boolean[]): string {
  return Array.from(text.replace(/\s/g, ''), (point) => `${point}${marks.map(Number).join('')} `).join('');
}

function commonMarkRuns(line: string): string {
  const read = (node: Nodes, marks: readonly [boolean, boolean, boolean, boolean, boolean]): string => {
    const [bold, italic, strike, code, link] = marks;
    if (node.type === 'text') return points(node.value, marks);
    if (node.type === 'inlineCode') return points(node.value, [bold, italic, strike, true, link]);
    if (!('children' in node)) return '';
    const inner: typeof marks = [
      bold || node.type === 'strong',
      italic || node.type === 'emphasis',
      strike || node.type === 'delete',
      code,
      link || node.type === 'link',
    ];
    return node.children.map((child) => read(child, inner)).join('');
  };
  return read(gfm.parse(line), [false, false, false, false, false]);
}
