import { cleanText } from './document.js';

/**
 * The heading that names the page. Many sites write their own name into an `h1` above it, so one that the title begins
 * with comes first, then one inside the main content, then the only one; without any, an `h2` that repeats the title.
 */
export function pageHeading(document: Document): Element | null {
  const title = cleanText(document.querySelector('title')?.textContent) ?? '';
  const begins = (heading: Element): boolean => {
    const words = cleanText(headingText(heading));
    return words !== null && title.startsWith(words);
  };
  const headings = [...document.querySelectorAll('h1')];
  const named = headings.find(begins) ?? document.querySelector('main h1, [role="main"] h1, article h1');
  if (named) return named;
  if (headings.length > 0) return headings.length === 1 ? (headings[0] ?? null) : null;
  return [...document.querySelectorAll('h2')].find(begins) ?? null;
}

/** A heading's words without the permalink sign that documentation generators append. */
export function headingText(heading: Element | null): string | null {
  return heading?.textContent?.replace(/(?<!\s)\s*[¶#§]\s*$/, '') ?? null;
}
