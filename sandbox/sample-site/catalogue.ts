/**
 * What the sample site has: one row per written page. The subject, Fernhill Observatory, is invented. Bodies are the
 * files in `pages/`; the shop's pages are made from `PRODUCTS`.
 */
export interface CataloguePage {
  /** Path on the site; also the canonical address of the page. */
  path: string;
  /** File in `pages/`. */
  file: string;
  title: string;
  description: string;
  kind: 'page' | 'article' | 'handbook';
  author?: string;
  /** ISO 8601 with the offset that the author lived in. */
  published?: string;
  modified?: string;
  image?: string;
}

export const CATALOGUE: readonly CataloguePage[] = [
  {
    path: '/',
    file: 'home.html',
    title: 'Fernhill Observatory',
    description: 'A small public observatory on a dark hill: open nights, articles and the observers’ handbook.',
    kind: 'page',
    image: '/images/dome.svg',
  },
  {
    path: '/visit/',
    file: 'visit.html',
    title: 'Visiting Fernhill',
    description: 'Open nights, prices, how to get up the hill and what to bring.',
    kind: 'page',
  },
  {
    path: '/visit/sponsored-tour',
    file: 'sponsored-tour.html',
    title: 'The sponsored coach tour',
    description: 'A partner’s offer, linked with rel="nofollow".',
    kind: 'page',
  },
  {
    path: '/articles/',
    file: 'articles.html',
    title: 'Articles',
    description: 'Notes from the dome, newest first.',
    kind: 'page',
  },
  {
    path: '/articles/first-light-of-the-moss-telescope',
    file: 'first-light.html',
    title: 'First light of the Moss telescope',
    description: 'After nine years of weekends, the half-metre mirror saw its first star.',
    kind: 'article',
    author: 'Ines Harrow',
    published: '2025-03-14T21:40:00+00:00',
    modified: '2025-04-02T09:15:00+01:00',
    image: '/images/dome.svg',
  },
  {
    path: '/articles/counting-the-geminids',
    file: 'geminids.html',
    title: 'Counting the Geminids',
    description: 'Eleven observers, six hours, 1,284 meteors: what we saw and how we counted.',
    kind: 'article',
    author: 'Tobias Wren',
    published: '2025-12-16T10:05:00+00:00',
    image: '/images/geminids.svg',
  },
  {
    path: '/articles/a-year-of-dark-skies',
    file: 'dark-skies.html',
    title: 'A year of dark skies',
    description: 'The village changed 214 lamps. Our meter shows what that did to the sky.',
    kind: 'article',
    author: 'Mira Okonjo',
    published: '2026-01-08T18:30:00+00:00',
    modified: '2026-02-19T12:00:00+00:00',
    image: '/images/star-field.png',
  },
  {
    path: '/handbook/',
    file: 'handbook.html',
    title: 'Observers’ handbook',
    description: 'How we work at the telescope, from the first evening to a calibrated picture.',
    kind: 'handbook',
    modified: '2026-03-01T08:00:00+00:00',
  },
  {
    path: '/handbook/getting-started',
    file: 'getting-started.html',
    title: 'Your first evening',
    description: 'Open the dome, wake the telescope, find a star, close everything again.',
    kind: 'handbook',
    author: 'Ines Harrow',
    modified: '2026-03-01T08:00:00+00:00',
  },
  {
    path: '/handbook/calibrating-images',
    file: 'calibrating-images.html',
    title: 'Calibrating images',
    description: 'Bias, dark and flat frames, and the script that applies them.',
    kind: 'handbook',
    author: 'Mira Okonjo',
    modified: '2026-02-11T16:45:00+00:00',
  },
  {
    path: '/handbook/log-format',
    file: 'log-format.html',
    title: 'The log format',
    description: 'Every character that the night log gives a meaning to, and how to write it plainly.',
    kind: 'handbook',
    author: 'Tobias Wren',
    modified: '2025-11-30T23:10:00+00:00',
  },
  {
    path: '/handbook/glossary',
    file: 'glossary.html',
    title: 'Glossary',
    description: 'Words that you will hear in the dome.',
    kind: 'handbook',
    modified: '2025-09-05T07:20:00+01:00',
  },
  {
    path: '/staff/rota',
    file: 'rota.html',
    title: 'Staff rota',
    description: 'Who opens the dome. Disallowed by robots.txt.',
    kind: 'page',
  },
];

/** The page whose content exists only once its script has run. */
export const SCRIPTED_PAGE = {
  path: '/handbook/seeing-now',
  title: 'Seeing tonight',
  description: 'The seeing monitor’s table, drawn by a script.',
  kind: 'handbook',
} as const;

export interface Product {
  slug: string;
  name: string;
  /** As the shop prints it. */
  price: string;
  currency: 'GBP';
  inStock: boolean;
  summary: string;
}

export const PRODUCTS: readonly Product[] = [
  {
    slug: 'planisphere',
    name: 'Planisphere for 52° north',
    price: '£12.50',
    currency: 'GBP',
    inStock: true,
    summary: 'A turning star map, printed on card that survives dew.',
  },
  {
    slug: 'red-torch',
    name: 'Red torch',
    price: '£9.00',
    currency: 'GBP',
    inStock: true,
    summary: 'Deep red, dims to almost nothing, clips to a collar.',
  },
  {
    slug: 'moon-atlas',
    name: 'Pocket Moon atlas',
    price: '£18.00',
    currency: 'GBP',
    inStock: true,
    summary: 'Seventy-six plates with the shadows of every second evening.',
  },
  {
    slug: 'mirror-kit',
    name: 'Mirror grinding kit, 150 mm',
    price: '£1,149.00',
    currency: 'GBP',
    inStock: false,
    summary: 'Two blanks, six grades of grit, pitch, and a place in the spring workshop.',
  },
];
