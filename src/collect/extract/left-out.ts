import { cleanText } from './document.js';

const BLOCKS = 'h2, h3, h4, h5, h6, p, pre, li, dt, dd, td, th, figcaption';

/** Words that stand in the page's main part and not in what was chosen of it, by the smallest element around them. */
export function leftOut(main: Element, chosen: Element): Element[] {
  const kept = new Set([...chosen.querySelectorAll(BLOCKS)].map((block) => cleanText(block.textContent)));
  return [...main.querySelectorAll(BLOCKS)].filter((block) => {
    const text = cleanText(block.textContent);
    return text !== null && !kept.has(text) && block.querySelector(BLOCKS) === null;
  });
}

/** True when the story was cut: a code block is missing, or a heading right above words that were kept. */
export function isCut(missing: Element[]): boolean {
  const lost = new Set(missing);
  return missing.some((block) => {
    if (block.localName === 'pre') return true;
    const next = block.nextElementSibling;
    return /^h[2-6]$/.test(block.localName) && next !== null && /^(?:p|pre)$/.test(next.localName) && !lost.has(next);
  });
}
