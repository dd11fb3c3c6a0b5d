import { clock } from '../numbers.js';

/** Sentences as data: the view model writes them, the pages render them, tests read them as plain text. */

/** Words, words that carry weight, or a count-down in whole seconds that the page keeps current. */
export type Part = string | { strong: string } | { secondsLeft: number };

export type Sentence = Part[];

/** `s` as a person reads it; a count-down reads `m:ss`. */
export function plainText(sentence: Sentence): string {
  return sentence
    .map((part) => {
      if (typeof part === 'string') return part;
      return 'strong' in part ? part.strong : clock(part.secondsLeft);
    })
    .join('');
}

/** Seconds from `now` to `until` (both epoch ms), never negative. */
export function secondsUntil(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}

/** An http(s) URL that may become a link, or `null`: page addresses and Notion's answers come from outside. */
export function webAddress(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** `https://docs.example.com/start/` → `docs.example.com/start`; anything else unchanged. */
export function shortAddress(url: string): string {
  if (webAddress(url) === null) return url;
  const { host, pathname, search } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname.replace(/\/$/, '')}${search}`;
}
