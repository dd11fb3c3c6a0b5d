import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from '../../../src/collect/extract/record-number.js';

describe('numbers', () => {
  it.each<[string, string | null, number | null]>([
    // Grouping and decimal marks.
    ['1 299,00 €', 'fr', 1299],
    ['1\u202f299,00\u00a0€', 'fr', 1299],
    ["1'299.00", 'de-CH', 1299],
    ['CHF 1’299.90', 'de-CH', 1299.9],
    ['1.299,00', 'de', 1299],
    ['1,299.00', 'en', 1299],
    // The last of two marks is the decimal one in any language.
    ['1.299,00', 'en', 1299],
    ['1,299.00', 'de', 1299],
    ['1.234.567', 'en', 1234567],
    ['₹ 12,34,567.89', 'hi', 1234567.89],
    ['12,34,567', 'en-IN', 1234567],
    ['10 000 000', 'sv', 10000000],
    ['0.5', 'de', 0.5],
    ['0,125', 'en', 0.125],
    ['.75', 'en', 0.75],
    // One mark before three digits: the language decides.
    ['1,299', 'en', 1299],
    ['1,299', 'de', 1.299],
    ['1.299', 'de-AT', 1299],
    ['1.299', 'en', 1.299],
    ['1.299', 'es-MX', 1.299],
    ['1.299', 'pt_BR', 1299],
    ['1,299', null, 1299],
    ['1.299', null, 1.299],
    ['1.299 €', null, 1299],
    ['1,299', 'not a language', 1299],
    // Not groups of three: decimal in any language.
    ['12,5', 'en', 12.5],
    ['1299.000', 'de', 1299],
    ['1,2345', 'en', 1.2345],
    // Signs.
    ['-3', 'en', -3],
    ['−5 °C', 'en', -5],
    ['- 7', 'en', -7],
    ['-$5.20', 'en', -5.2],
    ['€ -5,20', 'de', -5.2],
    ['5,20-', 'de', -5.2],
    ['(12.50)', 'en', -12.5],
    ['($1,299)', 'en', -1299],
    ['(128)', 'en', 128],
    ['(4.5)', 'en', 4.5],
    ['+12', 'en', 12],
    ['10-20', 'en', 10],
    ['-0', 'en', 0],
    // What stands around.
    ['12 %', 'en', 12],
    ['Price: USD 12.5 each', 'en', 12.5],
    ['250 g', 'en', 250],
    ['4.5 out of 5', 'en', 4.5],
    ['3 for $10', 'en', 10],
    ['500 g, 3,99 € je Packung', 'de', 3.99],
    ['2 3 rooms', 'en', 2],
    ['5,–', 'de', 5],
    ['Fr. 12.-', 'de-CH', 12],
    ['5,99 €¹', 'de', 5.99],
    ['1½ cups', 'en', 1.5],
    ['$12.99$12.99', 'en', 12.99],
    // Multiples.
    ['1.2k', 'en', 1200],
    ['3.4M followers', 'en', 3400000],
    ['5 m', 'en', 5],
    ['300 K', 'en', 300],
    ['2,5 Mio. €', 'de', 2500000],
    ['3 Mrd', 'de', 3e9],
    ['2 billion', 'en', 2e9],
    ['2 Billionen', 'de', 2e12],
    ['1,5 M€', 'fr', 1500000],
    ['3 lakh', 'en-IN', 300000],
    ['3万', 'ja', 30000],
    ['1.5e6', 'en', 1500000],
    // "mil" is a thousand, a million of money or a unit.
    ['$5 mil', 'en', 5000000],
    ['$5 mil', null, 5000000],
    ['5 mil', 'es', 5000],
    ['R$ 5 mil', 'pt_BR', 5000],
    ['3 mil laminate', 'en', 3],
    ['2 mil millones', 'es', 2e9],
    // Dates and times around.
    ['Price: $1,234 (12:30 update)', 'en', 1234],
    ['Rated 4.5 (updated 10:30)', 'en', 4.5],
    ['Updated 10:30 PM: 17 left', 'en', 17],
    ['2024-05-01, 12 pieces', 'en', 12],
    ['2024-05-01T10:00:00+0200 12 pieces', 'en', 12],
    ['12.03.2024 10:30: 5,99 €', 'de', 5.99],
    ['7 12:30 234', 'en', 7],
    // Other digits.
    ['١٬٢٣٤٫٥', 'ar-EG', 1234.5],
    ['۱۲۳', 'fa', 123],
    ['१,२३४', 'mr', 1234],
    ['１２３', 'ja', 123],
    // Not numbers, or none that is certain.
    ['none', 'en', null],
    ['Price on request', 'en', null],
    ['1.2.3', 'en', null],
    ['192.168.1.1', 'en', null],
    ['12.03.2024', 'de', null],
    ['2024-05-01', 'en', null],
    ['12:30', 'en', null],
    ['12:30:05', 'en', null],
    ['12:30 GMT+2', 'en', null],
    ['12/03/2024', 'en', null],
    ['2024-05-01 10:00:00 +0200', 'en', null],
    ["6'2", 'en', null],
    ['1,23,4', 'en', null],
    ['A4', 'en', null],
    ['#7', 'en', null],
    ['9'.repeat(400), 'en', null],
  ])('reads %s in %s', (text, language, expected) => {
    expect(parseNumber(text, language)).toBe(expected);
  });

  it('reads attributes for programs as programs write them', () => {
    expect(parseNumber('1.299', 'de', true)).toBe(1.299);
    expect(parseNumber('-2e3', 'de', true)).toBe(-2000);
    expect(parseNumber('1.299,00', 'de', true)).toBe(1299);
  });

  const LOCALES =
    'en de fr es it pt nl pl cs sk sv da nb fi ru uk tr hu ro bg el et lv lt hr sl ja ko zh id vi th he ar-EG fa hi bn mr ta en-IN de-CH de-AT fr-CH es-MX pt-PT en-ZA'.split(
      ' ',
    );

  it('reads back what Intl writes in each language, plain and as money', () => {
    const amount = fc.integer({ min: -999_999_999, max: 999_999_999 }).map((cents) => cents / 100);
    fc.assert(
      fc.property(
        fc.constantFrom(...LOCALES),
        amount,
        fc.constantFrom('EUR', 'USD', 'JPY'),
        (locale, value, currency) => {
          const decimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
          const plain = new Intl.NumberFormat(locale, decimals).format(value);
          const money = new Intl.NumberFormat(locale, { style: 'currency', currency, ...decimals }).format(value);
          // `-0,00` is written for nothing at all.
          expect([plain, parseNumber(plain, locale)]).toEqual([plain, value]);
          expect([money, parseNumber(money, locale)]).toEqual([money, value]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('reads back whole numbers, whose only mark may be a grouping one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LOCALES), fc.nat(9_999_999), (locale, value) => {
        const text = new Intl.NumberFormat(locale).format(value);
        expect([text, parseNumber(text, locale)]).toEqual([text, value]);
      }),
      { numRuns: 300 },
    );
  });

  it('gives a number or null for any text, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."019.,' -–()€$%kM½万٣٫:Aa") }), (text) => {
        const value = parseNumber(text, 'en');
        expect(value === null || (Number.isFinite(value) && !Object.is(value, -0))).toBe(true);
      }),
    );
  });
});
