import { parseHTML } from 'linkedom';

/** A page parsed once; links, metadata, main content and markdown all read this one tree. */
export interface ParsedPage {
  document: Document;
  /** What relative addresses are resolved against: `<base href>`, else the page's own URL. */
  baseUrl: string;
}

/**
 * Parses HTML. linkedom needs a complete document: fragments and pages without `<html>` are wrapped first.
 * @param url the loaded URL
 */
export function parsePage(html: string, url: string): ParsedPage {
  const complete = /<html[\s>]/i.test(html) ? html : `<!doctype html><html><body>${html}</body></html>`;
  const { document } = parseHTML(complete) as unknown as { document: Document };
  const base = document.querySelector('base[href]')?.getAttribute('href')?.trim() ?? '';
  return { document, baseUrl: absoluteUrl(base, url) ?? url };
}

/** The absolute form of `reference`, or `null` when it is empty or no URL. */
export function absoluteUrl(reference: string | null | undefined, baseUrl: string): string | null {
  const trimmed = reference?.trim() ?? '';
  return trimmed !== '' && URL.canParse(trimmed, baseUrl) ? new URL(trimmed, baseUrl).href : null;
}

/** Text with white space collapsed, or `null` when nothing is left. */
export function cleanText(text: string | null | undefined): string | null {
  const clean = (text ?? '').replace(/\s+/g, ' ').trim();
  return clean === '' ? null : clean;
}
