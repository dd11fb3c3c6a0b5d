import { describe, expect, it } from 'vitest';
import { isLoopback } from '../src/loopback.js';

const hostnameOf = (host: string): string => new URL(`http://${host}/`).hostname;

describe('loopback', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1', '127.255.0.3', '0x7f000001', '2130706433', '[::1]'])(
    'is this computer: %s',
    (host) => {
      expect(isLoopback(hostnameOf(host))).toBe(true);
    },
  );

  it.each([
    '127.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io',
    'localhost.evil.example',
    'evil-localhost',
    'localhost.',
    '128.0.0.1',
    '10.127.0.0',
    '[::2]',
    '[::ffff:127.0.0.1]',
    'example.com',
  ])('is somebody else, or not known to be us: %s', (host) => {
    expect(isLoopback(hostnameOf(host))).toBe(false);
  });

  it('is not a text around an address', () => {
    for (const text of ['', ' 127.0.0.1', '127.0.0.1\n', '127.0.0.1:80', '127.0.0', 'x127.0.0.1'])
      expect(isLoopback(text)).toBe(false);
  });
});
