import type { Root } from 'mdast';
import type { PageMetadata } from '../item.js';
import { cleanText } from './document.js';
import { treeToText, type PageText } from './markdown.js';

/** A document of thousands of pages is read this far. */
const MAX_PDF_PAGES = 1_000;

/** Lines nearer than this, in heights of their letters, belong to one paragraph. */
const PARAGRAPH_GAP = 1.6;

interface Line {
  text: string;
  y: number;
  height: number;
}

/** The text of a PDF as paragraphs, and what the document says about itself. Throws for one that cannot be opened. */
export async function readPdf(data: Uint8Array): Promise<PageText & { metadata: PageMetadata }> {
  const { getDocumentProxy } = await import('unpdf');
  const document = await getDocumentProxy(data, { isEvalSupported: false, verbosity: 0 });
  try {
    const about = await document.getMetadata().catch(() => null);
    const paragraphs: string[] = [];
    for (let number = 1; number <= Math.min(document.numPages, MAX_PDF_PAGES); number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      paragraphs.push(...paragraphsOf(linesOf(items)));
      page.cleanup();
    }
    const tree: Root = {
      type: 'root',
      children: paragraphs.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] })),
    };
    return { ...treeToText(tree), metadata: metadataOf((about?.info ?? {}) as Record<string, unknown>) };
  } finally {
    await document.destroy();
  }
}

function linesOf(items: readonly object[]): Line[] {
  const lines: Line[] = [];
  let current: Line | null = null;
  for (const item of items) {
    if (!('str' in item)) continue;
    const { str, transform, height, hasEOL } = item as {
      str: string;
      transform: number[];
      height: number;
      hasEOL: boolean;
    };
    const y = transform[5] ?? 0;
    if (current === null) lines.push((current = { text: '', y, height }));
    current.text += str;
    current.height = Math.max(current.height, height);
    if (hasEOL) current = null;
  }
  return lines;
}

function paragraphsOf(lines: Line[]): string[] {
  const paragraphs: string[] = [];
  let last: Line | null = null;
  for (const line of lines) {
    const words = cleanText(line.text);
    if (words === null) {
      last = null;
      continue;
    }
    const previous = paragraphs.at(-1);
    const gap = last === null ? Infinity : Math.abs(last.y - line.y);
    const sameSize = last !== null && Math.abs(last.height - line.height) < 1;
    if (previous !== undefined && last !== null && sameSize && gap <= line.height * PARAGRAPH_GAP) {
      // A word that was divided at the end of its line becomes whole again.
      const joined = /\p{Ll}-$/u.test(previous) && /^\p{Ll}/u.test(words);
      paragraphs[paragraphs.length - 1] = joined ? previous.slice(0, -1) + words : `${previous} ${words}`;
    } else paragraphs.push(words);
    last = line;
  }
  return paragraphs;
}

function metadataOf(info: Record<string, unknown>): PageMetadata {
  const text = (name: string): string | null => {
    const value = info[name];
    return typeof value === 'string' ? cleanText(value) : null;
  };
  return {
    canonicalUrl: null,
    title: text('Title'),
    description: text('Subject'),
    author: text('Author'),
    publishedTime: pdfDate(text('CreationDate')),
    modifiedTime: pdfDate(text('ModDate')),
    languageCode: text('Language'),
    siteName: null,
    image: null,
  };
}

/** `D:20240501103000+02'00'` (ISO 32000-1, 7.9.4) as ISO 8601. */
function pdfDate(value: string | null): string | null {
  const parts = /^D:(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}'?\d{2})?/.exec(value ?? '');
  if (parts === null) return null;
  const [, year, month, day, hours, minutes, seconds = '00', zone = ''] = parts;
  const date = `${year}-${month}-${day}`;
  if (Number.isNaN(Date.parse(date))) return null;
  if (hours === undefined) return date;
  return `${date}T${hours}:${minutes}:${seconds}${zone.replace(/^([+-]\d{2})'?(\d{2})$/, '$1:$2')}`;
}
