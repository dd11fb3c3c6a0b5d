import { escapeText } from './escape.js';

/** A piece of a serialized line. Marks nest as link, strike, stars. */
export type LineToken = { kind: 'text' | 'space' | 'stars' | 'strike'; raw: string } | LinkToken;

interface LinkToken {
  kind: 'open' | 'close';
  raw: string;
  /** Where the link leads, known from its beginning. */
  url: string;
}

/** Longer ones are cut; a text token always fits into a part. */
const MAX_TOKEN_CHARS = 256;
const MAX_CODE_CHARS = 1000;

const TOKEN = /\\.|<br>|`+|\*{1,3}|~~|\]\([^)]*\)|\[|\s+|[^\s\\<`*~[\]]+|./gsu;

/** Cuts a line that `renderLine` wrote. Code too long for one part becomes text. */
export function lineTokens(line: string): LineToken[] {
  const tokens: LineToken[] = [];
  let open: LinkToken | null = null;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(line); match !== null; match = TOKEN.exec(line)) {
    const [raw] = match;
    if (raw.startsWith('`')) {
      const end = codeEnd(line, TOKEN.lastIndex, raw);
      tokens.push(...codeTokens(line.slice(match.index, end), raw.length));
      TOKEN.lastIndex = end;
    } else if (raw === '<br>' || /^\s/.test(raw)) tokens.push({ kind: 'space', raw });
    else if (raw.startsWith('*')) tokens.push({ kind: 'stars', raw });
    else if (raw === '~~') tokens.push({ kind: 'strike', raw });
    else if (raw === '[') {
      open = { kind: 'open', raw, url: '' };
      tokens.push(open);
    } else if (raw.startsWith('](')) {
      const url = raw.slice(2, -1);
      if (open !== null) open.url = url;
      tokens.push({ kind: 'close', raw, url });
    } else tokens.push(...chopped(raw));
  }
  return tokens;
}

function codeEnd(line: string, from: number, fence: string): number {
  const close = new RegExp(`(?<!\`)${fence}(?!\`)`, 'g');
  close.lastIndex = from;
  const found = close.exec(line);
  return found === null ? line.length : found.index + fence.length;
}

function codeTokens(span: string, fence: number): LineToken[] {
  if (span.length <= MAX_CODE_CHARS) return [{ kind: 'text', raw: span }];
  return lineTokens(escapeText(span.slice(fence, -fence).trim()));
}

function chopped(word: string): LineToken[] {
  return chunks(word, MAX_TOKEN_CHARS).map((raw) => ({ kind: 'text', raw }));
}

/** Cuts `text` into pieces of at most `length` UTF-16 units, never inside a surrogate pair. */
export function chunks(text: string, length: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + length, text.length);
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1)) && end < text.length) end--;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
