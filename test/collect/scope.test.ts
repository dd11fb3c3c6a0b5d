import { describe, expect, it } from 'vitest';
import { Scope } from '../../src/collect/scope.js';

function scope(startUrl: string, includeUrlGlobs: string[] = [], excludeUrlGlobs: string[] = []): Scope {
  return new Scope({ startUrls: [startUrl], includeUrlGlobs, excludeUrlGlobs });
}

describe('Scope', () => {
  it.each([
    ['https://example.com/docs/index.html', 'https://example.com/docs/a/b', 'inside'],
    ['https://example.com/docs/index.html', 'https://example.com/docs/index.html?x=1', 'inside'],
    ['https://example.com/docs/index.html', 'https://example.com/blog', 'filters'],
    ['https://example.com/docs/', 'https://example.com/docs/a', 'inside'],
    ['https://example.com/docs', 'https://example.com/docs', 'inside'],
    ['https://example.com/docs', 'https://example.com/docs/a', 'inside'],
    ['https://example.com/docs', 'https://example.com/docs-old', 'filters'],
    ['https://example.com/docs/v1.2', 'https://example.com/docs/v1.2/a', 'inside'],
    ['https://example.com/docs/v1.2', 'https://example.com/docs/v1.3', 'filters'],
    ['https://example.com', 'https://example.com/anything', 'inside'],
    ['https://example.com', 'http://www.example.com/a', 'inside'],
    ['https://example.com', 'https://docs.example.com/', 'outside'],
    ['https://example.com', 'https://example.com:8443/', 'outside'],
    ['https://example.com', 'mailto:me@example.com', 'protocol'],
    ['https://example.com', 'javascript:void(0)', 'protocol'],
    ['https://example.com', 'ftp://example.com/a', 'protocol'],
  ])('%s → %s is %s', (start, url, expected) => {
    expect(scope(start).decide(url)).toBe(expected);
  });

  it('lets include globs replace the path rule but not the site', () => {
    const included = scope('https://example.com/docs/', ['**/blog/**']);
    expect(included.decide('https://example.com/blog/2024')).toBe('inside');
    expect(included.decide('https://example.com/docs/a')).toBe('filters');
    expect(included.decide('https://other.example/blog/2024')).toBe('outside');
  });

  it('lets an include glob that spells out a host open that host', () => {
    const included = scope('https://example.com/', ['https://docs.example.com/**']);
    expect(included.decide('https://docs.example.com/a')).toBe('inside');
  });

  it('lets exclude globs win', () => {
    const excluded = scope('https://example.com/', ['https://example.com/**'], ['**/*.pdf', '**/private/**']);
    expect(excluded.decide('https://example.com/a')).toBe('inside');
    expect(excluded.decide('https://example.com/private/a')).toBe('filters');
    expect(excluded.decide('https://example.com/a.pdf')).toBe('filters');
  });

  it('goes along with a start URL that is redirected', () => {
    const moved = scope('https://old.example/start');
    expect(moved.decide('https://new.example/en/a')).toBe('outside');
    moved.follow('https://new.example/en/');
    expect(moved.decide('https://new.example/en/a')).toBe('inside');
    expect(moved.decide('https://new.example/fr/a')).toBe('filters');
  });
});
