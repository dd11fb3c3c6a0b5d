import { webUrl } from './document.js';

/** Where pages that load pictures late keep the address until then. */
const LAZY = ['data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-full-src'];
const LAZY_SETS = ['data-srcset', 'data-lazy-srcset'];
/** Formats that a browser takes and many other readers of Markdown cannot show. */
const FEW_CAN_SHOW = /^image\/(?:avif|jxl|jxr|jp2)/i;

/**
 * The address of a picture, absolute: the best candidate of what is loaded late, else of what the page shows at once.
 * `null` for inlined data.
 */
export function imageUrl(image: Element, baseUrl: string): string | null {
  const sources = [...sourcesAround(image), image];
  const known = LAZY.map((name) => webUrl(image.getAttribute(name), baseUrl)).find((url) => url !== null);
  return (
    best(sources, LAZY_SETS, baseUrl) ??
    known ??
    best(sources, ['srcset'], baseUrl) ??
    webUrl(image.getAttribute('src'), baseUrl)
  );
}

/** True for a picture that has no address yet: a script, or the `<noscript>` behind it, brings it. */
export function isPlaceholder(image: Element): boolean {
  return image.localName === 'img' && imageUrl(image, 'https://page.invalid/') === null;
}

function sourcesAround(image: Element): Element[] {
  const parent = image.parentElement;
  if (parent?.localName !== 'picture') return [];
  return [...parent.children].filter(
    (child) => child.localName === 'source' && !FEW_CAN_SHOW.test(child.getAttribute('type') ?? ''),
  );
}

/** The largest candidate of these attributes of these elements. */
function best(sources: Element[], attributes: string[], baseUrl: string): string | null {
  const candidates = sources
    .flatMap((source) => attributes.flatMap((name) => candidatesIn(source.getAttribute(name) ?? '')))
    .map(({ reference, size }) => ({ url: webUrl(reference, baseUrl), size }))
    .filter(({ url }) => url !== null);
  candidates.sort((a, b) => b.size - a.size);
  return candidates[0]?.url ?? null;
}

/** The candidates of a `srcset`: an address may hold commas, but does not end with one (HTML, "parse a srcset attribute"). */
function candidatesIn(srcset: string): { reference: string; size: number }[] {
  return [...srcset.matchAll(/\s*,*\s*(\S*[^\s,])(?:,|\s*$|\s+([^,]*)(?:,|$))/g)].map(
    ([, reference = '', descriptor]) => ({
      reference,
      size: Number.parseFloat(descriptor ?? '1') || 1,
    }),
  );
}
