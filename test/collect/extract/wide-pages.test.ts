import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { elementText } from '../../../src/collect/extract/element-text.js';
import { toFlow } from '../../../src/collect/extract/phrasing.js';
import { handle } from './page.js';

const MANY = 150_000;

/** What takes minutes where time grows with the square of the number of things, or no call takes as many arguments. */
describe('a page of very many things is read', { timeout: 120_000 }, () => {
  it('raised signs behind prices', () => {
    const { document } = parseHTML(`<p>${'$1<sup>99</sup> '.repeat(MANY)}</p>`);
    expect(elementText(document.querySelector('p') as unknown as Element)).toBe('$1.99 '.repeat(MANY));
  });

  it('line ends in one element', () => {
    const { page } = handle(`<main><p><span>${'<br>'.repeat(MANY)}one</span></p></main>`);
    expect(page?.markdown).toBe('one');
  });

  it('marks side by side, and spaces that many nodes make together', () => {
    const words = Array.from({ length: MANY }, () => ({ type: 'break' as const }));
    const spaces = Array.from({ length: MANY }, () => ({ type: 'text' as const, value: ' ' }));
    const bold = [{ type: 'text' as const, value: 'a' }, ...words, ...spaces, { type: 'text' as const, value: 'b' }];
    const [paragraph] = toFlow([
      { type: 'strong', children: [{ type: 'text', value: 'x' }] },
      { type: 'strong', children: bold },
    ]);
    const strong = paragraph?.type === 'paragraph' ? paragraph.children[0] : undefined;
    expect(strong?.type === 'strong' && strong.children.length).toBe(MANY + 3);
  });
});
