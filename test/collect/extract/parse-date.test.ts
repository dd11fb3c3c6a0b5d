import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageAt } from '../../../src/collect/extract/date-words.js';
import { parseDate } from '../../../src/collect/extract/parse-date.js';

describe('dates', () => {
  it.each<[string, string | null, string | null]>([
    // ISO 8601; the offset stays the source's own, and none is invented.
    ['2024-03-12', null, '2024-03-12'],
    ['2024-03-12T10:30:00+02:00', 'en', '2024-03-12T10:30:00+02:00'],
    ['2024-03-12T10:30:00.250Z', 'en', '2024-03-12T10:30:00.250Z'],
    ['2024-03-12 10:30', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12T10:30-0530', 'en', '2024-03-12T10:30:00-05:30'],
    ['2024-03-12T10:30+01', 'en', '2024-03-12T10:30:00+01:00'],
    ['20240312', 'en', '2024-03-12'],
    ['20240312T103000Z', 'en', '2024-03-12T10:30:00Z'],
    ['20240312T1030+0100', 'en', '2024-03-12T10:30:00+01:00'],
    ['2024-03-12T103000', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12t10:30:00,5z', 'en', '2024-03-12T10:30:00.5Z'],
    ['Updated: 2024-03-12', 'en', '2024-03-12'],
    // The day by ISO 8601 and the time as people or other programs write it.
    ['2024-03-12 10:00 PM', 'en', '2024-03-12T22:00:00'],
    ['2024-03-12 12:30:00 AM', 'en', '2024-03-12T00:30:00'],
    ['2024-03-12 at 5pm', 'en', '2024-03-12T17:00:00'],
    ['2024-03-12, 10:30', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12 10:00:00 UTC', 'en', '2024-03-12T10:00:00Z'],
    ['2024-03-12 10:00:00 +0100', 'en', '2024-03-12T10:00:00+01:00'],
    ['2024-03-12 10:00 (CET)', 'de', '2024-03-12T10:00:00+01:00'],
    // The end of a span of time is no offset.
    ['12 March 2024, 10:30-11:30', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12 10:30-11:00', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12 10:30-12', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12 10:30 -11:30', 'en', '2024-03-12T10:30:00'],
    ['2024-03-12 10:30:00-11:30:00', 'en', '2024-03-12T10:30:00'],
    ['12 March 2024 9:00 AM-11:00 AM', 'en', '2024-03-12T09:00:00'],
    ['2024-03-12 10:30:00-05:00', 'en', '2024-03-12T10:30:00-05:00'],
    ['2024-03-12T10:30-05', 'en', '2024-03-12T10:30:00-05:00'],
    ['2024-03-12 10:30 -0700', 'en', '2024-03-12T10:30:00-07:00'],
    ['2024-03-12 10:30 GMT-3', 'en', '2024-03-12T10:30:00-03:00'],
    ['2024-03-12 10:30 (UTC-03:30)', 'en', '2024-03-12T10:30:00-03:30'],
    ['2024-03-12 1030 visitors', 'en', '2024-03-12'],
    ['2024-03-12 to 2024-03-14 18:00', 'en', '2024-03-12'],
    // Digits.
    ['12.03.2024', 'de', '2024-03-12'],
    ['12. 3. 2024', 'cs', '2024-03-12'],
    ['12.03.24', 'de', '2024-03-12'],
    ['12.03.1999, 18.30 Uhr', 'de', '1999-03-12T18:30:00'],
    ['2024/3/12', null, '2024-03-12'],
    ['2024. 3. 12.', 'ko', '2024-03-12'],
    ['12/03/2024', 'fr', '2024-03-12'],
    ['12/03/2024', 'en-GB', '2024-03-12'],
    ['12/03/2024', 'en-US', '2024-12-03'],
    ['12/03/2024', 'en', '2024-12-03'],
    ['12/03/2024', 'pt_BR', '2024-03-12'],
    ['3/12/24', 'en-US', '2024-03-12'],
    ['25/12/2024', 'en-US', '2024-12-25'],
    ['12/25/2024', 'fr', '2024-12-25'],
    ['12-03-2024', 'nl', '2024-03-12'],
    ['4/4/2024', null, '2024-04-04'],
    ['12/03/2024', null, null],
    ['12/03/2024', 'not a language', null],
    ['2024年3月12日', 'ja', '2024-03-12'],
    ['2024년 3월 12일', 'ko', '2024-03-12'],
    // Names of months.
    ['12 March 2024', 'en', '2024-03-12'],
    ['March 12, 2024', 'en', '2024-03-12'],
    ['Mar. 12th, 2024', 'en', '2024-03-12'],
    ['Sept 3, 2024', 'en', '2024-09-03'],
    ['Posted on March 12, 2024 by Ann', 'en', '2024-03-12'],
    ['the 1st of May 2024', 'en', '2024-05-01'],
    ['12-Mar-2024', 'en', '2024-03-12'],
    ['12-Mar-24', 'en', '2024-03-12'],
    ['12. März 2024', 'de', '2024-03-12'],
    ['12. Mrz. 2024', 'de', '2024-03-12'],
    ['1er février 2024', 'fr', '2024-02-01'],
    ['12 févr. 2024 à 14h30', 'fr', '2024-02-12T14:30:00'],
    ['12 de marzo de 2024', 'es', '2024-03-12'],
    ['12 marzo 2024', 'it', '2024-03-12'],
    ['12 de março de 2024', 'pt', '2024-03-12'],
    ['12 maart 2024', 'nl', '2024-03-12'],
    ['12 марта 2024 г.', 'ru', '2024-03-12'],
    ['12 marca 2024', 'pl', '2024-03-12'],
    ['2024. március 12.', 'hu', '2024-03-12'],
    // A date in one of seven languages is read on any page.
    ['12. März 2024', 'en', '2024-03-12'],
    ['12 mars 2024', null, '2024-03-12'],
    // Times.
    ['March 12, 2024 at 10:30 PM', 'en', '2024-03-12T22:30:00'],
    ['March 12, 2024, 12:05 a.m. EST', 'en', '2024-03-12T00:05:00-05:00'],
    ['March 12, 2024 9am', 'en', '2024-03-12T09:00:00'],
    ['12.03.2024 10:30 Uhr', 'de', '2024-03-12T10:30:00'],
    ['12.03.2024 10:30 Uhr MEZ', 'de', '2024-03-12T10:30:00+01:00'],
    ['12 March 2024 10:00 (CET)', 'en', '2024-03-12T10:00:00+01:00'],
    ['12 March 2024 10:00 IST', 'en', '2024-03-12T10:00:00'],
    ['Tue, 12 Mar 2024 10:00:00 +0100', 'en', '2024-03-12T10:00:00+01:00'],
    ['Tue, 12 Mar 2024 10:00:00 GMT', 'de', '2024-03-12T10:00:00Z'],
    ['Tue Mar 12 2024 10:00:00 GMT+0100 (Central European Standard Time)', 'en', '2024-03-12T10:00:00+01:00'],
    ['Tue Mar 12 10:00:00 2024', 'en', '2024-03-12T10:00:00'],
    // Of a span it is the day on which it begins, when the text says it.
    ['12–14 March 2024', 'en', '2024-03-12'],
    ['March 12-14, 2024', 'en', '2024-03-12'],
    ['30 April – 2 May 2024', 'en', null],
    // Relative dates mean another day each time that they are read.
    ['yesterday', 'en', null],
    ['3 days ago', 'en', null],
    ['vor 3 Tagen', 'de', null],
    ['heute', 'de', null],
    // Not a date, or not all of one.
    ['March 2024', 'en', null],
    ['12 March', 'en', null],
    ['2024', 'en', null],
    ['2024-02-30', 'en', null],
    ['31.04.2024', 'de', null],
    ['31 June 2024', 'en', null],
    ['2024-13-01', 'en', null],
    ['2024-03-12T25:00', 'en', null],
    ['12 March 2024 25:10', 'en', null],
    ['1710237000', 'en', null],
    ['192.168.1.1', 'en', null],
    ['You may 12 things', 'en', null],
    ['soon', 'en', null],
  ])('reads %s in %s', (text, language, expected) => {
    expect(parseDate(text, language)).toBe(expected);
  });

  it('reads seconds and milliseconds since 1970 only where programs write', () => {
    expect(parseDate('1710237000', 'en', true)).toBe('2024-03-12T09:50:00Z');
    expect(parseDate('1710237000123', 'en', true)).toBe('2024-03-12T09:50:00.123Z');
  });

  it('takes the country of an English page from its domain', () => {
    expect(languageAt('en', 'https://www.shop.co.uk/')).toBe('en-GB');
    expect(languageAt('en', 'https://example.com/')).toBe('en');
    expect(languageAt('de', 'https://example.uk/')).toBe('de');
    expect(languageAt(null, 'https://example.uk/')).toBeNull();
  });

  // Not those with another calendar or other digits by default.
  const LOCALES =
    'en-US en-GB de fr es it pt nl de-AT fr-CA es-MX pt-BR pl cs sk sv da nb fi ru uk tr hu ro hr sl id el ja zh ko'.split(
      ' ',
    );
  const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2039-12-31'), noInvalidDate: true });

  it('reads back what Intl writes in each language, in words and in digits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LOCALES),
        day,
        fc.constantFrom('full', 'long', 'medium'),
        (locale, date, dateStyle) => {
          const text = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC', calendar: 'gregory' }).format(
            date,
          );
          expect([text, parseDate(text, locale)]).toEqual([text, date.toISOString().slice(0, 10)]);
          const digits = new Intl.DateTimeFormat(locale, {
            year: 'numeric',
            month: '2-digit',
            day: '2-digit',
            timeZone: 'UTC',
            calendar: 'gregory',
          }).format(date);
          expect([digits, parseDate(digits, locale)]).toEqual([digits, date.toISOString().slice(0, 10)]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads back RFC 2822 and ISO 8601 to the second', () => {
    fc.assert(
      fc.property(day, (date) => {
        const second = new Date(Math.floor(date.getTime() / 1000) * 1000);
        expect(parseDate(second.toUTCString(), 'de')).toBe(second.toISOString().replace('.000Z', 'Z'));
        expect(parseDate(date.toISOString(), 'de')).toBe(date.toISOString());
      }),
    );
  });
});
