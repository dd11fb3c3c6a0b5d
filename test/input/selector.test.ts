import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { isSelector } from '../../src/input/selector.js';

const { document } = parseHTML('<html><body><ul><li class="a">1</li><li>2</li></ul></body></html>');
const works = (selector: string): boolean => {
  try {
    document.querySelectorAll(selector);
    return true;
  } catch {
    return false;
  }
};

describe('selectors', () => {
  it.each(['li:foo', 'li:eq(0)', 'li:visible', 'li::before', 'svg|a', 'li:lang(en)', 'li:nth-child(1 of li)', 'div['])(
    'refuses %s, on which every page would fail',
    (selector) => {
      expect(works(selector)).toBe(false);
      expect(isSelector(selector)).toBe(false);
    },
  );

  it.each(['li:visible', 'li:lang(en)', 'li:nth-child(1 of li)'])('leaves %s to a browser', (selector) => {
    expect(isSelector(selector, 'browser')).toBe(true);
  });

  const compound = fc.constantFrom(
    ...'li|.a|#b|*|[href]|[data-x="1" i]|:first-child|:last-of-type|:nth-child(2n+1)|:nth-last-of-type(odd)|:empty|:checked|:disabled|:any-link|:has(> a)|:not(.a, b)|:is(h1, h2)|:where(p)|:contains("x")|:root|:hover|:lang(en)|::after|:eq(1)|:scope|x-y'.split(
      '|',
    ),
  );
  const joined = fc
    .array(fc.tuple(compound, fc.constantFrom(' ', ' > ', ' + ', ' ~ ', ', ', '')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map(([part, by]) => part + by).join(''));

  it('takes only selectors that a page can be asked for', () => {
    fc.assert(
      fc.property(joined, (selector) => {
        fc.pre(isSelector(selector));
        expect([selector, works(selector)]).toEqual([selector, true]);
      }),
    );
  });
});
