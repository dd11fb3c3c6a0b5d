import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHash, hashItem, parseHash, syncKey } from '../../../src/sinks/notion/hash.js';
import { toProperty } from '../../../src/sinks/notion/properties.js';
import { sourceOf } from '../../../src/sinks/notion/source.js';
import { cut, mapValue, readPath } from '../../../src/sinks/notion/values.js';
import type { ColumnType } from '../../../src/sinks/notion/values.js';

describe('values', () => {
  it.each<[ColumnType, unknown, unknown, string | null]>([
    ['rich_text', ['a', null, 'b'], 'a, b', null],
    ['rich_text', 12.5, '12.5', null],
    ['rich_text', 'a\u0000b\ud800c', 'ab\ufffdc', null],
    ['title', 'x'.repeat(2001), 'x'.repeat(2000), 'shortened: to 2000 characters'],
    ['number', '1e3', 1000, null],
    ['number', '+1.', 1, null],
    ['number', '-.5', -0.5, null],
    ['number', '12 apples', null, 'left out: not a number'],
    ['number', [3, 4], 3, 'adjusted: the first of several values'],
    ['number', Infinity, null, 'left out: not a number'],
    ['checkbox', 'Yes', true, null],
    ['checkbox', 'maybe', null, 'left out: neither yes nor no'],
    ['url', `https://a.example/${'x'.repeat(2000)}`, null, 'left out: not a web address of at most 2000 characters'],
    ['url', 'javascript:alert(1)', null, 'left out: not a web address of at most 2000 characters'],
    ['url', 'HTTPS://a.example/ä', 'HTTPS://a.example/ä', null],
    ['date', '2026-09-01T10:00:00+02:00', '2026-09-01T10:00:00+02:00', null],
    ['date', '2026-02-30', null, 'left out: not an ISO 8601 date'],
    ['date', 'last week', null, 'left out: not an ISO 8601 date'],
    ['select', 'open', 'Open', null],
    ['select', 'anything', null, 'left out: not an option of the column'],
    ['multi_select', ['Open', 'anything'], ['Open'], 'left out: not an option of the column'],
    [
      'files',
      ['https://a.example/a.png', 'javascript:alert(1)'],
      ['https://a.example/a.png'],
      'left out: not a web address',
    ],
    ['email', null, null, null],
    ['phone_number', '', null, null],
  ])('for %s: %j → %j', (type, raw, value, note) => {
    expect(mapValue(type, raw, ['Open'])).toEqual({ value, note });
  });

  it('are cut at whole characters', () => {
    expect(cut('ab😀', 3)).toBe('ab');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 40 }), fc.nat(40), (text, max) => {
        const piece = cut(text, max);
        expect(text.startsWith(piece)).toBe(true);
        expect(piece.length).toBeLessThanOrEqual(max);
        expect(/\p{Surrogate}/u.test(piece)).toBe(false);
      }),
    );
  });

  it('come back whole from the pieces of rich text', () => {
    const text = `${'x'.repeat(1999)}😀${'y'.repeat(3000)}`;
    const property = toProperty('rich_text', text) as { rich_text: { text: { content: string } }[] };
    const pieces = property.rich_text.map((item) => item.text.content);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => piece.length <= 2000 && !/\p{Surrogate}/u.test(piece))).toBe(true);
  });

  it('are read by path, from fields with dots in their names too, and never from what an object inherits', () => {
    expect(readPath({ a: { b: 1 } }, 'a.b')).toBe(1);
    expect(readPath({ record: { 'v1.0': 'x' } }, 'record.v1.0')).toBe('x');
    expect(readPath({ a: { b: '' } }, 'a.b')).toBeNull();
    expect(readPath({ a: null }, 'a.b.c')).toBeNull();
    expect(readPath({}, 'constructor.name')).toBeNull();
  });
});

describe('the hash', () => {
  const unmarked = { mark: null, verify: false };
  const values = new Map<string, string | null>([['Name', 'A']]);

  it('tells which part changed', () => {
    const before = hashItem(values, 'body');
    expect(hashItem(values, 'body')).toEqual(before);
    expect(hashItem(values, 'other')).toMatchObject({ properties: before.properties });
    expect(hashItem(values, 'other').body).not.toBe(before.body);
    expect(hashItem(new Map([['Name', 'B']]), 'body').body).toBe(before.body);
    expect(hashItem(new Map([['Name', 'B']]), 'body').properties).not.toBe(before.properties);
  });

  it('does not change with the order of columns, nor with a column that holds nothing', () => {
    const a = hashItem(
      new Map([
        ['A', '1'],
        ['B', '2'],
      ]),
      null,
    );
    expect(
      hashItem(
        new Map<string, string | null>([
          ['B', '2'],
          ['New', null],
          ['A', '1'],
        ]),
        null,
      ),
    ).toEqual(a);
  });

  it('is the one that earlier releases wrote', () => {
    expect(formatHash({ ...hashItem(values, 'body'), ...unmarked })).toBe(
      'v1:06e51cbfa4bf5dfff84572f672e6d13e:230d8358dc8e8890b4c58deeb62912ee',
    );
  });

  it('is read back, and anything else is no hash', () => {
    for (const markdown of ['body', null]) {
      for (const mark of [null, 'e0123456789abcdef', 'l0123456789abcdef']) {
        for (const verify of [true, false]) {
          const hash = { ...hashItem(values, markdown), mark, verify };
          expect(parseHash(formatHash(hash))).toEqual(hash);
        }
      }
    }
    expect(parseHash('v1:writing')).toBe('writing');
    for (const text of ['', 'v0:a:b', 'v1:short:-', `${formatHash({ ...hashItem(values, null), ...unmarked })}x`]) {
      expect(parseHash(text)).toBeNull();
    }
  });

  it('stands in for a key that Notion could not hold', () => {
    expect(syncKey('https://a.example/')).toBe('https://a.example/');
    expect(syncKey(`https://a.example/${'x'.repeat(2000)}`)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the source', () => {
  it('is the same for the same start URLs', () => {
    const source = sourceOf(['https://b.example/#x', 'https://A.example?b=1&a=2'], null);
    expect(source).toBe('https://a.example/?a=2&b=1 https://b.example/');
    expect(sourceOf(['https://a.example/?a=2&b=1', 'https://b.example/', 'https://b.example/'], null)).toBe(source);
    expect(sourceOf(['https://me:secret@b.example?utm_source=mail', 'https://a.example/?b=1&a=2'], null)).toBe(source);
  });

  it('fits a cell, whatever the number of start URLs', () => {
    const many = Array.from({ length: 100 }, (_, index) => `https://a.example/${index}/${'x'.repeat(50)}`);
    expect(sourceOf(many, null).length).toBeLessThanOrEqual(2000);
    expect(sourceOf(many, null)).not.toBe(sourceOf(many.slice(1), null));
    expect(sourceOf([], 'abc')).toBe('dataset abc');
  });
});
