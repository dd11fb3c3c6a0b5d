import { parseHTML } from 'linkedom';
import { completeTree } from './complete-tree.js';
import { placeStreamedParts } from './streamed-parts.js';

/** A page parsed once; links, metadata, main content and markdown all read this one tree. */
export interface ParsedPage {
  document: Document;
  /** The loaded URL. */
  url: string;
  /** What relative addresses are resolved against: `<base href>`, else the page's own URL. */
  baseUrl: string;
}

/**
 * Parses HTML. Pages without `<html>` are wrapped, and what their author left out is put in, as a browser does.
 * @param url the loaded URL
 */
export function parsePage(html: string, url: string): ParsedPage {
  const written = parse(html);
  const isWhole = written.documentElement?.localName === 'html';
  const document = isWhole ? written : parse(`<!doctype html><html>${html}</html>`);
  completeTree(document);
  if (html.includes('S:')) placeStreamedParts(document);
  const base = document.querySelector('base[href]')?.getAttribute('href')?.trim() ?? '';
  return { document, url, baseUrl: absoluteUrl(base, url) ?? url };
}

function parse(html: string): Document {
  return (parseHTML(html) as unknown as { document: Document }).document;
}

/** The absolute form of `reference`, or `null` when it is empty or no URL. */
export function absoluteUrl(reference: string | null | undefined, baseUrl: string): string | null {
  const trimmed = reference?.trim() ?? '';
  return trimmed !== '' && URL.canParse(trimmed, baseUrl) ? new URL(trimmed, baseUrl).href : null;
}

/** As `absoluteUrl`, for http and https only. */
export function webUrl(reference: string | null | undefined, baseUrl: string): string | null {
  const url = absoluteUrl(reference, baseUrl);
  return url !== null && /^https?:/.test(url) ? url : null;
}

/** Text with white space collapsed, or `null` when nothing is left. */
export function cleanText(text: string | null | undefined): string | null {
  const clean = (text ?? '').replace(/\s+/g, ' ').trim();
  return clean === '' ? null : clean;
}
