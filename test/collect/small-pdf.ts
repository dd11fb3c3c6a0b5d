import { constants, deflateRawSync, deflateSync } from 'node:zlib';

/** A page's content stream as it stands in the file, and how it is packed. */
interface Content {
  bytes: Buffer;
  filter?: string;
}

/** A PDF with the given lines on each page, as small as one can be. No brackets; a line that begins with \u0001 is set large. */
export function smallPdf(pages: string[][], info: Record<string, string> = {}): Buffer {
  const contents = pages.map((lines) => {
    const shown = lines.map((line) =>
      line.startsWith('\u0001') ? `/F1 24 Tf (${line.slice(1)}) Tj T* /F1 12 Tf` : `(${line}) Tj T*`,
    );
    return { bytes: Buffer.from(`BT /F1 12 Tf 72 720 Td 30 TL ${shown.join(' ')} ET`, 'latin1') };
  });
  return pdfFile(contents, info);
}

/** A PDF of one page with words at places, points from the left and the bottom, in the order in which a program draws them. */
export function placedPdf(words: [x: number, y: number, words: string][]): Buffer {
  const shown = words.map(([x, y, text]) => `1 0 0 1 ${x} ${y} Tm (${text}) Tj`);
  return pdfFile([{ bytes: Buffer.from(`BT /F1 12 Tf ${shown.join(' ')} ET`, 'latin1') }]);
}

/** A PDF of a few kB whose one page unpacks to so many MB. */
export function bombPdf(megabytes: number): Buffer {
  const one = deflateRawSync(Buffer.alloc(1024 * 1024, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  const many = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array<Buffer>(megabytes).fill(one), Buffer.from([3, 0])]);
  return pdfFile([{ bytes: deflateSync(many), filter: '[/FlateDecode /FlateDecode]' }]);
}

function pdfFile(contents: Content[], info: Record<string, string> = {}): Buffer {
  const kids = contents.map((_, index) => `${5 + index * 2} 0 R`).join(' ');
  const about = Object.entries(info).map(([name, value]) => `/${name} (${value})`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< ${about.join(' ')} >>`,
    ...contents.flatMap(({ bytes, filter }, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${6 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${bytes.length}${filter === undefined ? '' : ` /Filter ${filter}`} >>\nstream\n${bytes.toString('latin1')}\nendstream`,
    ]),
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  body += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${body.length}\n%%EOF`;
  return Buffer.from(body, 'latin1');
}
