import { webUrl } from './document.js';

/** Where pages that load pictures late keep the address until then. */
const LAZY = ['data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-full-src', 'src'];

/** The address of a picture, absolute: the one that is loaded late, else the best candidate. `null` for inlined data. */
export function imageUrl(image: Element, baseUrl: string): string | null {
  const lazy = LAZY.slice(0, -1).map((name) => webUrl(image.getAttribute(name), baseUrl));
  const known = lazy.find((url) => url !== null);
  return known ?? bestOfSrcset(image, baseUrl) ?? webUrl(image.getAttribute('src'), baseUrl);
}

/** The largest candidate of the image's own `srcset` or of the `<picture>` around it. */
function bestOfSrcset(image: Element, baseUrl: string): string | null {
  const parent = image.parentElement;
  const sources = parent?.localName === 'picture' ? [...parent.children] : [image];
  const candidates = sources
    .map((source) => source.getAttribute('data-srcset') ?? source.getAttribute('srcset') ?? '')
    .flatMap((srcset) => srcset.split(/,\s+|,(?=https?:|\/)/))
    .map((candidate) => {
      const [reference = '', size = '1x'] = candidate.trim().split(/\s+/);
      return { url: webUrl(reference, baseUrl), size: Number.parseFloat(size) || 1 };
    })
    .filter(({ url }) => url !== null);
  candidates.sort((a, b) => b.size - a.size);
  return candidates[0]?.url ?? null;
}
