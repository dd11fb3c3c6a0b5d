import { createHash } from 'node:crypto';

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const ID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const PERMISSIONS = Buffer.from([0xc4, 0xff, 0xff, 0xff]);

/**
 * A PDF of `smallPdf` (without title and author) under the standard handler's 40-bit encryption, ISO 32000-1 7.6.3. With an
 * empty password it opens for everybody and only forbids printing.
 */
export function protectedPdf(pdf: Buffer, password: string): Buffer {
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), PADDING]).subarray(0, 32);
  const owner = rc4(md5(PADDING).subarray(0, 5), padded);
  const key = md5(padded, owner, PERMISSIONS, ID).subarray(0, 5);
  const text = pdf
    .toString('latin1')
    .replace(
      /(\d+) 0 obj\n(<< \/Length \d+ >>\nstream\n)(.*?)(\nendstream)/gs,
      (_, number: string, head, content: string, end) => {
        const own = md5(key, Buffer.from([Number(number), 0, 0, 0, 0])).subarray(0, 10);
        return `${number} 0 obj\n${head}${rc4(own, Buffer.from(content, 'latin1')).toString('latin1')}${end}`;
      },
    )
    .replace(
      /\/Info \d+ 0 R >>/,
      `/ID [<${ID.toString('hex')}> <${ID.toString('hex')}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -60 ` +
        `/O <${owner.toString('hex')}> /U <${rc4(key, PADDING).toString('hex')}> >> >>`,
    );
  return Buffer.from(text, 'latin1');
}

function md5(...parts: Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, at) => at);
  const at = (index: number): number => state[index & 255] ?? 0;
  const swap = (a: number, b: number): void => {
    [state[a], state[b]] = [at(b), at(a)];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) & 255;
      j = (j + at(i)) & 255;
      swap(i, j);
      return byte ^ at(at(i) + at(j));
    }),
  );
}
