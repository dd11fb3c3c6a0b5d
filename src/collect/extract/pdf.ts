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

/**
 * The text of a PDF as paragraphs, and what the document says about itself.
 * @throws Error that says in words why it cannot be opened
 */
export async function readPdf(data: Uint8Array): Promise<PageText & { metadata: PageMetadata }> {
  const { getDocumentProxy } = await import('unpdf');
  const document = await getDocumentProxy(data, { isEvalSupported: false, verbosity: 0 }).catch((error: unknown) => {
    const isLocked = error instanceof Error && error.name === 'PasswordException';
    throw new Error(isLocked ? 'the PDF asks for a password' : 'the PDF is damaged', { cause: error });
  });
  try {
    let largest: string | null = null;
    const about = await document.getMetadata().catch(() => null);
    const paragraphs: string[] = [];
    for (let number = 1; number <= Math.min(document.numPages, MAX_PDF_PAGES); number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const lines = linesOf(items);
      if (number === 1) largest = largestWords(lines);
      paragraphs.push(...paragraphsOf(lines));
      page.cleanup();
    }
    const tree: Root = {
      type: 'root',
      children: paragraphs.map((value) => ({ type: 'paragraph', children: [{ type: 'text', value }] })),
    };
    return { ...treeToText(tree), metadata: metadataOf((about?.info ?? {}) as Record<string, unknown>, largest) };
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

/** The longest that the words in large letters are a title, characters. */
const MAX_TITLE = 200;

/** What stands on a page in larger letters than half of its lines; `null` when nothing stands out. */
function largestWords(lines: Line[]): string | null {
  const heights = lines.map(({ height }) => height).sort((a, b) => a - b);
  const [largest = 0, middle = 0] = [heights.at(-1), heights[Math.floor(heights.length / 2)]];
  if (largest < middle * 1.1) return null;
  const first = lines.findIndex(({ height }) => height === largest);
  const end = lines.findIndex(({ height }, at) => at > first && height !== largest);
  const words = cleanText(
    lines
      .slice(first, end === -1 ? undefined : end)
      .map(({ text }) => text)
      .join(' '),
  );
  return words !== null && words.length <= MAX_TITLE ? words : null;
}

/** Programs write the name of the file, or that there is none, where the title belongs. */
function titleOf(named: string | null): string | null {
  const words = cleanText(
    named?.replace(/^Microsoft (?:Word|PowerPoint) - /, '').replace(/\.(?:docx?|pptx?|rtf|odt|indd|pdf)$/i, ''),
  );
  return words === null || /^untitled/i.test(words) ? null : words;
}

function metadataOf(info: Record<string, unknown>, largest: string | null): PageMetadata {
  const text = (name: string): string | null => {
    const value = info[name];
    return typeof value === 'string' ? cleanText(value) : null;
  };
  return {
    canonicalUrl: null,
    title: titleOf(text('Title')) ?? largest,
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
