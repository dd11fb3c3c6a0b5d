import { describe, expect, it } from 'vitest';
import { Redactor } from '../src/redact.js';

describe('redactor', () => {
  it('takes known secrets out of lines and data, also URL-encoded and learned later', () => {
    const redactor = new Redactor(['hush+hush/1', null]);
    redactor.add('token-42');
    expect(redactor.text('a hush+hush/1 b hush%2Bhush%2F1 c token-42')).toBe('a [secret] b [secret] c [secret]');
    expect(redactor.data({ 'token-42': ['x token-42', 1, null], error: new Error('token-42 refused') })).toEqual({
      '[secret]': ['x [secret]', 1, null],
      error: 'Error: [secret] refused',
    });
  });

  it('leaves words alone that are too short to be secrets', () => {
    const redactor = new Redactor(['the', '']);
    expect(redactor.text('the page')).toBe('the page');
  });
});
