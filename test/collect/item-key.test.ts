import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageKeys, siteOf } from '../../src/collect/item-key.js';
import { normalizeUrl } from '../../src/normalize-url.js';

const plain = { keepFragment: false };

describe('normalizeUrl', () => {
  it.each([
    ['scheme and host in lower case', 'HTTP://Example.COM/Path', 'http://example.com/Path'],
    ['default port of http', 'http://example.com:80/a', 'http://example.com/a'],
    ['default port of https', 'https://example.com:443/a', 'https://example.com/a'],
    ['another port stays', 'http://example.com:8080/a', 'http://example.com:8080/a'],
    ['no path', 'https://example.com', 'https://example.com/'],
    ['fragment', 'https://example.com/a#part', 'https://example.com/a'],
    ['credentials', 'https://me:secret@example.com/a', 'https://example.com/a'],
    [
      'tracking parameters',
      'https://example.com/?utm_source=x&gclid=1&fbclid=2&mc_cid=3&id=4',
      'https://example.com/?id=4',
    ],
    ['tracking parameters in any case', 'https://example.com/a?UTM_Campaign=x', 'https://example.com/a'],
    ['an empty query', 'https://example.com/a?', 'https://example.com/a'],
    ['query sorted by name', 'https://example.com/a?b=2&a=1', 'https://example.com/a?a=1&b=2'],
    ['order of one name kept', 'https://example.com/a?b=2&a=z&a=y', 'https://example.com/a?a=z&a=y&b=2'],
    ['percent-encoding in upper case', 'https://example.com/%c3%a9?q=%c3%bc', 'https://example.com/%C3%A9?q=%C3%BC'],
    ['Java session in the path', 'https://example.com/a;jsessionid=1A2B?x=1', 'https://example.com/a?x=1'],
    ['ASP.NET session in the path', 'https://example.com/(S(abc123))/a.aspx', 'https://example.com/a.aspx'],
    ['a trailing slash is another page', 'https://example.com/a/', 'https://example.com/a/'],
  ])('%s', (_, url, expected) => {
    expect(normalizeUrl(url, plain)).toBe(expected);
  });

  it('keeps the fragment when asked', () => {
    expect(normalizeUrl('https://example.com/#/a', { keepFragment: true })).toBe('https://example.com/#/a');
    expect(normalizeUrl('https://example.com/#', { keepFragment: true })).toBe('https://example.com/');
  });

  it('changes nothing when applied twice', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.boolean(), (url, keepFragment) => {
        const once = normalizeUrl(url, { keepFragment });
        expect(normalizeUrl(once, { keepFragment })).toBe(once);
      }),
      { numRuns: 30 },
    );
  });
});

describe('siteOf', () => {
  it('takes www and the scheme for the same site and the port for another', () => {
    expect(siteOf('https://www.example.com/a')).toBe(siteOf('http://example.com/b'));
    expect(siteOf('http://example.com:8080/')).not.toBe(siteOf('http://example.com/'));
    expect(siteOf('http://docs.example.com/')).not.toBe(siteOf('http://example.com/'));
  });
});

describe('pageKeys', () => {
  const loaded = 'https://example.com/a?ref=1';

  it('lets a page claim the canonical address on its own site', () => {
    expect(pageKeys(loaded, 'https://example.com/a', plain)).toEqual({ own: loaded, claimed: 'https://example.com/a' });
  });

  it('believes no canonical address on another site, and none that is no web address', () => {
    for (const canonical of ['https://evil.example/a', 'https://example.com:8443/a', 'javascript:alert(1)', null]) {
      expect(pageKeys(loaded, canonical, plain)).toEqual({ own: loaded, claimed: null });
    }
  });

  it('takes a canonical address that differs in scheme and www only as the page itself', () => {
    const keys = pageKeys('http://example.com/a', 'https://www.example.com/a', plain);
    expect(keys).toEqual({ own: 'https://www.example.com/a', claimed: null });
  });

  it('keeps pages apart that live behind # when fragments are kept', () => {
    const keys = pageKeys('https://example.com/#/a', 'https://example.com/', { keepFragment: true });
    expect(keys).toEqual({ own: 'https://example.com/#/a', claimed: null });
  });
});
