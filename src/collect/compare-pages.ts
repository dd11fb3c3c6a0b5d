import type { PageResult } from './handle-page.js';

/**
 * True when the page as served has everything that the browser showed: its words, its images, its title, what
 * else it says about itself, its records and its links inside the crawl. Times of reading never enter: they differ on every page.
 * @param isInside which links the crawl would follow; others do not matter
 */
export function hasAllOf(served: PageResult, rendered: PageResult, isInside: (url: string) => boolean): boolean {
  if (rendered.links.refresh !== served.links.refresh) return false;
  const links = new Set([...served.links.follow, ...served.links.nofollow]);
  if (rendered.links.follow.some((url) => !links.has(url) && isInside(url))) return false;
  const records = new Set(served.records.map(({ contentHash }) => contentHash));
  if (rendered.records.some(({ contentHash }) => !records.has(contentHash))) return false;
  if (rendered.page === null || served.page === null) return rendered.page === served.page;
  const { metadata } = served.page;
  if (rendered.page.metadata.title !== metadata.title) return false;
  for (const [field, value] of Object.entries(rendered.page.metadata)) {
    if (value !== null && metadata[field as keyof typeof metadata] === null) return false;
  }
  if (countImages(rendered.page.markdown) > countImages(served.page.markdown)) return false;
  return hasWords(served.page.text, rendered.page.text);
}

function hasWords(text: string, wanted: string): boolean {
  const left = new Map<string, number>();
  for (const word of words(text)) left.set(word, (left.get(word) ?? 0) + 1);
  for (const word of words(wanted)) {
    const count = left.get(word) ?? 0;
    if (count === 0) return false;
    left.set(word, count - 1);
  }
  return true;
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function countImages(markdown: string): number {
  return markdown.match(/!\[/g)?.length ?? 0;
}
