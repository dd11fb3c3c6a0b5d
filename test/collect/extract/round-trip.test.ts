import fc from 'fast-check';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import { parsePage } from '../../../src/collect/extract/document.js';
import { toText } from '../../../src/collect/extract/markdown.js';

const SIGNS =
  'a b * _ ` ~ | < > & [ ] ( ) # - + 1. 10) ! \\ : = --- ~~ [^1] $ ^ " &amp; http://x.example www.x.example me@x.example';

interface Piece {
  html: string;
  words: string;
}

const escaped = (words: string): string => words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const said = (words: string): Piece => ({ html: escaped(words), words });
const plain = fc.constantFrom(...SIGNS.split(' '), ' ', ' ').map(said);
const line = fc.constant({ html: '<br>', words: ' ' });
const code = fc.constant({ html: '<code>x|y</code>', words: 'x|y' });
const run = (piece: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> =>
  fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => ({
    html: pieces.map(({ html }) => html).join(''),
    words: pieces.map(({ words }) => words).join(''),
  }));
const marked = fc
  .tuple(fc.constantFrom('b', 'i', 'del'), run(fc.oneof(plain, plain, line, code)))
  .map(([name, { html, words }]) => ({ html: `<${name}>${html}</${name}>`, words }));
const text = run(fc.oneof({ weight: 4, arbitrary: plain }, line, code, marked));

const markdown = (html: string): string => {
  const bases = { baseUrl: 'https://example.com/', pageUrl: 'https://example.com/' };
  return toText([parsePage(`<html><body>${html}</body></html>`, bases.baseUrl).document.body], bases).markdown;
};
const wordsOf = (node: Nodes): string =>
  'children' in node ? node.children.map(wordsOf).join('') : 'value' in node ? node.value : '';
const reader = unified().use(remarkParse).use(remarkGfm);
const read = (written: string): string => wordsOf(reader.parse(written));
const withoutSpace = (words: string): string => words.replace(/\s+/g, '');

describe('any words', () => {
  it.each([
    ['a paragraph', (html: string) => `<p>${html}</p>`],
    ['a heading', (html: string) => `<h2>${html}</h2>`],
    ['a list entry', (html: string) => `<ul><li>${html}</li></ul>`],
    ['a table cell', (html: string) => `<table><tr><th>Head</th></tr><tr><td>${html}</td></tr></table>`],
  ])('in %s are the same words when the Markdown is read', (_, wrap) => {
    const head = wrap('').includes('Head') ? 'Head' : '';
    fc.assert(
      fc.property(text, ({ html, words }) => {
        // A table without words is no table.
        fc.pre(words.trim() !== '');
        expect(withoutSpace(read(markdown(wrap(html))))).toBe(withoutSpace(head + words));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['<p><b>Bold<br></b>next</p>', '**Bold**\\\nnext'],
    ['<p><code>a</code><code>b</code></p>', '`ab`'],
    ['<h2><i>One<br>two</i></h2>', '## _One two_'],
  ])('%s', (html, written) => expect(markdown(html)).toBe(written));
});
