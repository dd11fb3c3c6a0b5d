import type { Root } from 'mdast';
import type { PageMetadata } from '../item.js';
import { cleanText } from './document.js';
import { treeToText, type PageText } from './markdown.js';
import { blocksOf, linesOf, type Line } from './pdf-layout.js';

/** A document of thousands of pages is read this far. */
const MAX_PDF_PAGES = 1_000;

/**
 * The text of a PDF as paragraphs and tables, and what the document says about itself.
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
    const tree: Root = { type: 'root', children: [] };
    for (let number = 1; number <= Math.min(document.numPages, MAX_PDF_PAGES); number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const lines = linesOf(items);
      if (number === 1) largest = largestWords(lines);
      tree.children.push(...blocksOf(lines));
      page.cleanup();
    }
    return { ...treeToText(tree), metadata: metadataOf((about?.info ?? {}) as Record<string, unknown>, largest) };
  } finally {
    await document.destroy();
  }
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
      .map(({ parts }) => parts.join(' '))
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
