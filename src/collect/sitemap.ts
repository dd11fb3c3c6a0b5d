import { Readable, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { isWebUrl, siteOf } from './item-key.js';

/** Where sites keep their sitemap when robots.txt names none. */
export const USUAL_SITEMAPS = ['/sitemap.xml', '/sitemap_index.xml', '/sitemap.txt'] as const;

/** https://www.sitemaps.org/protocol.html: 50 MB uncompressed each; an index may name 50,000, and no real one does. Elements inside each other, and characters of an address, as many as no real one has. */
const LIMITS = { bytes: 50 * 1024 * 1024, sitemaps: 1_000, depth: 100, url: 8_192 } as const;

/** Opens a URL for reading; `null` when there is no sitemap there. Never throws. */
export type OpenSitemap = (url: string) => Promise<AsyncIterable<Buffer> | null>;

/**
 * The page addresses of sitemaps and of the sitemaps that those name, as they are read: nothing is held. Only addresses on
 * a sitemap's own site count, as the protocol wants it.
 * @param urls addresses of sitemaps
 */
export async function* sitemapUrls(urls: string[], open: OpenSitemap): AsyncGenerator<string> {
  const waiting = [...urls];
  const seen = new Set(waiting);
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    const body = await open(url);
    if (body === null) continue;
    const site = siteOf(url);
    try {
      for await (const entry of entriesOf(body)) {
        if (!isWebUrl(entry.url) || siteOf(entry.url) !== site) continue;
        if (entry.kind === 'page') yield entry.url;
        else if (!seen.has(entry.url) && seen.size < LIMITS.sitemaps) {
          seen.add(entry.url);
          waiting.push(entry.url);
        }
      }
    } catch {
      // What was read of a broken or endless sitemap counts; the rest is lost with it.
    }
  }
}

interface Entry {
  kind: 'page' | 'sitemap';
  url: string;
}

async function* entriesOf(body: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const decoder = new TextDecoder();
  let reader: ((text: string) => Entry[]) | null = null;
  let size = 0;
  for await (const chunk of unpacked(body)) {
    size += chunk.length;
    if (size > LIMITS.bytes) return;
    const text = decoder.decode(chunk, { stream: true });
    reader ??= /^\s*</.test(text.replace(/^\uFEFF/, '')) ? xmlReader() : lineReader();
    yield* reader(text);
  }
  if (reader !== null) yield* reader('\n');
}

/** Sitemaps are often kept compressed, whatever their headers say. */
async function* unpacked(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = body[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  })();
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* all;
  else {
    const stream: Transform = Readable.from(all).pipe(createGunzip());
    yield* stream as AsyncIterable<Buffer>;
  }
}

function xmlReader(): (text: string) => Entry[] {
  const parser = new SaxesParser();
  let entries: Entry[] = [];
  const path: string[] = [];
  let words = '';
  parser.on('opentag', ({ name }) => {
    path.push(name.replace(/^.*:/, '').toLowerCase());
    words = '';
    if (path.length > LIMITS.depth) throw new Error('This is no sitemap.');
  });
  parser.on('text', (text) => (words += text));
  parser.on('cdata', (text) => (words += text));
  parser.on('closetag', () => {
    const parent = path.at(-2);
    if (path.at(-1) === 'loc' && (parent === 'url' || parent === 'sitemap')) {
      entries.push({ kind: parent === 'url' ? 'page' : 'sitemap', url: words.trim() });
    }
    path.pop();
  });
  return (text) => {
    parser.write(text);
    const found = entries;
    entries = [];
    return found;
  };
}

function lineReader(): (text: string) => Entry[] {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = (lines.pop() ?? '').slice(0, LIMITS.url);
    return lines.map((line): Entry => ({ kind: 'page', url: line.trim() })).filter(({ url }) => url !== '');
  };
}
