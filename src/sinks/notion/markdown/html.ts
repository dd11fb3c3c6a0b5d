import { decodeHTML } from 'entities';

/** What their content is for is not reading. */
const UNREAD = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'svg', 'head']);

/** Tags that stand within a line; every other one ends it. */
const INLINE = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q s samp small span ' +
    'strike strong sub sup time tt u var wbr'
  ).split(' '),
);

/**
 * The text of raw HTML in markdown: tags and comments dropped, character references decoded once.
 * Linear in the length of the input, whatever it holds.
 * @returns its lines that show something, not yet cleaned
 */
export function htmlTextLines(html: string): string[] {
  const text = stripTags(html);
  return decodeHTML(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function stripTags(html: string): string {
  let text = '';
  let at = 0;
  const unclosed = new Set<string>();
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) return text + html.slice(at);
    text += html.slice(at, open);
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      if (end === -1) return text;
      at = end + 3;
      continue;
    }
    const name = /^<[/!?]?([a-z][\w:-]*)/i.exec(html.slice(open, open + 64))?.[1]?.toLowerCase();
    const end = name === undefined ? -1 : html.indexOf('>', open);
    if (name === undefined || end === -1) {
      text += '<';
      at = open + 1;
      if (name !== undefined) return text + html.slice(at);
      continue;
    }
    at = end + 1;
    if (UNREAD.has(name) && html[open + 1] !== '/' && !unclosed.has(name)) {
      const closing = closingTag(html, name, at);
      if (closing === null) unclosed.add(name);
      else at = closing;
    } else if (!INLINE.has(name)) text += '\n';
  }
  return text;
}

/** Where the next closing tag of `name` begins; `null` when there is none. */
function closingTag(html: string, name: string, from: number): number | null {
  const closing = new RegExp(`</${name}`, 'gi');
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? null;
}
