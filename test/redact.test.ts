import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../src/live-view/markup.js';
import { Redactor } from '../src/redact.js';

/** The ways in which a line of ours can carry a text. */
const ENCODINGS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify({ reason: text }),
  'in a query': (text) => new URLSearchParams({ q: text }).toString(),
  'in a path': (text) => `/a/${encodeURIComponent(text)}/b`,
  'in a path, small hex digits': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'as a whole URL': (text) => encodeURI(text),
  'as a password': (text) => {
    const url = new URL('http://user@proxy.example');
    url.password = text;
    return url.href;
  },
  'in HTML': (text) => html`<b>${text}</b>`.toString(),
  'in a Basic header': (text) => `Basic ${Buffer.from(text).toString('base64')}`,
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
};

/** Long enough to count, and not made of what the mask itself is made of. */
const secret = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...'abc+/=&%:@ "\'\\<>\n'), fc.string({ unit: 'grapheme', maxLength: 1 })),
    minLength: 8,
    maxLength: 40,
  })
  .filter((text) => text.length >= 8 && !text.includes('secret'));

describe('redactor', () => {
  it('takes known secrets out of lines and data, also URL-encoded and learned later', () => {
    const redactor = new Redactor(['hush+hush/1']);
    redactor.add('token-42');
    expect(redactor.text('a hush+hush/1 b hush%2Bhush%2F1 c token-42')).toBe('a [secret] b [secret] c [secret]');
    expect(redactor.data({ 'token-42': ['x token-42', 1, null], error: new Error('token-42 refused') })).toEqual({
      '[secret]': ['x [secret]', 1, null],
      error: 'Error: [secret] refused',
    });
    const url = new URL('https://x.example/?t=token-42');
    expect(redactor.data({ url, at: new Date(0) })).toEqual({
      url: 'https://x.example/?t=[secret]',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each(Object.entries(ENCODINGS))('leaves no known secret, %s', (_, encode) => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), fc.string(), (secrets, around) => {
        const redactor = new Redactor(secrets);
        for (const one of secrets) {
          const bare = encode('');
          const said = redactor.text(`${around}${encode(one)}${around}`);
          expect(said).toContain('[secret]');
          // What is left of the encoding is no longer than it is around nothing.
          expect(said.length).toBeLessThanOrEqual(
            2 * redactor.text(around).length + bare.length + '[secret]'.length + 4,
          );
          expect(said).not.toContain(one);
        }
      }),
    );
  });

  it('leaves no end of a secret that begins with another one', () => {
    const redactor = new Redactor(['12345678', '12345678-and-more']);
    expect(redactor.text('x 12345678-and-more y 12345678 z')).toBe('x [secret] y [secret] z');
  });

  it('takes half a surrogate pair as it comes', () => {
    const redactor = new Redactor(['\uD83D-broken-\uDE00']);
    expect(redactor.text('a \uD83D-broken-\uDE00 b')).toBe('a [secret] b');
  });

  it('leaves words alone that are too short to be secrets', () => {
    const redactor = new Redactor(['the', '']);
    expect(redactor.text('the page')).toBe('the page');
    expect(new Redactor().text('the page')).toBe('the page');
  });
});
