/** What a reader, over HTTP or in a browser, brings back for a page with a status below 400. */
export interface FetchedPage {
  loadedUrl: string;
  httpStatusCode: number | null;
  /** The page; `""` for a PDF. */
  html: string;
  /** The document's bytes when it is a PDF, else `null`. */
  pdf: Uint8Array | null;
}

/** True when a body with this header is worth reading to see whether it is a PDF. */
export function mayBePdf(contentType: string, url: string): boolean {
  return (
    isPdf(contentType, '') ||
    (/octet-stream|x-pdf|force-download/i.test(contentType) && /\.pdf$/i.test(new URL(url).pathname))
  );
}

/** True when a `Content-Type` header, or without one the body's first characters, say PDF. */
export function isPdf(contentType: string | null, start: string): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    type === 'application/pdf' || (/^(?:|application\/(?:octet-stream|x-pdf))$/.test(type) && start.startsWith('%PDF-'))
  );
}

/** A body that is larger, decompressed, is not a page that a person reads (design §3.7). */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** True when a `Content-Type` header says HTML; an absent one is judged by the body's first characters. */
export function isHtml(contentType: string | null, start: string): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '') return /^\s*(?:<!doctype html|<html|<head|<body|<!--)/i.test(start);
  return type === 'text/html' || type === 'application/xhtml+xml';
}
