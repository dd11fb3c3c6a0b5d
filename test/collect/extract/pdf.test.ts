import { describe, expect, it } from 'vitest';
import { readPdf } from '../../../src/collect/extract/pdf.js';
import { protectedPdf } from '../protected-pdf.js';
import { smallPdf } from '../small-pdf.js';

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
