import { describe, expect, it } from 'vitest';
import { readPdf } from '../../../src/collect/extract/pdf.js';
import { protectedPdf } from '../protected-pdf.js';
import { placedPdf, smallPdf } from '../small-pdf.js';

const read = (pdf: Buffer) => readPdf(new Uint8Array(pdf));

describe('a PDF', () => {
  it('gives its text page by page and what it says about itself', async () => {
    const pdf = smallPdf([['First page', 'with two lines'], ['Second page']], {
      Title: 'Annual report',
      Author: 'Ann',
      CreationDate: "D:20240501103000+02'00'",
    });
    const { text, markdown, metadata } = await read(pdf);
    expect(text).toBe('First page\nwith two lines\nSecond page');
    expect(markdown).toBe('First page\n\nwith two lines\n\nSecond page');
    expect(metadata).toMatchObject({
      title: 'Annual report',
      author: 'Ann',
      publishedTime: '2024-05-01T10:30:00+02:00',
    });
  });

  it.each([
    ['Microsoft Word - Annual report.docx', 'Annual report'],
    ['untitled', null],
    ['', null],
  ])('called "%s" by the program that wrote it has the title %s', async (name, title) => {
    const { metadata } = await read(smallPdf([['Words']], { Title: name }));
    expect(metadata.title).toBe(title);
  });

  it('without a title is called what stands in the largest letters on its first page', async () => {
    const pdf = smallPdf([['Body text', '\u0001Great things', 'More body text', 'and more']]);
    expect((await read(pdf)).metadata.title).toBe('Great things');
  });

  /** Lines of 14 points each, in the column that begins at `x`. */
  const column = (x: number, lines: string[]): [number, number, string][] =>
    lines.map((line, index) => [x, 700 - index * 14, line]);
  const left = [
    'The left column begins here with words',
    'that go on in its second line and its',
    'third line, where they end.',
  ];
  const right = [
    'The right column is read after the left',
    'one, whatever stands on the same height',
    'beside it on the page.',
  ];

  it.each([
    ['one after the other', [...column(72, left), ...column(330, right)]],
    ['line by line across', left.flatMap((_, row) => [column(72, left)[row], column(330, right)[row]])],
  ])('in two columns is read column by column, when they are drawn %s', async (_, words) => {
    const { markdown } = await read(placedPdf(words as [number, number, string][]));
    expect(markdown).toBe(`${left.join(' ')}\n\n${right.join(' ')}`);
  });

  it('keeps rows and cells of a table apart, between paragraphs', async () => {
    const rows = [
      ['Fruit', 'Price', 'In stock'],
      ['Apple', '1.20', 'yes'],
      ['Green pear', '0.90', 'no'],
    ];
    const words: [number, number, string][] = [
      [72, 740, 'What the shop has this week:'],
      ...rows.flatMap((row, at) =>
        row.map((cell, index): [number, number, string] => [72 + index * 120, 700 - at * 20, cell]),
      ),
      [72, 600, 'Prices are for a pound.'],
    ];
    const { markdown } = await read(placedPdf(words));
    expect(markdown.replace(/ +/g, ' ')).toBe(
      [
        'What the shop has this week:',
        '',
        '| Fruit | Price | In stock |',
        '| - | - | - |',
        '| Apple | 1.20 | yes |',
        '| Green pear | 0.90 | no |',
        '',
        'Prices are for a pound.',
      ].join('\n'),
    );
  });

  it('keeps signs of Markdown as signs', async () => {
    expect((await read(smallPdf([['# not a heading', '1. *x*']]))).markdown).toBe('\\# not a heading\n\n1\\. \\*x\\*');
  });

  it('that only forbids printing is read', async () => {
    expect((await read(protectedPdf(smallPdf([['Open words']]), ''))).text).toBe('Open words');
  });

  it.each([
    ['asks for a password', protectedPdf(smallPdf([['Secret words']]), 'secret'), /asks for a password/],
    ['is broken', Buffer.from('%PDF-1.7 and nothing else'), /damaged/],
    ['was cut off', smallPdf([['Some words']]).subarray(0, 250), /damaged/],
    ['is empty', Buffer.alloc(0), /damaged/],
  ])('that %s says so', async (_, pdf, message) => {
    await expect(read(pdf)).rejects.toThrow(message);
  });

  it('of more pages than a person reads is read as far as the limit', async () => {
    const { text } = await read(smallPdf(Array.from({ length: 1_003 }, (_, at) => [`Page ${at + 1}`])));
    expect(text.split('\n')).toHaveLength(1_000);
    expect(text).toMatch(/Page 1000$/);
  });
});
