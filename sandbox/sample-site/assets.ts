import { png } from '../png.js';

/** A file of the site that is no page. */
export interface Asset {
  contentType: string;
  body: string | Buffer;
}

/** Deterministic numbers from 0 to 1, so that each start serves the same pictures. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

const dome = (): string => {
  const next = numbers(7);
  const stars = Array.from({ length: 90 }, () => {
    const [x, y, r] = [next() * 720, next() * 210, 0.5 + next() * 1.1];
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(1)}"/>`;
  });
  return svg(`
  <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#101a33"/>
  <stop offset=".7" stop-color="#3c4a6b"/><stop offset="1" stop-color="#c98d6b"/></linearGradient></defs>
  <rect width="720" height="300" fill="url(#sky)"/><g fill="#fff">${stars.join('')}</g>
  <path d="M0 250Q180 205 360 232T720 214V300H0Z" fill="#1d2b26"/>
  <path d="M296 236v-44a64 64 0 0 1 128 0v44Z" fill="#dfe3e0"/><path d="M352 128q16-2 26 4l-8 104h-26Z" fill="#1b2130"/>
  <path d="m357 190 32-62 12 6-30 64Z" fill="#8d97a8"/><rect x="288" y="232" width="144" height="16" fill="#b9c0bb"/>`);
};

const HOURLY = [121, 188, 236, 271, 254, 214];

const chart = (): string => {
  const bars = HOURLY.map((count, index) => {
    const [x, height] = [90 + index * 100, count * 0.75];
    return `<rect x="${x}" y="${250 - height}" width="64" height="${height}" rx="4" fill="#3f7d5c"/>
    <text x="${x + 32}" y="${240 - height}">${count}</text><text x="${x + 32}" y="274">${(20 + index) % 24} h</text>`;
  });
  return svg(`<rect width="720" height="300" fill="#f4f2ec"/><path d="M70 250h600" stroke="#8a8f8a"/>
  <g font-family="sans-serif" font-size="16" text-anchor="middle" fill="#26302b">${bars.join('')}</g>`);
};

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#16213a"/>
<path d="M6 24v-5a10 10 0 0 1 20 0v5Z" fill="#dfe3e0"/><path d="M15 9h4l-1 15h-4Z" fill="#16213a"/></svg>`;

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300" width="720" height="300">${content}</svg>`;
}

/** A star field over a dark horizon, 720 by 300 grey pixels. */
function starField(): Buffer {
  const [width, height] = [720, 300];
  const pixels = Buffer.alloc((width + 1) * height);
  const set = (x: number, y: number, value: number): void => {
    const at = y * (width + 1) + 1 + x;
    if (x >= 0 && x < width && y >= 0 && y < height) pixels[at] = Math.max(pixels[at] ?? 0, value);
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) set(x, y, y > 268 ? 6 : 14 + Math.floor(y / 8));
  const next = numbers(41);
  for (let star = 0; star < 420; star++) {
    const [x, y] = [Math.floor(next() * width), Math.floor(next() * 262)];
    const light = 90 + Math.floor(next() ** 3 * 165);
    set(x, y, light);
    if (light > 150) for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) set(x + dx, y + dy, light / 2); // prettier-ignore
  }
  return png(width, height, 'grey', pixels);
}

/** One page with two lines of text. */
function mapPdf(): Buffer {
  const drawing =
    'BT /F1 20 Tf 60 760 Td (Fernhill Observatory: the hill) Tj 0 -32 Td (Station, Beacon Lane, lower gate, dome.) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
  return Buffer.from(
    `${file}${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  );
}

const SEEING = [
  { time: '20:00', seeing: '2.4″', verdict: 'Wide doubles only' },
  { time: '21:00', seeing: '1.8″', verdict: 'Planets are worth a look' },
  { time: '22:00', seeing: '1.1″', verdict: 'Call your friends' },
];

/** Everything that the site serves besides pages, by path. */
export function siteAssets(): Map<string, Asset> {
  return new Map<string, Asset>([
    ['/images/dome.svg', { contentType: 'image/svg+xml', body: dome() }],
    ['/images/geminids.svg', { contentType: 'image/svg+xml', body: chart() }],
    ['/images/icon.svg', { contentType: 'image/svg+xml', body: icon }],
    ['/images/star-field.png', { contentType: 'image/png', body: starField() }],
    ['/files/site-map.pdf', { contentType: 'application/pdf', body: mapPdf() }],
    [
      '/files/visitors.csv',
      { contentType: 'text/csv; charset=utf-8', body: 'month,visitors\n2026-01,212\n2026-02,187\n' },
    ],
    ['/data/seeing.json', { contentType: 'application/json', body: JSON.stringify(SEEING) }],
  ]);
}
